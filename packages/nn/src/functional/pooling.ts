/**
 * Pooling: windows joined into one element each.
 *
 * @module
 */

import { learnWindows } from "@flambeau/autograd";
import { formatShape, isFloat, numel, quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  lifetime,
  named,
  stack,
  type Tensor,
  tensor,
  type WindowAttrs,
  windows,
  withOptions,
} from "@flambeau/tensor";
import {
  elementsAlong,
  type Layout,
  type Size1d,
  type Size2d,
  sizes,
  toPlanes,
  windowsOn,
} from "./windows.ts";

/** Options that all poolings share. */
export interface PoolOptions<Size> {
  /** How far windows lie apart. Default: the kernel's size. */
  readonly stride?: Size | null;
  /** On either side, at most half the kernel. Default 0. */
  readonly padding?: Size;
  /** Let windows that begin within the input reach beyond it. Default false. */
  readonly ceilMode?: boolean;
}

interface MaxOptions<Size> extends PoolOptions<Size> {
  /** The distance between a window's elements. Default 1. */
  readonly dilation?: Size;
  /** Give `[values, indices]`, with where in its plane each value was. Default false. */
  readonly returnIndices?: boolean;
}

interface AvgOptions<Size> extends PoolOptions<Size> {
  /** Count the padding's zeros in the mean. Default true. */
  readonly countIncludePad?: boolean;
}

/** Options of `maxPool1d`. */
export type MaxPool1dOptions = MaxOptions<Size1d>;
/** Options of `maxPool2d`. */
export type MaxPool2dOptions = MaxOptions<Size2d>;
/** Options of `avgPool1d`. */
export type AvgPool1dOptions = AvgOptions<Size1d>;
/** Options of `avgPool2d`. */
export interface AvgPool2dOptions extends AvgOptions<Size2d> {
  /** Divide sums by this instead of the number of elements. */
  readonly divisorOverride?: number | null;
}

/** A kernel's size and options with a size for each of `n` dimensions, checked. */
export function poolLayout(
  what: string,
  kernelSize: number | readonly number[],
  options: PoolOptions<number | readonly number[]> & { readonly dilation?: number | readonly number[] },
  n: number,
): Layout {
  const { stride, padding = 0, dilation = 1 } = options;
  const kernel = sizes(what, "kernelSize", kernelSize, n, 1);
  const before = sizes(what, "padding", padding, n, 0);
  if (before.some((p, i) => p > kernel[i] / 2)) {
    throw new ValueError(
      `${what}: a padding is at most half the kernel's size; got ${formatShape(before)} for a kernel of ${formatShape(kernel)}`,
    );
  }
  return {
    kernel,
    // PyTorch's empty list stands for no stride, too.
    stride: sizes(what, "stride", stride == null || String(stride) === "" ? kernelSize : stride, n, 1),
    before,
    after: before,
    dilation: sizes(what, "dilation", dilation, n, 1),
  };
}

function maxPool(
  what: string,
  input: Tensor,
  kernelSize: number | readonly number[],
  options: MaxPool1dOptions | MaxPool2dOptions,
  n: 1 | 2,
): Tensor | [Tensor, Tensor] {
  const layout = poolLayout(what, kernelSize, options, n);
  const { x, restore } = toPlanes(what, input, n);
  const attrs = windowsOn(what, x, layout, options.ceilMode ?? false);
  const { values, indices } = windows.maxPool(x, attrs);
  const found = options.returnIndices ? restore(indices.to("int64")) : null;
  lifetime.abandon(indices);
  const out = n === 2 ? named(restore(values), "MaxPool2DWithIndices") : restore(values);
  return found === null ? out : [out, found];
}

/** A function whose result depends on `returnIndices`. */
type WithIndices<S extends string, K, O> = ((
  input: Tensor,
  kernelSize: K,
  options: O & { readonly returnIndices: true },
) => [Tensor, Tensor]) &
  Callable<S, Tensor, O & { readonly returnIndices?: false }> &
  Callable<S, Tensor | [Tensor, Tensor], O>;

const MAX_POOL1D =
  "maxPool1d(input, kernelSize: size1, stride?: size1, padding: size1 = 0, dilation: size1 = 1, ceilMode = false, returnIndices = false)";

/**
 * The largest element of every window along the last dimension: `[batch, channels, length]` or `[channels, length]`.
 * Padding is never the largest; the first of equal elements gets the gradient; nan counts as largest.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is no float; ValueError when an
 *   option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.maxPool1d(tensor([[1, 3, 2, 5]]), 2)));
 * // tensor([[3., 5.]])
 * ```
 */
export const maxPool1d: WithIndices<typeof MAX_POOL1D, Size1d, MaxPool1dOptions> = withOptions<
  typeof MAX_POOL1D,
  2,
  Tensor | [Tensor, Tensor],
  MaxPool1dOptions
