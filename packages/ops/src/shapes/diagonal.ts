/** Matrices made of their diagonals, and of blocks along the diagonal. */
import { formatShape, normalizeDim, numel, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, cat, diag, named, type Tensor, unslice, zeros } from "@flambeau/tensor";
import { listOf, type Tensors } from "./several.ts";

const DIAG_EMBED = "diagEmbed(input, offset = 0, dim1: int = -2, dim2 = -1)";

/**
 * Square matrices of zeros with the elements of the last dimension on a diagonal: `[..., n]` becomes `[..., m, m]` with m = n + |offset|. The
 * rows are dimension `dim1` of the result and the columns `dim2`.
 *
 * @throws IndexError when there is no such dimension; ShapeError when the tensor is a scalar, or the dimensions are the same; ValueError when the
 *   offset is no integer.
 *
 * @example
 * ```ts
 * import { diagEmbed } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(diagEmbed(tensor([[1, 2], [3, 4]]))));
 * // tensor([[[1., 0.],
 * //          [0., 2.]],
 * //
 * //         [[3., 0.],
 * //          [0., 4.]]])
 * ```
 */
export const diagEmbed: Callable<typeof DIAG_EMBED, Tensor> = callable(
  DIAG_EMBED,
  (x, offset, dim1, dim2) => {
    if (x.ndim === 0) throw new ShapeError("diagEmbed takes one dimension or more; got a scalar");
    if (!Number.isInteger(offset))
      throw new ValueError(`diagEmbed: the offset is an integer; got ${quote(offset)}`);
    const rows = normalizeDim(dim1, x.ndim + 1);
    const columns = normalizeDim(dim2, x.ndim + 1);
    if (rows === columns) throw new ShapeError(`diagEmbed: dimensions ${dim1} and ${dim2} are the same`);
    const batch = x.shape.slice(0, -1);
    const n = x.shape[x.ndim - 1];
    const side = n + Math.abs(offset);
    // In a row of all elements of a matrix those of a diagonal are evenly apart.
    const attrs = {
      starts: [0, offset >= 0 ? offset : -offset * side],
      steps: [1, side + 1],
      sizes: [numel(batch), n],
      shape: [numel(batch), side * side],
    };
    const matrices = unslice(x.reshape([numel(batch), n]), attrs).reshape([...batch, side, side]);
    return named(matrices.movedim([-2, -1], [rows, columns]).contiguous(), "DiagEmbed");
  },
);

const DIAGFLAT = "diagflat(input, offset = 0)";

/**
 * A matrix of zeros with all elements on a diagonal.
 *
 * @throws ValueError when the offset is no integer.
 *
 * @example
 * ```ts
 * import { diagflat } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(diagflat(tensor([[1], [2]]))));
 * // tensor([[1., 0.],
 * //         [0., 2.]])
 * ```
 */
export const diagflat: Callable<typeof DIAGFLAT, Tensor> = callable(DIAGFLAT, (x, offset) =>
  diag(x.reshape([-1]), offset),
);

/**
 * A matrix of zeros with matrices along its diagonal, in their order: each an argument, or all in one array. A vector is a row, a scalar a
 * matrix of one element. The dtype is the promoted one.
 *
 * @param tensors - the blocks, of two dimensions at most.
 * @throws ShapeError when one has more dimensions; ArgumentError when one is no tensor; DeviceError when the devices differ.
 *
 * @example
 * ```ts
 * import { blockDiag } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(blockDiag(tensor([[1], [2]]), tensor([3, 4]))));
 * // tensor([[1., 0., 0.],
 * //         [2., 0., 0.],
 * //         [0., 3., 4.]])
 * ```
 */
export function blockDiag(...tensors: Tensors): Tensor {
  const blocks = listOf("blockDiag", tensors).map((x) => {
    if (x.ndim > 2)
      throw new ShapeError(`blockDiag takes matrices; got a tensor of shape ${formatShape(x.shape)}`);
    return x.ndim === 2 ? x : x.reshape([1, x.numel()]);
  });
  if (blocks.length === 0) return zeros([1, 0]);
  const width = blocks.reduce((sum, { shape }) => sum + shape[1], 0);
  let before = 0;
  const rows = blocks.map((x) => {
    const [height, own] = x.shape;
    const empty = (columns: number): Tensor => zeros([height, columns], { dtype: x.dtype, device: x.device });
    before += own;
    return cat([empty(before - own), x, empty(width - before)], 1);
  });
  return named(cat(rows), "BlockDiag");
}
