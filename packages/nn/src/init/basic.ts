import { noGrad } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, eye, type Tensor, tensor } from "@flambeau/tensor";

const UNIFORM = "uniform_(tensor, a: number = 0, b: number = 1)";

/**
 * Overwrites the tensor with uniform numbers in [a, b).
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.uniform_(weight, -1, 1);
 * console.log(weight);
 * // tensor([[-0.0075,  0.5364],
 * //         [-0.8230, -0.7359]])
 * ```
 */
export const uniform_: Callable<typeof UNIFORM, Tensor> = callable(UNIFORM, (x, a, b) => {
  return noGrad(() => x.uniform_(a, b));
});

const NORMAL = "normal_(tensor, mean = 0, std = 1)";

/**
 * Overwrites the tensor with normal numbers.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.normal_(weight, 0, 0.1);
 * console.log(weight);
 * // tensor([[ 0.1541, -0.0293],
 * //         [-0.2179,  0.0568]])
 * ```
 */
export const normal_: Callable<typeof NORMAL, Tensor> = callable(NORMAL, (x, mean, std) => {
  return noGrad(() => x.normal_(mean, std));
});

const TRUNC_NORMAL = "truncNormal_(tensor, mean = 0, std = 1, a: number = -2, b: number = 2)";

/**
 * Overwrites the tensor with normal numbers none of which lies outside [a, b].
 * Source of the method: J. Burkardt, "The Truncated Normal Distribution", by way of PyTorch 1.13, torch/nn/init.py.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.truncNormal_(weight, 0, 1, -0.5, 0.5);
 * console.log(weight);
 * // tensor([[-0.0036,  0.2604],
 * //         [-0.4059, -0.3609]])
 * ```
 */
export const truncNormal_: Callable<typeof TRUNC_NORMAL, Tensor> = callable(
  TRUNC_NORMAL,
  (x, mean, std, a, b) => {
    const cdf = (z: number): number =>
      (1 +
        tensor(z / Math.SQRT2, { dtype: "float64" })
          .erf()
          .itemSync()) /
      2;
    const low = cdf((a - mean) / std);
    const high = cdf((b - mean) / std);
    return noGrad(() =>
      x
        .uniform_(2 * low - 1, 2 * high - 1)
        .erfinv_()
        .mul_(std * Math.SQRT2)
        .add_(mean)
        .clamp_(a, b),
    );
  },
);

const CONSTANT = "constant_(tensor, val: number)";

/**
 * Overwrites the tensor with one value.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(nn.init.constant_(zeros([2]), 0.5));
 * // tensor([0.5000, 0.5000])
 * ```
 */
export const constant_: Callable<typeof CONSTANT, Tensor> = callable(CONSTANT, (x, value) => {
  return noGrad(() => x.fill_(value));
});

const ONES = "ones_(tensor)";

/**
 * Overwrites the tensor with ones.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(nn.init.ones_(zeros([2])));
 * // tensor([1., 1.])
 * ```
 */
export const ones_: Callable<typeof ONES, Tensor> = callable(ONES, (x) => {
  return constant_(x, 1);
});

const ZEROS = "zeros_(tensor)";

/**
 * Overwrites the tensor with zeros.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * console.log(nn.init.zeros_(ones([2])));
 * // tensor([0., 0.])
 * ```
 */
export const zeros_: Callable<typeof ZEROS, Tensor> = callable(ZEROS, (x) => {
  return constant_(x, 0);
});

const EYE = "eye_(tensor)";

/**
 * Overwrites a matrix with the identity.
 *
 * @throws ShapeError when it is no matrix.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(nn.init.eye_(zeros([2, 2])));
 * // tensor([[1., 0.],
 * //         [0., 1.]])
 * ```
 */
export const eye_: Callable<typeof EYE, Tensor> = callable(EYE, (x) => {
  if (x.ndim !== 2) throw new ShapeError(`eye_ takes a matrix; got shape ${formatShape(x.shape)}`);
  return noGrad(() => x.copy_(eye(x.shape[0], x.shape[1], { dtype: x.dtype, device: x.device })));
});
