/**
 * Several tensors made one.
 *
 * @module
 */
import { type DType, formatShape, normalizeDim, promote, ShapeError, sameShape } from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { copyInto } from "./elements.ts";

function checkSome(what: string, all: readonly Tensor[]): void {
  if (all.length === 0) throw new ShapeError(`${what} needs at least one tensor`);
}

const catOp = defineOp("cat", {
  shape: (tensors, { dim }) => {
    const shape = tensors[0].shape.slice();
    shape[dim] = 0;
    for (const x of tensors) shape[dim] += x.shape[dim];
    return shape;
  },
  dtype: (_, { dtype }) => dtype,
  run: (tensors, { dim, dtype }, out) => {
    const { backend } = out.storage;
    if (tensors.every((x) => x.dtype === dtype) && backend.join?.(tensors, dim, out)) return;
    let start = 0;
    for (const x of tensors) {
      copyInto(new Tensor(out.storage, x.shape, out.strides, start * out.strides[dim]), x);
      start += x.shape[dim];
    }
  },
});

const CAT = "cat(tensors, dim = 0)";

/**
 * Tensors joined along a dimension; the other sizes are equal. The dtype is the promoted one. Empty vectors are left
 * out, so that one can start from `tensor([])`.
 *
 * @throws ShapeError when another size differs or there is no tensor; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { cat, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cat([tensor([1, 2]), tensor([3])])));
 * // tensor([1., 2., 3.])
 * ```
 */
export const cat: Callable<typeof CAT, Tensor> = callable(CAT, (all, dim) => {
  checkSome("cat", all);
  commonBackend("cat", all);
  const filled = all.filter((x) => x.ndim !== 1 || x.shape[0] !== 0);
  const tensors = filled.length > 0 ? filled : all;
  const { ndim } = tensors[0];
  if (ndim === 0) throw new ShapeError("cat does not take scalars; use stack");
  const d = normalizeDim(dim, ndim);
  const dtype = all.reduce((joined: DType, x) => promote(joined, x.dtype), "bool");
  for (const x of tensors) {
    if (x.ndim !== ndim || x.shape.some((size, i) => i !== d && size !== tensors[0].shape[i])) {
      throw new ShapeError(
        `cat: shapes ${formatShape(tensors[0].shape)} and ${formatShape(x.shape)} differ in more than dimension ${d}`,
      );
    }
  }
  return runOp(catOp, tensors, { dim: d, dtype });
});

const STACK = "stack(tensors, dim = 0)";

/**
 * Tensors of one shape joined along a new dimension.
 *
 * @throws ShapeError when a shape differs or there is no tensor; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@flambeau/tensor";
 *
 * console.log(String(stack([tensor([1, 2]), tensor([3, 4])], 1)));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export const stack: Callable<typeof STACK, Tensor> = callable(STACK, (tensors, dim) => {
  checkSome("stack", tensors);
  const first = tensors[0].shape;
  for (const x of tensors) {
    if (!sameShape(x.shape, first)) {
      throw new ShapeError(`stack: shapes ${formatShape(first)} and ${formatShape(x.shape)} differ`);
    }
  }
  const d = normalizeDim(dim, first.length + 1);
  const rows = tensors.map((x) => x.unsqueeze(d));
  return named(cat(rows, d), "Stack");
});

const VSTACK = "vstack(tensors)";

/**
 * Tensors on top of each other: joined along dimension 0, vectors as rows.
 *
 * @throws ShapeError as `cat`.
 *
 * @example
 * ```ts
 * import { tensor, vstack } from "@flambeau/tensor";
 *
 * console.log(String(vstack([tensor([1, 2]), tensor([3, 4])])));
 * // tensor([[1., 2.],
 * //         [3., 4.]])
 * ```
 */
export const vstack: Callable<typeof VSTACK, Tensor> = callable(VSTACK, (tensors) => {
  checkSome("vstack", tensors);
  return cat(tensors.map((x) => (x.ndim > 1 ? x : x.reshape([1, -1]))));
});

const HSTACK = "hstack(tensors)";

/**
 * Tensors side by side: joined along dimension 1, vectors along their only one.
 *
 * @throws ShapeError as `cat`.
 *
 * @example
 * ```ts
 * import { hstack, tensor } from "@flambeau/tensor";
 *
 * console.log(String(hstack([tensor([1, 2]), tensor([3, 4])])));
 * // tensor([1., 2., 3., 4.])
 * ```
 */
export const hstack: Callable<typeof HSTACK, Tensor> = callable(HSTACK, (tensors) => {
  checkSome("hstack", tensors);
  const parts = tensors.map((x) => (x.ndim > 0 ? x : x.reshape([1])));
  return cat(parts, parts.length > 0 && parts[0].ndim > 1 ? 1 : 0);
});

const MESHGRID = "meshgrid(tensors, *, indexing: 'ij'|'xy' = 'ij')";
const MESHGRID_OF = "meshgrid(x: tensor, y?: tensor, z?: tensor, w?: tensor, *, indexing: 'ij'|'xy' = 'ij')";

/**
 * The coordinates of every point of a grid: for n vectors, n views of n dimensions. The vectors are in an array or, up to four, arguments.
 *
 * @param x - the first vector.
 * @param y - the second one.
 * @param z - the third one.
 * @param w - the fourth one.
 * @throws ShapeError when one has more than one dimension or there is none; ValueError for an unknown `indexing`.
 *
 * @example
 * ```ts
 * import { meshgrid, tensor } from "@flambeau/tensor";
 *
 * const [x, y] = meshgrid([tensor([1, 2]), tensor([3, 4, 5])]);
 * console.log(String(x));
 * // tensor([[1., 1., 1.],
 * //         [2., 2., 2.]])
 * console.log(String(y));
 * // tensor([[3., 4., 5.],
 * //         [3., 4., 5.]])
 * ```
 */
export const meshgrid: Overloaded<
  [Callable<typeof MESHGRID, Tensor[]>, Callable<typeof MESHGRID_OF, Tensor[]>]
> = overloaded(
  callable(MESHGRID, gridOf),
  callable(MESHGRID_OF, (x, y, z, w, options) =>
    gridOf(
      [x, y, z, w].filter((vector) => vector !== undefined),
      options,
    ),
  ),
);

function gridOf(vectors: readonly Tensor[], { indexing }: { readonly indexing: "ij" | "xy" }): Tensor[] {
  checkSome("meshgrid", vectors);
  for (const x of vectors) {
    if (x.ndim > 1)
      throw new ShapeError(`meshgrid takes vectors; got a tensor of shape ${formatShape(x.shape)}`);
  }
  const swapped = indexing === "xy" && vectors.length > 1;
  const order = swapped ? [vectors[1], vectors[0], ...vectors.slice(2)] : vectors;
  const shape = order.map((x) => x.numel());
  const grids = order.map((x, i) => x.reshape(shape.map((size, d) => (d === i ? size : 1))).expand(shape));
  return swapped ? [grids[1], grids[0], ...grids.slice(2)] : grids;
}
