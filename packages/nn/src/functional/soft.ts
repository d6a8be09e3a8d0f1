/**
 * Further smooth activations.
 *
 * @module
 */

import { formatShape, normalizeDim, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, named, type Tensor, where } from "@flambeau/tensor";
import { softmax, softplus } from "./activation.ts";
import { inPlaceIf } from "./inplace.ts";

const SOFTSIGN = "softsign(input)";

/**
 * `x / (1 + |x|)`: between -1 and 1.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.softsign(tensor([-1, 0, 3])));
 * // tensor([-0.5000,  0.0000,  0.7500])
 * ```
 */
export const softsign: Callable<typeof SOFTSIGN, Tensor> = callable(SOFTSIGN, (x) => {
  return x.div(x.abs().add(1));
});

const SOFTSHRINK = "softshrink(input, lambd = 0.5)";

/**
 * `x` brought `lambd` nearer to zero, and 0 within it.
 *
 * @throws ValueError when `lambd` is negative.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.softshrink(tensor([-1, -0.3, 0.5, 2])));
 * // tensor([-0.5000,  0.0000,  0.0000,  1.5000])
 * ```
 */
export const softshrink: Callable<typeof SOFTSHRINK, Tensor> = callable(SOFTSHRINK, (x, lambd) => {
  if (!(lambd >= 0)) throw new ValueError(`softshrink: lambd is not negative; got ${quote(lambd)}`);
  return named(where(x.gt(lambd), x.sub(lambd), where(x.lt(-lambd), x.add(lambd), 0)), "Softshrink");
});

const TANHSHRINK = "tanhshrink(input)";

/**
 * `x - tanh(x)`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.tanhshrink(tensor([-1, 0, 2])));
 * // tensor([-0.2384,  0.0000,  1.0360])
 * ```
 */
export const tanhshrink: Callable<typeof TANHSHRINK, Tensor> = callable(TANHSHRINK, (x) => {
  return x.sub(x.tanh());
});

const MISH = "mish(input, inplace = false)";

/**
 * `x * tanh(softplus(x))`. Source: Misra 2019.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.mish(tensor([-1, 0, 2])));
 * // tensor([-0.3034,  0.0000,  1.9440])
 * ```
 */
export const mish: Callable<typeof MISH, Tensor> = callable(MISH, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => named(x.mul(softplus(x).tanh()), "Mish"));
});

const CELU = "celu(input, alpha: number = 1, inplace = false)";

/**
 * `x` above zero, `alpha * (exp(x / alpha) - 1)` below: an `elu` whose derivative has no bend. Source: Barron 2017.
 *
 * @throws ValueError when `alpha` is 0.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.celu(tensor([-2, 0, 2]), 2));
 * // tensor([-1.2642,  0.0000,  2.0000])
 * ```
 */
export const celu: Callable<typeof CELU, Tensor> = callable(CELU, (x, alpha, inplace) => {
  if (alpha === 0) throw new ValueError("celu: alpha is not 0");
  return inPlaceIf(inplace, x, (x) => {
    // What is above zero is kept from the exponential, which would overflow.
    const below = x.clampMax(0).div(alpha).expm1().mul(alpha);
    return named(where(x.gt(0), x, below), "Celu");
  });
});

const GLU = "glu(input, dim = -1)";

/**
 * The first half of a dimension times the `sigmoid` of the second. Source: Dauphin et al. 2017.
 *
 * @throws ShapeError when the dimension's size is odd; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.glu(tensor([1, 2, 0, 100])));
 * // tensor([0.5000, 2.0000])
 * ```
 */
export const glu: Callable<typeof GLU, Tensor> = callable(GLU, (x, dim) => {
  const d = normalizeDim(dim, x.ndim);
  const size = x.ndim === 0 ? 1 : x.shape[d];
  if (size % 2 !== 0)
    throw new ShapeError(
      `glu: dimension ${dim} of shape ${formatShape(x.shape)} does not divide into halves`,
    );
  return named(x.narrow(d, 0, size / 2).mul(x.narrow(d, size / 2, size / 2).sigmoid()), "Glu");
});

const SOFTMIN = "softmin(input, dim?, dtype?)";

/**
 * The `softmax` of `-x`; computed in `dtype`, if it is given.
 *
 * @throws DTypeError for integers without a float `dtype`, and for bools; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.softmin(tensor([1, 2, 3]), 0));
 * // tensor([0.6652, 0.2447, 0.0900])
 * ```
 */
export const softmin: Callable<typeof SOFTMIN, Tensor> = callable(SOFTMIN, (x, dim, dtype) => {
  return softmax(x.neg(), dim, dtype);
});
