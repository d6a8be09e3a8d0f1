import {
  type Backend,
  broadcastShapes,
  DeviceError,
  type DType,
  DTypeError,
  type Expr,
  formatShape,
  input,
  isFloat,
  MapKernel,
  param,
  promote,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { callable } from "./call/callable.ts";
import type { Bound, Callable } from "./call/signature.ts";
import { getDefaultDType } from "./defaults.ts";
import { refuseLost } from "./device.ts";
import type { ElementwiseName, OpName } from "./ops/names.ts";
import { checkHolds, resultType } from "./promotion.ts";
import { record, writeInPlace } from "./recorder.ts";
import { type Operand, type Scalar, Tensor } from "./tensor.ts";

/**
 * Which dtypes an op computes in and gives: `same` the promoted dtype of its operands, `float` the same or, for
 * integers, the default float, `bool` compares in the promoted dtype and gives bool.
 *
 * @internal
 */
export type Result = "same" | "float" | "bool";

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
  /** The reason why it does not take these operands, which promote to `dtype`; or throws, if it is not their dtype. */
  readonly refuse?: (dtype: DType, operands: readonly Operand[], name: string) => string | undefined;
  /** Kernels by which operands are scalars (one bit each), made on first use. */
  readonly kernels: MapKernel[];
}

/**
 * The kernel of an op for operands of which those in `scalars` (a bit each) are plain scalars, hence params.
 *
 * @internal
 */
export function kernelOf(op: Elementwise, scalars: number): MapKernel {
  let kernel = op.kernels[scalars];
  if (kernel === undefined) {
    let inputs = 0;
    let params = 0;
    const refs: Expr[] = [];
    for (let k = 0; k < op.arity; k++) refs.push((scalars >> k) & 1 ? param(params++) : input(inputs++));
    kernel = new MapKernel(op.name, inputs, params, [op.formula(...refs)]);
    op.kernels[scalars] = kernel;
  }
  return kernel;
}

/**
 * A scalar as a kernel takes it in a compute dtype. Integers of 8 and 32 bits wrap, as in PyTorch.
 *
 * @throws ValueError when the kernel computes in integers and the scalar is none of 64 bits.
 *
 * @internal
 */
export function kernelParam(x: Scalar, compute: DType, what = "a scalar"): number | bigint {
  if (!isFloat(compute)) checkHolds(what, "int64", x);
  if (compute === "int64") return typeof x === "bigint" ? x : BigInt(Math.trunc(Number(x)));
  return typeof x === "number" ? x : Number(x);
}

/**
 * The device all tensors among the operands are on.
 *
 * @throws DeviceError when they are on several.
 *
 * @internal
 */
export function commonBackend(what: string, operands: readonly Operand[]): Backend {
  let backend: Backend | null = null;
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (typeof x !== "object") continue;
    if (backend === null) backend = x.storage.backend;
    else if (x.storage.backend !== backend) {
      throw differentDevices(what, backend, x.storage.backend);
    }
  }
  if (backend === null) throw new DTypeError(`${what} takes at least one tensor; got only plain numbers`);
  return backend;
}

/** What is wrong, and which of the two can move at once. */
function differentDevices(what: string, a: Backend, b: Backend): DeviceError {
  for (const backend of [a, b]) refuseLost(what, backend);
  if (a.name === b.name) {
    return new DeviceError(
      `${what}: tensors are on two devices that are both named ${a.name}: one of them belongs to another copy of @flambeau/tensor`,
    );
  }
  const target = a.downloadSync !== undefined && b.downloadSync === undefined ? b : a;
  const other = target === a ? b : a;
  return new DeviceError(
    `${what}: tensors are on different devices, ${a.name} and ${b.name}; move the one on ${other.name} with .to("${target.name}")`,
  );
}

interface Plan {
  readonly backend: Backend;
  readonly inputs: Tensor[];
  readonly params: (number | bigint)[];
  readonly scalars: number;
  readonly shape: Shape;
  readonly compute: DType;
  readonly dtype: DType;
}

function plan(op: Elementwise, operands: readonly Operand[]): Plan {
  const inputs: Tensor[] = [];
  let scalars = 0;
  let shape: Shape | null = null;
  let promoted: DType | null = null;
  for (let k = 0; k < operands.length; k++) {
    const x = operands[k];
    if (typeof x === "object") {
      inputs.push(x);
      shape = shape === null ? x.shape : joinShapes(op, shape, x.shape);
      if (k >= op.promoteFrom) promoted = promoted === null || promoted === x.dtype ? x.dtype : "bool";
    } else {
      scalars |= 1 << k;
    }
  }
  const backend = commonBackend(op.name, inputs);
  // One float dtype among the tensors is the result whatever the scalars are; anything else goes the long way.
  let dtype: DType = promoted !== null && isFloat(promoted) ? promoted : resultType(operands, op.promoteFrom);
  if (op.refuse !== undefined) checkTaken(op, dtype, operands);
  if (op.result === "float" && !isFloat(dtype)) dtype = getDefaultDType();
  // Sums of bools are computed with room for 1 + 1, and stored as "not zero".
  const compute = dtype === "bool" ? "uint8" : dtype;
  const params: (number | bigint)[] = [];
  if (scalars !== 0) {
    for (let k = 0; k < operands.length; k++) {
      if ((scalars >> k) & 1) params.push(kernelParam(operands[k] as Scalar, compute, op.name));
    }
  }
  return {
    backend,
    inputs,
    params,
    scalars,
    shape: shape as Shape,
    compute,
    dtype: op.result === "bool" ? "bool" : dtype,
  };
}

