import type { DType } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";

/** Of each element of a resampled line, which elements it is made of, and how much of each. */
export interface Taps {
  /** `count` for each element. */
  readonly index: readonly number[];
  /** As many; none where each element is one of the line's own. */
  readonly weights: readonly number[] | null;
  readonly count: number;
}

/** How a line is resampled. */
export interface Line {
  readonly from: number;
  readonly to: number;
  /** The factor that was given, where the scale follows from it and not from the sizes. */
  readonly factor: number | null;
  readonly alignCorners: boolean;
  readonly dtype: DType;
}

/** Elements of the line for one of the result; PyTorch computes it in the input's precision. */
function scaleOf({ from, to, factor, alignCorners }: Line, round: (x: number) => number): number {
  if (alignCorners) return to > 1 ? round((from - 1) / (to - 1)) : 0;
  return round(factor === null ? from / to : 1 / factor);
}

const rounding = ({ dtype }: Line): ((x: number) => number) =>
  dtype === "float64" ? (x) => x : (x) => Math.fround(x);

/** The nearest element; `exact` that of pixels' middles. */
export function nearest(line: Line, exact: boolean): Taps {
  const scale = scaleOf({ ...line, alignCorners: false }, Math.fround);
  const index = Array.from({ length: line.to }, (_, i) =>
    Math.min(Math.floor(Math.fround((exact ? i + 0.5 : i) * scale)), line.from - 1),
  );
  return { index, weights: null, count: 1 };
}

function sourceOf(line: Line, i: number): number {
  const round = rounding(line);
  const scale = scaleOf(line, round);
  return line.alignCorners ? round(scale * i) : round(round(scale * round(i + 0.5)) - 0.5);
}

/** Both neighbours, in proportion to their nearness. */
export function linear(line: Line): Taps {
  const round = rounding(line);
  const [index, weights]: number[][] = [[], []];
  for (let i = 0; i < line.to; i++) {
    const source = Math.max(sourceOf(line, i), 0);
    const first = Math.min(Math.floor(source), line.from - 1);
    const part = round(Math.min(Math.max(source - first, 0), 1));
    index.push(first, Math.min(first + 1, line.from - 1));
    weights.push(round(1 - part), part);
  }
  return { index, weights, count: 2 };
}

/** What four neighbours count in cubic convolution. Source: Keys 1981. */
export function cubicWeights(t: number, a: number): number[] {
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/** Four neighbours by cubic convolution; those outside are the ends. */
export function cubic(line: Line): Taps {
  const [index, weights]: number[][] = [[], []];
  for (let i = 0; i < line.to; i++) {
    const source = sourceOf(line, i);
    const first = Math.floor(source);
    for (let k = -1; k <= 2; k++) index.push(Math.min(Math.max(first + k, 0), line.from - 1));
    weights.push(...cubicWeights(source - first, -0.75));
  }
  return { index, weights, count: 4 };
}

const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** Pillow's cubic. */
function pillowCubic(x: number): number {
  const size = Math.abs(x);
  if (size >= 2) return 0;
  const t = size % 1;
  return cubicWeights(t, -0.5)[size < 1 ? 1 : 0];
}

/** A filter that is as wide as the elements of the result, so that nothing of the line is passed over. */
export function smoothed(line: Line, mode: "linear" | "cubic"): Taps {
  const round = rounding(line);
  const scale = scaleOf(line, round);
  const filter = mode === "linear" ? triangle : pillowCubic;
  const reach = (mode === "linear" ? 1 : 2) * Math.max(scale, 1);
  const shrink = scale >= 1 ? 1 / scale : 1;
  const rows = Array.from({ length: line.to }, (_, i) => {
    const center = round(scale * (i + 0.5));
    const start = Math.max(Math.trunc(center - reach + 0.5), 0);
    const end = Math.min(Math.trunc(center + reach + 0.5), line.from);
    const weights = Array.from({ length: end - start }, (_, k) =>
      filter((k + start - center + 0.5) * shrink),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { start, weights: weights.map((w) => (sum === 0 ? w : w / sum)) };
  });
  const count = Math.max(1, ...rows.map(({ weights }) => weights.length));
  const steps = Array.from({ length: count }, (_, k) => k);
  return {
    index: rows.flatMap(({ start }) => steps.map((k) => Math.min(start + k, line.from - 1))),
    weights: rows.flatMap(({ weights }) => steps.map((k) => weights[k] ?? 0)),
    count,
  };
}

/** A dimension of a tensor resampled. */
export function resampled(x: Tensor, dim: number, { index, weights, count }: Taps): Tensor {
  const { dtype, device } = x;
  const to = index.length / count;
  const shape = [to, ...new Array<number>(x.ndim - 1 - dim).fill(1)];
  const tap = (k: number): Tensor => {
    const at = BigInt64Array.from({ length: to }, (_, i) => BigInt(index[i * count + k]));
    const taken = x.indexSelect(dim, tensor(at, { device }));
    if (weights === null) return taken;
    const own = Array.from({ length: to }, (_, i) => weights[i * count + k]);
    return taken.mul(tensor(own, { dtype, device }).reshape(shape));
  };
  let sum = tap(0);
  for (let k = 1; k < count; k++) sum = sum.add(tap(k));
  return sum;
}
