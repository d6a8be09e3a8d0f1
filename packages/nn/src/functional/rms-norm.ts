import { DTypeError, epsilonOf, formatShape, isFloat, ShapeError, sameShape } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const RMS_NORM = "rmsNorm(input, normalizedShape: ints, weight?, eps?: number)";

/**
 * Elements divided by their root mean square over the last dimensions, whose sizes are `normalizedShape`; a weight has that shape. `eps`
 * is added to the mean square; not given, it is the rounding of the input's dtype. As PyTorch's from 2.4 on. Source: Zhang and
 * Sennrich 2019.
 *
 * @throws ShapeError when the input does not end in `normalizedShape`; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.rmsNorm(tensor([[3, 4]]), [2])));
 * // tensor([[0.8485, 1.1314]])
 * ```
 */
export const rmsNorm: Callable<typeof RMS_NORM, Tensor> = callable(
  RMS_NORM,
  (x, normalizedShape, weight, eps) => {
    if (!isFloat(x.dtype)) throw new DTypeError(`rmsNorm takes floats; got ${x.dtype}`);
    const n = normalizedShape.length;
    if (n === 0 || !sameShape(x.shape.slice(x.ndim - n), normalizedShape)) {
      throw new ShapeError(
        `rmsNorm: an input of shape ${formatShape(x.shape)} does not end in ${formatShape(normalizedShape)}`,
      );
    }
    if (weight != null && !sameShape(weight.shape, normalizedShape)) {
      throw new ShapeError(
        `rmsNorm: the weight has shape ${formatShape(normalizedShape)}; got ${formatShape(weight.shape)}`,
      );
    }
    const dims = Array.from(normalizedShape, (_, i) => x.ndim - n + i);
    const scale = x
      .square()
      .mean(dims, true)
      .add(eps ?? epsilonOf(x.dtype))
      .rsqrt();
    const out = x.mul(scale);
    return weight == null ? out : out.mul(weight);
  },
);
