import { quote, ValueError } from "@flambeau/backend";
import { checkRange, type Range } from "./range.ts";

/** An axis: its ends and where its ticks stand. */
export interface Axis {
  readonly range: Range;
  readonly ticks: number[];
  readonly format: (value: number) => string;
}

const MAX_TICKS = 200;

/** The round step (1, 2 or 5 times a power of ten) that cuts `span` into at most about `count` parts. */
function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/** Ticks as short as their step allows, with a real minus sign. */
function formatter(step: number, range: Range): (value: number) => string {
  const largest = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const scientific = largest >= 1e6 || step < 1e-4;
  const digits = Math.min(12, Math.max(1, Math.ceil(Math.log10(largest / step))));
  let decimals = 0;
  while (
    decimals < 6 &&
    Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6 * step * 10 ** decimals
  ) {
    decimals++;
  }
  return (value) => {
    const text = scientific && value !== 0 ? value.toExponential(digits) : value.toFixed(decimals);
    return text
      .replace("+", "")
      .replace(/^-0(\.0*)?$/, (zero) => zero.slice(1))
      .replace(/-/g, "\u2212");
  };
}

/**
 * The axis for `values`: over `range` if one is given, otherwise from the data, widened to whole ticks. Ticks
 * are `step` apart from the low end on; when none is given, a round step of which the range holds at most
 * about `count`.
 */
export function makeAxis(
  values: Iterable<number>,
  name: "x" | "y",
  range?: Range,
  step?: number,
  count: number = 10,
): Axis {
  if (range !== undefined) checkRange(range, `${name}Range`);
  if (step !== undefined && !(step > 0 && Number.isFinite(step))) {
    throw new ValueError(
      `d${name}, the distance between ticks, must be a positive number, got ${quote(step)}`,
    );
  }
  let [low, high] = range ?? extent(values);
  const distance = step ?? niceStep(high - low, count);
  if ((high - low) / distance > MAX_TICKS) {
    throw new ValueError(
      `d${name} = ${step} would put more than ${MAX_TICKS} ticks between ${low} and ${high}`,
    );
  }
  if (range === undefined) {
    low = Math.floor(low / distance + 1e-9) * distance;
    high = Math.ceil(high / distance - 1e-9) * distance;
  }
  // A step that the user did not choose stands on its own multiples; a chosen one starts at the low end.
  const first = step === undefined ? Math.ceil(low / distance - 1e-9) * distance : low;
  const length = Math.floor((high - first) / distance + 1e-9) + 1;
  const ticks = Array.from({ length }, (_, i) => first + i * distance);
  const format = formatter(step === undefined ? distance : finest(distance, first), [low, high]);
  return { range: [low, high], ticks, format };
}

/**
 * The smaller of the step and what the first tick sticks out of it, so that ticks such as -2.5, -1.5 keep
 * their decimals.
 */
function finest(step: number, first: number): number {
  const rest = Math.abs(first % step);
  return rest > 1e-9 * step && step - rest > 1e-9 * step ? Math.min(rest, step - rest) : step;
}

function extent(values: Iterable<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // Values that are one, but for rounding, stand in the middle of a range of their own size.
  if (high - low > Math.max(1e-9 * largest, 1e-300)) return [low, high];
  const room = Math.max(1, largest / 10);
  return [low - room, high + room];
}

/** Powers of ten at most as ticks; of more every second one, every third one, ... has a tick. */
const MAX_POWERS = 10;

/**
 * The axis for the logarithms (to the base 10) of `values`, over `range` if one is given. Values from 0 down have none.
 *
 * @throws ValueError when the range does not lie above 0.
 */
export function makeLogAxis(values: Iterable<number>, range?: Range): Axis {
  if (range !== undefined) checkRange(range, "yRange", true);
  const logarithms = Array.from(range ?? values, (value) => (value > 0 ? Math.log10(value) : Number.NaN));
  let [low, high] = extent(logarithms);
  if (range === undefined) {
    low = Math.floor(low + 1e-9);
    high = Math.max(low + 1, Math.ceil(high - 1e-9));
  }
  const step = Math.ceil((high - low) / MAX_POWERS);
  const first = Math.ceil(low - 1e-9);
  const ticks = Array.from(
    { length: Math.floor((high - first) / step + 1e-9) + 1 },
    (_, i) => first + i * step,
  );
  return { range: [low, high], ticks, format: powerOfTen };
}

function powerOfTen(exponent: number): string {
  const value = 10 ** exponent;
  if (exponent >= -3 && exponent <= 4) return value.toFixed(Math.max(0, -exponent));
  return value.toExponential(0).replace("+", "").replace("-", "\u2212");
}
