/**
 * Convolutions.
 *
 * @module
 */

import { learnWindows } from "@flambeau/autograd";
import { DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, commonBackend, convolution, named, type Tensor, withOptions } from "@flambeau/tensor";
import { type Layout, type Size1d, type Size2d, type Size3d, sizes, toPlanes, windowsOn } from "./windows.ts";

/** Options of convolutions of one kind. */
interface ConvOptions<Size> {
  /** How far the kernel moves from one output to the next. Default 1. */
  readonly stride?: Size;
  /**
   * Zeros on either side. "valid" is none; "same" as many as keep the size (the odd one at the end), for a stride of 1.
   * Default 0.
   */
  readonly padding?: Size | "valid" | "same";
  /** The distance between the kernel's elements. Default 1. */
  readonly dilation?: Size;
  /** The number of parts into which channels are divided, which do not mix. Default 1. */
  readonly groups?: number;
}

/** Options of `conv1d`. */
export type Conv1dOptions = ConvOptions<Size1d>;
/** Options of `conv2d`. */
export type Conv2dOptions = ConvOptions<Size2d>;
/** Options of `conv3d`. */
export type Conv3dOptions = ConvOptions<Size3d>;
/** Options of a convolution of any number of dimensions. */
export type AnyConvOptions = Conv1dOptions | Conv2dOptions | Conv3dOptions;

/** Options with a size for each of `n` dimensions. */
export interface ConvLayout {
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "valid" | "same";
  readonly dilation: readonly number[];
  readonly groups: number;
}

/**
 * The options, checked.
 *
 * @throws ValueError
 */
export function convLayout(what: string, options: AnyConvOptions, n: number): ConvLayout {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const all = {
    stride: sizes(what, "stride", stride, n, 1),
    padding: typeof padding === "string" ? padding : sizes(what, "padding", padding, n, 0),
    dilation: sizes(what, "dilation", dilation, n, 1),
    groups,
  };
  if (typeof padding === "string") {
    if (padding !== "same" && padding !== "valid")
      throw new ValueError(`${what}: a padding is a size, "same" or "valid"; got ${quote(padding)}`);
    if (padding === "same" && all.stride.some((s) => s !== 1))
      throw new ValueError(`${what}: padding "same" is for a stride of 1; got ${formatShape(all.stride)}`);
  }
  if (!Number.isInteger(groups) || groups < 1)
    throw new ValueError(`${what}: the number of groups is an integer from 1; got ${quote(groups)}`);
  return all;
}

/** How much lies before and behind the input along each dimension. */
export function paddings(options: ConvLayout, kernel: readonly number[]): Pick<Layout, "before" | "after"> {
  const { padding, dilation } = options;
  if (padding === "valid") return { before: kernel.map(() => 0), after: kernel.map(() => 0) };
  if (padding !== "same") return { before: padding, after: padding };
  const all = kernel.map((k, i) => dilation[i] * (k - 1));
  const before = all.map((p) => Math.floor(p / 2));
  return { before, after: all.map((p, i) => p - before[i]) };
}

/** @throws DTypeError, ShapeError when input `[n, c, ...]`, weight and bias do not go together. */
export function checkOperands(
  what: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  groups: number,
): void {
  for (const other of bias === null ? [weight] : [weight, bias]) {
    commonBackend(what, [x, other]);
    if (other.dtype !== x.dtype)
      throw new DTypeError(
        `${what}: the input is ${x.dtype} and a parameter ${other.dtype}; convert one with .to()`,
      );
  }
  const [out, each] = weight.shape;
  if (out % groups !== 0) {
    throw new ShapeError(
      `${what}: the ${out} output channels of a weight of shape ${formatShape(weight.shape)} do not divide into ${groups} groups`,
    );
  }
  if (x.shape[1] !== each * groups) {
    const times = groups === 1 ? "" : ` (${each} for each of ${groups} groups)`;
    throw new ShapeError(
      `${what}: a weight of shape ${formatShape(weight.shape)} takes ${each * groups} channels${times}; the input of shape ${formatShape(x.shape)} has ${x.shape[1]}`,
    );
  }
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== out)) {
    throw new ShapeError(
      `${what}: a bias has shape [${out}], one for each output channel; got ${formatShape(bias.shape)}`,
    );
  }
}

function convolve(
  what: string,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  options: Conv1dOptions | Conv2dOptions,
  n: 1 | 2,
): Tensor {
  const layout = convLayout(what, options, n);
  if (weight.ndim !== n + 2) {
    throw new ShapeError(
      `${what} takes a weight [out, in / groups, ${n === 1 ? "length" : "height, width"}]; got shape ${formatShape(weight.shape)}`,
    );
  }
  const { x, restore } = toPlanes(what, input, n, "integers");
  checkOperands(what, x, weight, bias ?? null, layout.groups);
  const kernel = weight.shape.slice(2);
  const { stride, dilation } = layout;
  const attrs = windowsOn(what, x, { kernel, stride, dilation, ...paddings(layout, kernel) }, false);
  learnWindows();
  const filters = n === 2 ? weight : weight.unsqueeze(2);
  const out = restore(convolution.convolve(x, filters, bias ?? null, { ...attrs, groups: layout.groups }));
  return input.ndim === n + 2 ? named(out, "Convolution") : out;
}

const CONV1D =
  "conv1d(input, weight, bias?, stride: size1 = 1, padding: size1|'valid'|'same' = 0, dilation: size1 = 1, groups = 1)";

/**
 * Convolution (without flipping the kernel) along one dimension: input `[batch, in, length]` or `[in, length]`, weight
 * `[out, in / groups, kernel]`, bias `[out]`, to `[batch, out, length']`.
 *
 * @throws ShapeError when the channels differ, do not divide into groups, or the kernel is larger than the padded input;
 *   DTypeError when the dtypes differ or are bool; ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const x = tensor([[1, 2, 4, 8]]);
 * const difference = tensor([[[-1, 1]]]);
 * console.log(String(nn.functional.conv1d(x, difference)));
 * // tensor([[1., 2., 4.]])
 * ```
 */
export const conv1d: Callable<typeof CONV1D, Tensor, Conv1dOptions> = withOptions<
  typeof CONV1D,
  3,
  Tensor,
  Conv1dOptions
>(CONV1D, 3, (input, weight, bias, options) => {
  return convolve("conv1d", input, weight, bias, options, 1);
});

const CONV2D =
  "conv2d(input, weight, bias?, stride: size2 = 1, padding: size2|'valid'|'same' = 0, dilation: size2 = 1, groups = 1)";

/**
 * Convolution (without flipping the kernel) of images: input `[batch, in, height, width]` or `[in, height, width]`,
 * weight `[out, in / groups, kernel height, kernel width]`, bias `[out]`, to `[batch, out, height', width']`. A size
 * becomes `floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1`.
 *
 * @throws ShapeError when the channels differ, do not divide into groups, or the kernel is larger than the padded input;
 *   DTypeError when the dtypes differ or are bool; ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const y = nn.functional.conv2d(ones([1, 3, 3]), ones([1, 1, 3, 3]), null, { padding: "same" });
 * console.log(String(y));
 * // tensor([[[4., 6., 4.],
 * //          [6., 9., 6.],
 * //          [4., 6., 4.]]])
 * ```
 */
export const conv2d: Callable<typeof CONV2D, Tensor, Conv2dOptions> = withOptions<
  typeof CONV2D,
  3,
  Tensor,
  Conv2dOptions
>(CONV2D, 3, (input, weight, bias, options) => {
  return convolve("conv2d", input, weight, bias, options, 2);
});
