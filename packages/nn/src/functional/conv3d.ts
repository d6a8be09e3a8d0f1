import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, named, type Tensor, tensor, withOptions } from "@flambeau/tensor";
import { type Conv3dOptions, checkOperands, conv2d, convLayout, paddings } from "./conv.ts";
import { pad } from "./pad.ts";
import { checkWhole, type WholeDTypes } from "./windows.ts";

/**
 * Volumes `[n, c, depth, height, width]`, and the way back to what they were made of.
 *
 * @throws ShapeError when the input has another number of dimensions; DTypeError when it is no float, nor one of `whole`.
 */
export function toVolumes(
  what: string,
  x: Tensor,
  whole?: WholeDTypes,
): { x: Tensor; restore(y: Tensor): Tensor } {
  checkWhole(what, x, whole);
  if (x.ndim !== 4 && x.ndim !== 5) {
    throw new ShapeError(
      `${what} takes an input [batch, channels, depth, height, width] or, without a batch, [channels, depth, height, width]; got shape ${formatShape(x.shape)}`,
    );
  }
  return x.ndim === 5 ? { x, restore: (y) => y } : { x: x.unsqueeze(0), restore: (y) => y.squeeze(0) };
}

/** Where along the depth the windows' elements lie: those of the first window, of the second, and so on. */
export function depthIndex(count: number, kernel: number, stride: number, dilation: number): Tensor {
  const at = (i: number): number => Math.floor(i / kernel) * stride + (i % kernel) * dilation;
  return tensor(BigInt64Array.from({ length: count * kernel }, (_, i) => BigInt(at(i))));
}

const CONV3D =
  "conv3d(input, weight, bias?, stride: size3 = 1, padding: size3|'valid'|'same' = 0, dilation: size3 = 1, groups = 1)";

/**
 * Convolution (without flipping the kernel) of volumes: input `[batch, in, depth, height, width]` or without the batch, weight
 * `[out, in / groups, kernel depth, kernel height, kernel width]`, bias `[out]`. The planes that a kernel covers become
 * channels of images, which `conv2d` convolves.
 *
 * @throws ShapeError when the channels differ, do not divide into groups, or the kernel is larger than the padded input;
 *   DTypeError when the dtypes differ or are no floats; ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { F, ones } from "flambeau";
 *
 * console.log(F.conv3d(ones([1, 1, 3, 4, 4]), ones([2, 1, 2, 2, 2])).shape.join());
 * // 1,2,2,3,3
 * ```
 */
export const conv3d: Callable<typeof CONV3D, Tensor, Conv3dOptions> = withOptions<
  typeof CONV3D,
  3,
  Tensor,
  Conv3dOptions
>(CONV3D, 3, (input, weight, bias, options) => {
  const layout = convLayout("conv3d", options, 3);
  if (weight.ndim !== 5) {
    throw new ShapeError(
      `conv3d takes a weight [out, in / groups, depth, height, width]; got shape ${formatShape(weight.shape)}`,
    );
  }
  const { x, restore } = toVolumes("conv3d", input);
  checkOperands("conv3d", x, weight, bias ?? null, layout.groups);
  const [out, each, ...kernel] = weight.shape;
  const { before, after } = paddings(layout, kernel);
  const { stride, dilation, groups } = layout;
  const padded = pad(x, pairs(before, after));
  const [n, channels, depth, height, width] = padded.shape;
  const count = Math.floor((depth - dilation[0] * (kernel[0] - 1) - 1) / stride[0]) + 1;
  if (count < 1) {
    throw new ShapeError(
      `conv3d: a kernel of size ${formatShape(kernel)} is larger than the input of size ${formatShape(x.shape.slice(2))}, padded to ${formatShape([depth, height, width])}`,
    );
  }
  const index = depthIndex(count, kernel[0], stride[0], dilation[0]).to(x.device);
  const images = padded
    .indexSelect(2, index)
    .reshape([n, channels, count, kernel[0], height, width])
    .permute([0, 2, 1, 3, 4, 5])
    .reshape([n * count, channels * kernel[0], height, width]);
  const filters = weight.reshape([out, each * kernel[0], kernel[1], kernel[2]]);
  const result = conv2d(images, filters, bias, {
    ...{ stride: [stride[1], stride[2]], dilation: [dilation[1], dilation[2]], groups },
  });
  const [, , rows, columns] = result.shape;
  const volumes = result.reshape([n, count, out, rows, columns]).permute([0, 2, 1, 3, 4]);
  return named(restore(volumes.contiguous()), "Convolution");
});

/** Paddings as `pad` takes them: of the last dimension first. */
function pairs(before: readonly number[], after: readonly number[]): number[] {
  return before.flatMap((size, i) => [after[i], size]).reverse();
}
