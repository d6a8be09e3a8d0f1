import {
  type Backend,
  broadcastShapes,
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
import { getDefaultDType } from "../defaults.ts";
import type { Elementwise } from "../elementwise.ts";
import type { ElementwiseName, OpName } from "../ops/names.ts";
import { checkHolds, resultType } from "../promotion.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { commonBackend } from "./devices.ts";
import { observed, observer } from "./observe.ts";
import { overlaps, refuseOverlap } from "./overlap.ts";
import { record, recordWrite } from "./record.ts";

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
  return observer === null ? execute(op, operands) : observedElementwise("op", op, operands, execute);
}

/**
 * Runs an elementwise op in place: the result overwrites `target`, which is the first operand.
 *
 * @throws ShapeError when the result is larger than the target; DTypeError when its category is higher.
 */
export function applyInPlace(op: Elementwise, operands: readonly Operand[]): Tensor {
  return observer === null ? overwrite(op, operands) : observedElementwise("write", op, operands, overwrite);
}

function observedElementwise(
  kind: "op" | "write",
  op: Elementwise,
  operands: readonly Operand[],
  run: (op: Elementwise, operands: readonly Operand[]) => Tensor,
): Tensor {
  return observed(kind, op.name, operands, undefined, () => run(op, operands), op);
}

function execute(op: Elementwise, operands: readonly Operand[]): Tensor {
  const p = plan(op, operands);
  const out = Tensor.empty(p.backend, p.shape, p.dtype);
  p.backend.map(kernelOf(op, p.scalars), p.compute, p.inputs, p.params, [out]);
  return op.differentiable ? record(op.name as ElementwiseName, operands, op.derivative, out) : out;
}

function overwrite(op: Elementwise, operands: readonly Operand[]): Tensor {
  const target = operands[0] as Tensor;
  const p = plan(op, operands);
  checkResult(`${op.name}_`, p, target);
  refuseOverlap(`${op.name}_`, target);
  const inputs = p.inputs.map((x) => (overlaps(x, target) ? x.detach().clone() : x));
  return recordWrite(op.name as OpName, operands, op.derivative as never, target, () => {
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
