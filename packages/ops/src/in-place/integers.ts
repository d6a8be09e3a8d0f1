/** Functions of integers in place. */
import { type Callable, callable, type Tensor, writeOver } from "@flambeau/tensor";
import { bitwiseLeftShift, bitwiseRightShift, gcd, lcm } from "../elementwise/index.ts";

const GCD = "gcd_(input, other: tensor)";

/**
 * `gcd` in place: writes the result over `input` and gives it.
 *
 * @throws as `gcd`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { gcd_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(gcd_(tensor([12n, -5n]), tensor([18n]))));
 * // tensor([6, 1])
 * ```
 */
export const gcd_: Callable<typeof GCD, Tensor> = callable(GCD, (x, other) =>
  writeOver("gcd_", x, (x) => gcd(x, other)),
);

const LCM = "lcm_(input, other: tensor)";

/**
 * `lcm` in place: writes the result over `input` and gives it.
 *
 * @throws as `lcm`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { lcm_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(lcm_(tensor([4n, -5n]), tensor([6n]))));
 * // tensor([12, 30])
 * ```
 */
export const lcm_: Callable<typeof LCM, Tensor> = callable(LCM, (x, other) =>
  writeOver("lcm_", x, (x) => lcm(x, other)),
);

const BITWISE_LEFT_SHIFT = "bitwiseLeftShift_(input, other)";

/**
 * `bitwiseLeftShift` in place: writes the result over `input` and gives it.
 *
 * @throws as `bitwiseLeftShift`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { bitwiseLeftShift_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseLeftShift_(tensor([1n, 3n]), 2)));
 * // tensor([ 4, 12])
 * ```
 */
export const bitwiseLeftShift_: Callable<typeof BITWISE_LEFT_SHIFT, Tensor> = callable(
  BITWISE_LEFT_SHIFT,
  (x, other) => writeOver("bitwiseLeftShift_", x, (x) => bitwiseLeftShift(x, other)),
);

const BITWISE_RIGHT_SHIFT = "bitwiseRightShift_(input, other)";

/**
 * `bitwiseRightShift` in place: writes the result over `input` and gives it.
 *
 * @throws as `bitwiseRightShift`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { bitwiseRightShift_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseRightShift_(tensor([8n, -3n]), 1)));
 * // tensor([ 4, -2])
 * ```
 */
export const bitwiseRightShift_: Callable<typeof BITWISE_RIGHT_SHIFT, Tensor> = callable(
  BITWISE_RIGHT_SHIFT,
  (x, other) => writeOver("bitwiseRightShift_", x, (x) => bitwiseRightShift(x, other)),
);
