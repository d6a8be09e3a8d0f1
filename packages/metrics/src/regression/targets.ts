import { ArgumentError, quote, ShapeError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import { columnAt, readMatrix, readVector, readWeights } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import { mean } from "../input/sums.ts";
import type { Multioutput, Values } from "../input/types.ts";

/** Parameters of errors of predicted numbers. */
export interface ErrorTypes {
  /** The true numbers: one for each sample, or a row of several targets. */
  readonly yTrue: Values;
  /** The predicted numbers, of the same shape. */
  readonly yPred: Values;
  /** How much each sample counts. Default: all the same. */
  readonly sampleWeight: Values;
  /** How the results of several targets become one: their mean ("uniformAverage"), none of that ("rawValues"), or a mean with these weights. */
  readonly multioutput: Multioutput;
}

/** Asks for the result of each target. */
export interface EachTarget extends ErrorTypes {
  /** "rawValues" gives the result of each target. */
  readonly multioutput: "rawValues";
}

interface Given {
  readonly yTrue: Values;
  readonly yPred: Values;
  readonly sampleWeight?: Values | undefined;
}

/** The numbers of one target. */
export interface Target {
  readonly truth: Float64Array;
  readonly prediction: Float64Array;
  readonly weights: Float64Array | null;
}

/** @throws ShapeError when samples or targets are not as many. */
export function targetsOf(call: string, { yTrue, yPred, sampleWeight }: Given): Target[] {
  const truth = readMatrix(call, "yTrue", yTrue);
  const prediction = readMatrix(call, "yPred", yPred);
  checkSamples(call, { yTrue: truth.rows, yPred: prediction.rows });
  if (truth.columns !== prediction.columns)
    throw new ShapeError(
      `${call}: yTrue and yPred have as many columns; got ${truth.columns} and ${prediction.columns}`,
    );
  const weights = readWeights(call, sampleWeight, truth.rows, "yTrue");
  return Array.from({ length: truth.columns }, (_, i) => ({
    truth: columnAt(truth, i),
    prediction: columnAt(prediction, i),
    weights,
  }));
}

/** What becomes of the results of the targets. `byName` has the weights of further words. */
export function combined(
  call: string,
  results: readonly number[],
  multioutput: Multioutput | string,
  byName: Readonly<Record<string, readonly number[] | null>> = {},
): number | Tensor {
  if (multioutput === "rawValues") return tensor(Float64Array.from(results));
  const names = { uniformAverage: null, ...byName };
  if (typeof multioutput !== "string") return mean(results, outputWeights(call, multioutput, results.length));
  if (Object.hasOwn(names, multioutput)) return mean(results, names[multioutput as keyof typeof names]);
  const words = ["rawValues", ...Object.keys(names)].map(quote).join(", ");
  throw new ArgumentError(
    `${call}: multioutput is ${words} or weights of the targets; got ${quote(multioutput)}`,
  );
}

function outputWeights(call: string, given: Values, targets: number): Float64Array {
  const weights = readVector(call, "multioutput", given);
  if (targets > 1 && weights.length === targets) return weights;
  throw new ShapeError(
    `${call}: multioutput has a weight for each of several targets; got ${weights.length} weights and ${targets} target${targets === 1 ? "" : "s"}`,
  );
}
