import { warn } from "@flambeau/backend";
import { type Args, bind, type Requiring, type Tensor } from "@flambeau/tensor";
import { mean, sum } from "../input/sums.ts";
import type { Multioutput } from "../input/types.ts";
import { combined, type ErrorTypes, type Target, targetsOf } from "./targets.ts";

const R2 =
  "r2Score(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage', forceFinite = true)";
const EXPLAINED =
  "explainedVarianceScore(yTrue: any, yPred: any, *, sampleWeight?: any, multioutput: any = 'uniformAverage', forceFinite = true)";

/** Parameters of scores of predicted numbers. */
export interface ExplainedTypes extends Omit<ErrorTypes, "multioutput"> {
  /** How the scores of several targets become one: their mean ("uniformAverage"), that weighted by their variances ("varianceWeighted"), none of that ("rawValues"), or a mean with these weights. */
  readonly multioutput: Multioutput | "varianceWeighted";
  /** Whether the score of constant targets is 1 where predictions are right and else 0, instead of nan and minus infinity. */
  readonly forceFinite: boolean;
}

/** Asks for the score of each target. */
export interface ExplainedOfEach extends ExplainedTypes {
  /** "rawValues" gives the score of each target. */
  readonly multioutput: "rawValues";
}

/** What is left of a target's variance, and what there was. */
interface Part {
  readonly left: number;
  readonly all: number;
}

/**
 * The coefficient of determination R2: the part of the variance of the targets that predictions explain. 1 is the best; 0 is what the
 * mean of the targets gets; worse predictions are below.
 *
 * The numbers are scikit-learn's `r2_score`, computed in float64. Of less than two samples it is nan, with a warning.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { r2Score } from "@flambeau/metrics";
 *
 * console.log(r2Score([3, -0.5, 2, 7], [2.5, 0, 2, 8]).toFixed(4));
 * // 0.9486
 * ```
 */
export function r2Score(...args: Args<Requiring<typeof R2, "multioutput">, ExplainedOfEach>): Tensor;
export function r2Score(...args: Args<typeof R2, ExplainedTypes>): number;
export function r2Score(...args: unknown[]): number | Tensor {
  const given = bind<typeof R2, ExplainedTypes>(R2, args);
  const targets = targetsOf("r2Score", given);
  if (targets[0].truth.length < 2) {
    warn("R^2 score is not well-defined with less than two samples.");
    return Number.NaN;
  }
  const parts = targets.map(({ truth, prediction, weights }) => {
    const center = mean(truth, weights);
    const total = (of: (i: number) => number): number =>
      sum(truth.map((_, i) => (weights?.[i] ?? 1) * of(i) ** 2));
    return { left: total((i) => truth[i] - prediction[i]), all: total((i) => truth[i] - center) };
  });
  return explained("r2Score", parts, given);
}

/**
 * The part of the variance of the targets that predictions explain, whatever constant they are off by: as `r2Score`, but for that. 1 is
 * the best.
 *
 * The numbers are scikit-learn's `explained_variance_score`, computed in float64.
 *
 * @returns a number; with `multioutput: "rawValues"` a float64 tensor, one element for each target.
 * @throws as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { explainedVarianceScore } from "@flambeau/metrics";
 *
 * console.log(explainedVarianceScore([1, 2, 3], [2, 3, 4]));
 * // 1
 * ```
 */
export function explainedVarianceScore(
  ...args: Args<Requiring<typeof EXPLAINED, "multioutput">, ExplainedOfEach>
): Tensor;
export function explainedVarianceScore(...args: Args<typeof EXPLAINED, ExplainedTypes>): number;
export function explainedVarianceScore(...args: unknown[]): number | Tensor {
  const given = bind<typeof EXPLAINED, ExplainedTypes>(EXPLAINED, args);
  const variance = (values: Float64Array, weights: Target["weights"]): number => {
    const center = mean(values, weights);
    return mean(
      values.map((value) => (value - center) ** 2),
      weights,
    );
  };
  const parts = targetsOf("explainedVarianceScore", given).map(({ truth, prediction, weights }) => ({
    left: variance(
      truth.map((y, i) => y - prediction[i]),
      weights,
    ),
    all: variance(truth, weights),
  }));
  return explained("explainedVarianceScore", parts, given);
}

function explained(
  call: string,
  parts: readonly Part[],
  { multioutput, forceFinite }: Pick<ExplainedTypes, "multioutput" | "forceFinite">,
): number | Tensor {
  const scores = parts.map(({ left, all }) => {
    if (!forceFinite) return 1 - left / all;
    if (left === 0) return 1;
    return all === 0 ? 0 : 1 - left / all;
  });
  const variances = parts.map(({ all }) => all);
  const varianceWeighted = variances.some((all) => all !== 0) ? variances : null;
  return combined(call, scores, multioutput, { varianceWeighted });
}
