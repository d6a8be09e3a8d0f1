/**
 * The largest elements of windows that lie at random.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, numel, quote, ShapeError, ValueError } from "@flambeau/backend";
import { arange, type Callable, callable, cat, full, rand, type Tensor } from "@flambeau/tensor";
import { type Size2d, type Size3d, sizes } from "./windows.ts";

/** What fractional pooling is given. */
export interface FractionalOptions {
  readonly kernelSize: number | readonly number[];
  readonly outputSize: number | readonly number[] | undefined;
  readonly outputRatio: number | readonly number[] | undefined;
}

/** The sizes of windows and results, checked as far as they can be without an input. */
export interface FractionalLayout {
  readonly kernel: readonly number[];
  readonly outputSize: readonly number[] | null;
  readonly outputRatio: readonly number[] | null;
}

/** @throws ValueError when a size is no integer from 1, a ratio is not within (0, 1), or not just one of the two is given. */
export function fractionalLayout(what: string, options: FractionalOptions, n: number): FractionalLayout {
  const { outputSize, outputRatio } = options;
  if ((outputSize === undefined) === (outputRatio === undefined))
    throw new ValueError(`${what} takes either outputSize or outputRatio`);
  const ratios =
    outputRatio === undefined
      ? null
      : typeof outputRatio === "number"
        ? new Array(n).fill(outputRatio)
        : outputRatio;
  if (ratios !== null && (ratios.length !== n || ratios.some((r) => !(r > 0 && r < 1))))
    throw new ValueError(
      `${what}: outputRatio lies between 0 and 1, for ${n} dimensions; got ${quote(outputRatio)}`,
    );
  return {
    kernel: sizes(what, "kernelSize", options.kernelSize, n, 1),
    outputSize: outputSize === undefined ? null : sizes(what, "outputSize", outputSize, n, 1),
    outputRatio: ratios,
  };
}

/**
 * Where the windows along one dimension begin, for samples `[batch, channels]`: `[batch, channels, count]`.
 * Source: PyTorch 1.13, aten/src/ATen/native/FractionalMaxPooling.h, after Graham 2014, "Fractional Max-Pooling".
 */
function starts(sample: Tensor, size: number, count: number, kernel: number): Tensor {
  const { dtype, device } = sample;
  const last = full([...sample.shape, 1], size - kernel, { dtype, device });
  if (count === 1) return last.to("int64");
  const round = dtype === "float64" ? (x: number): number => x : Math.fround;
  const alpha = round((size - kernel) / (count - 1));
  const offset = sample.unsqueeze(-1);
  const at = arange(count - 1, { dtype, device })
    .add(offset)
    .mul(alpha)
    .trunc();
  return cat([at.sub(offset.mul(alpha).trunc()), last], -1).to("int64");
}

/** The largest element of each window, and where it was. */
export function fractionalMax(
  what: string,
  input: Tensor,
  { kernel, outputSize, outputRatio }: FractionalLayout,
  samples: Tensor | null,
): [values: Tensor, indices: Tensor] {
  const n = kernel.length;
  const axes = ["depth", "height", "width"].slice(-n).join(", ");
  if ((input.ndim !== n + 1 && input.ndim !== n + 2) || !isFloat(input.dtype)) {
    if (!isFloat(input.dtype)) throw new DTypeError(`${what} takes floats; got ${input.dtype}`);
    throw new ShapeError(
      `${what} takes an input [batch, channels, ${axes}] or without the batch; got shape ${formatShape(input.shape)}`,
    );
  }
  const x = input.ndim === n + 1 ? input.unsqueeze(0) : input;
  const [batch, channels, ...space] = x.shape;
  const counts =
    outputSize ?? space.map((size, d) => Math.floor(size * (outputRatio as readonly number[])[d]));
  for (const [d, count] of counts.entries()) {
    if (count < 1 || count + kernel[d] - 1 > space[d])
      throw new ShapeError(
        `${what}: ${count} windows of ${kernel[d]} elements do not lie within ${space[d]}: an input of shape ${formatShape(input.shape)} is too small`,
      );
  }
  const shape = [batch, channels, n];
  if (samples !== null && samples.shape.join() !== shape.join())
    throw new ShapeError(
      `${what}: samples have shape ${formatShape(shape)}; got ${formatShape(samples.shape)}`,
    );
  const drawn = samples ?? rand(shape, { dtype: x.dtype, device: x.device });
  // Positions in the flattened space: of the windows' elements, [batch, channels, ...counts, ...kernel].
  let at: Tensor | null = null;
  for (const [d, count] of counts.entries()) {
    // As in PyTorch, the last dimension of planes has the first sample, that of volumes the last.
    const sample = drawn.select(-1, n === 2 ? 1 - d : d);
    const elements = arange(kernel[d], { dtype: "int64", device: x.device });
    const own = starts(sample, space[d], count, kernel[d]).unsqueeze(-1).add(elements);
    const view = new Array<number>(2 * n).fill(1);
    [view[d], view[n + d]] = [count, kernel[d]];
    const placed = own.reshape([batch, channels, ...view]);
    at = at === null ? placed : at.mul(space[d]).add(placed);
  }
  const flat = (at as Tensor).reshape([batch, channels, numel(counts) * numel(kernel)]);
  const windows = x
    .reshape([batch, channels, numel(space)])
    .gather(2, flat)
    .reshape([batch, channels, ...counts, numel(kernel)]);
  const found = windows.max(-1);
  const indices = flat.reshape(windows.shape).gather(-1, found.indices.unsqueeze(-1)).squeeze(-1);
  const restore = (y: Tensor): Tensor => (x === input ? y : y.squeeze(0));
  return [restore(found.values), restore(indices)];
}

