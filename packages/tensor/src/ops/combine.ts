/**
 * Functions of two and three operands that combine several steps of arithmetic.
 *
 * @module
 */
import { E } from "@flambeau/backend";
import { applyElementwise, applyInPlace } from "../dispatch/elementwise.ts";
import {
  type BinaryOp,
  binaryOp,
  type ElementwiseOp,
  elementwise,
  renamed,
  type TernaryOp,
  ternaryOp,
} from "../elementwise.ts";
import { isScalar, timesScalar } from "../promotion.ts";
import type { Operand, Scalar, Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkFactor, notIntegerQuotient, onlyFloat } from "./refusals.ts";

/**
 * The angle of the point (b, a) in radians, from -pi to pi.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { atan2, tensor } from "@flambeau/tensor";
 *
 * console.log(String(atan2(tensor([1, -1]), tensor([1, 0]))));
 * // tensor([ 0.7854, -1.5708])
 * ```
 */
export const atan2: BinaryOp = binaryOp("atan2", (a, b) => E.atan2(a, b), { result: "float" });

/**
 * `input * log(other)`, and zero where `input` is, even if the logarithm is infinite.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { tensor, xlogy } from "@flambeau/tensor";
 *
 * console.log(String(xlogy(tensor([0, 2]), tensor([0, 3]))));
 * // tensor([0.0000, 2.1972])
 * ```
 */
export const xlogy: BinaryOp = binaryOp(
  "xlogy",
  (a, b) => E.select(E.ne(b, b), b, E.select(E.eq(a, 0), 0, E.mul(a, E.log(b)))),
  { result: "float" },
);

/**
 * `log(exp(input) + exp(other))` without overflow.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { logaddexp, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logaddexp(tensor([0, 1000]), tensor([0, 1000]))));
 * // tensor([6.9315e-01, 1.0007e+03])
 * ```
 */
export const logaddexp: BinaryOp = binaryOp(
  "logaddexp",
  (a, b) => {
    // Equal infinities would give inf - inf.
    const gap = E.select(E.eq(a, b), 0, E.neg(E.abs(E.sub(a, b))));
    return E.add(E.max(a, b), E.log1p(E.exp(gap)));
  },
  { result: "float" },
);

/**
 * The length of the hypotenuse, `sqrt(input * input + other * other)`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { hypot, tensor } from "@flambeau/tensor";
 *
 * console.log(String(hypot(tensor([3]), tensor([4]))));
 * // tensor([5.])
 * ```
 */
export const hypot: BinaryOp = binaryOp(
  "hypot",
  (a, b) => {
    const long = E.max(E.abs(a), E.abs(b));
    const short = E.min(E.abs(a), E.abs(b));
    // Lengths whose squares would leave float32's range are measured by the longer one.
    const usual = E.mul(E.gt(long, 1e-15), E.lt(long, 1e15));
    const ratio = E.div(short, long);
    const scaled = E.select(
      E.eq(long, short),
      E.mul(long, Math.SQRT2),
      E.mul(long, E.sqrt(E.add(1, E.mul(ratio, ratio)))),
    );
    const length = E.select(usual, E.sqrt(E.add(E.mul(a, a), E.mul(b, b))), scaled);
    // Infinitely long even if the other side is nan.
    const infinite = E.max(E.eq(E.abs(a), Infinity), E.eq(E.abs(b), Infinity));
    return E.select(infinite, Infinity, length);
  },
  { result: "float" },
);

const LERP = "lerp(input: operand, end: operand, weight: operand)";

/**
 * `input + weight * (end - input)`, counted from the nearer end so that a weight of 1 gives `end` exactly, as PyTorch does.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { lerp, tensor } from "@flambeau/tensor";
 *
 * console.log(String(lerp(tensor([0, 10]), tensor([10, 20]), 0.3)));
 * // tensor([ 3., 13.])
 * ```
 */
export const lerp: ElementwiseOp<typeof LERP> = renamed(
  LERP,
  ternaryOp(
    "lerp",
    (a, b, weight) =>
      E.select(
        E.lt(E.abs(weight), 0.5),
        E.add(a, E.mul(weight, E.sub(b, a))),
        E.sub(b, E.mul(E.sub(b, a), E.sub(1, weight))),
      ),
    onlyFloat,
  ),
);

const ADDCMUL = "addcmul(input: operand, tensor1: operand, tensor2: operand, *, value: scalar = 1)";
const ADDCDIV = "addcdiv(input: operand, tensor1: operand, tensor2: operand, *, value: scalar = 1)";

function valuedOp<S extends typeof ADDCMUL | typeof ADDCDIV>(
  signature: S,
  { op }: TernaryOp,
): ElementwiseOp<S> {
  type Valued = (a: Operand, b: Operand, c: Operand, options: { readonly value: Scalar }) => Tensor;
  const scaled = (a: Operand, b: Operand, c: Operand, value: Scalar): Operand[] => {
    if (value === 1) return [a, b, c];
    if (op.result === "same") checkFactor(op.name, "value", value, [a, b, c]);
    return [a, isScalar(b) ? timesScalar(b, value) : mul(b, value), c];
  };
  const run: Valued = (a, b, c, { value }) => applyElementwise(op, scaled(a, b, c, value));
  const inPlace: Valued = (x, b, c, { value }) => applyInPlace(op, scaled(x, b, c, value));
  return elementwise(signature, op, run as never, inPlace as never);
}

/**
 * `input + tensor1 * tensor2`, or `input + value * tensor1 * tensor2`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when `value` has a fraction and the operands are integers.
 *
 * @example
 * ```ts
 * import { addcmul, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addcmul(tensor([1, 1]), tensor([2, 3]), 10)));
 * // tensor([21., 31.])
 * ```
 */
export const addcmul: ElementwiseOp<typeof ADDCMUL> = valuedOp(
  ADDCMUL,
  ternaryOp("addcmul", (a, b, c) => E.add(a, E.mul(b, c))),
);

/**
 * `input + tensor1 / tensor2`, or `input + value * tensor1 / tensor2`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when both `tensor1` and `tensor2` are tensors of integers.
 *
 * @example
 * ```ts
 * import { addcdiv, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addcdiv(tensor([1, 1]), tensor([2, 3]), 10, { value: 2 })));
 * // tensor([1.4000, 1.6000])
 * ```
 */
export const addcdiv: ElementwiseOp<typeof ADDCDIV> = valuedOp(
  ADDCDIV,
  ternaryOp("addcdiv", (a, b, c) => E.add(a, E.div(b, c)), { result: "float", ...notIntegerQuotient }),
);
