/**
 * A direction of a layer of long short-term memory.
 *
 * Source of the recurrence: Hochreiter and Schmidhuber, "Long short-term memory" (1997), with forget gates, in the layout of
 * PyTorch's `nn.LSTM`: gates are in the order input, forget, cell, output.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel } from "@flambeau/backend";
import { observed } from "../../dispatch/observe.ts";
import { defineMulti } from "../../dispatch/op.ts";
import { runMulti } from "../../dispatch/run.ts";
import { tidy } from "../../lifetime.ts";
import { Tensor } from "../../tensor.ts";
import type { LstmAttrs } from "../names.ts";
import { transposed } from "../transposed.ts";
import { sigmoid, sigmoidSlope, sumKernel, tanhSlope } from "./gates.ts";
import {
  biasGradient,
  checkOperands,
  empty,
  order,
  product,
  productInto,
  projected,
  rowsOf,
  type Saved,
  stateWeightGradient,
  step,
  weightGradient,
  zeroOf,
} from "./steps.ts";

const { add, mul, tanh } = E;

/** From the gates before their functions and the cell state before: the gates, the cell state, what the output shows of it. */
const forwardKernel = ((): MapKernel => {
  const [i, f, o] = [sigmoid(input(0)), sigmoid(input(1)), sigmoid(input(3))];
  const g = tanh(input(2));
  const cell = add(mul(f, input(4)), mul(i, g));
  return new MapKernel("lstm", 5, 0, [i, f, g, o, cell, mul(o, tanh(cell))]);
})();

/**
 * From the gates, the cell states after and before, and the gradients of the output (from the next layer, and from the step
 * after) and of the cell state: the gradients of the gates before their functions, and of the cell state before.
 */
const backwardKernel = ((): MapKernel => {
  const [i, f, g, o, cell, before] = [0, 1, 2, 3, 4, 5].map(input);
  const gOut = add(input(6), input(7));
  const shown = tanh(cell);
  const gCell = add(input(8), mul(mul(gOut, o), tanhSlope(shown)));
  return new MapKernel("lstmBackward", 9, 0, [
    mul(mul(gCell, g), sigmoidSlope(i)),
    mul(mul(gCell, before), sigmoidSlope(f)),
    mul(mul(gCell, i), tanhSlope(g)),
    mul(mul(gOut, shown), sigmoidSlope(o)),
    mul(gCell, f),
  ]);
})();

const shownKernel = new MapKernel("lstmShown", 2, 0, [mul(input(0), tanh(input(1)))]);

/** The parameters of a direction of a layer. */
export interface LstmWeights {
  /** `[4 * hidden, in]`. */
  readonly input: Tensor;
  /** `[4 * hidden, out]`. */
  readonly hidden: Tensor;
  /** Two biases of `[4 * hidden]`, or none. */
  readonly biases: readonly [Tensor, Tensor] | null;
  /** `[out, hidden]`, if outputs are projected; else `out` is `hidden`. */
  readonly projection: Tensor | null;
}

/** The gates of a time step, as four matrices. */
function gatesOf(gates: Tensor, t: number): Tensor[] {
  const hidden = gates.shape[2] / 4;
  return [0, 1, 2, 3].map((k) => step(gates, t, k * hidden, hidden));
}

/** Fills the gates and the cell states among the attributes, of which the last is the second output. */
const lstmOp = defineMulti(
  "lstm",
  ([x, h0, c0], { cells, reverse }) => {
    const [length, batch] = x.shape;
    const last = length === 0 ? c0 : step(cells, reverse ? 0 : length - 1);
    // An output of its own to autograd, and no view of the cells.
    return [
      empty(x, length, batch, h0.shape[1]),
      new Tensor(last.storage, last.shape, last.strides, last.offset),
    ];
  },
  ([x, h0, c0, ofInput, ofState, ...others], { reverse, hasBias, gates, cells }, [output]) => {
    const bias = hasBias ? others[0].detach().add(others[1].detach()) : null;
    const projection = others[hasBias ? 2 : 0];
    const inputs = projected(x.detach(), ofInput, bias);
    const hiddenWeight = transposed(ofState);
    const shown = projection === undefined ? null : empty(x, x.shape[1], c0.shape[1]);
    const outWeight = projection === undefined ? null : transposed(projection);
    let [h, c] = [h0, c0];
    for (const t of order(x.shape[0], reverse)) {
      productInto(h, hiddenWeight, step(inputs, t), step(gates, t));
      const parts = gatesOf(gates, t);
      const cell = step(cells, t);
      h = step(output, t);
      x.storage.backend.map(forwardKernel, x.dtype, [...parts, c], [], [...parts, cell, shown ?? h]);
      if (outWeight !== null && shown !== null) productInto(shown, outWeight, null, h);
      c = cell;
    }
  },
);

