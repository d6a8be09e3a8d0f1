/**
 * Transposed convolutions: the derivatives of convolutions by their input, as layers of their own.
 *
 * @module
 */
import { learnWindows } from "@flambeau/autograd";
import { DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  commonBackend,
  convolution,
  named,
  type Tensor,
  zeros,
} from "@flambeau/tensor";
import { depthIndex, toVolumes } from "./conv3d.ts";
import { pad } from "./pad.ts";
import { type Size1d, type Size2d, type Size3d, sizes, toPlanes } from "./windows.ts";

/** Options with a size for each dimension, checked. */
export interface TransposeLayout {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

interface Given {
  readonly stride: number | readonly number[];
  readonly padding: number | readonly number[];
  readonly outputPadding: number | readonly number[];
  readonly groups: number;
  readonly dilation: number | readonly number[];
}

/**
 * The options, checked.
 *
 * @throws ValueError
 */
export function transposeLayout(what: string, given: Given, n: number): TransposeLayout {
  const layout = {
    stride: sizes(what, "stride", given.stride, n, 1),
    padding: sizes(what, "padding", given.padding, n, 0),
    outputPadding: sizes(what, "outputPadding", given.outputPadding, n, 0),
    dilation: sizes(what, "dilation", given.dilation, n, 1),
    groups: given.groups,
  };
  if (!Number.isInteger(given.groups) || given.groups < 1)
    throw new ValueError(`${what}: the number of groups is an integer from 1; got ${quote(given.groups)}`);
  return layout;
}

/** The sizes of the result without its output padding. */
export function transposedSizes(
  size: readonly number[],
  kernel: readonly number[],
  { stride, padding, dilation }: TransposeLayout,
): number[] {
  return size.map((s, i) => (s - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1);
}

function check(what: string, x: Tensor, weight: Tensor, bias: Tensor | null, layout: TransposeLayout): void {
  const { groups, outputPadding, stride, dilation } = layout;
  for (const other of bias === null ? [weight] : [weight, bias]) {
    commonBackend(what, [x, other]);
    if (other.dtype !== x.dtype)
      throw new DTypeError(
        `${what}: the input is ${x.dtype} and a parameter ${other.dtype}; convert one with .to()`,
      );
  }
  const [channels, each] = weight.shape;
  if (x.shape[1] !== channels) {
    throw new ShapeError(
      `${what}: a weight of shape ${formatShape(weight.shape)} takes ${channels} channels; the input of shape ${formatShape(x.shape)} has ${x.shape[1]}`,
    );
  }
  if (channels % groups !== 0) {
    throw new ShapeError(
      `${what}: the ${channels} input channels of a weight of shape ${formatShape(weight.shape)} do not divide into ${groups} groups`,
    );
  }
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== each * groups)) {
    throw new ShapeError(
      `${what}: a bias has shape [${each * groups}], one for each output channel; got ${formatShape(bias.shape)}`,
    );
  }
  if (outputPadding.some((p, i) => p >= Math.max(stride[i], dilation[i]))) {
    throw new ValueError(
      `${what}: an output padding is below the stride or the dilation; got ${formatShape(outputPadding)} for strides ${formatShape(stride)} and dilations ${formatShape(dilation)}`,
    );
  }
  const result = transposedSizes(x.shape.slice(2), weight.shape.slice(2), layout).map(
    (size, i) => size + outputPadding[i],
  );
  if (result.some((size) => size < 1)) {
    throw new ShapeError(
      `${what}: an input of shape ${formatShape(x.shape)} gives an output of size ${formatShape(result)}`,
    );
  }
}

function withBias(out: Tensor, bias: Tensor | null): Tensor {
  if (bias === null) return out;
  return out.add(bias.reshape([bias.shape[0], ...new Array<number>(out.ndim - 2).fill(1)]));
}

