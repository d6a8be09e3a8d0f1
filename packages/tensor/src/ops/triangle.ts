/**
 * A matrix with zeros above or below a diagonal.
 *
 * @module
 */
import { formatShape, ShapeError } from "@flambeau/backend";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";

/**
 * The matrix of `x` with all elements above the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions.
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
export function tril(x: Tensor, diagonal = 0): Tensor {
  return named(
    triangle(x, (i, j) => j - i <= diagonal),
    "Tril",
  );
}

/**
 * The matrix of `x` with all elements below the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions.
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
export function triu(x: Tensor, diagonal = 0): Tensor {
  return named(
    triangle(x, (i, j) => j - i >= diagonal),
    "Triu",
  );
}

function triangle(x: Tensor, keep: (row: number, column: number) => boolean): Tensor {
  if (x.ndim < 2) throw new ShapeError(`tril and triu take matrices; got shape ${formatShape(x.shape)}`);
  const [rows, columns] = x.shape.slice(-2);
  const mask = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mask[i * columns + j] = keep(i, j) ? 0 : 1;
  const drop = new Tensor(x.storage.backend.upload("bool", mask), [rows, columns]);
  return x.maskedFill(drop, 0);
}
