import { type Args, bind, type Requiring } from "@flambeau/tensor";
import {
  type ClassifiedSet,
  classified,
  given,
  type LoadOptions,
  type Pair,
  type PairOptions,
} from "./toy-set.ts";

const SIGNATURE = "loadBreastCancer(*, returnXY = false)";

/**
 * The Wisconsin diagnostic data on breast cancer: 30 measures of the nuclei of cells in images of 569 tumors, of which 212 are malignant
 * (class 0) and 357 benign (class 1).
 *
 * Equal to scikit-learn's `load_breast_cancer`. The data is a file of its own, which is loaded at the call.
 *
 * @returns the data set, or with `returnXY: true` `[data, target]`.
 *
 * @example
 * ```ts
 * import { loadBreastCancer } from "@flambeau/datasets";
 *
 * const { data, target, featureNames, targetNames } = await loadBreastCancer();
 * console.log(data.shape, featureNames[0], targetNames[Number(target.at(0).itemSync())]);
 * // [ 569, 30 ] mean radius malignant
 * ```
 */
export function loadBreastCancer(
  ...args: Args<Requiring<typeof SIGNATURE, "returnXY">, PairOptions>
): Promise<Pair>;
export function loadBreastCancer(...args: Args<typeof SIGNATURE, LoadOptions>): Promise<ClassifiedSet>;
export function loadBreastCancer(...args: unknown[]): Promise<ClassifiedSet | Pair> {
  const { returnXY } = bind(SIGNATURE, args);
  return load(returnXY);
}

async function load(returnXY: boolean): Promise<ClassifiedSet | Pair> {
  const { data } = await import("./data/breast-cancer.ts");
  return given(classified(data, ["malignant", "benign"]), returnXY);
}
