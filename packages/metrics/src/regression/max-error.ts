import { ShapeError } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { type ErrorTypes, targetsOf } from "./targets.ts";

const SIGNATURE = "maxError(yTrue: any, yPred: any)";

/**
 * The largest absolute difference between true and predicted numbers, of one target. The number is scikit-learn's `max_error`.
 *
 * @throws ShapeError when there are several targets, and as `meanSquaredError`.
 *
 * @example
 * ```ts
 * import { maxError } from "@flambeau/metrics";
 *
 * console.log(maxError([3, 2, 7, 1], [4, 2, 7, 1]));
 * // 1
 * ```
 */
export const maxError: Callable<typeof SIGNATURE, number, ErrorTypes> = callable<
  typeof SIGNATURE,
  number,
  ErrorTypes
>(SIGNATURE, (yTrue, yPred) => {
  const targets = targetsOf("maxError", { yTrue, yPred });
  if (targets.length > 1)
    throw new ShapeError(`maxError: the largest error is of one target; got ${targets.length}`);
  const [{ truth, prediction }] = targets;
  return truth.reduce((largest, y, i) => Math.max(largest, Math.abs(y - prediction[i])), 0);
});
