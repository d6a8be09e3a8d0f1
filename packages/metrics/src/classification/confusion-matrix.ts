import { type Callable, callable, type Tensor, tensor } from "@flambeau/tensor";
import { sum } from "../input/sums.ts";
import type { Types } from "../input/types.ts";
import { columnSums, confusionOf, rowSums } from "./confusion.ts";

const SIGNATURE =
  "confusionMatrix(yTrue: any, yPred: any, *, labels?: any, sampleWeight?: any, normalize?: 'true'|'pred'|'all')";

interface ConfusionTypes extends Types {
  /** What is divided by: the samples of each true class ("true"), of each predicted one ("pred"), or all. Default: nothing is. */
  readonly normalize: "true" | "pred" | "all" | null;
}

/**
 * How many samples of each class, the row, were predicted to be of each class, the column. Classes are sorted, or in the order of
 * `labels`; samples of other classes are left out.
 *
 * The numbers are scikit-learn's `confusion_matrix`.
 *
 * @returns int64 of shape [classes, classes]; float64 where samples have weights that are no integers, or with `normalize`.
 * @throws ValueError when no true class is in `labels`, and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@flambeau/metrics";
 *
 * console.log(confusionMatrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]));
 * // tensor([[2, 0, 0],
 * //         [0, 0, 1],
 * //         [1, 0, 2]])
 * ```
 */
export const confusionMatrix: Callable<typeof SIGNATURE, Tensor, ConfusionTypes> = callable<
  typeof SIGNATURE,
  Tensor,
  ConfusionTypes
>(SIGNATURE, (truth, prediction, { normalize, ...options }) => {
  const found = confusionOf("confusionMatrix", { truth, prediction, names: ["yTrue", "yPred"], ...options });
  const { cells, weights } = found;
  const count = found.labels.values.length;
  const shape = [count, count];
  if (normalize === undefined) {
    const isCounted = weights === null || weights.every(Number.isInteger);
    return tensor(isCounted ? BigInt64Array.from(cells, BigInt) : cells).reshape(shape);
  }
  const divisorOf = divisors(cells, count, normalize);
  // Of a class without samples scikit-learn, too, has zeros.
  return tensor(cells.map((cell, at) => cell / divisorOf(at) || 0)).reshape(shape);
});

function divisors(cells: Float64Array, count: number, normalize: string): (at: number) => number {
  if (normalize === "all") {
    const total = sum(cells);
    return () => total;
  }
  const totals = normalize === "true" ? rowSums(cells, count) : columnSums(cells, count);
  return (at) => totals[normalize === "true" ? Math.floor(at / count) : at % count];
}
