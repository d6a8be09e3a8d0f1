import type { Tensor } from "@flambeau/tensor";
import type { Steps } from "./stepwise.ts";

/** The loss at a point, and the gradient there in one vector. */
export interface Point {
  readonly loss: number;
  readonly grad: Tensor;
}

/** Where a search begins. */
export interface Search {
  readonly direction: Tensor;
  /** The first length that is tried. */
  readonly length: number;
  readonly start: Point;
  /** The derivative along the direction at the start. */
  readonly slope: number;
  /** The width of a bracket, times the largest element of the direction, that counts as none. */
  readonly toleranceChange: number;
  readonly evaluate: (length: number) => Steps<Point>;
}

/** What it found, and how many points it took. */
export interface Found {
  readonly point: Point;
  readonly length: number;
  readonly calls: number;
}

/** A length that was tried. */
interface Trial extends Point {
  readonly length: number;
  readonly slope: number;
}

/** Of the loss's fall, how much a step keeps at least; and of the slope, how much may remain. */
const [FALL, REST] = [1e-4, 0.9];
const MOST = 25;

/**
 * A length at which the loss has fallen enough and its slope is flat enough: the strong Wolfe conditions. First a bracket is found, then
 * it is narrowed. Source: Nocedal and Wright 2006, algorithms 3.5 and 3.6, with PyTorch's bounds for interpolated lengths.
 */
export function* strongWolfe(search: Search): Steps<Found> {
  const { direction, start, slope, toleranceChange } = search;
  let iterations = 0;
  let calls = 0;
  function* tryAt(length: number): Steps<Trial> {
    const point = yield* search.evaluate(length);
    calls++;
    return { ...point, length, slope: (yield point.grad.mul(direction).sum()) as number };
  }
  const fallsShort = (trial: Trial): boolean => trial.loss > start.loss + FALL * trial.length * slope;
  const isFlat = (trial: Trial): boolean => Math.abs(trial.slope) <= -REST * slope;

  const origin: Trial = { ...start, length: 0, slope };
  let before = origin;
  let now = yield* tryAt(search.length);
  let bracket: [Trial, Trial] | null = null;
  for (; iterations < MOST; iterations++) {
    if (fallsShort(now) || (iterations > 1 && now.loss >= before.loss) || (now.slope >= 0 && !isFlat(now))) {
      bracket = [before, now];
      break;
    }
    if (isFlat(now)) return { point: now, length: now.length, calls };
    const [least, most] = [now.length + 0.01 * (now.length - before.length), now.length * 10];
    const further = interpolated(before, now, least, most);
    before = now;
    now = yield* tryAt(further);
  }
  bracket ??= [origin, now];

  let low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  const width = (yield direction.abs().max()) as number;
  let stalls = false;
  while (iterations < MOST) {
    const [a, b] = [bracket[0].length, bracket[1].length];
    if (Math.abs(b - a) * width < toleranceChange) break;
    const [least, most] = [Math.min(a, b), Math.max(a, b)];
    let length = interpolated(bracket[0], bracket[1], least, most);
    // Twice close to the same end, or at it: a tenth of the bracket away from it.
    const margin = 0.1 * (most - least);
    if (Math.min(most - length, length - least) < margin) {
      if (stalls || length >= most || length <= least) {
        length = Math.abs(length - most) < Math.abs(length - least) ? most - margin : least + margin;
        stalls = false;
      } else stalls = true;
    } else stalls = false;
    const trial = yield* tryAt(length);
    iterations++;
    const high = 1 - low;
    if (fallsShort(trial) || trial.loss >= bracket[low].loss) {
      bracket[high] = trial;
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
      continue;
    }
    const done = isFlat(trial);
    if (!done && trial.slope * (bracket[high].length - bracket[low].length) >= 0)
      bracket[high] = bracket[low];
    bracket[low] = trial;
    if (done) break;
  }
  return { point: bracket[low], length: bracket[low].length, calls };
}

/** Where the cubic through two points with their slopes is least, within bounds; the middle if it has no least. */
function interpolated(one: Trial, other: Trial, least: number, most: number): number {
  const [a, b] = one.length <= other.length ? [one, other] : [other, one];
  const d1 = one.slope + other.slope - (3 * (one.loss - other.loss)) / (one.length - other.length);
  const square = d1 * d1 - one.slope * other.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const at = b.length - (b.length - a.length) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
  return Math.min(Math.max(at, least), most);
}
