import type { TypedArray } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** A class. */
export type Label = number | string | boolean | bigint;

/** A class for each sample, or a list of classes: a tensor of one dimension, or an array. */
export type Labels = Tensor | TypedArray | readonly Label[];

/** Numbers for each sample, one or a row of them: a tensor of one or two dimensions, or an array. */
export type Values = Tensor | TypedArray | readonly number[] | readonly (readonly number[])[];

/** How the scores of classes become one. */
export type Average = "binary" | "micro" | "macro" | "weighted";

/** What stands for a quotient with the divisor 0. */
export type ZeroDivision = "warn" | 0 | 1;

/** How the scores of several targets become one: their mean, none of that, or a mean with weights. */
export type Multioutput = "rawValues" | "uniformAverage" | Values;

/** Parameters that metrics share. */
export interface Types {
  /** The true class of each sample. */
  readonly yTrue: Labels;
  /** The predicted class of each sample. */
  readonly yPred: Labels;
  /** The score of the positive class for each sample, such as its probability. */
  readonly yScore: Values;
  /** How much each sample counts. Default: all the same. */
  readonly sampleWeight: Values;
  /** The classes that are looked at, in order. Default: all that occur, sorted. */
  readonly labels: Labels;
  /** The positive class. */
  readonly posLabel: Label;
  /** What stands for a quotient with the divisor 0; "warn" is 0 with a warning. */
  readonly zeroDivision: ZeroDivision;
}
