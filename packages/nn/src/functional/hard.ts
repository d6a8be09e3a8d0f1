/**
 * Activations of straight pieces.
 *
 * @module
 */

import * as ops from "@flambeau/tensor";
import { type Callable, callable, named, type Tensor, where } from "@flambeau/tensor";
import { inPlaceIf } from "./inplace.ts";

const HARDSIGMOID = "hardsigmoid(input, inplace = false)";

/**
 * `(x + 3) / 6` between 0 and 1: a `sigmoid` of three lines.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.hardsigmoid(tensor([-4, 0, 1.5, 4])));
 * // tensor([0.0000, 0.5000, 0.7500, 1.0000])
 * ```
 */
export const hardsigmoid: Callable<typeof HARDSIGMOID, Tensor> = callable(HARDSIGMOID, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => ops.hardsigmoid(x));
});

const HARDSWISH = "hardswish(input, inplace = false)";

/**
 * `x * (x + 3) / 6` between -3 and 3, 0 below and `x` above. Source: Howard et al. 2019.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.hardswish(tensor([-4, -1, 0, 1, 4])));
 * // tensor([-0.0000, -0.3333,  0.0000,  0.6667,  4.0000])
 * ```
 */
export const hardswish: Callable<typeof HARDSWISH, Tensor> = callable(HARDSWISH, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => ops.hardswish(x));
});

const HARDSHRINK = "hardshrink(input, lambd = 0.5)";

/**
 * `x`, but 0 where it is within `lambd` of zero.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.hardshrink(tensor([-1, -0.3, 0.5, 2])));
 * // tensor([-1.,  0.,  0.,  2.])
 * ```
 */
export const hardshrink: Callable<typeof HARDSHRINK, Tensor> = callable(HARDSHRINK, (x, lambd) => {
  return named(where(x.ge(-lambd).logicalAnd(x.le(lambd)), 0, x), "Hardshrink");
});

const THRESHOLD = "threshold(input, threshold: number, value: number, inplace = false)";

/**
 * `x` above the threshold, elsewhere `value`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.threshold(tensor([-1, 0.5, 2]), 1, 10));
 * // tensor([10., 10.,  2.])
 * ```
 */
export const threshold: Callable<typeof THRESHOLD, Tensor> = callable(
  THRESHOLD,
  (x, threshold, value, inplace) => {
    return inPlaceIf(inplace, x, (x) => named(where(x.le(threshold), value, x), "Threshold"));
  },
);