/** Images `[n, in, h, w]` by weights `[in, out / groups, kh, kw]`. */
function transposed(x: Tensor, weight: Tensor, layout: TransposeLayout): Tensor {
  const kernel = weight.shape.slice(2) as [number, number];
  const [height, width] = transposedSizes(x.shape.slice(2), kernel, layout);
  const pair = ([a, b]: readonly number[]): readonly [number, number] => [a, b];
  learnWindows();
  return convolution.convolveInput(x, weight, {
    windows: {
      kernel,
      stride: pair(layout.stride),
      padding: pair(layout.padding),
      dilation: pair(layout.dilation),
    },
    plane: [height + layout.outputPadding[0], width + layout.outputPadding[1]],
    positions: pair(x.shape.slice(2)),
    groups: layout.groups,
  });
}

function checkWeight(what: string, weight: Tensor, n: 1 | 2 | 3): void {
  if (weight.ndim === n + 2) return;
  const axes = ["depth", "height", n === 1 ? "length" : "width"].slice(3 - n);
  throw new ShapeError(
    `${what} takes a weight [in, out / groups, ${axes.join(", ")}]; got shape ${formatShape(weight.shape)}`,
  );
}

const CONV_TRANSPOSE1D =
  "convTranspose1d(input, weight, bias?, stride: size1 = 1, padding: size1 = 0, outputPadding: size1 = 0, groups = 1, dilation: size1 = 1)";

interface Sizes<S> {
  /** How far apart neighbours of the input come to lie. Default 1. */
  readonly stride?: S;
  /** How much is taken away on either side. Default 0. */
  readonly padding?: S;
  /** How many more elements the result has at its end. Default 0. */
  readonly outputPadding?: S;
  /** How far apart the kernel's elements lie. Default 1. */
  readonly dilation?: S;
}

/**
 * Transposed convolution along one dimension: input `[batch, in, length]` or `[in, length]`, weight `[in, out / groups, kernel]`,
 * bias `[out]`. A length becomes `(length - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1`.
 *
 * @throws ShapeError when the channels differ or do not divide into groups, or nothing is left; DTypeError when the dtypes
 *   differ or are neither floats nor int64; ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const spread = tensor([[[1, 0.5]]]);
 * console.log(String(F.convTranspose1d(tensor([[1, 2, 3]]), spread, null, 2)));
 * // tensor([[1.0000, 0.5000, 2.0000, 1.0000, 3.0000, 1.5000]])
 * ```
 */
export const convTranspose1d: Callable<typeof CONV_TRANSPOSE1D, Tensor, Sizes<Size1d>> = callable<
  typeof CONV_TRANSPOSE1D,
  Tensor,
  Sizes<Size1d>
>(CONV_TRANSPOSE1D, (input, weight, bias, stride, padding, outputPadding, groups, dilation) => {
  const what = "convTranspose1d";
  const line = transposeLayout(what, { stride, padding, outputPadding, groups, dilation }, 1);
  checkWeight(what, weight, 1);
  const { x, restore } = toPlanes(what, input, 1, "int64");
  check(what, x.squeeze(2), weight, bias ?? null, line);
  const layout = {
    ...{ stride: [1, ...line.stride], padding: [0, ...line.padding], dilation: [1, ...line.dilation] },
    ...{ outputPadding: [0, ...line.outputPadding], groups },
  };
  return restore(withBias(transposed(x, weight.unsqueeze(2), layout), bias ?? null));
});

const CONV_TRANSPOSE2D =
  "convTranspose2d(input, weight, bias?, stride: size2 = 1, padding: size2 = 0, outputPadding: size2 = 0, groups = 1, dilation: size2 = 1)";

/**
 * Transposed convolution of images: input `[batch, in, height, width]` or `[in, height, width]`, weight
 * `[in, out / groups, kernel height, kernel width]`, bias `[out]`. Sizes become as `convTranspose1d`'s length.
 *
 * @throws ShapeError, DTypeError, ValueError as `convTranspose1d`.
 *
 * @example
 * ```ts
 * import { F, ones } from "flambeau";
 *
 * console.log(F.convTranspose2d(ones([1, 2, 7, 7]), ones([2, 3, 4, 4]), null, 2, 1).shape.join());
 * // 1,3,14,14
 * ```
 */
