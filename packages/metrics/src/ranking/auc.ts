import { ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { readVector } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import type { Values } from "../input/types.ts";
import { area } from "./area.ts";

const SIGNATURE = "auc(x: any, y: any)";

interface AreaTypes {
  /** Where the points lie, in ascending or descending order. */
  readonly x: Values;
  /** How high they lie. */
  readonly y: Values;
}

/**
 * The area under a curve through points, by the trapezoidal rule. The number is scikit-learn's `auc`.
 *
 * @throws ShapeError when there are less than two points, or not as many of `y`; ValueError when `x` goes up and down.
 *
 * @example
 * ```ts
 * import { auc, rocCurve } from "@flambeau/metrics";
 *
 * const { fpr, tpr } = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * console.log(auc(fpr, tpr));
 * // 0.75
 * ```
 */
export const auc: Callable<typeof SIGNATURE, number, AreaTypes> = callable<
  typeof SIGNATURE,
  number,
  AreaTypes
>(SIGNATURE, (givenX, givenY) => {
  const x = readVector("auc", "x", givenX);
  const y = readVector("auc", "y", givenY);
  checkSamples("auc", { x: x.length, y: y.length });
  if (x.length < 2) throw new ShapeError(`auc: an area is under two points at least; got ${x.length}`);
  const steps = x.subarray(1).map((value, i) => value - x[i]);
  if (steps.every((step) => step >= 0)) return area(x, y);
  if (steps.every((step) => step <= 0)) return -area(x, y);
  throw new ValueError("auc: x ascends or descends; sort the points first");
});