>(MAX_POOL1D, 2, (input, kernelSize, options) =>
  maxPool("maxPool1d", input, kernelSize, options, 1),
) as WithIndices<typeof MAX_POOL1D, Size1d, MaxPool1dOptions>;

const MAX_POOL2D =
  "maxPool2d(input, kernelSize: size2, stride?: size2, padding: size2 = 0, dilation: size2 = 1, ceilMode = false, returnIndices = false)";

/**
 * The largest element of every window of images: `[batch, channels, height, width]` or `[channels, height, width]`.
 * Padding is never the largest; the first of equal elements gets the gradient; nan counts as largest.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is no float; ValueError when an
 *   option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const x = tensor([[[1, 2, 0], [4, 3, 9]]]);
 * const [values, indices] = nn.functional.maxPool2d(x, 2, { stride: 1, returnIndices: true });
 * console.log(String(values));
 * // tensor([[[4., 9.]]])
 * console.log(String(indices));
 * // tensor([[[3, 5]]])
 * ```
 */
export const maxPool2d: WithIndices<typeof MAX_POOL2D, Size2d, MaxPool2dOptions> = withOptions<
  typeof MAX_POOL2D,
  2,
  Tensor | [Tensor, Tensor],
  MaxPool2dOptions
>(MAX_POOL2D, 2, (input, kernelSize, options) =>
  maxPool("maxPool2d", input, kernelSize, options, 2),
) as WithIndices<typeof MAX_POOL2D, Size2d, MaxPool2dOptions>;

/** Of each window along an axis, how many elements lie in the input, and how many in the input or its padding. */
function counts(attrs: WindowAttrs, layout: Layout, axis: 0 | 1, padded: boolean): number[] {
  const own = axis - 2 + layout.kernel.length;
  // Lines lie on planes of height one.
  if (own < 0) return [1];
  return elementsAlong(attrs.plane[axis], attrs.positions[axis], layout, own, padded);
}

function avgPool(
  what: string,
  input: Tensor,
  kernelSize: number | readonly number[],
  options: AvgPool1dOptions | AvgPool2dOptions,
  n: 1 | 2,
): Tensor {
  const layout = poolLayout(what, kernelSize, options as MaxPool2dOptions, n);
  const { ceilMode = false, countIncludePad = true, divisorOverride } = options as AvgPool2dOptions;
  if (divisorOverride === 0) throw new ValueError(`${what}: the divisor is not 0`);
  const { x, restore } = toPlanes(what, input, n, "int64");
  const attrs = windowsOn(what, x, layout, ceilMode);
  learnWindows();
  const elements = windows.unfold(x, attrs);
  const sums = elements.sum([2, 3]);
  lifetime.abandon(elements);
  const divisor = divisorOverride ?? divisorsOf(x, attrs, layout, countIncludePad);
  const means = sums.div(divisor, { roundingMode: isFloat(x.dtype) ? null : "trunc" });
  lifetime.abandon(sums);
  return n === 2 ? named(restore(means), "AvgPool2D") : restore(means);
}

/** How many elements windows count: a number, or one for each position. */
function divisorsOf(
  x: Tensor,
  attrs: WindowAttrs,
  layout: Layout,
  countIncludePad: boolean,
): number | Tensor {
  const down = counts(attrs, layout, 0, countIncludePad);
  const right = counts(attrs, layout, 1, countIncludePad);
  const even = (list: number[]): boolean => list.every((count) => count === list[0]);
  if (even(down) && even(right)) return down[0] * right[0];
  return tensor(
    down.map((a) => right.map((b) => a * b)),
    { dtype: x.dtype, device: x.device },
  );
}

const AVG_POOL1D =
  "avgPool1d(input, kernelSize: size1, stride?: size1, padding: size1 = 0, ceilMode = false, countIncludePad = true)";

/**
 * The mean of every window along the last dimension: `[batch, channels, length]` or `[channels, length]`. Means of int64
 * are cut to integers.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is neither float nor int64; ValueError
 *   when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.avgPool1d(tensor([[1, 3, 2, 5]]), 2)));
 * // tensor([[2.0000, 3.5000]])
 * ```
 */
export const avgPool1d: Callable<typeof AVG_POOL1D, Tensor, AvgPool1dOptions> = withOptions<
  typeof AVG_POOL1D,
  2,
  Tensor,
  AvgPool1dOptions
>(AVG_POOL1D, 2, (input, kernelSize, options) => {
  return avgPool("avgPool1d", input, kernelSize, options, 1);
});

const AVG_POOL2D =
  "avgPool2d(input, kernelSize: size2, stride?: size2, padding: size2 = 0, ceilMode = false, countIncludePad = true, divisorOverride?: number)";

