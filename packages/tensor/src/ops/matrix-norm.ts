import { normalizeDim, quote, ShapeError, ValueError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import type { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";
import { amax, amin } from "./extremes.ts";
import { nuclearNorm, singularValuesAlong, withDimsBack } from "./nuclear-norm.ts";
import { sum } from "./reduce.ts";
import { floatInput } from "./reduction.ts";
import { abs } from "./rounding.ts";
import { norm } from "./statistics.ts";

const MATRIX_NORM = "matrixNorm(A, ord: number|'fro'|'nuc' = 'fro', dim?: ints, keepdim = false, *, dtype?)";

/**
 * A norm of the matrices that lie along two dimensions, by default the last.
 *
 * - `"fro"` (default): the root of the sum of squares; `"nuc"`: the sum of the singular values;
 * - `Infinity`, `-Infinity`: the largest and the smallest sum of absolute values of a row; `1`, `-1`: of a column;
 * - `2`, `-2`: the largest and the smallest singular value.
 *
 * @param dim - of the rows, and of the columns: the position in a column, and in a row.
 * @throws ShapeError when the tensor has fewer than two dimensions or `dim` does not name two; ValueError when there is no such
 *   order, or an element of "nuc", 2 or -2 is infinite or nan; DTypeError when the dtype is no float; IndexError when there is no
 *   such dimension, or a maximum is over nothing.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[3, 0], [4, 5]]);
 * console.log([Infinity, 1, 2, "nuc" as const].map((ord) => String(linalg.matrixNorm(x, ord))));
 * // [ 'tensor(9.)', 'tensor(7.)', 'tensor(6.7082)', 'tensor(8.9443)' ]
 * ```
 */
export const matrixNorm: Callable<typeof MATRIX_NORM, Tensor> = callable(
  MATRIX_NORM,
  (x, ord, dim, keepdim, options) => {
    checkNdims("matrixNorm takes matrices [..., m, n]", x, 2, Infinity);
    const dims = matrixDims(dim ?? [-2, -1], x.ndim);
    const from = floatInput("matrixNorm", x, options);
    if (ord === "fro") return norm(from, 2, dims, { keepdim });
    if (ord === "nuc") return nuclearNorm(from, dims, { keepdim });
    const extreme = ord > 0 ? amax : amin;
    const [rows, columns] = dims;
    switch (Math.abs(ord)) {
      case 2: {
        const found = extreme(singularValuesAlong(from, dims), -1);
        return keepdim ? withDimsBack(found, dims) : found;
      }
      case 1:
      case Infinity: {
        const [along, over] = Math.abs(ord) === 1 ? [rows, columns] : [columns, rows];
        const sums = sum(abs(from), along, { keepdim: true });
        const found = extreme(sums, over, { keepdim: true });
        return keepdim ? found : found.squeeze(dims);
      }
    }
    throw new ValueError(
      `matrixNorm: the order is "fro", "nuc", 1, -1, 2, -2, Infinity or -Infinity; got ${quote(ord)}`,
    );
  },
);

function matrixDims(dim: readonly number[], ndim: number): readonly number[] {
  const dims = dim.map((d) => normalizeDim(d, ndim));
  if (dims.length !== 2 || dims[0] === dims[1])
    throw new ShapeError(`matrixNorm is along two dimensions, as in [-2, -1]; got ${JSON.stringify(dim)}`);
  return dims;
}
