import { type DType, isHalf } from "@flambeau/backend";
import { fma32, fma64 } from "./random/fma.ts";
import { halfRounding } from "./random/halves.ts";

/*
 * The numbers of arange and linspace, digit for digit PyTorch's. Its kernels (aten/src/ATen/native/cpu/
 * RangeFactoriesKernel.cpp) fill two SIMD vectors at a time: the first element of a vector is counted from the start, the
 * others from that first one, and what does not fill two vectors is counted from the start again. The compiler has fused
 * products and sums where this file does. A vector has 16 elements of 16-bit floats, whose products and sums are rounded one by one.
 */

type FloatArray = Float32Array | Float64Array;

/** Fills `out` with vectors (of 256 bits: `lanes` elements) of a first element and its distance from each next one, and a rest of single elements. */
function fill(
  out: FloatArray,
  single: (i: number) => number,
  next: (first: number, k: number) => number,
  lanes = 32 / out.BYTES_PER_ELEMENT,
): void {
  const vectorized = out.length - (out.length % (2 * lanes));
  for (let i = 0; i < vectorized; i += lanes) {
    out[i] = single(i);
    const first = out[i];
    for (let k = 1; k < lanes; k++) out[i + k] = next(first, k);
  }
  for (let i = vectorized; i < out.length; i++) out[i] = single(i);
}

/** Elements of 16 bits in a vector. */
const HALF_LANES = 16;

/** `start`, `start + step`, `start + 2 * step`, ...: counted in double precision. */
export function countUp(out: FloatArray, start: number, step: number, dtype: DType): void {
  if (isHalf(dtype)) {
    const round = halfRounding(dtype);
    const by = Math.fround(step);
    fill(
      out,
      (i) => round(start + step * i),
      (first, k) => round(first + by * k),
      HALF_LANES,
    );
    return;
  }
  fill(
    out,
    (i) => fma64(step, i, start),
    (first, k) => fma64(k, step, first),
  );
}

/** Evenly spaced from `start` to `end`, the second half counted back from the end: in the array's own precision. */
export function spread(out: FloatArray, start: number, end: number, dtype: DType): void {
  const isHalves = isHalf(dtype);
  const round = isHalves ? halfRounding(dtype) : dtype === "float32" ? Math.fround : (x: number): number => x;
  const fma = isHalves
    ? (a: number, b: number, c: number) => round(round(a * b) + c)
    : dtype === "float32"
      ? fma32
      : fma64;
  const [from, to] = [round(start), round(end)];
  const last = out.length - 1;
  // A single element is the start.
  const half = Math.max(Math.floor(out.length / 2), 1);
  const step = last > 0 ? round(round(to - from) / last) : 0;
  fill(
    out,
    (i) => (i < half ? fma(step, i, from) : fma(-step, last - i, to)),
    (first, k) => round(first + round(k * step)),
    isHalves ? HALF_LANES : undefined,
  );
}

/** As `spread`, of whole numbers `from` and `to` for an integer dtype of which a vector holds `lanes`: each is cut off. */
export function spreadWhole(out: Float64Array, from: number, to: number, lanes: number): void {
  const last = out.length - 1;
  const half = Math.max(Math.floor(out.length / 2), 1);
  const step = last > 0 ? (to - from) / last : 0;
  fill(
    out,
    (i) => Math.trunc(i < half ? fma64(step, i, from) : fma64(-step, last - i, to)),
    (first, k) => Math.trunc(first + k * step),
    lanes,
  );
}
