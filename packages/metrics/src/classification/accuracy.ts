import { ValueError, warn } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { readPair } from "../input/classes.ts";
import { readWeights } from "../input/numbers.ts";
import { mean } from "../input/sums.ts";
import type { Types } from "../input/types.ts";
import { confusionOf, rowSums } from "./confusion.ts";
import { hitRate } from "./hit-rate.ts";

const ACCURACY = "accuracyScore(yTrue: any, yPred: any, *, normalize = true, sampleWeight?: any)";
const BALANCED = "balancedAccuracyScore(yTrue: any, yPred: any, *, sampleWeight?: any, adjusted = false)";

interface AccuracyTypes extends Types {
  /** Whether the result is the part of the samples, and not their number. */
  readonly normalize: boolean;
}

interface BalancedTypes extends Types {
  /** Whether the result is 0 for guesses, instead of one over the number of classes. */
  readonly adjusted: boolean;
}

/**
 * The part of the samples whose class was predicted.
 *
 * Classes are integers, booleans or strings, in tensors or arrays of one dimension. The number is scikit-learn's `accuracy_score`.
 *
 * @returns a number from 0 to 1, or with `normalize: false` the number of samples, or their weight.
 * @throws ShapeError when the numbers of samples differ or are 0; ValueError for numbers that are no integers, and so no classes;
 *   ArgumentError for what is neither a tensor nor an array; DeviceError for tensors that cannot be read at once, with the line to
 *   write: `accuracyScore(yTrue, await yPred.cpu())`.
 *
 * @example
 * ```ts
 * import { accuracyScore } from "@flambeau/metrics";
 * import { tensor } from "@flambeau/tensor";
 *
 * const logits = tensor([[2, 1], [0, 3], [1, 4], [2, 0]]);
 * console.log(accuracyScore(tensor([0n, 1n, 0n, 0n]), logits.argmax(1)));
 * // 0.75
 * ```
 */
export const accuracyScore: Callable<typeof ACCURACY, number, AccuracyTypes> = callable<
  typeof ACCURACY,
  number,
  AccuracyTypes
>(ACCURACY, (yTrue, yPred, { normalize, sampleWeight }) => {
  const [truth, prediction] = readPair("accuracyScore", ["yTrue", "yPred"], yTrue, yPred);
  const weights = readWeights("accuracyScore", sampleWeight, truth.values.length, "yTrue");
  const hits = truth.values.map((value, i) => value === prediction.values[i]);
  return hitRate(hits, weights, normalize);
});

/**
 * The mean of the classes' recalls: the accuracy where each class counts the same, however many samples it has.
 *
 * The number is scikit-learn's `balanced_accuracy_score`.
 *
 * @throws as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { balancedAccuracyScore } from "@flambeau/metrics";
 *
 * console.log(balancedAccuracyScore([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]));
 * // 0.625
 * ```
 */
export const balancedAccuracyScore: Callable<typeof BALANCED, number, BalancedTypes> = callable<
  typeof BALANCED,
  number,
  BalancedTypes
>(BALANCED, (truth, prediction, { sampleWeight, adjusted }) => {
  const names = ["yTrue", "yPred"] as const;
  const { cells, labels } = confusionOf("balancedAccuracyScore", { truth, prediction, names, sampleWeight });
  const count = labels.values.length;
  const totals = rowSums(cells, count);
  const recalls = Array.from(totals, (total, i) => cells[i * count + i] / total);
  const known = recalls.filter((recall) => !Number.isNaN(recall));
  if (known.length < count) warn("balancedAccuracyScore: yPred contains classes not in yTrue");
  const score = mean(known);
  if (!adjusted) return score;
  if (known.length === 1)
    throw new ValueError("balancedAccuracyScore: adjusted is of two classes at least; yTrue has one");
  return (score - 1 / known.length) / (1 - 1 / known.length);
});