export const convTranspose2d: Callable<typeof CONV_TRANSPOSE2D, Tensor, Sizes<Size2d>> = callable<
  typeof CONV_TRANSPOSE2D,
  Tensor,
  Sizes<Size2d>
>(CONV_TRANSPOSE2D, (input, weight, bias, stride, padding, outputPadding, groups, dilation) => {
  const what = "convTranspose2d";
  const layout = transposeLayout(what, { stride, padding, outputPadding, groups, dilation }, 2);
  checkWeight(what, weight, 2);
  const { x, restore } = toPlanes(what, input, 2, "int64");
  check(what, x, weight, bias ?? null, layout);
  return named(restore(withBias(transposed(x, weight, layout), bias ?? null)), "Convolution");
});

const CONV_TRANSPOSE3D =
  "convTranspose3d(input, weight, bias?, stride: size3 = 1, padding: size3 = 0, outputPadding: size3 = 0, groups = 1, dilation: size3 = 1)";

/**
 * Transposed convolution of volumes: input `[batch, in, depth, height, width]` or without the batch, weight
 * `[in, out / groups, kernel depth, kernel height, kernel width]`, bias `[out]`. Sizes become as `convTranspose1d`'s length.
 *
 * @throws ShapeError, DTypeError, ValueError as `convTranspose1d`.
 *
 * @example
 * ```ts
 * import { F, ones } from "flambeau";
 *
 * console.log(F.convTranspose3d(ones([1, 2, 3, 3, 3]), ones([2, 1, 2, 2, 2]), null, 2).shape.join());
 * // 1,1,6,6,6
 * ```
 */
export const convTranspose3d: Callable<typeof CONV_TRANSPOSE3D, Tensor, Sizes<Size3d>> = callable<
  typeof CONV_TRANSPOSE3D,
  Tensor,
  Sizes<Size3d>
>(CONV_TRANSPOSE3D, (input, weight, bias, stride, padding, outputPadding, groups, dilation) => {
  const what = "convTranspose3d";
  const layout = transposeLayout(what, { stride, padding, outputPadding, groups, dilation }, 3);
  checkWeight(what, weight, 3);
  const { x, restore } = toVolumes(what, input, "int64");
  check(what, x, weight, bias ?? null, layout);
  const [n, channels, depth, height, width] = x.shape;
  const [, each, deep, ...plane] = weight.shape;
  const rest = (values: readonly number[]): readonly number[] => values.slice(1);
  // Each plane gives one for each of the kernel's, as channels of images, which are added up where they lie.
  const images = x.permute([0, 2, 1, 3, 4]).reshape([n * depth, channels, height, width]);
  const spread = transposed(images, weight.reshape([channels, each * deep, ...plane]), {
    ...{ stride: rest(layout.stride), padding: rest(layout.padding), dilation: rest(layout.dilation) },
    ...{ outputPadding: rest(layout.outputPadding), groups },
  });
  const [, , rows, columns] = spread.shape;
  const out = each * groups;
  const parts = spread
    .reshape([n, depth, out, deep, rows, columns])
    .permute([0, 2, 1, 3, 4, 5])
    .reshape([n, out, depth * deep, rows, columns]);
  const full = (depth - 1) * layout.stride[0] + layout.dilation[0] * (deep - 1) + 1;
  const index = depthIndex(depth, deep, layout.stride[0], layout.dilation[0]).to(x.device);
  const blank = zeros([n, out, full, rows, columns], { dtype: x.dtype, device: x.device });
  const crop = layout.padding[0];
  const volumes = pad(blank.indexAdd(2, index, parts), [0, 0, 0, 0, -crop, layout.outputPadding[0] - crop]);
  return named(restore(withBias(volumes, bias ?? null)), "Convolution");
});
