import { type Args, bind, type Requiring } from "@flambeau/tensor";
import {
  type ClassifiedSet,
  classified,
  given,
  type LoadOptions,
  type Pair,
  type PairOptions,
} from "./toy-set.ts";

const SIGNATURE = "loadIris(*, returnXY = false)";

/**
 * R. A. Fisher's irises: length and width of sepals and petals, in centimeters, of 50 plants of each of three species. Two of the
 * species overlap.
 *
 * Equal to scikit-learn's `load_iris`. The data is a file of its own, which is loaded at the call.
 *
 * @returns the data set, or with `returnXY: true` `[data, target]`.
 *
 * @example
 * ```ts
 * import { loadIris } from "@flambeau/datasets";
 *
 * const { data, target, targetNames } = await loadIris();
 * console.log(data.shape, target.shape, targetNames);
 * // [ 150, 4 ] [ 150 ] [ 'setosa', 'versicolor', 'virginica' ]
 * ```
 */
export function loadIris(...args: Args<Requiring<typeof SIGNATURE, "returnXY">, PairOptions>): Promise<Pair>;
export function loadIris(...args: Args<typeof SIGNATURE, LoadOptions>): Promise<ClassifiedSet>;
export function loadIris(...args: unknown[]): Promise<ClassifiedSet | Pair> {
  const { returnXY } = bind(SIGNATURE, args);
  return load(returnXY);
}

async function load(returnXY: boolean): Promise<ClassifiedSet | Pair> {
  const { data } = await import("./data/iris.ts");
  return given(classified(data, ["setosa", "versicolor", "virginica"]), returnXY);
}
