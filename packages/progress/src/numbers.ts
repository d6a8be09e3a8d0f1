/** Numbers and times as tqdm writes them. */

/** Seconds as `05:07`, or `1:05:07` from an hour on. */
export function clockText(seconds: number): string {
  const whole = Math.trunc(Math.abs(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const sign = seconds <= -1 ? "-" : "";
  return `${sign}${hours > 0 ? `${hours}:${two(minutes % 60)}` : two(minutes)}:${two(whole % 60)}`;
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E", "Z"];

/** Three digits and a prefix: `1.23k`, `45.6M`. */
export function scaledText(value: number, divisor: number): string {
  let scaled = value;
  for (const prefix of PREFIXES) {
    if (Math.abs(scaled) < 999.5) {
      const digits = Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0;
      return `${scaled.toFixed(digits)}${prefix}`;
    }
    scaled /= divisor;
  }
  return `${scaled.toFixed(1)}Y`;
}

/** A number of three significant digits, or as it is where that is no longer: `0.123`, `1.23e-5`, `1000`. */
export function shortText(value: number): string {
  const whole = String(value);
  if (!Number.isFinite(value)) return whole;
  const [digits, exponent] = value.toExponential(2).split("e");
  const power = Number(exponent);
  const plain = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const short =
    power < -4 || power >= 3
      ? `${plain(digits)}e${power < 0 ? "-" : "+"}${Math.abs(power)}`
      : plain(value.toPrecision(3));
  return short.length < whole.length ? short : whole;
}
