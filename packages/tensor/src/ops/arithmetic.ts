/**
 * Arithmetic of tensors and plain numbers, elementwise, with broadcasting and PyTorch's type promotion.
 *
 * @module
 */
import { E, input, isFloat, quote, ReduceKernel, ValueError } from "@flambeau/backend";
import { applyElementwise, applyInPlace, checkTaken } from "../dispatch/elementwise.ts";
import { type BinaryOp, binaryOp, type ElementwiseOp, elementwise } from "../elementwise.ts";
import { isScalar, resultType, timesScalar } from "../promotion.ts";
import { named } from "../recorder.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { overwrite } from "./overwrite.ts";
import { checkFactor, notAllBool, notBool } from "./refusals.ts";
import { trunc } from "./trunc.ts";

const ADD = "add(input: operand, other, *, alpha: scalar = 1)";
const SUB = "sub(input: operand, other, *, alpha: scalar = 1)";
const RSUB = "rsub(input: operand, other, *, alpha: scalar = 1)";

/** An op one of whose operands, number `which`, can be scaled. */
function scaledOp<S extends typeof ADD | typeof SUB | typeof RSUB>(
  signature: S,
  { op }: BinaryOp,
  which: 0 | 1 = 1,
): ElementwiseOp<S> {
  const scaled = (a: Operand, b: Operand, alpha: Scalar): Operand[] => {
    const operands = [a, b];
    if (alpha === 1) return operands;
    checkFactor(op.name, "alpha", alpha, operands);
    checkTaken(op, resultType(operands), operands);
    const x = operands[which];
    operands[which] = isScalar(x) ? timesScalar(x, alpha) : mul(x, alpha);
    return operands;
  };
  type Scaled = (a: Operand, b: Operand, options: { readonly alpha: Scalar }) => Tensor;
  const run: Scaled = (a, b, { alpha }) => applyElementwise(op, scaled(a, b, alpha));
  const inPlace: Scaled = (x, b, options) => {
    // The kernel writes over its first operand, which has to be the tensor itself.
    if (which === 0 && options.alpha !== 1) return overwrite(`${op.name}_`, x as Tensor, run(x, b, options));
    return applyInPlace(op, scaled(x, b, options.alpha));
  };
  return elementwise(signature, op, run as never, inPlace as never);
}

/**
 * `input + other`, or `input + alpha * other`. For bools the logical or.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when `alpha` has a fraction and the operands are integers.
 *
 * @example
 * ```ts
 * import { add, tensor } from "@flambeau/tensor";
 *
 * console.log(String(add(tensor([[1], [2]]), tensor([10, 20]))));
 * // tensor([[11., 21.],
 * //         [12., 22.]])
 * console.log(String(add(tensor([1, 2]), tensor([1, 1]), { alpha: 0.5 })));
 * // tensor([1.5000, 2.5000])
 * ```
 */
export const add: ElementwiseOp<typeof ADD> = scaledOp(
  ADD,
  binaryOp("add", (a, b) => E.add(a, b)),
);

/**
 * `input - other`, or `input - alpha * other`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError for bools.
 *
 * @example
 * ```ts
 * import { sub, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sub(tensor([5, 7]), 2)));
 * // tensor([3., 5.])
 * ```
 */
export const sub: ElementwiseOp<typeof SUB> = scaledOp(
  SUB,
  binaryOp("sub", (a, b) => E.sub(a, b), notBool),
);

/**
 * `input * other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { mul, tensor } from "@flambeau/tensor";
 *
 * console.log(String(mul(tensor([1, 2]), tensor([3, 4]))));
 * // tensor([3., 8.])
 * ```
 */
export const mul: BinaryOp = binaryOp("mul", (a, b) => E.mul(a, b));

const divide = binaryOp("div", (a, b) => E.div(a, b), { result: "float" });

const DIV = "div(input: operand, other, *, roundingMode?: 'floor'|'trunc')";

/**
 * `input / other`; integers divide to the default float. With `roundingMode` the quotient is rounded, and integers stay integers.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for an unknown rounding mode.
 *
 * @example
 * ```ts
 * import { div, tensor } from "@flambeau/tensor";
 *
 * console.log(String(div(tensor([7n, -7n]), 2)));
 * // tensor([ 3.5000, -3.5000])
 * console.log(String(div(tensor([7n, -7n]), 2, { roundingMode: "trunc" })));
 * // tensor([ 3, -3])
 * ```
 */
export const div: ElementwiseOp<typeof DIV> = elementwise(
  DIV,
  divide.op,
  (a, b, { roundingMode }) => {
    if (roundingMode === undefined) return applyElementwise(divide.op, [a, b]);
    if (roundingMode === "floor") return floorDivide(a, b);
    // Without the remainder integers divide exactly, and floor is trunc.
    return isFloat(resultType([a, b]))
      ? named(trunc(divide(a, b) as Tensor), "DivBackward2")
      : floorDivide(sub(a, fmod(a, b)), b);
  },
  (x, b, { roundingMode }) => {
    if (roundingMode === "floor") return floorDivide.inPlace(x, b);
    if (roundingMode === undefined || isFloat((x as Tensor).dtype)) {
      const quotient = applyInPlace(divide.op, [x, b]);
      return roundingMode === undefined ? quotient : applyInPlace(trunc.op, [quotient]);
    }
    return floorDivide.inPlace(applyInPlace(sub.op, [x, fmod(x, b)]), b);
  },
);

