/**
 * A matrix with zeros above or below a diagonal.
 *
 * @module
 */
import { quote, ValueError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { taken } from "../lifetime.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";

const TRIL = "tril(input, diagonal = 0)";

/**
 * The matrix of `x` with all elements above the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions; ValueError when `diagonal` is no integer.
 *
 * @example
 * ```ts
 * import { ones, tril } from "@flambeau/tensor";
 *
 * console.log(String(tril(ones([2, 2]))));
 * // tensor([[1., 0.],
 * //         [1., 1.]])
 * ```
 */
export const tril: Callable<typeof TRIL, Tensor> = callable(TRIL, (x, diagonal) => {
  return named(
    triangle("tril", x, diagonal, (i, j) => j - i <= diagonal),
    "Tril",
  );
});

const TRIU = "triu(input, diagonal = 0)";

/**
 * The matrix of `x` with all elements below the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions; ValueError when `diagonal` is no integer.
 *
 * @example
 * ```ts
 * import { ones, triu } from "@flambeau/tensor";
 *
 * console.log(String(triu(ones([2, 2]))));
 * // tensor([[1., 1.],
 * //         [0., 1.]])
 * ```
 */
export const triu: Callable<typeof TRIU, Tensor> = callable(TRIU, (x, diagonal) => {
  return named(
    triangle("triu", x, diagonal, (i, j) => j - i >= diagonal),
    "Triu",
  );
});

function triangle(
  what: string,
  x: Tensor,
  diagonal: number,
  keep: (row: number, column: number) => boolean,
): Tensor {
  if (!Number.isInteger(diagonal))
    throw new ValueError(`${what}: the diagonal is an integer; got ${quote(diagonal)}`);
  checkNdims(`${what} takes matrices`, x, 2, Infinity);
  const [rows, columns] = x.shape.slice(-2);
  const mask = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mask[i * columns + j] = keep(i, j) ? 0 : 1;
  const drop = new Tensor(taken(x.storage.backend.upload("bool", mask)), [rows, columns]);
  return x.maskedFill(drop, 0);
}
