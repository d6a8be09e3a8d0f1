/**
 * Sign and size of numbers, and rounding; integers stay integers.
 *
 * @module
 */
import { DTypeError, E, isFloat, quote, ValueError } from "@flambeau/backend";
import { applyInPlace } from "../dispatch/elementwise.ts";
import { type ElementwiseOp, elementwise, type UnaryOp, unaryOp } from "../elementwise.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul } from "./arithmetic.ts";
import { notAllBool, notBool, onlyFloat } from "./refusals.ts";
import { rounding } from "./rounding-op.ts";

export * from "./trunc.ts";

/**
 * `-x`.
 *
 * @throws DTypeError for bools.
 *
 * @example
 * ```ts
 * import { neg, tensor } from "@flambeau/tensor";
 *
 * console.log(String(neg(tensor([1, -2]))));
 * // tensor([-1.,  2.])
 * ```
 */
export const neg: UnaryOp = unaryOp("neg", (x) => E.neg(x), notBool);

/**
 * The absolute value.
 *
 * @example
 * ```ts
 * import { abs, tensor } from "@flambeau/tensor";
 *
 * console.log(String(abs(tensor([1, -2]))));
 * // tensor([1., 2.])
 * ```
 */
export const abs: UnaryOp = unaryOp("abs", (x) => E.abs(x), notAllBool);

/**
 * `x * x`.
 *
 * @example
 * ```ts
 * import { square, tensor } from "@flambeau/tensor";
 *
 * console.log(String(square(tensor([1, -2]))));
 * // tensor([1., 4.])
 * ```
 */
export const square: UnaryOp = unaryOp("square", (x) => E.mul(x, x));

/**
 * -1, 0 or 1 by the sign of each element. Its derivative is zero.
 *
 * @example
 * ```ts
 * import { sign, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sign(tensor([3, 0, -2]))));
 * // tensor([ 1.,  0., -1.])
 * ```
 */
export const sign: UnaryOp = unaryOp("sign", (x) => E.sign(x));

/**
 * The largest integer not above each element. Its derivative is zero.
 *
 * @example
 * ```ts
 * import { floor, tensor } from "@flambeau/tensor";
 *
 * console.log(String(floor(tensor([1.5, -1.5]))));
 * // tensor([ 1., -2.])
 * ```
 */
export const floor: UnaryOp = rounding("floor", "floor");

/**
 * The smallest integer not below each element. Its derivative is zero.
 *
 * @example
 * ```ts
 * import { ceil, tensor } from "@flambeau/tensor";
 *
 * console.log(String(ceil(tensor([1.5, -1.5]))));
 * // tensor([ 2., -1.])
 * ```
 */
export const ceil: UnaryOp = rounding("ceil", "ceil");

const whole = rounding("round", "round");

function checkedDecimals(x: Tensor, decimals: number): number {
  if (!Number.isInteger(decimals))
    throw new ValueError(`round: decimals is an integer; got ${quote(decimals)}`);
  if (decimals !== 0 && !isFloat(x.dtype))
    throw new DTypeError(`round: decimals are for floats; got ${x.dtype}`);
  return decimals;
}

const ROUND = "round(input, *, decimals = 0)";

/**
 * The nearest integer, or number of `decimals` digits after the point; halves go to the even one. Its derivative is zero.
 * Source for digits: PyTorch, aten/src/ATen/native/cpu/UnaryOpsKernel.cpp (round_decimals_kernel).
 *
 * @throws ValueError when `decimals` is no integer; DTypeError when it is not zero and the tensor's dtype is no float.
 *
 * @example
 * ```ts
 * import { round, tensor } from "@flambeau/tensor";
 *
 * console.log(String(round(tensor([0.5, 1.5, 1.6]))));
 * // tensor([0., 2., 2.])
 * console.log(String(round(tensor([2.345, 1]), { decimals: 1 })));
 * // tensor([2.3000, 1.0000])
 * ```
 */
export const round: ElementwiseOp<typeof ROUND> = elementwise(
  ROUND,
  whole.op,
  (x, { decimals }) => {
    if (checkedDecimals(x, decimals) === 0) return whole(x);
    const power = 10 ** Math.abs(decimals);
    const [there, back] = decimals > 0 ? [mul, div] : [div, mul];
    return named(back(whole(there(x, power)), power), "RoundBackward1");
  },
  (x, { decimals }) => {
    if (checkedDecimals(x, decimals) === 0) return isFloat(x.dtype) ? applyInPlace(whole.op, [x]) : x;
    const power = 10 ** Math.abs(decimals);
    const [there, back] = decimals > 0 ? [mul, div] : [div, mul];
    applyInPlace(there.op, [x, power]);
    applyInPlace(whole.op, [x]);
    return applyInPlace(back.op, [x, power]);
  },
);

/**
 * The fraction of each element, with its sign.
 *
 * @example
 * ```ts
 * import { frac, tensor } from "@flambeau/tensor";
 *
 * console.log(String(frac(tensor([1.5, -1.25]))));
 * // tensor([ 0.5000, -0.2500])
 * ```
 */
export const frac: UnaryOp = unaryOp("frac", (x) => E.sub(x, E.trunc(x)), onlyFloat);
