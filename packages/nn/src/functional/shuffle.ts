/**
 * Channels and pixels in another order.
 *
 * @module
 */
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

function checkFactor(what: string, name: string, factor: number): void {
  if (!Number.isInteger(factor) || factor < 1)
    throw new ValueError(`${what}: ${name} is an integer from 1; got ${quote(factor)}`);
}

const PIXEL_SHUFFLE = "pixelShuffle(input, upscaleFactor: int)";

/**
 * Channels as pixels: `[..., channels * r * r, height, width]` to `[..., channels, height * r, width * r]`. Source: Shi et al. 2016.
 *
 * @throws ShapeError when the channels do not divide; ValueError when the factor is no integer from 1.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.pixelShuffle(tensor([[[1]], [[2]], [[3]], [[4]]]), 2)));
 * // tensor([[[1., 2.],
 * //          [3., 4.]]])
 * ```
 */
export const pixelShuffle: Callable<typeof PIXEL_SHUFFLE, Tensor> = callable(PIXEL_SHUFFLE, (x, r) => {
  checkFactor("pixelShuffle", "upscaleFactor", r);
  const channels = x.shape[x.ndim - 3];
  if (x.ndim < 3 || channels % (r * r) !== 0) {
    throw new ShapeError(
      `pixelShuffle takes an input [..., channels, height, width] whose channels divide by ${r * r}; got shape ${formatShape(x.shape)}`,
    );
  }
  const before = x.shape.slice(0, -3);
  const [height, width] = x.shape.slice(-2);
  const n = before.length;
  const parts = x.reshape([...before, channels / (r * r), r, r, height, width]);
  const order = [...before.keys(), n, n + 3, n + 1, n + 4, n + 2];
  return parts.permute(order).reshape([...before, channels / (r * r), height * r, width * r]);
});

const PIXEL_UNSHUFFLE = "pixelUnshuffle(input, downscaleFactor: int)";

/**
 * Pixels as channels, the reverse of `pixelShuffle`: `[..., channels, height * r, width * r]` to
 * `[..., channels * r * r, height, width]`.
 *
 * @throws ShapeError when height or width do not divide; ValueError when the factor is no integer from 1.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.pixelUnshuffle(tensor([[[1, 2], [3, 4]]]), 2).shape);
 * // [ 4, 1, 1 ]
 * ```
 */
export const pixelUnshuffle: Callable<typeof PIXEL_UNSHUFFLE, Tensor> = callable(PIXEL_UNSHUFFLE, (x, r) => {
  checkFactor("pixelUnshuffle", "downscaleFactor", r);
  const [channels, height, width] = x.shape.slice(-3);
  if (x.ndim < 3 || height % r !== 0 || width % r !== 0) {
    throw new ShapeError(
      `pixelUnshuffle takes an input [..., channels, height, width] whose planes divide by ${r}; got shape ${formatShape(x.shape)}`,
    );
  }
  const before = x.shape.slice(0, -3);
  const n = before.length;
  const parts = x.reshape([...before, channels, height / r, r, width / r, r]);
  const order = [...before.keys(), n, n + 2, n + 4, n + 1, n + 3];
  return parts.permute(order).reshape([...before, channels * r * r, height / r, width / r]);
});

const CHANNEL_SHUFFLE = "channelShuffle(input, groups: int)";

/**
 * Channels of `[batch, channels, ...]` dealt from `groups` groups in turn. Source: Zhang et al. 2018.
 *
 * @throws ShapeError when the channels do not divide into groups; ValueError when `groups` is no integer from 1.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.channelShuffle(tensor([[[1], [2], [3], [4]]]), 2).flatten());
 * // tensor([1., 3., 2., 4.])
 * ```
 */
export const channelShuffle: Callable<typeof CHANNEL_SHUFFLE, Tensor> = callable(
  CHANNEL_SHUFFLE,
  (x, groups) => {
    checkFactor("channelShuffle", "groups", groups);
    if (x.ndim < 3 || x.shape[1] % groups !== 0) {
      throw new ShapeError(
        `channelShuffle takes an input [batch, channels, ...] whose channels divide into ${groups} groups; got shape ${formatShape(x.shape)}`,
      );
    }
    return x
      .unflatten(1, [groups, x.shape[1] / groups])
      .transpose(1, 2)
      .reshape(x.shape);
  },
);
