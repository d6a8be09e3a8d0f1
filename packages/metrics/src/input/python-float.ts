/** A number as Python prints a float: `3.0`, `1e-05`, `1e+16`. Both languages print the shortest digits that read back as it. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const [digits, exponent] = x.toExponential().split("e");
  const power = Number(exponent);
  if (x !== 0 && (power < -4 || power >= 16))
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  // From 1e-6 on JavaScript writes digits without an exponent.
  const text = Object.is(x, -0) ? "-0" : String(x);
  return text.includes(".") ? text : `${text}.0`;
}

/** How many more digits show whether a double lies halfway between two decimals. */
const MORE = 25;

/** A number from 0 with so many digits behind the point, as Python prints it: halfway it goes to the even digit, where `toFixed` goes up. */
export function pythonFixed(x: number, digits: number): string {
  const rounded = x.toFixed(digits);
  if (digits + MORE > 100) return rounded;
  const exact = x.toFixed(digits + MORE);
  const cut = exact.slice(0, -MORE);
  if (exact.slice(-MORE) !== `5${"0".repeat(MORE - 1)}`) return rounded;
  const below = cut.replace(/\.$/, "");
  return /[02468]$/.test(below) ? below : rounded;
}
