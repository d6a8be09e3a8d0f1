import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import type { Collated } from "./collate.ts";
import { Dataset, resolveIndex } from "./dataset.ts";
import { takeRows } from "./take-rows.ts";

/** The items of a {@link TensorDataset}: a tensor from each of its tensors. */
export type TensorItem<T extends readonly Tensor[]> = { [K in keyof T]: Tensor };

/**
 * Tensors of one length; item `i` is an array of each one's row `i`.
 *
 * A DataLoader takes its batches from the tensors at once, not row by row.
 *
 * @throws ShapeError when the tensors are of several lengths or one is a scalar; ValueError when there is none.
 *
 * @example
 * ```ts
 * import { data, tensor } from "flambeau";
 *
 * const dataset = new data.TensorDataset(tensor([[1, 2], [3, 4]]), tensor([5, 6]));
 * const [x, y] = dataset.get(1);
 * console.log(dataset.length, String(x), String(y));
 * // 2 tensor([3., 4.]) tensor(6.)
 * ```
 */
export class TensorDataset<T extends readonly Tensor[] = Tensor[]> extends Dataset<TensorItem<T>> {
  /** The tensors; item `i` is the `i`-th row of each. */
  readonly tensors: T;

  constructor(...tensors: T) {
    super();
    if (tensors.length === 0) throw new ValueError("a TensorDataset takes at least one tensor");
    for (const x of tensors) {
      if (!(x instanceof Tensor)) throw new ValueError(`a TensorDataset takes tensors; got ${quote(x)}`);
      if (x.ndim === 0)
        throw new ShapeError("a TensorDataset takes tensors of items; got a scalar, which has none");
      if (x.shape[0] !== tensors[0].shape[0]) {
        throw new ShapeError(
          `the tensors of a TensorDataset are of one length; got shapes ${tensors.map((t) => formatShape(t.shape)).join(", ")}`,
        );
      }
    }
    this.tensors = tensors;
  }

  override get length(): number {
    return this.tensors[0].shape[0];
  }

  override get(index: number): TensorItem<T> {
    const row = resolveIndex(index, this.length);
    return this.tensors.map((x) => x.select(0, row)) as unknown as TensorItem<T>;
  }

  override getBatch(indices: readonly number[]): Collated<Awaited<TensorItem<T>>> {
    return takeRows(this.tensors, indices) as unknown as Collated<Awaited<TensorItem<T>>>;
  }
}
