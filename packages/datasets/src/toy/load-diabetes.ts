import { type Args, bind, type Requiring, tensor } from "@flambeau/tensor";
import type { Table } from "../generate/table.ts";
import { toTensor } from "../to-tensor.ts";
import { featuresOf, integersOf } from "./decode.ts";
import { given, type LoadOptions, namesOf, type Pair, type PairOptions, type ToySet } from "./toy-set.ts";

const SIGNATURE = "loadDiabetes(*, returnXY = false, scaled = true)";

/** Options of {@link loadDiabetes}. */
export interface DiabetesOptions extends LoadOptions {
  /** Whether each feature has mean 0 and the sum of squares 1, or is as it was measured. Default: true. */
  readonly scaled?: boolean;
}

/** Asks for features and targets alone. */
export interface DiabetesPairOptions extends DiabetesOptions, PairOptions {
  /** True gives `[data, target]`. */
  readonly returnXY: true;
}

/**
 * Patients with diabetes: age, sex, body mass index, blood pressure and six measurements of the serum of 442 people, and how far their
 * illness went on in a year, a number from 25 to 346. Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least Angle
 * Regression", Annals of Statistics 32 (2004).
 *
 * Equal to scikit-learn's `load_diabetes`. The data is a file of its own, which is loaded at the call.
 *
 * @returns the data set, whose target is float64, or with `returnXY: true` `[data, target]`.
 *
 * @example
 * ```ts
 * import { loadDiabetes } from "@flambeau/datasets";
 *
 * const { data, target, featureNames } = await loadDiabetes({ scaled: false });
 * console.log(data.shape, featureNames.slice(0, 4), String(data.at(0, [0, 1, 2, 3])), String(target.at(0)));
 * // [ 442, 10 ] [ 'age', 'sex', 'bmi', 'bp' ] tensor([ 59.0000,   2.0000,  32.1000, 101.0000], dtype=float64) tensor(151., dtype=float64)
 * ```
 */
export function loadDiabetes(
  ...args: Args<Requiring<typeof SIGNATURE, "returnXY">, DiabetesPairOptions>
): Promise<Pair>;
export function loadDiabetes(...args: Args<typeof SIGNATURE, DiabetesOptions>): Promise<ToySet>;
export function loadDiabetes(...args: unknown[]): Promise<ToySet | Pair> {
  const { returnXY, scaled } = bind(SIGNATURE, args);
  return load(returnXY, scaled);
}

async function load(returnXY: boolean, isScaled: boolean): Promise<ToySet | Pair> {
  const { data } = await import("./data/diabetes.ts");
  const features = featuresOf(data);
  if (isScaled) scale(features);
  const target = tensor(Float64Array.from(integersOf(data.target, data.samples)));
  return given({ data: toTensor(features), target, featureNames: namesOf(data) }, returnXY);
}

/** Scales the columns in NumPy's order of operations, so that every bit is scikit-learn's. */
function scale({ data, shape: [rows, columns] }: Table): void {
  for (let column = 0; column < columns; column++) {
    const at = (row: number): number => row * columns + column;
    const mean = (of: (x: number) => number): number => {
      let total = 0;
      for (let row = 0; row < rows; row++) total += of(data[at(row)]);
      return total / rows;
    };
    const center = mean((x) => x);
    const deviation = Math.sqrt(mean((x) => (x - center) ** 2));
    for (let row = 0; row < rows; row++)
      data[at(row)] = (data[at(row)] - center) / deviation / Math.sqrt(rows);
  }
}
