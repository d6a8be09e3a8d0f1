import { noGrad } from "@flambeau/autograd";
import {
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { type Callable, named, ones, type Tensor, where, withOptions, zeros } from "@flambeau/tensor";

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** A row that gets no gradient; counts from the end if negative. Default none. */
  readonly paddingIdx?: number | null;
  /** Rows that are looked up and longer than this are shortened to it, in the weight itself. Default none. */
  readonly maxNorm?: number | null;
  /** The p of the p-norm that `maxNorm` is about. Default 2. */
  readonly normType?: number;
  /** Divide the gradient of a row by the number of times that its index is in the input. Default false. */
  readonly scaleGradByFreq?: boolean;
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
 * Refuses a bound for lengths that is no number.
 *
 * @throws ValueError
 */
export function checkNorm(maxNorm: number | null | undefined, normType: number): void {
  for (const [name, value] of [
    ["maxNorm", maxNorm ?? 0],
    ["normType", normType],
  ] as const) {
    if (typeof value !== "number" || Number.isNaN(value))
      throw new ValueError(`embedding: ${name} is a number; got ${quote(value)}`);
  }
}

/** Shortens the rows at an index to a length. Rows that are there twice are written twice, with the same numbers. */
function renormalize(weight: Tensor, index: Tensor, maxNorm: number, normType: number): void {
  noGrad(() => {
    const rows = weight.detach().indexSelect(0, index);
    const norms = rows.norm(normType, 1, { keepdim: true });
    // With PyTorch's divisor.
    const factors = where(norms.gt(maxNorm), norms.add(1e-7).reciprocal().mul(maxNorm), 1);
    weight.indexCopy_(0, index, rows.mul(factors));
  });
}

/** Has the gradient of each picked row divided by how often its row was picked. */
function shareGradient(picked: Tensor, index: Tensor, rows: number): void {
  const { dtype, device } = picked;
  const once = ones([index.numel()], { dtype, device });
  const counts = zeros([rows], { dtype, device }).indexAdd_(0, index, once).indexSelect(0, index);
  picked.registerHook((gradient) => gradient.div(counts.unsqueeze(1)));
}

const EMBEDDING =
  "embedding(input, weight, paddingIdx?: int, maxNorm?, normType = 2, scaleGradByFreq = false)";

/**
 * A row of `weight` (`[rows, size]`) for each index: `[...]` integers to `[..., size]`.
 *
 * With `maxNorm`, rows of the weight change in place before they are looked up, without being recorded: a graph from before
 * that needs the weight is stale then, as in PyTorch.
 *
 * @throws DTypeError when indices are no integers; IndexError when one is out of range; ShapeError when the weight is no
 *   matrix; ValueError when there is no row `paddingIdx`, or `maxNorm` or `normType` is no number.
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
export const embedding: Callable<typeof EMBEDDING, Tensor, EmbeddingOptions> = withOptions<
  typeof EMBEDDING,
  2,
  Tensor,
  EmbeddingOptions
>(EMBEDDING, 2, (input, weight, options) => {
  if (isFloat(input.dtype) || input.dtype === "bool") {
    throw new DTypeError(
      `embedding takes indices as integers; the input is ${input.dtype} (convert it with .to("int64"))`,
    );
  }
  if (weight.ndim !== 2)
    throw new ShapeError(`embedding takes a weight [rows, size]; got shape ${formatShape(weight.shape)}`);
  const [rows, size] = weight.shape;
  const { maxNorm, normType = 2, scaleGradByFreq = false } = options;
  const padding = paddingRow(options.paddingIdx, rows);
  checkNorm(maxNorm, normType);
  const index = input.reshape([input.numel()]);
  let picked: Tensor;
  try {
    if (maxNorm != null) renormalize(weight, index, maxNorm, normType);
    picked = weight.indexSelect(0, index);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    const message = error.message.replace(
      /an index of shape \[.*?\]/,
      `an input of shape ${formatShape(input.shape)}`,
    );
    throw new IndexError(`embedding of ${rows} rows: ${message}`);
  }
  if (scaleGradByFreq && picked.requiresGrad) shareGradient(picked, index, rows);
  if (padding !== null && weight.requiresGrad)
    picked = where(index.eq(padding).unsqueeze(1), picked.detach(), picked);
  return named(picked.reshape([...input.shape, size]), "Embedding");
});
