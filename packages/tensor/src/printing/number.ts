/*
 * Python's `{:.4f}` and `{:.4e}`. JavaScript's toFixed and toExponential work on the same exact binary value, but
 * differ in three ways: they round a tie away from zero (Python: to the even digit), they drop the sign of -0, and
 * toFixed gives up at 1e21. Exponents have at least two digits in Python.
 */

/** A number with `precision` digits after the point, as Python's `{:.{precision}f}` writes it; precision is at most 99. */
export function formatFixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value);
  return signOf(value) + fixedMagnitude(Math.abs(value), precision);
}

/** A number in scientific notation, as Python's `{:.{precision}e}` writes it; precision is at most 99. */
export function formatExponential(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value);
  const [digits, exponent] = exponentialMagnitude(Math.abs(value), precision).split("e");
  return `${signOf(value)}${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

function fixedMagnitude(magnitude: number, precision: number): string {
  if (magnitude >= 1e21)
    return BigInt(magnitude).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  if (isTie(magnitude, precision)) {
    const cut = dropLastDigit(magnitude.toFixed(precision + 1));
    if (endsEven(cut)) return cut;
  }
  return magnitude.toFixed(precision);
}

function exponentialMagnitude(magnitude: number, precision: number): string {
  const [digits, exponent] = magnitude.toExponential(precision + 1).split("e");
  if (digits.endsWith("5") && isTie(magnitude, precision - Number(exponent))) {
    const cut = dropLastDigit(digits);
    if (endsEven(cut)) return `${cut}e${exponent}`;
  }
  return magnitude.toExponential(precision);
}

/**
 * Whether a number lies exactly half way between two decimals of `places` digits after the point (before it, when
 * negative). x * 10^p = n + 1/2 with x a binary fraction means that x * 2^(p + 1) is an odd integer, and a product
 * with a power of two is exact; for p < 0 the remainder says it.
 */
function isTie(magnitude: number, places: number): boolean {
  if (places >= 0) return (magnitude * 2 ** (places + 1)) % 2 === 1;
  if (!Number.isInteger(magnitude)) return false;
  const unit = 10n ** BigInt(-places);
  return BigInt(magnitude) % unit === unit / 2n;
}

function dropLastDigit(digits: string): string {
  const cut = digits.slice(0, -1);
  return cut.endsWith(".") ? cut.slice(0, -1) : cut;
}

function endsEven(digits: string): boolean {
  return Number(digits.at(-1)) % 2 === 0;
}