/**
 * Refuses operands that an op does not take.
 *
 * @throws DTypeError
 */
export function checkTaken(op: Elementwise, dtype: DType, operands: readonly Operand[]): void {
  const reason = op.refuse?.(dtype, operands, op.name);
  if (reason !== undefined) throw new DTypeError(`${op.name}: ${reason}`);
}

function joinShapes(op: Elementwise, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  try {
    return broadcastShapes(a, b);
  } catch (error) {
    throw error instanceof ShapeError ? new ShapeError(`${op.name}: ${error.message}`) : error;
  }
}

/** Runs an elementwise op into a new tensor. */
export function applyElementwise(op: Elementwise, operands: readonly Operand[]): Tensor {
  const p = plan(op, operands);
  const out = Tensor.empty(p.backend, p.shape, p.dtype);
  p.backend.map(kernelOf(op, p.scalars), p.compute, p.inputs, p.params, [out]);
  return op.differentiable ? record(op.name as ElementwiseName, operands, undefined, out) : out;
}

/**
 * Runs an elementwise op in place: the result overwrites `target`, which is the first operand.
 *
 * @throws ShapeError when the result is larger than the target; DTypeError when its category is higher.
 */
export function applyInPlace(op: Elementwise, operands: readonly Operand[]): Tensor {
  const target = operands[0] as Tensor;
  const p = plan(op, operands);
  checkResult(`${op.name}_`, p, target);
  refuseOverlap(`${op.name}_`, target);
  const inputs = p.inputs.map((x) => (overlaps(x, target) ? x.detach().clone() : x));
  return writeInPlace(op.name as OpName, operands, undefined as never, target, () => {
    p.backend.map(kernelOf(op, p.scalars), p.compute, inputs, p.params, [target]);
  });
}

/**
 * Refuses a result that cannot be written over a tensor.
 *
 * @throws ShapeError when it is larger; DTypeError when its category is higher, so that it would lose what the values are.
 */
export function checkResult(what: string, result: Pick<Plan, "shape" | "dtype">, target: Tensor): void {
  if (!sameShape(result.shape, target.shape)) {
    throw new ShapeError(
      `${what}: the result has shape ${formatShape(result.shape)} and does not fit into the tensor of shape ${formatShape(target.shape)}`,
    );
  }
  const [from, to] = [result.dtype, target.dtype];
  const loses = isFloat(from) ? !isFloat(to) : from !== "bool" && to === "bool";
  if (loses && promote(from, to) === from) {
    throw new DTypeError(
      `${what}: the result is ${from} and cannot be stored in a tensor of ${to}; convert with .to("${from}") first`,
    );
  }
}

/** Whether writing `target` while reading `x` elementwise could read what was just written. */
export function overlaps(x: Tensor, target: Tensor): boolean {
  if (x.storage !== target.storage) return false;
  return !(
    x.offset === target.offset &&
    sameShape(x.shape, target.shape) &&
    sameShape(x.strides, target.strides)
  );
}

/**
 * Refuses a write to an expanded tensor, whose elements share memory.
 *
 * @throws ShapeError
 */
export function refuseOverlap(what: string, target: Tensor): void {
  for (let i = 0; i < target.shape.length; i++) {
    if (target.shape[i] > 1 && target.strides[i] === 0) {
      throw new ShapeError(
        `${what}: several elements of this expanded tensor share one place in memory; clone() it first`,
      );
    }
  }
}

/**
 * The dimensions from the one along which neighbours lie farthest apart to the nearest; stretched ones stay where they
 * are. Source: PyTorch's order of loops, aten/src/ATen/ExpandUtils.cpp (infer_dense_strides).
 */
export function memoryOrder(x: Tensor): number[] {
  const order = Array.from(x.shape, (_, i) => x.ndim - 1 - i);
  const comparison = (i: number, j: number): number => {
    if (x.strides[i] === 0 || x.strides[j] === 0) return 0;
    return x.strides[i] - x.strides[j] || Math.max(0, x.shape[i] - x.shape[j]);
  };
  // A sort by insertion that looks past the incomparable.
  for (let i = 1; i < order.length; i++) {
    for (let at = i, before = i - 1; before >= 0; before--) {
      const farther = comparison(order[before], order[at]);
      if (farther < 0) break;
      if (farther === 0) continue;
      [order[before], order[at]] = [order[at], order[before]];
      at = before;
    }
  }
  return order.reverse();
}

interface Options {
  readonly result?: Result;
  readonly promoteFrom?: number;
  readonly differentiable?: boolean;
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

export function unaryOp(name: string, formula: (x: Expr) => Expr, options: Options = {}): UnaryOp {
  return plain("input", define(name, 1, formula, options));
}

export function binaryOp(name: string, formula: (a: Expr, b: Expr) => Expr, options: Options = {}): BinaryOp {
  return plain("input: operand, other", define(name, 2, formula, options));
}

export function ternaryOp(
  name: string,
  formula: (a: Expr, b: Expr, c: Expr) => Expr,
  options: Options = {},
): TernaryOp {
  return plain("input: operand, a: operand, b: operand", define(name, 3, formula, options));
}