/**
 * From x `[length, batch, in]`, h0 `[batch, out]` and c0 `[batch, hidden]` to the outputs `[length, batch, out]` and the last cell
 * state `[batch, hidden]`; from the last time step to the first if `reverse`.
 */
export function lstm(
  x: Tensor,
  h0: Tensor,
  c0: Tensor,
  weights: LstmWeights,
  reverse: boolean,
): readonly [output: Tensor, lastCell: Tensor] {
  const { biases, projection } = weights;
  const operands = [x, h0, c0, weights.input, weights.hidden, ...(biases ?? [])];
  if (projection !== null) operands.push(projection);
  checkOperands("LSTM", operands);
  return tidy(() => {
    const [length, batch] = x.shape;
    const hidden = c0.shape[1];
    const gates = empty(x, length, batch, 4 * hidden);
    const cells = empty(x, length, batch, hidden);
    return runMulti(lstmOp, operands, { reverse, hasBias: biases !== null, gates, cells });
  });
}

/** What the gradients are computed from, besides the attributes. */
export interface LstmSaved extends Saved {
  readonly c0: Tensor;
  readonly projection: Tensor | null;
}

/** The gradients of x, h0, c0, the weights and both biases (which have one gradient), and of the projection. */
export interface LstmGradients {
  readonly x: Tensor | null;
  readonly h0: Tensor;
  readonly c0: Tensor;
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly bias: Tensor | null;
  readonly projection: Tensor | null;
}

/** The gradients, given those of the outputs and of the last cell state, or null for zeros. */
export function lstmGradients(
  g: Tensor | null,
  gCell: Tensor | null,
  saved: LstmSaved,
  attrs: LstmAttrs,
): LstmGradients {
  return observed("gradient", "lstmBackward", [saved.x, saved.h0, saved.c0], attrs, () =>
    gradientsOf(g, gCell, saved, attrs),
  );
}

function gradientsOf(
  g: Tensor | null,
  gCell: Tensor | null,
  { needsX, x, h0, c0, output, weights, projection }: LstmSaved,
  { reverse, hasBias, gates, cells }: LstmAttrs,
): LstmGradients {
  const [length, batch] = x.shape;
  const hidden = c0.shape[1];
  const { backend } = x.storage;
  const zero = zeroOf(x);
  const gGates = empty(x, length, batch, 4 * hidden);
  /** With a projection, the whole gradient of each output. */
  const gOutputs = projection === null ? null : empty(x, length, batch, output.shape[2]);
  const gC = empty(x, batch, hidden);
  backend.map(sumKernel, x.dtype, [zero, gCell ?? zero], [], [gC]);
  const gState = empty(x, batch, output.shape[2]);
  let gH: Tensor = zero;
  const steps = order(length, reverse);
  for (let k = length - 1; k >= 0; k--) {
    const t = steps[k];
    const before = k === 0 ? c0 : step(cells, steps[k - 1]);
    let own = g === null ? zero : step(g, t);
    if (projection !== null && gOutputs !== null) {
      const whole = step(gOutputs, t);
      backend.map(sumKernel, x.dtype, [own, gH], [], [whole]);
      own = product(whole, projection);
      gH = zero;
    }
    const parts = gatesOf(gGates, t);
    const given = [...gatesOf(gates, t), step(cells, t), before, own, gH, gC];
    backend.map(backwardKernel, x.dtype, given, [], [...parts, gC]);
    productInto(step(gGates, t), weights.hidden, null, gState);
    gH = gState;
  }
  const rows = rowsOf(gGates);
  return {
    x: needsX ? product(rows, weights.input).reshape(x.shape) : null,
    h0: gH,
    c0: gC,
    input: weightGradient(gGates, x),
    hidden: stateWeightGradient(gGates, output, h0, reverse),
    bias: hasBias ? biasGradient(gGates) : null,
    projection: gOutputs === null ? null : weightGradient(gOutputs, shownOf(gates, cells)),
  };
}

/** What the projection was applied to: the output gate times tanh of the cell state, of all time steps. */
function shownOf(gates: Tensor, cells: Tensor): Tensor {
  const hidden = cells.shape[2];
  const out = Tensor.empty(cells.storage.backend, cells.shape, cells.dtype);
  const gate = gates.narrow(2, 3 * hidden, hidden);
  cells.storage.backend.map(shownKernel, cells.dtype, [gate, cells], [], [out]);
  return out;
}