/**
 * `other - input`, or `other - alpha * input`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError for bools, or when `alpha` has a fraction and the operands are
 *   integers.
 *
 * @example
 * ```ts
 * import { rsub, tensor } from "@flambeau/tensor";
 *
 * console.log(String(rsub(tensor([1, 2]), 10)));
 * // tensor([9., 8.])
 * console.log(String(rsub(tensor([1, 2]), 10, { alpha: 3 })));
 * // tensor([7., 4.])
 * ```
 */
export const rsub: ElementwiseOp<typeof RSUB> = scaledOp(
  RSUB,
  binaryOp("rsub", (a, b) => E.sub(b, a), notBool),
  0,
);

/** An op that refuses some second operands. */
function guarded<S extends string = "binary(input: operand, other)">(
  { op }: BinaryOp,
  isBad: (b: number) => boolean,
  why: string,
  isBadTensor: (b: Tensor) => boolean = () => false,
  signature: string = `${op.name}(input: operand, other)`,
): ElementwiseOp<S> {
  const check = (a: Operand, b: Operand): void => {
    if (b instanceof Tensor) {
      if (isFloat(b.dtype) || (a instanceof Tensor && (isFloat(a.dtype) || a.numel() === 0))) return;
      if (isBadTensor(b) && !isFloat(resultType([a, b]))) throw new ValueError(`${op.name}: ${why}`);
      return;
    }
    if (typeof b !== "object" && isBad(Number(b)) && !isFloat(resultType([a, b]))) {
      throw new ValueError(`${op.name}: ${why}; got ${quote(b)}`);
    }
  };
  type Checked = (a: Operand, b: Operand) => Tensor;
  const run: Checked = (a, b) => {
    check(a, b);
    return applyElementwise(op, [a, b]);
  };
  const inPlace: Checked = (x, b) => {
    check(x, b);
    return applyInPlace(op, [x, b]);
  };
  return elementwise(signature as S, op, run as never, inPlace as never);
}

const isZero = (b: number): boolean => b === 0;
const noneZero = new ReduceKernel("noneZero", "min", { prepare: E.ne(input(0), 0) });

/** Whether a tensor of integers or bools holds a zero; no where that would have to be waited for, and the kernel looks. */
function hasZero(x: Tensor): boolean {
  const { backend } = x.storage;
  if (backend.downloadSync === undefined || x.numel() === 0) return false;
  const compute = x.dtype === "bool" ? "uint8" : x.dtype;
  const verdict = Tensor.empty(backend, new Array<number>(x.ndim).fill(1), compute);
  backend.reduce(noneZero, compute, x.shape, [x], [], verdict);
  const none = Number(backend.downloadSync(verdict)[0]) !== 0;
  backend.release(verdict.storage);
  return !none;
}

const POW = "pow(input: operand, exponent: operand)";

/**
 * `input` to the power of `exponent`. Where an integer tensor holds negative exponents, the power is cut to an integer.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for an integer tensor to a negative number.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([2n, 3n]).pow(2)));
 * // tensor([4, 9])
 * console.log(String(tensor([4, 9]).pow(0.5)));
 * // tensor([2., 3.])
 * ```
 */
export const pow: ElementwiseOp<typeof POW> = guarded(
  binaryOp("pow", (a, b) => E.pow(a, b), notAllBool),
  (b) => b < 0,
  "integers have no negative powers; convert to a float first",
  undefined,
  POW,
);

/**
 * The quotient rounded down. Its derivative is taken as zero.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers divided by a zero. For a zero in a
 *   tensor on a device that cannot be read at once, the next read throws it.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([7n, -7n]).floorDivide(2)));
 * // tensor([ 3, -4])
 * ```
 */
export const floorDivide: BinaryOp = guarded(
  binaryOp("floorDivide", (a, b) => E.floordiv(a, b), notAllBool),
  isZero,
  "integers cannot be divided by zero",
  hasZero,
);

/**
 * The remainder with the divisor's sign, as Python's `%`.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers and a zero. For a zero in a tensor on a
 *   device that cannot be read at once, the next read throws it.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([7n, -7n]).remainder(3)));
 * // tensor([1, 2])
 * console.log(String(tensor([7n, -7n]).fmod(3)));
 * // tensor([ 1, -1])
 * ```
 */
export const remainder: BinaryOp = guarded(
  binaryOp("remainder", (a, b) => E.mod(a, b), notAllBool),
  isZero,
  "integers have no remainder by zero",
  hasZero,
);

/**
 * The remainder with the dividend's sign, as C's `fmod`.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers and a zero. For a zero in a tensor on a
 *   device that cannot be read at once, the next read throws it.
 *
 * @example
 * ```ts
 * import { fmod, tensor } from "@flambeau/tensor";
 *
 * console.log(String(fmod(tensor([7n, -7n]), 3)));
 * // tensor([ 1, -1])
 * ```
 */
export const fmod: BinaryOp = guarded(
  binaryOp("fmod", (a, b) => E.fmod(a, b), notAllBool),
  isZero,
  "integers have no remainder by zero",
  hasZero,
);
