/** Neighbours among floats. */
import { DTypeError } from "@flambeau/backend";
import { type Callable, callable, resultType, type Tensor } from "@flambeau/tensor";
import { onPairs, paired, withoutDerivative } from "./on-host.ts";

const NEXTAFTER = "nextafter(input, other: tensor)";

/**
 * The next float after `input` towards `other`, elementwise. Shapes broadcast, and dtypes promote.
 *
 * @throws DTypeError when the dtype is neither float32 nor float64; ShapeError when the shapes do not broadcast. There is no derivative: a
 *   backward pass throws an AutogradError.
 *
 * @example
 * ```ts
 * import { nextafter } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = nextafter(tensor(1), tensor(2));
 * console.log(x.sub(1).itemSync() === 2 ** -23);
 * // true
 * ```
 */
export const nextafter: Callable<typeof NEXTAFTER, Tensor> = callable(NEXTAFTER, (a, b) => {
  const dtype = resultType([a, b]);
  if (dtype !== "float32" && dtype !== "float64")
    throw new DTypeError(`nextafter: it takes float32 and float64; got ${dtype}`);
  const run = (pair: readonly Tensor[]): Tensor =>
    onPairs<Float32Array | Float64Array>(pair, (xs, ys, out) => {
      const next = dtype === "float32" ? stepper32() : stepper64();
      for (let i = 0; i < xs.length; i++) out[i] = neighbour(xs[i], ys[i], next);
    });
  return withoutDerivative("nextafter", run, paired("nextafter", dtype, a, b));
});

/** The float whose bits, as an integer, are one more or less. */
type Step = (x: number, by: 1 | -1) => number;

function neighbour(x: number, y: number, step: Step): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? step(0, 1) : -step(0, 1);
  return step(x, y > x === x > 0 ? 1 : -1);
}

function stepper32(): Step {
  const floats = new Float32Array(1);
  const bits = new Uint32Array(floats.buffer);
  return (x, by) => {
    floats[0] = x;
    bits[0] += by;
    return floats[0];
  };
}

function stepper64(): Step {
  const floats = new Float64Array(1);
  const bits = new BigUint64Array(floats.buffer);
  return (x, by) => {
    floats[0] = x;
    bits[0] += BigInt(by);
    return floats[0];
  };
}
