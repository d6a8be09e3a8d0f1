/** Signs, infinities and steps. */
import { DTypeError, E, type Expr, isFloat } from "@flambeau/backend";
import {
  type BinaryOp,
  binaryOp,
  type Callable,
  callable,
  named,
  Tensor,
  type UnaryOp,
  unaryOp,
  zeros,
} from "@flambeau/tensor";
import { withoutDerivative } from "./on-host.ts";

/** Of zeros the reciprocals tell. */
const isNegative = (x: Expr): Expr => E.select(E.eq(x, 0), E.lt(E.div(1, x), 0), E.lt(x, 0));

const copied: BinaryOp = binaryOp("copysign", (a, b) => E.select(isNegative(b), E.neg(E.abs(a)), E.abs(a)), {
  result: "float",
  derivative: [({ g, a, y }) => E.select(E.eq(a, 0), 0, E.mul(g, E.div(y, a))), () => 0],
});

const COPYSIGN = "copysign(input, other)";

/**
 * The size of `input` with the sign of `other`, elementwise, which zeros have too; nan counts as positive. Integers give the default float. The
 * derivative is 0 where `input` is, and with respect to `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { copysign } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(copysign(tensor([1, -2]), tensor([-0, 3]))));
 * // tensor([-1.,  2.])
 * ```
 */
export const copysign: Callable<typeof COPYSIGN, Tensor> = callable(COPYSIGN, (a, b) =>
  named(copied(a, b), `CopysignBackward${b instanceof Tensor ? 0 : 1}`),
);

const none = (x: Tensor): Tensor => zeros(x.shape, { dtype: "bool", device: x.device });

/** A predicate of floats; of other dtypes another one. */
function predicate(formula: (x: Expr) => Expr, name: string): UnaryOp {
  return unaryOp(name, formula, { result: "bool" });
}

const signbitOfFloats = predicate(isNegative, "signbit");
const SIGNBIT = "signbit(input)";

/**
 * Whether the sign is set, elementwise, which it is of -0: bool. False of nan.
 *
 * @example
 * ```ts
 * import { signbit } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(signbit(tensor([-1, -0, 0, 2]))));
 * // tensor([ True,  True, False, False])
 * ```
 */
export const signbit: Callable<typeof SIGNBIT, Tensor> = callable(SIGNBIT, (x) =>
  isFloat(x.dtype) ? signbitOfFloats(x) : x.dtype === "bool" ? none(x) : x.lt(0),
);

const isPositiveInfinity = predicate((x) => E.eq(x, Infinity), "isposinf");
const ISPOSINF = "isposinf(input)";

/**
 * Whether an element is Infinity: bool.
 *
 * @example
 * ```ts
 * import { isposinf } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(isposinf(tensor([Infinity, -Infinity, 1]))));
 * // tensor([ True, False, False])
 * ```
 */
export const isposinf: Callable<typeof ISPOSINF, Tensor> = callable(ISPOSINF, (x) =>
  isFloat(x.dtype) ? isPositiveInfinity(x) : none(x),
);

const isNegativeInfinity = predicate((x) => E.eq(x, -Infinity), "isneginf");
const ISNEGINF = "isneginf(input)";

/**
 * Whether an element is -Infinity: bool.
 *
 * @example
 * ```ts
 * import { isneginf } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(isneginf(tensor([Infinity, -Infinity, 1]))));
 * // tensor([False,  True, False])
 * ```
 */
export const isneginf: Callable<typeof ISNEGINF, Tensor> = callable(ISNEGINF, (x) =>
  isFloat(x.dtype) ? isNegativeInfinity(x) : none(x),
);

const step = binaryOp("heaviside", (x, value) => E.select(E.eq(x, 0), value, E.gt(x, 0)), {
  differentiable: false,
});

const HEAVISIDE = "heaviside(input, values: tensor)";

/**
 * The step function, elementwise: 0 below zero and of nan, 1 above, and `values` at zero. Shapes broadcast.
 *
 * @param values - what the result is where `input` is zero.
 * @throws DTypeError when the dtypes differ; ShapeError when the shapes do not broadcast. There is no derivative: a backward pass throws an
 *   AutogradError.
 *
 * @example
 * ```ts
 * import { heaviside } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(heaviside(tensor([-1, 0, 2]), tensor(0.5))));
 * // tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export const heaviside: Callable<typeof HEAVISIDE, Tensor> = callable(HEAVISIDE, (x, values) => {
  if (x.dtype !== values.dtype)
    throw new DTypeError(
      `heaviside: input and values have one dtype; got ${x.dtype} and ${values.dtype}. Convert one with .to()`,
    );
  return withoutDerivative("heaviside", ([a, b]) => step(a, b), [x, values]);
});
