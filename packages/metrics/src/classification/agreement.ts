import { type Callable, callable } from "@flambeau/tensor";
import { sum } from "../input/sums.ts";
import type { Labels, Types } from "../input/types.ts";
import { columnSums, confusionOf, rowSums } from "./confusion.ts";

const MATTHEWS = "matthewsCorrcoef(yTrue: any, yPred: any, *, sampleWeight?: any)";
const KAPPA =
  "cohenKappaScore(y1: any, y2: any, *, labels?: any, weights?: 'linear'|'quadratic', sampleWeight?: any)";

interface KappaTypes extends Types {
  /** The classes that one rater found. */
  readonly y1: Labels;
  /** The classes that the other rater found. */
  readonly y2: Labels;
  /** How much it counts that two classes differ: as far as they are apart, or the square of that. Default: all the same. */
  readonly weights: "linear" | "quadratic" | null;
}

/**
 * Matthews' correlation coefficient of true and predicted classes: 1 where all are right, 0 for guesses, -1 where two classes are
 * exchanged. Also for more than two classes (Gorodkin's R_K).
 *
 * The number is scikit-learn's `matthews_corrcoef`. Source: J. Gorodkin, "Comparing two K-category assignments by a K-category
 * correlation coefficient", Computational Biology and Chemistry 28 (2004).
 *
 * @throws as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { matthewsCorrcoef } from "@flambeau/metrics";
 *
 * console.log(matthewsCorrcoef([1, 1, 1, -1], [1, -1, 1, 1]));
 * // -0.3333333333333333
 * ```
 */
export const matthewsCorrcoef: Callable<typeof MATTHEWS, number, Types> = callable<
  typeof MATTHEWS,
  number,
  Types
>(MATTHEWS, (truth, prediction, { sampleWeight }) => {
  const names = ["yTrue", "yPred"] as const;
  const { cells, labels } = confusionOf("matthewsCorrcoef", { truth, prediction, names, sampleWeight });
  const count = labels.values.length;
  const [actual, predicted] = [rowSums(cells, count), columnSums(cells, count)];
  const right = sum(actual.map((_, i) => cells[i * count + i]));
  const samples = sum(predicted);
  const dot = (a: Float64Array, b: Float64Array): number => sum(a.map((value, i) => value * b[i]));
  const spreadOfPredicted = samples ** 2 - dot(predicted, predicted);
  const spreadOfActual = samples ** 2 - dot(actual, actual);
  if (spreadOfPredicted * spreadOfActual === 0) return 0;
  return (right * samples - dot(actual, predicted)) / Math.sqrt(spreadOfActual * spreadOfPredicted);
});

/**
 * Cohen's kappa: how far two raters agree, beyond what they would by chance. 1 where they agree in all.
 *
 * The number is scikit-learn's `cohen_kappa_score`; nan where both found one class only.
 *
 * @throws as `confusionMatrix`.
 *
 * @example
 * ```ts
 * import { cohenKappaScore } from "@flambeau/metrics";
 *
 * console.log(cohenKappaScore(["a", "b", "b", "a"], ["a", "b", "a", "a"]));
 * // 0.5
 * ```
 */
export const cohenKappaScore: Callable<typeof KAPPA, number, KappaTypes> = callable<
  typeof KAPPA,
  number,
  KappaTypes
>(KAPPA, (truth, prediction, { labels, weights, sampleWeight }) => {
  const names = ["y1", "y2"] as const;
  const found = confusionOf("cohenKappaScore", { truth, prediction, names, labels, sampleWeight });
  const count = found.labels.values.length;
  const [first, second] = [rowSums(found.cells, count), columnSums(found.cells, count)];
  const total = sum(second);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const weight = distance(i, j, weights);
      observed += weight * found.cells[i * count + j];
      expected += (weight * second[i] * first[j]) / total;
    }
  }
  return 1 - observed / expected;
});

function distance(i: number, j: number, weights: "linear" | "quadratic" | undefined): number {
  if (weights === undefined) return i === j ? 0 : 1;
  return weights === "linear" ? Math.abs(i - j) : (i - j) ** 2;
}
