import { type Args, bind, type Requiring, type Tensor } from "@flambeau/tensor";
import { mean } from "../input/sums.ts";
import { median } from "./median.ts";
import { combined, type EachTarget, type ErrorTypes, type Target, targetsOf } from "./targets.ts";

const SQUARED =
  "meanSquaredError(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage')";
const ROOT =
  "rootMeanSquaredError(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage')";
const ABSOLUTE =
  "meanAbsoluteError(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage')";
const MEDIAN =
  "medianAbsoluteError(yTrue: any, yPred: any, *, multioutput: any = 'uniformAverage', sampleWeight?: any)";
const PERCENTAGE =
  "meanAbsolutePercentageError(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage')";

/** What a call was given. */
type Given = Pick<ErrorTypes, "yTrue" | "yPred" | "multioutput"> & {
  readonly sampleWeight?: ErrorTypes["sampleWeight"] | undefined;
};

/** The mean of what `errorOf` makes of a true number and a predicted one. */
function meanOf(errorOf: (truth: number, prediction: number) => number): (target: Target) => number {
  return ({ truth, prediction, weights }) =>
    mean(
      truth.map((y, i) => errorOf(y, prediction[i])),
      weights,
    );
}

const squared: (target: Target) => number = /* @__PURE__ */ meanOf((y, found) => (y - found) ** 2);

function error(call: string, given: Given, of: (target: Target) => number): number | Tensor {
  return combined(call, targetsOf(call, given).map(of), given.multioutput);
}

/**
 * The mean of the squares of the differences between true and predicted numbers.
 *
 * The numbers are scikit-learn's `mean_squared_error`, computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws ShapeError when shapes differ or there are no samples; ValueError for numbers that are not finite; ArgumentError for what is
 *   neither a tensor nor an array; DeviceError for tensors that cannot be read at once, with the line to write.
 *
 * @example
 * ```ts
 * import { meanSquaredError } from "@flambeau/metrics";
 *
 * console.log(meanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8]));
 * // 0.375
 * const yTrue = [[0.5, 1], [-1, 1], [7, -6]];
 * console.log(meanSquaredError(yTrue, [[0, 2], [-1, 2], [8, -5]], { multioutput: "rawValues" }));
 * // tensor([0.4167, 1.0000], dtype=float64)
 * ```
 */
export function meanSquaredError(...args: Args<Requiring<typeof SQUARED, "multioutput">, EachTarget>): Tensor;
export function meanSquaredError(...args: Args<typeof SQUARED, ErrorTypes>): number;
export function meanSquaredError(...args: unknown[]): number | Tensor {
  return error("meanSquaredError", bind<typeof SQUARED, ErrorTypes>(SQUARED, args), squared);
}

/**
 * The root of the mean of the squares of the differences, in the unit of the targets: of each target, before they become one.
 *
 * The numbers are scikit-learn's `root_mean_squared_error` (before 1.4 `mean_squared_error` with `squared=False`), computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { rootMeanSquaredError } from "@flambeau/metrics";
 *
 * console.log(rootMeanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8]).toFixed(4));
 * // 0.6124
 * ```
 */
export function rootMeanSquaredError(
  ...args: Args<Requiring<typeof ROOT, "multioutput">, EachTarget>
): Tensor;
export function rootMeanSquaredError(...args: Args<typeof ROOT, ErrorTypes>): number;
export function rootMeanSquaredError(...args: unknown[]): number | Tensor {
  const given = bind<typeof ROOT, ErrorTypes>(ROOT, args);
  return error("rootMeanSquaredError", given, (target) => Math.sqrt(squared(target)));
}

/**
 * The mean of the absolute differences between true and predicted numbers.
 *
 * The numbers are scikit-learn's `mean_absolute_error`, computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from "@flambeau/metrics";
 *
 * console.log(meanAbsoluteError([3, -0.5, 2, 7], [2.5, 0, 2, 8]));
 * // 0.5
 * ```
 */
export function meanAbsoluteError(
  ...args: Args<Requiring<typeof ABSOLUTE, "multioutput">, EachTarget>
): Tensor;
export function meanAbsoluteError(...args: Args<typeof ABSOLUTE, ErrorTypes>): number;
export function meanAbsoluteError(...args: unknown[]): number | Tensor {
  const given = bind<typeof ABSOLUTE, ErrorTypes>(ABSOLUTE, args);
  return error(
    "meanAbsoluteError",
    given,
    meanOf((y, found) => Math.abs(y - found)),
  );
}

/**
 * The median of the absolute differences, which a few large ones do not move. With weights it is the smallest difference that half of
 * the weight does not exceed.
 *
 * The numbers are scikit-learn's `median_absolute_error`, computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { medianAbsoluteError } from "@flambeau/metrics";
 *
 * console.log(medianAbsoluteError([3, -0.5, 2, 7], [2.5, 0, 2, 8]));
 * // 0.5
 * ```
 */
export function medianAbsoluteError(
  ...args: Args<Requiring<typeof MEDIAN, "multioutput">, EachTarget>
): Tensor;
export function medianAbsoluteError(...args: Args<typeof MEDIAN, ErrorTypes>): number;
export function medianAbsoluteError(...args: unknown[]): number | Tensor {
  const given = bind<typeof MEDIAN, ErrorTypes>(MEDIAN, args);
  return error("medianAbsoluteError", given, ({ truth, prediction, weights }) =>
    median(
      truth.map((y, i) => Math.abs(y - prediction[i])),
      weights,
    ),
  );
}

/**
 * The mean of the absolute differences, each as a part of the true number: 0.1 is ten percent. True numbers near 0 make it huge; they
 * are taken for 2^-52.
 *
 * The numbers are scikit-learn's `mean_absolute_percentage_error`, computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { meanAbsolutePercentageError } from "@flambeau/metrics";
 *
 * console.log(meanAbsolutePercentageError([3, -0.5, 2, 7], [2.5, 0, 2, 8]).toFixed(4));
 * // 0.3274
 * ```
 */
export function meanAbsolutePercentageError(
  ...args: Args<Requiring<typeof PERCENTAGE, "multioutput">, EachTarget>
): Tensor;
export function meanAbsolutePercentageError(...args: Args<typeof PERCENTAGE, ErrorTypes>): number;
export function meanAbsolutePercentageError(...args: unknown[]): number | Tensor {
  const given = bind<typeof PERCENTAGE, ErrorTypes>(PERCENTAGE, args);
  const part = (y: number, found: number): number => Math.abs(found - y) / Math.max(Math.abs(y), 2 ** -52);
  return error("meanAbsolutePercentageError", given, meanOf(part));
}
