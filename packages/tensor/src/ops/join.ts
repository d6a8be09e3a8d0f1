/**
 * Several tensors made one.
 *
 * @module
 */
import { type DType, formatShape, normalizeDim, promote, ShapeError } from "@flambeau/backend";
import { commonBackend } from "../elementwise.ts";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { copyInto } from "./copy.ts";

/**
 * Tensors joined along a dimension; the other sizes are equal. The dtype is the promoted one.
 *
 * @throws ShapeError when another size differs or there is no tensor.
 *
 * @example
 * ```ts
 * import { cat, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cat([tensor([1, 2]), tensor([3])])));
 * // tensor([1., 2., 3.])
 * ```
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw new ShapeError("cat needs at least one tensor");
  const backend = commonBackend("cat", tensors);
  const { ndim } = tensors[0];
  if (ndim === 0) throw new ShapeError("cat does not take scalars; use stack");
  const d = normalizeDim(dim, ndim);
  let total = 0;
  let dtype: DType = tensors[0].dtype;
  for (const x of tensors) {
    if (x.ndim !== ndim || x.shape.some((size, i) => i !== d && size !== tensors[0].shape[i])) {
      throw new ShapeError(
        `cat: shapes ${formatShape(tensors[0].shape)} and ${formatShape(x.shape)} differ in more than dimension ${d}`,
      );
    }
    total += x.shape[d];
    dtype = promote(dtype, x.dtype);
  }
  const shape = tensors[0].shape.slice();
  shape[d] = total;
  const out = Tensor.empty(backend, shape, dtype);
  let start = 0;
  for (const x of tensors) {
    copyInto(new Tensor(out.storage, x.shape, out.strides, start * out.strides[d]), x);
    start += x.shape[d];
  }
  return record("cat", tensors, { dim: d }, out);
}

/**
 * Tensors of one shape joined along a new dimension.
 *
 * @throws ShapeError when a shape differs or there is no tensor.
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw new ShapeError("stack needs at least one tensor");
  const first = tensors[0].shape;
  for (const x of tensors) {
    if (formatShape(x.shape) !== formatShape(first)) {
      throw new ShapeError(`stack: shapes ${formatShape(first)} and ${formatShape(x.shape)} differ`);
    }
  }
  const d = normalizeDim(dim, first.length + 1);
  return cat(
    tensors.map((x) => x.unsqueeze(d)),
    d,
  );
}
