import { type Tensor, tensor } from "@flambeau/tensor";
import { toTensor } from "../to-tensor.ts";
import { featuresOf, integersOf, type ToyData } from "./decode.ts";

/** A data set that is shipped with the package. */
export interface ToySet {
  /** The features, float64 of shape [samples, features]. */
  readonly data: Tensor;
  /** What is to be found of each sample: int64 classes of shape [samples], or float64 numbers. */
  readonly target: Tensor;
  /** What the features are called. */
  readonly featureNames: readonly string[];
}

/** A data set of classes that is shipped with the package. */
export interface ClassifiedSet extends ToySet {
  /** What the classes are called, in order. */
  readonly targetNames: readonly string[];
}

/** Options of functions that load a data set. */
export interface LoadOptions {
  /** Whether to return features and targets alone, `[data, target]`. Default: false. */
  readonly returnXY?: boolean;
}

/** Asks for features and targets alone. */
export interface PairOptions extends LoadOptions {
  /** True gives `[data, target]`. */
  readonly returnXY: true;
}

/** Features and targets. */
export type Pair = [data: Tensor, target: Tensor];

/** The tensors of a data set of classes. */
export function classified(data: ToyData, targetNames: readonly string[]): ClassifiedSet {
  return {
    data: toTensor(featuresOf(data)),
    target: tensor(BigInt64Array.from(integersOf(data.target, data.samples), BigInt)),
    featureNames: namesOf(data),
    targetNames,
  };
}

export function namesOf({ columns }: ToyData): string[] {
  return columns.map(([name]) => name);
}

/** The whole, or features and targets alone. */
export function given<S extends ToySet>(set: S, returnXY: boolean): S | Pair {
  return returnXY ? [set.data, set.target] : set;
}
