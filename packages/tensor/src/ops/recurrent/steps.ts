/**
 * What the recurrent ops have in common: blocks of time steps, and the gradients of products over all of them.
 *
 * @module
 * @internal
 */
import { DTypeError, isFloat, numel, ReduceKernel } from "@flambeau/backend";
import { commonBackend } from "../../dispatch/devices.ts";
import { Tensor } from "../../tensor.ts";
import { sameDType } from "../same-dtype.ts";
import { transposed } from "../transposed.ts";
import { sumKernel } from "./gates.ts";

/** What the gradients of a layer are computed from, besides the attributes. */
export interface Saved {
  /** Whether the gradient of x is needed. */
  readonly needsX: boolean;
  readonly x: Tensor;
  readonly h0: Tensor;
  readonly output: Tensor;
  readonly weights: { readonly input: Tensor; readonly hidden: Tensor };
}

const rowSum = new ReduceKernel("recurrentBackwardBias", "sum");

/**
 * Makes sure that the operands of a layer are floats of one dtype on one device.
 *
 * @throws DTypeError, DeviceError
 */
export function checkOperands(what: string, operands: readonly Tensor[]): void {
  commonBackend(what, operands);
  sameDType(what, operands);
  if (!isFloat(operands[0].dtype)) throw new DTypeError(`${what} takes floats; got ${operands[0].dtype}`);
}

/** `count` columns from `first` on of time step `t` of `[length, batch, size]`, as `[batch, count]`. */
export function step(x: Tensor, t: number, first = 0, count: number = x.shape[2] - first): Tensor {
  const [along, down, across] = x.strides;
  const offset = x.offset + t * along + first * across;
  return new Tensor(x.storage, [x.shape[1], count], [down, across], offset);
}

/** The time steps in the order in which they are computed. */
export function order(length: number, reverse: boolean): number[] {
  return Array.from({ length }, (_, k) => (reverse ? length - 1 - k : k));
}

export function empty(like: Tensor, ...shape: number[]): Tensor {
  return Tensor.empty(like.storage.backend, shape, like.dtype);
}

/** `[length, batch, size]` as `[length * batch, size]`. */
export function rowsOf(x: Tensor): Tensor {
  return x.reshape([x.shape[0] * x.shape[1], x.shape[2]]);
}

/** `a b`, plus `addend` if there is one, into `out`; matrices. */
export function productInto(a: Tensor, b: Tensor, addend: Tensor | null, out: Tensor): void {
  const epilogue = addend === null ? undefined : { kernel: sumKernel, inputs: [addend], params: [] };
  a.storage.backend.matmul(a, b, out, epilogue);
}

/** `a b` of matrices, plus `addend` if there is one. */
export function product(a: Tensor, b: Tensor, addend: Tensor | null = null): Tensor {
  const out = empty(a, a.shape[0], b.shape[1]);
  productInto(a, b, addend, out);
  return out;
}

/** The products of the inputs of all time steps with their weight `[size, in]`: `[length, batch, size]`. */
export function projected(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const [length, batch] = x.shape;
  const out = empty(x, length, batch, weight.shape[0]);
  productInto(rowsOf(x), transposed(weight), bias, rowsOf(out));
  return out;
}

/** `aᵀ b` over the rows of all time steps: the gradient of a weight `[size of a, size of b]`. */
export function weightGradient(a: Tensor, b: Tensor): Tensor {
  return product(transposed(rowsOf(a)), rowsOf(b));
}

/**
 * The gradient of the weight of the recurrent product: `gᵀ h` over all time steps, where h is the state before each, which is
 * the result of the step before, and `first` before all.
 */
export function stateWeightGradient(g: Tensor, states: Tensor, first: Tensor, reverse: boolean): Tensor {
  const [length] = g.shape;
  const start = reverse ? length - 1 : 0;
  const own = product(transposed(step(g, start)), first);
  if (length === 1) return own;
  const [later, before] = reverse ? [0, 1] : [1, 0];
  const rest = (x: Tensor, from: number): Tensor => rowsOf(x.narrow(0, from, length - 1));
  return product(transposed(rest(g, later)), rest(states, before), own);
}

/** The sum of the rows of all time steps: the gradient of a bias. */
export function biasGradient(g: Tensor): Tensor {
  const rows = rowsOf(g);
  const out = empty(g, 1, rows.shape[1]);
  g.storage.backend.reduce(rowSum, g.dtype, rows.shape, [rows], [], out);
  return new Tensor(out.storage, [numel(out.shape)]);
}

/** One zero that broadcasts to what is missing. */
export function zeroOf(like: Tensor): Tensor {
  return Tensor.empty(like.storage.backend, [1], like.dtype).zero_();
}
