import { clockText, scaledText } from "./numbers.ts";

/** How far something is. */
export interface Meter {
  /** What goes on. */
  readonly desc: string;
  /** How many were done. */
  readonly n: number;
  /** How many there will be, or null where that is not known. */
  readonly total: number | null;
  /** Seconds since the start. */
  readonly elapsed: number;
  /** How many a second, or null before that can be said. */
  readonly rate: number | null;
  readonly unit: string;
  /** Whether numbers are written with prefixes such as k and M. */
  readonly unitScale: boolean;
  readonly unitDivisor: number;
  readonly postfix: string;
}

const BLOCKS = " ▏▎▍▌▋▊▉█";

/**
 * The line as tqdm writes it: `train:  40%|████      | 4/10 [00:02<00:03,  2.00it/s, loss=0.5]`.
 *
 * @param columns - how wide it may be; null for a bar of ten blocks, 0 for none.
 */
export function lineOf(meter: Meter, columns: number | null): string {
  const { desc, n, elapsed, unit, postfix } = meter;
  const total = meter.total !== null && n >= meter.total + 0.5 ? null : meter.total;
  const prefix = desc === "" ? "" : `${desc}: `;
  const rest = `${rateOf(meter)}${postfix === "" ? "" : `, ${postfix}`}]`;
  if (total === null || total === 0)
    return trimmed(`${prefix}${amount(meter, n)}${unit} [${clockText(elapsed)}, ${rest}`, columns);
  const left = `${prefix}${toEven((n / total) * 100).padStart(3)}%`;
  const right = ` ${amount(meter, n)}/${amount(meter, total)} [${clockText(elapsed)}<${timeLeft(meter, total)}, ${rest}`;
  if (columns === 0) return `${left}${right}`;
  const room = columns === null ? 10 : Math.max(1, columns - left.length - right.length - 2);
  return trimmed(`${left}|${barOf(n / total, room)}|${right}`, columns);
}

/** Rounded as Python does: halfway to the even number. */
function toEven(x: number): string {
  const below = Math.floor(x);
  return String(x - below === 0.5 ? below + (below % 2) : Math.round(x));
}

/** Blocks of an eighth's precision. */
function barOf(part: number, length: number): string {
  const steps = BLOCKS.length - 1;
  const eighths = Math.trunc(part * length * steps);
  const full = Math.min(length, Math.floor(eighths / steps));
  const half = full < length ? BLOCKS[eighths % steps] : "";
  return `${BLOCKS[steps].repeat(full)}${half}`.padEnd(length);
}

function amount({ unitScale, unitDivisor }: Meter, n: number): string {
  return unitScale ? scaledText(n, unitDivisor) : String(n);
}

/** `2.00it/s`, or `3.50s/it` of what takes longer than a second. */
function rateOf({ rate, unit, unitScale }: Meter): string {
  if (!rate) return `?${unit}/s`;
  const text = (value: number): string =>
    unitScale ? scaledText(value, 1000) : value.toFixed(2).padStart(5);
  return rate < 1 ? `${text(1 / rate)}s/${unit}` : `${text(rate)}${unit}/s`;
}

function timeLeft({ rate, n }: Meter, total: number): string {
  return rate ? clockText((total - n) / rate) : "?";
}

function trimmed(line: string, columns: number | null): string {
  return columns ? [...line].slice(0, columns).join("") : line;
}
