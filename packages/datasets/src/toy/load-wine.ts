import { type Args, bind, type Requiring } from "@flambeau/tensor";
import {
  type ClassifiedSet,
  classified,
  given,
  type LoadOptions,
  type Pair,
  type PairOptions,
} from "./toy-set.ts";

const SIGNATURE = "loadWine(*, returnXY = false)";

/**
 * M. Forina's wines: 13 quantities found by chemical analysis of 178 wines of three growers, 59, 71 and 48 of each. The quantities are of
 * very different sizes: scale them first.
 *
 * Equal to scikit-learn's `load_wine`. The data is a file of its own, which is loaded at the call.
 *
 * @returns the data set, or with `returnXY: true` `[data, target]`.
 *
 * @example
 * ```ts
 * import { loadWine } from "@flambeau/datasets";
 *
 * const [X, y] = await loadWine({ returnXY: true });
 * console.log(X.shape, y.bincount().toArraySync());
 * // [ 178, 13 ] [ 59, 71, 48 ]
 * ```
 */
export function loadWine(...args: Args<Requiring<typeof SIGNATURE, "returnXY">, PairOptions>): Promise<Pair>;
export function loadWine(...args: Args<typeof SIGNATURE, LoadOptions>): Promise<ClassifiedSet>;
export function loadWine(...args: unknown[]): Promise<ClassifiedSet | Pair> {
  const { returnXY } = bind(SIGNATURE, args);
  return load(returnXY);
}

async function load(returnXY: boolean): Promise<ClassifiedSet | Pair> {
  const { data } = await import("./data/wine.ts");
  return given(classified(data, ["class_0", "class_1", "class_2"]), returnXY);
}
