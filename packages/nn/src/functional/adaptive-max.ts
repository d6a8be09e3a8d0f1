/**
 * The largest elements of windows that are chosen by the size of the output.
 *
 * @module
 */
import { type Callable, callable, type Tensor, tensor } from "@flambeau/tensor";
import { toVolumes } from "./conv3d.ts";
import { adaptiveSizes } from "./pooling-3d.ts";
import { toPlanes } from "./windows.ts";

/** Values, and where in the dimensions that are done each of them was. */
interface Found {
  readonly values: Tensor;
  readonly indices: Tensor | null;
}

/** The largest of `count` stretches, as equal as can be, that cover a dimension. The later dimensions are done. */
function largestAlong({ values, indices }: Found, dim: number, count: number, rest: number): Found {
  const size = values.shape[dim];
  const start = (i: number): number => Math.floor((i * size) / count);
  const end = (i: number): number => Math.ceil(((i + 1) * size) / count);
  const most = Math.max(0, ...Array.from({ length: count }, (_, i) => end(i) - start(i)));
  // Shorter stretches have their last element several times, of which the first is found.
  const at = (k: number): number =>
    Math.min(start(Math.floor(k / most)) + (k % most), end(Math.floor(k / most)) - 1);
  const { device } = values;
  const list = BigInt64Array.from({ length: count * most }, (_, k) => BigInt(at(k)));
  const stretches = values.indexSelect(dim, tensor(list, { device })).unflatten(dim, [count, most]);
  const found = stretches.max(dim + 1);
  const starts = tensor(
    BigInt64Array.from({ length: count }, (_, i) => BigInt(start(i))),
    { device },
  );
  const ones = new Array<number>(values.ndim - 1 - dim).fill(1);
  const positions = found.indices.add(starts.reshape([count, ...ones]));
  if (indices === null) return { values: found.values, indices: positions };
  return { values: found.values, indices: positions.mul(rest).add(indices.gather(dim, positions)) };
}

type Sizes = number | null | readonly (number | null)[];

function adaptiveMax(
  x: Tensor,
  restore: (y: Tensor) => Tensor,
  to: readonly number[],
  returnIndices: boolean,
): Tensor | [Tensor, Tensor] {
  let found: Found = { values: x, indices: null };
  let rest = 1;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    found = largestAlong(found, axis + 2, to[axis], rest);
    rest *= x.shape[axis + 2];
  }
  const values = restore(found.values);
  return returnIndices ? [values, restore(found.indices as Tensor)] : values;
}

/** A size, or one for each axis, of which null keeps the input's. */
interface OutputSize {
  /** The size of the result. */
  readonly outputSize: Sizes;
}

const ADAPTIVE_MAX_POOL1D = "adaptiveMaxPool1d(input, outputSize: size1, returnIndices = false)";

/**
 * The largest elements of windows so chosen that the output has `outputSize` elements along the last dimension; with
 * `returnIndices` `[values, indices]`.
 *
 * @throws ShapeError when the input is no line or has no elements; DTypeError when it is no float; ValueError when the size is
 *   no integer from 0.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.adaptiveMaxPool1d(tensor([[1, 3, 5, 2]]), 2)));
 * // tensor([[3., 5.]])
 * ```
 */
export const adaptiveMaxPool1d: Callable<typeof ADAPTIVE_MAX_POOL1D, Tensor | [Tensor, Tensor]> = callable(
  ADAPTIVE_MAX_POOL1D,
  (input, outputSize, returnIndices) => {
    const { x, restore } = toPlanes("adaptiveMaxPool1d", input, 1);
    const line = x.squeeze(2);
    const to = adaptiveSizes("adaptiveMaxPool1d", line, outputSize, 1);
    return adaptiveMax(line, (y) => restore(y.unsqueeze(2)), to, returnIndices);
  },
);

const ADAPTIVE_MAX_POOL2D = "adaptiveMaxPool2d(input, outputSize: size|null, returnIndices = false)";

/**
 * As `adaptiveMaxPool1d` for images; null in `[height, width]` keeps the input's. Indices count the elements of a plane.
 *
 * @throws ShapeError, DTypeError, ValueError as `adaptiveMaxPool1d`.
 *
 * @example
 * ```ts
 * import { arange, F } from "flambeau";
 *
 * console.log(String(F.adaptiveMaxPool2d(arange(9).reshape([1, 3, 3]), [1, 2])));
 * // tensor([[[7., 8.]]])
 * ```
 */
export const adaptiveMaxPool2d: Callable<typeof ADAPTIVE_MAX_POOL2D, Tensor | [Tensor, Tensor], OutputSize> =
  callable<typeof ADAPTIVE_MAX_POOL2D, Tensor | [Tensor, Tensor], OutputSize>(
    ADAPTIVE_MAX_POOL2D,
    (input, outputSize, returnIndices) => {
      const { x, restore } = toPlanes("adaptiveMaxPool2d", input, 2);
      const to = adaptiveSizes("adaptiveMaxPool2d", x, outputSize, 2);
      return adaptiveMax(x, restore, to, returnIndices);
    },
  );

const ADAPTIVE_MAX_POOL3D = "adaptiveMaxPool3d(input, outputSize: size|null, returnIndices = false)";

/**
 * As `adaptiveMaxPool2d` for volumes.
 *
 * @throws ShapeError, DTypeError, ValueError as `adaptiveMaxPool1d`.
 *
 * @example
 * ```ts
 * import { arange, F } from "flambeau";
 *
 * console.log(String(F.adaptiveMaxPool3d(arange(8).reshape([1, 2, 2, 2]), [1, 1, 2])));
 * // tensor([[[[6., 7.]]]])
 * ```
 */
export const adaptiveMaxPool3d: Callable<typeof ADAPTIVE_MAX_POOL3D, Tensor | [Tensor, Tensor], OutputSize> =
  callable<typeof ADAPTIVE_MAX_POOL3D, Tensor | [Tensor, Tensor], OutputSize>(
    ADAPTIVE_MAX_POOL3D,
    (input, outputSize, returnIndices) => {
      const { x, restore } = toVolumes("adaptiveMaxPool3d", input);
      const to = adaptiveSizes("adaptiveMaxPool3d", x, outputSize, 3);
      return adaptiveMax(x, restore, to, returnIndices);
    },
  );
