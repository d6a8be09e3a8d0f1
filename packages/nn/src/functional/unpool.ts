/**
 * The way back from max pooling: values where they were, and zeros around them.
 *
 * @module
 */
import {
  DTypeError,
  formatShape,
  isFloat,
  numel,
  quote,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import { type Callable, callable, type Tensor, zeros } from "@flambeau/tensor";
import { sizes } from "./windows.ts";

type Size = number | readonly number[];

function maxUnpool(
  what: string,
  input: Tensor,
  indices: Tensor,
  form: { readonly kernelSize: Size; readonly stride: Size | undefined; readonly padding: Size },
  outputSize: readonly number[] | undefined,
  n: number,
): Tensor {
  if (!isFloat(input.dtype)) throw new DTypeError(`${what} takes floats; got ${input.dtype}`);
  if (indices.dtype !== "int64") throw new DTypeError(`${what}: indices are int64; got ${indices.dtype}`);
  if (input.ndim !== n + 1 && input.ndim !== n + 2) {
    throw new ShapeError(
      `${what} takes an input of ${n + 1} or, with a batch, ${n + 2} dimensions; got shape ${formatShape(input.shape)}`,
    );
  }
  if (!sameShape(input.shape, indices.shape)) {
    throw new ShapeError(
      `${what}: the indices have the input's shape ${formatShape(input.shape)}; got ${formatShape(indices.shape)}`,
    );
  }
  const kernel = sizes(what, "kernelSize", form.kernelSize, n, 1);
  const stride = sizes(what, "stride", form.stride ?? form.kernelSize, n, 1);
  const padding = sizes(what, "padding", form.padding, n, 0);
  const usual = input.shape.slice(-n).map((s, i) => (s - 1) * stride[i] - 2 * padding[i] + kernel[i]);
  const size = outputSize === undefined ? usual : outputSize.slice(-n);
  const isNear = size.every((s, i) => Number.isInteger(s) && Math.abs(s - usual[i]) < stride[i]);
  if (size.length !== n || !isNear) {
    throw new ValueError(
      `${what}: an output's size is less than a stride away from ${formatShape(usual)}; got ${quote(outputSize)}`,
    );
  }
  const before = input.shape.slice(0, -n);
  const { dtype, device } = input;
  const blank = zeros([...before, numel(size)], { dtype, device });
  const dim = before.length;
  const flat = blank.scatter(dim, indices.flatten(dim), input.flatten(dim));
  return flat.reshape([...before, ...size]);
}

const MAX_UNPOOL1D =
  "maxUnpool1d(input, indices: tensor, kernelSize: size1, stride?: size1, padding: size1 = 0, outputSize?: ints)";

/**
 * Puts the values of a max pooling where they were, by its indices; the rest is zero. Several pooled sizes give the same: `outputSize`
 * says which it was.
 *
 * @throws ShapeError when indices are not as many as values; DTypeError when these are no floats; IndexError when an index is out of
 *   range; ValueError when an option is.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const [values, indices] = F.maxPool1d(tensor([[1, 3, 2, 5]]), 2, { returnIndices: true });
 * console.log(String(F.maxUnpool1d(values, indices, 2)));
 * // tensor([[0., 3., 0., 5.]])
 * ```
 */
export const maxUnpool1d: Callable<typeof MAX_UNPOOL1D, Tensor> = callable(
  MAX_UNPOOL1D,
  (input, indices, kernelSize, stride, padding, outputSize) =>
    maxUnpool(
      "maxUnpool1d",
      input,
      indices,
      { kernelSize, stride: stride ?? undefined, padding },
      outputSize ?? undefined,
      1,
    ),
);

const MAX_UNPOOL2D =
  "maxUnpool2d(input, indices: tensor, kernelSize: size2, stride?: size2, padding: size2 = 0, outputSize?: ints)";

/**
 * As `maxUnpool1d` for images.
 *
 * @throws ShapeError, DTypeError, IndexError, ValueError as `maxUnpool1d`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const [values, indices] = F.maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * console.log(String(F.maxUnpool2d(values, indices, 2)));
 * // tensor([[[0., 0.],
 * //          [4., 0.]]])
 * ```
 */
export const maxUnpool2d: Callable<typeof MAX_UNPOOL2D, Tensor> = callable(
  MAX_UNPOOL2D,
  (input, indices, kernelSize, stride, padding, outputSize) =>
    maxUnpool(
      "maxUnpool2d",
      input,
      indices,
      { kernelSize, stride: stride ?? undefined, padding },
      outputSize ?? undefined,
      2,
    ),
);

const MAX_UNPOOL3D =
  "maxUnpool3d(input, indices: tensor, kernelSize: size3, stride?: size3, padding: size3 = 0, outputSize?: ints)";

/**
 * As `maxUnpool1d` for volumes.
 *
 * @throws ShapeError, DTypeError, IndexError, ValueError as `maxUnpool1d`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.maxUnpool3d(tensor([[[[2]]]]), tensor([[[[5n]]]]), 2).flatten());
 * // tensor([0., 0., 0., 0., 0., 2., 0., 0.])
 * ```
 */
export const maxUnpool3d: Callable<typeof MAX_UNPOOL3D, Tensor> = callable(
  MAX_UNPOOL3D,
  (input, indices, kernelSize, stride, padding, outputSize) =>
    maxUnpool(
      "maxUnpool3d",
      input,
      indices,
      { kernelSize, stride: stride ?? undefined, padding },
      outputSize ?? undefined,
      3,
    ),
);