interface Types<S> {
  /** How many windows there are along each dimension. */
  readonly outputSize?: S;
  /** How many windows there are, as a part of the input's size. */
  readonly outputRatio?: S;
}

const PLANES =
  "fractionalMaxPool2d(input, kernelSize: size2, outputSize?: size2, outputRatio?: number|numbers, returnIndices = false, *, randomSamples?: tensor)";
const VOLUMES =
  "fractionalMaxPool3d(input, kernelSize: size3, outputSize?: size3, outputRatio?: number|numbers, returnIndices = false, *, randomSamples?: tensor)";

/**
 * The largest element of windows that lie at random on planes `[batch, channels, height, width]`, or without the batch: `outputSize` of them along
 * each dimension, or that part of the input's size which `outputRatio` says. With `returnIndices` `[values, indices]`. The places come from
 * samples `[batch, channels, 2]` within [0, 1), which are drawn unless they are given. Source: Graham 2014, "Fractional Max-Pooling".
 *
 * @param randomSamples - where the windows start, from 0 to 1. Default: drawn.
 * @throws ValueError when not just one of size and ratio is given, or one is out of range; ShapeError when the windows do not lie within
 *   the input; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { arange, F, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.fractionalMaxPool2d(arange(25).reshape([1, 5, 5]), 2, { outputSize: 3 })));
 * // tensor([[[ 6.,  8.,  9.],
 * //          [11., 13., 14.],
 * //          [21., 23., 24.]]])
 * ```
 */
export const fractionalMaxPool2d: Callable<
  typeof PLANES,
  Tensor | [Tensor, Tensor],
  Types<Size2d>
> = callable<typeof PLANES, Tensor | [Tensor, Tensor], Types<Size2d>>(
  PLANES,
  (input, kernelSize, outputSize, outputRatio, returnIndices, { randomSamples }) => {
    const what = "fractionalMaxPool2d";
    const layout = fractionalLayout(what, { kernelSize, outputSize, outputRatio }, 2);
    const found = fractionalMax(what, input, layout, randomSamples ?? null);
    return returnIndices ? found : found[0];
  },
);

/**
 * As `fractionalMaxPool2d`, of volumes `[batch, channels, depth, height, width]`, or without the batch; samples have shape `[batch, channels, 3]`.
 *
 * @param randomSamples - where the windows start, from 0 to 1. Default: drawn.
 * @throws as `fractionalMaxPool2d`.
 *
 * @example
 * ```ts
 * import { arange, F, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.fractionalMaxPool3d(arange(8).reshape([1, 2, 2, 2]), 2, { outputRatio: 0.5 })));
 * // tensor([[[[7.]]]])
 * ```
 */
export const fractionalMaxPool3d: Callable<
  typeof VOLUMES,
  Tensor | [Tensor, Tensor],
  Types<Size3d>
> = callable<typeof VOLUMES, Tensor | [Tensor, Tensor], Types<Size3d>>(
  VOLUMES,
  (input, kernelSize, outputSize, outputRatio, returnIndices, { randomSamples }) => {
    const what = "fractionalMaxPool3d";
    const layout = fractionalLayout(what, { kernelSize, outputSize, outputRatio }, 3);
    const found = fractionalMax(what, input, layout, randomSamples ?? null);
    return returnIndices ? found : found[0];
  },
);
