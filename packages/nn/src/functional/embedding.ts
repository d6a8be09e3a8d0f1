import {
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { named, type Tensor, where } from "@flambeau/tensor";

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** A row that gets no gradient; counts from the end if negative. Default none. */
  readonly paddingIdx?: number | null;
}

/**
 * The row of an index counted from 0, or null for none.
 *
 * @throws ValueError when there is no such row.
 */
export function paddingRow(paddingIdx: number | null | undefined, rows: number): number | null {
  if (paddingIdx == null) return null;
  if (!Number.isInteger(paddingIdx) || paddingIdx < -rows || paddingIdx >= rows)
    throw new ValueError(`embedding: paddingIdx ${quote(paddingIdx)} is none of ${rows} rows`);
  return paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
}

/**
 * A row of `weight` (`[rows, size]`) for each index: `[...]` integers to `[..., size]`.
 *
 * @throws DTypeError when indices are no integers; IndexError when one is out of range; ShapeError when the weight is no
 *   matrix; ValueError when there is no row `paddingIdx`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const weight = tensor([[0, 0], [1, 2], [3, 4]]);
 * console.log(String(nn.functional.embedding(tensor([2n, 1n]), weight)));
 * // tensor([[3., 4.],
 * //         [1., 2.]])
 * ```
 */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  if (isFloat(input.dtype) || input.dtype === "bool") {
    throw new DTypeError(
      `embedding takes indices as integers; the input is ${input.dtype} (convert it with .to("int64"))`,
    );
  }
  if (weight.ndim !== 2)
    throw new ShapeError(`embedding takes a weight [rows, size]; got shape ${formatShape(weight.shape)}`);
  const [rows, size] = weight.shape;
  const padding = paddingRow(options.paddingIdx, rows);
  const index = input.reshape([input.numel()]);
  let picked: Tensor;
  try {
    picked = weight.indexSelect(0, index);
  } catch (error) {
    throw error instanceof IndexError ? new IndexError(`embedding of ${rows} rows: ${error.message}`) : error;
  }
  if (padding !== null && weight.requiresGrad)
    picked = where(index.eq(padding).unsqueeze(1), picked.detach(), picked);
  return named(picked.reshape([...input.shape, size]), "Embedding");
}
