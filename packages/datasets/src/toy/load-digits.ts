import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Requiring, type Tensor } from "@flambeau/tensor";
import { classified, given, type LoadOptions, type Pair, type PairOptions, type ToySet } from "./toy-set.ts";

const SIGNATURE = "loadDigits(*, nClass: int = 10, returnXY = false)";

/** Options of {@link loadDigits}. */
export interface DigitsOptions extends LoadOptions {
  /** How many digits there are, from 0 on. Default: 10. */
  readonly nClass?: number;
}

/** Asks for features and targets alone. */
export interface DigitsPairOptions extends DigitsOptions, PairOptions {
  /** True gives `[data, target]`. */
  readonly returnXY: true;
}

/** What {@link loadDigits} gives. */
export interface DigitsSet extends ToySet {
  /** The digits. */
  readonly targetNames: readonly number[];
  /** The images, float64 of shape [samples, 8, 8]: a view of `data`. */
  readonly images: Tensor;
}

/**
 * Handwritten digits: 1797 images of 8 x 8 pixels from 0 (white) to 16 (black), about 180 of each digit, made of forms that 43 people
 * filled in. It is the test part of E. Alpaydin's and C. Kaynak's data.
 *
 * Equal to scikit-learn's `load_digits`. The data is a file of its own, which is loaded at the call.
 *
 * @returns the data set, or with `returnXY: true` `[data, target]`.
 * @throws ValueError when `nClass` is no integer from 1 to 10.
 *
 * @example
 * ```ts
 * import { loadDigits } from "@flambeau/datasets";
 *
 * const { data, images, target } = await loadDigits();
 * console.log(data.shape, images.shape, target.shape);
 * // [ 1797, 64 ] [ 1797, 8, 8 ] [ 1797 ]
 * console.log(String(images.at(0, 3)), String(target.at(0)));
 * // tensor([ 0.,  4., 12.,  0.,  0.,  8.,  8.,  0.], dtype=float64) tensor(0)
 * ```
 */
export function loadDigits(
  ...args: Args<Requiring<typeof SIGNATURE, "returnXY">, DigitsPairOptions>
): Promise<Pair>;
export function loadDigits(...args: Args<typeof SIGNATURE, DigitsOptions>): Promise<DigitsSet>;
export function loadDigits(...args: unknown[]): Promise<DigitsSet | Pair> {
  const { nClass, returnXY } = bind(SIGNATURE, args);
  if (!Number.isInteger(nClass) || nClass < 1 || nClass > 10)
    throw new ValueError(`loadDigits: nClass is an integer from 1 to 10; got ${quote(nClass)}`);
  return load(nClass, returnXY);
}

async function load(nClass: number, returnXY: boolean): Promise<DigitsSet | Pair> {
  const { data } = await import("./data/digits.ts");
  const all = classified(data, []);
  const isWanted = all.target.lt(nClass);
  const features = nClass === 10 ? all.data : all.data.at(isWanted);
  const set = {
    data: features,
    target: nClass === 10 ? all.target : all.target.at(isWanted),
    featureNames: all.featureNames,
    targetNames: Array.from({ length: 10 }, (_, digit) => digit),
    images: features.view([-1, 8, 8]),
  };
  return given(set, returnXY);
}
