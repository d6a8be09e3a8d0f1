/**
 * Activations of straight pieces.
 *
 * @module
 */
import * as ops from "@flambeau/tensor";
import { named, type Tensor, where } from "@flambeau/tensor";

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
export function hardsigmoid(x: Tensor): Tensor {
  return ops.hardsigmoid(x);
}

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
export function hardswish(x: Tensor): Tensor {
  return ops.hardswish(x);
}

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
export function hardshrink(x: Tensor, lambd = 0.5): Tensor {
  return named(where(x.ge(-lambd).logicalAnd(x.le(lambd)), 0, x), "Hardshrink");
}

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
export function threshold(x: Tensor, threshold: number, value: number): Tensor {
  return named(where(x.le(threshold), value, x), "Threshold");
}
