/**
 * A direction of a layer of gated recurrent units.
 *
 * Source of the recurrence: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
 * translation" (2014), in the form and layout of PyTorch's `nn.GRU`: gates are in the order reset, update, new, and the reset gate
 * scales the state's product, not the state.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel } from "@flambeau/backend";
import { observed } from "../../dispatch/observe.ts";
import { defineOp } from "../../dispatch/op.ts";
import { runOp } from "../../dispatch/run.ts";
import { tidy } from "../../lifetime.ts";
import type { Tensor } from "../../tensor.ts";
import type { GruAttrs } from "../names.ts";
import { transposed } from "../transposed.ts";
import { sigmoid, sigmoidSlope, tanhSlope } from "./gates.ts";
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

const { add, mul, sub, tanh } = E;

/** From both products of a time step, three parts each, and the state: the reset and update gates, the new part, the state. */
const forwardKernel = ((): MapKernel => {
  const reset = sigmoid(add(input(0), input(3)));
  const update = sigmoid(add(input(1), input(4)));
  const fresh = tanh(add(input(2), mul(reset, input(5))));
  return new MapKernel("gru", 7, 0, [reset, update, fresh, add(mul(update, sub(input(6), fresh)), fresh)]);
})();

/**
 * From the gates, the state's part of the new one, the new one, the state before and the gradients of the output (from the next
 * layer, and from the step after): the gradients of the three parts of the input's product, of the third of the state's
 * (whose others are the same), and of the state before.
 */
const backwardKernel = ((): MapKernel => {
  const [reset, update, part, fresh, before] = [0, 1, 2, 3, 4].map(input);
  const g = add(input(5), input(6));
  const gFresh = mul(mul(g, sub(1, update)), tanhSlope(fresh));
  const gReset = mul(mul(gFresh, part), sigmoidSlope(reset));
  const gUpdate = mul(mul(g, sub(before, fresh)), sigmoidSlope(update));
  return new MapKernel("gruBackward", 7, 0, [
    gReset,
    gUpdate,
    gFresh,
    gReset,
    gUpdate,
    mul(gFresh, reset),
    mul(g, update),
  ]);
})();

/** The parameters of a direction of a layer. */
export interface GruWeights {
  /** `[3 * hidden, in]`. */
  readonly input: Tensor;
  /** `[3 * hidden, hidden]`. */
  readonly hidden: Tensor;
  /** Two biases of `[3 * hidden]`, or none. */
  readonly biases: readonly [Tensor, Tensor] | null;
}

/** The three parts of a time step. */
function partsOf(x: Tensor, t: number): Tensor[] {
  const hidden = x.shape[2] / 3;
  return [0, 1, 2].map((k) => step(x, t, k * hidden, hidden));
}

/** Fills the gates and the new parts among the attributes, which the derivative reads. */
const gruOp = defineOp("gru", {
  shape: ([x, h0]) => [x.shape[0], x.shape[1], h0.shape[1]],
  run: ([x, h0, ofInput, ofState, inputBias, hiddenBias], { reverse, gates, fresh }, output) => {
    const inputs = projected(x.detach(), ofInput, inputBias ?? null);
    const hiddenWeight = transposed(ofState);
    let h = h0;
    for (const t of order(x.shape[0], reverse)) {
      // The state's products, of which the gates take the places of the first two parts.
      productInto(h, hiddenWeight, hiddenBias ?? null, step(gates, t));
      const parts = partsOf(gates, t);
      const next = step(output, t);
      const given = [...partsOf(inputs, t), ...parts, h];
      x.storage.backend.map(forwardKernel, x.dtype, given, [], [parts[0], parts[1], step(fresh, t), next]);
      h = next;
    }
  },
});

/**
 * From x `[length, batch, in]` and h0 `[batch, hidden]` to the outputs `[length, batch, hidden]`; from the last time step to the
 * first if `reverse`.
 */
export function gru(x: Tensor, h0: Tensor, weights: GruWeights, reverse: boolean): Tensor {
  const operands = [x, h0, weights.input, weights.hidden, ...(weights.biases ?? [])];
  checkOperands("GRU", operands);
  return tidy(() => {
    const [length, batch] = x.shape;
    const hidden = h0.shape[1];
    const gates = empty(x, length, batch, 3 * hidden);
    const fresh = empty(x, length, batch, hidden);
    return runOp(gruOp, operands, { reverse, hasBias: weights.biases !== null, gates, fresh });
  });
}

/** The gradients of x, h0, the weights and the biases. */
export interface GruGradients {
  readonly x: Tensor | null;
  readonly h0: Tensor;
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly biases: readonly [Tensor, Tensor] | null;
}

/** The gradients, given that of the outputs. */
export function gruGradients(g: Tensor, saved: Saved, attrs: GruAttrs): GruGradients {
  return observed("gradient", "gruBackward", [g, saved.x], attrs, () => gradientsOf(g, saved, attrs));
}

function gradientsOf(
  g: Tensor,
  { needsX, x, h0, output, weights }: Saved,
  { reverse, hasBias, gates, fresh }: GruAttrs,
): GruGradients {
  const [length, batch] = x.shape;
  const hidden = h0.shape[1];
  const gInputs = empty(x, length, batch, 3 * hidden);
  const gStates = empty(x, length, batch, 3 * hidden);
  const direct = empty(x, batch, hidden);
  const gState = empty(x, batch, h0.shape[1]);
  let gH = zeroOf(x);
  const steps = order(length, reverse);
  for (let k = length - 1; k >= 0; k--) {
    const t = steps[k];
    const before = k === 0 ? h0 : step(output, steps[k - 1]);
    const given = [...partsOf(gates, t), step(fresh, t), before, step(g, t), gH];
    const made = [...partsOf(gInputs, t), ...partsOf(gStates, t), direct];
    x.storage.backend.map(backwardKernel, x.dtype, given, [], made);
    productInto(step(gStates, t), weights.hidden, direct, gState);
    gH = gState;
  }
  return {
    x: needsX ? product(rowsOf(gInputs), weights.input).reshape(x.shape) : null,
    h0: gH,
    input: weightGradient(gInputs, x),
    hidden: stateWeightGradient(gStates, output, h0, reverse),
    biases: hasBias ? [biasGradient(gInputs), biasGradient(gStates)] : null,
  };
}