/**
 * The mean of every window of images: `[batch, channels, height, width]` or `[channels, height, width]`. Means of int64
 * are cut to integers.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is neither float nor int64; ValueError
 *   when an option is out of range.
 *
 * @example
 * ```ts
 * import { arange, nn } from "flambeau";
 *
 * console.log(String(nn.functional.avgPool2d(arange(8).reshape([1, 2, 4]), 2)));
 * // tensor([[[2.5000, 4.5000]]])
 * ```
 */
export const avgPool2d: Callable<typeof AVG_POOL2D, Tensor, AvgPool2dOptions> = withOptions<
  typeof AVG_POOL2D,
  2,
  Tensor,
  AvgPool2dOptions
>(AVG_POOL2D, 2, (input, kernelSize, options) => {
  return avgPool("avgPool2d", input, kernelSize, options, 2);
});

/** Means of `count` stretches, as equal as can be, that cover a dimension. */
export function meansAlong(x: Tensor, dim: number, count: number): Tensor {
  const size = x.shape[dim];
  if (count === size) return x;
  if (count > 0 && size % count === 0) return x.unflatten(dim, [count, size / count]).mean(dim + 1);
  if (count === 0) return x.narrow(dim, 0, 0);
  const means = Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * size) / count);
    return x.narrow(dim, start, Math.ceil(((i + 1) * size) / count) - start).mean(dim);
  });
  return stack(means, dim);
}

/** Means of planes: of windows that do not overlap at once, of others along one dimension and then along the other. */
function meansOf(x: Tensor, [rows, columns]: readonly number[]): Tensor {
  const [height, width] = x.shape.slice(2);
  if (rows > 0 && columns > 0 && height % rows === 0 && width % columns === 0)
    return x
      .unflatten(3, [columns, width / columns])
      .unflatten(2, [rows, height / rows])
      .mean([3, 5]);
  return meansAlong(meansAlong(x, 2, rows), 3, columns);
}

function adaptive(what: string, input: Tensor, outputSize: readonly (number | null)[], n: 1 | 2): Tensor {
  const { x, restore } = toPlanes(what, input, n);
  const wide = n === 1 ? [1, ...outputSize] : outputSize;
  const to = wide.map((size, i) => size ?? x.shape[i + 2]);
  if (wide.length !== 2 || to.some((size) => !Number.isInteger(size) || size < 0))
    throw new ValueError(`${what}: an output's size is made of integers from 0; got ${quote(outputSize)}`);
  if (x.shape.slice(2).some((size) => size === 0))
    throw new ShapeError(
      `${what}: an input of shape ${formatShape(input.shape)} has no element to take the mean of`,
    );
  const means = meansOf(x, to);
  // The mean of a whole plane is a mean in PyTorch too.
  return n === 2 && numel(to) !== 1 ? named(restore(means), "AdaptiveAvgPool2D") : restore(means);
}

const ADAPTIVE_AVG_POOL1D = "adaptiveAvgPool1d(input, outputSize: size1)";

/**
 * Means of windows so chosen that the output has `outputSize` elements along the last dimension.
 *
 * @throws ShapeError when the input is no line or has no elements; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.adaptiveAvgPool1d(tensor([[1, 3, 5]]), 2)));
 * // tensor([[2., 4.]])
 * ```
 */
export const adaptiveAvgPool1d: Callable<typeof ADAPTIVE_AVG_POOL1D, Tensor> = callable(
  ADAPTIVE_AVG_POOL1D,
  (input, outputSize) => {
    return adaptive(
      "adaptiveAvgPool1d",
      input,
      typeof outputSize === "number" ? [outputSize] : outputSize,
      1,
    );
  },
);

/** One size for both axes, or one for each; null keeps the input's. */
type OutputSize = { readonly outputSize?: number | null | readonly [number | null, number | null] };

const ADAPTIVE_AVG_POOL2D = "adaptiveAvgPool2d(input, outputSize?: size)";

/**
 * Means of windows so chosen that the output has a size, `[height, width]` or one number for both; null keeps the
 * input's. Window i of k begins at `floor(i * size / k)` and ends before `ceil((i + 1) * size / k)`.
 *
 * @throws ShapeError when the input is no image or has no elements; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { arange, nn } from "flambeau";
 *
 * console.log(String(nn.functional.adaptiveAvgPool2d(arange(9).reshape([1, 3, 3]), [1, 2])));
 * // tensor([[[3.5000, 4.5000]]])
 * ```
 */
export const adaptiveAvgPool2d: Callable<typeof ADAPTIVE_AVG_POOL2D, Tensor, OutputSize> = callable<
  typeof ADAPTIVE_AVG_POOL2D,
  Tensor,
  OutputSize
>(ADAPTIVE_AVG_POOL2D, (input, outputSize) => {
  const to = typeof outputSize === "object" ? outputSize : [outputSize ?? null, outputSize ?? null];
  return adaptive("adaptiveAvgPool2d", input, to, 2);
});
