import type { DType, Expr, ExprLike, MapKernel } from "@flambeau/backend";
import { callable } from "./call/callable.ts";
import type { Bound, Callable } from "./call/signature.ts";
import { applyElementwise, applyInPlace } from "./dispatch/elementwise.ts";
import type { Operand, Tensor } from "./tensor.ts";

/**
 * Which dtypes an op computes in and gives: `same` the promoted dtype of its operands, `float` the same or, for
 * integers, the default float, `bool` compares in the promoted dtype and gives bool.
 *
 * @internal
 */
export type Result = "same" | "float" | "bool";

/**
 * What the formula of a derivative may use: the output's gradient g, the operands a, b, c, and the output y.
 *
 * @internal
 */
export interface Values {
  readonly g: Expr;
  readonly a: Expr;
  readonly b: Expr;
  readonly c: Expr;
  readonly y: Expr;
}

/**
 * The gradient with respect to one operand. In a backward pass it is compiled to one kernel, as the op itself was; when
 * gradients are to be differentiated again it is evaluated with recorded ops.
 *
 * @internal
 */
export type Formula = (values: Values) => ExprLike;

/**
 * One formula per operand, null where an operand cannot have a gradient (a mask, a setting).
 *
 * @internal
 */
export type Derivative = readonly (Formula | null)[];

/**
 * An elementwise op: a formula over its operands, each a tensor or a plain scalar.
 *
 * @internal
 */
export interface Elementwise {
  readonly name: string;
  readonly result: Result;
  readonly formula: (...operands: Expr[]) => Expr;
  readonly arity: number;
  /** Operands before this one are masks that do not take part in promotion. */
  readonly promoteFrom: number;
  /** Whether an output can have a gradient. */
  readonly differentiable: boolean;
  /** Of an op that autograd's table does not have: its derivative, so that it loads with the op alone. */
  readonly derivative?: Derivative;
  /** The reason why it does not take these operands, which promote to `dtype`; or throws, if it is not their dtype. */
  readonly refuse?: (dtype: DType, operands: readonly Operand[], name: string) => string | undefined;
  /** Kernels by which operands are scalars (one bit each), made on first use. */
  readonly kernels: MapKernel[];
}

interface Options {
  readonly result?: Result;
  readonly promoteFrom?: number;
  readonly differentiable?: boolean;
  readonly derivative?: Derivative;
  readonly refuse?: Elementwise["refuse"];
}

function define(
  name: string,
  arity: number,
  formula: (...operands: Expr[]) => Expr,
  options: Options,
): Elementwise {
  const result = options.result ?? "same";
  return {
    name,
    arity,
    formula,
    result,
    promoteFrom: options.promoteFrom ?? 0,
    differentiable: options.differentiable ?? result !== "bool",
    derivative: options.derivative,
    refuse: options.refuse,
    kernels: [],
  };
}

/**
 * An elementwise op as it is called: a function of signature `S` whose method has an in-place form.
 *
 * @internal
 */
export interface ElementwiseOp<S extends string> extends Callable<S, Tensor> {
  readonly op: Elementwise;
  /** Writes over the first operand. */
  readonly inPlace: (...args: Bound<S>) => Tensor;
}

/**
 * An op of one tensor.
 *
 * @internal
 */
export type UnaryOp = ElementwiseOp<"unary(input)">;

/**
 * An op of two operands, either of which may be a plain scalar.
 *
 * @internal
 */
export type BinaryOp = ElementwiseOp<"binary(input: operand, other)">;

/**
 * An op of three operands, any of which may be a plain scalar.
 *
 * @internal
 */
export type TernaryOp = ElementwiseOp<"ternary(input: operand, a: operand, b: operand)">;

/** An elementwise op of a signature, with the code of both its forms. */
export function elementwise<S extends string>(
  signature: S,
  op: Elementwise,
  run: (...args: Bound<S>) => Tensor,
  inPlace: (...args: Bound<S>) => Tensor,
): ElementwiseOp<S> {
  return Object.assign(callable(signature, run), { op, inPlace });
}

/** An op that is its formula and nothing else: `list` has its parameters, each an operand. */
function plain<S extends string>(list: string, op: Elementwise): ElementwiseOp<S> {
  type Run = (a: Operand, b: Operand, c: Operand) => Tensor;
  // Of one and two operands, the most, without an array for each call that is then cut.
  const run: Run =
    op.arity === 1
      ? (x) => applyElementwise(op, [x])
      : op.arity === 2
        ? (a, b) => applyElementwise(op, [a, b])
        : (a, b, c) => applyElementwise(op, [a, b, c]);
  const inPlace: Run = (a, b, c) => applyInPlace(op, [a, b, c].slice(0, op.arity));
  return elementwise(`${op.name}(${list})` as S, op, run as never, inPlace as never);
}

/** The same op with the parameters of another signature, in the same order. */
export function renamed<S extends string>(signature: S, { op, inPlace }: TernaryOp): ElementwiseOp<S> {
  const run = (a: Operand, b: Operand, c: Operand): Tensor => applyElementwise(op, [a, b, c]);
  return elementwise(signature, op, run as never, inPlace as never);
}

/**
 * An op of one tensor that is its formula.
 *
 * @internal
 */
export function unaryOp(name: string, formula: (x: Expr) => Expr, options: Options = {}): UnaryOp {
  return plain("input", define(name, 1, formula, options));
}

/**
 * An op of two operands that is its formula.
 *
 * @internal
 */
export function binaryOp(name: string, formula: (a: Expr, b: Expr) => Expr, options: Options = {}): BinaryOp {
  return plain("input: operand, other", define(name, 2, formula, options));
}

/**
 * An op of three operands that is its formula.
 *
 * @internal
 */
export function ternaryOp(
  name: string,
  formula: (a: Expr, b: Expr, c: Expr) => Expr,
  options: Options = {},
): TernaryOp {
  return plain("input: operand, a: operand, b: operand", define(name, 3, formula, options));
}
