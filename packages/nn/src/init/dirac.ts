import { noGrad } from "@flambeau/autograd";
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor, tensor } from "@flambeau/tensor";

const DIRAC = "dirac_(tensor, groups = 1)";

/**
 * Overwrites the weight of a convolution, `[out, in, ...kernel]` of one to three dimensions, so that as many channels as can be come
 * out as they went in: a one in the middle of the kernel from each channel to the same one, in each of `groups`.
 *
 * @throws ShapeError when it is no such weight, or its output channels do not divide into groups; ValueError when `groups` is no
 *   integer from 1.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(nn.init.dirac_(zeros([2, 1, 3])));
 * // tensor([[[0., 1., 0.]],
 * //
 * //         [[0., 0., 0.]]])
 * ```
 */
export const dirac_: Callable<typeof DIRAC, Tensor> = callable(DIRAC, (x, groups) => {
  if (!Number.isInteger(groups) || groups < 1)
    throw new ValueError(`dirac_: groups is an integer from 1; got ${quote(groups)}`);
  const [out, channels, ...kernel] = x.shape;
  if (x.ndim < 3 || x.ndim > 5 || out % groups !== 0) {
    throw new ShapeError(
      `dirac_ takes a weight [out, in, ...kernel] of 3 to 5 dimensions whose output channels divide into ${groups} groups; got shape ${formatShape(x.shape)}`,
    );
  }
  const elements = new Float64Array(x.numel());
  const size = kernel.reduce((a, b) => a * b, 1);
  const middle = kernel.reduce((at, k) => at * k + Math.floor(k / 2), 0);
  const each = out / groups;
  for (let row = 0; row < out; row++) {
    const channel = row % each;
    if (channel < channels) elements[(row * channels + channel) * size + middle] = 1;
  }
  return noGrad(() => x.copy_(tensor(elements, { dtype: x.dtype, device: x.device }).reshape(x.shape)));
});
