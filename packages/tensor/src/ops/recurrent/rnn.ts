/**
 * A direction of a layer of plain recurrent units: `h' = tanh(W x + b + V h + c)`, or with relu.
 *
 * Source: Elman, "Finding structure in time" (1990), in the layout of PyTorch's `nn.RNN`.
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
import type { RnnAttrs } from "../names.ts";
import { transposed } from "../transposed.ts";
import { tanhSlope } from "./gates.ts";
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

const { add, gt, le, mul, select, tanh } = E;

/** What the units do with the sum of both products. */
export type Nonlinearity = "tanh" | "relu";

const sum = add(input(0), input(1));
const forwardKernels = {
  tanh: new MapKernel("rnnTanh", 2, 0, [tanh(sum)]),
  relu: new MapKernel("rnnRelu", 2, 0, [select(gt(sum, 0), sum, select(le(sum, 0), 0, sum))]),
} as const;

const [y, g] = [input(0), add(input(1), input(2))];
const backwardKernels = {
  tanh: new MapKernel("rnnTanhBackward", 3, 0, [mul(g, tanhSlope(y))]),
  relu: new MapKernel("rnnReluBackward", 3, 0, [select(le(y, 0), 0, g)]),
} as const;

/** The parameters of a direction of a layer. */
export interface RnnWeights {
  /** `[hidden, in]`. */
  readonly input: Tensor;
  /** `[hidden, hidden]`. */
  readonly hidden: Tensor;
  /** Two biases of `[hidden]`, or none. */
  readonly biases: readonly [Tensor, Tensor] | null;
}

const rnnOp = defineOp("rnn", {
  shape: ([x, h0]) => [x.shape[0], x.shape[1], h0.shape[1]],
  run: ([x, h0, ofInput, ofState, inputBias, hiddenBias], { reverse, nonlinearity }, output) => {
    const bias = inputBias === undefined ? null : inputBias.detach().add(hiddenBias.detach());
    const inputs = projected(x.detach(), ofInput, bias);
    const kernel = forwardKernels[nonlinearity];
    const hidden = transposed(ofState);
    let h = h0;
    for (const t of order(x.shape[0], reverse)) {
      const next = step(output, t);
      x.storage.backend.matmul(h, hidden, next, { kernel, inputs: [step(inputs, t)], params: [] });
      h = next;
    }
  },
});

/**
 * From x `[length, batch, in]` and h0 `[batch, hidden]` to the outputs `[length, batch, hidden]`; from the last time step to the
 * first if `reverse`.
 */
export function rnn(
  x: Tensor,
  h0: Tensor,
  weights: RnnWeights,
  nonlinearity: Nonlinearity,
  reverse: boolean,
): Tensor {
  const operands = [x, h0, weights.input, weights.hidden, ...(weights.biases ?? [])];
  checkOperands("RNN", operands);
  const attrs = { reverse, hasBias: weights.biases !== null, nonlinearity };
  return tidy(() => runOp(rnnOp, operands, attrs));
}

/** The gradients of x, h0, the weights and both biases, which have one gradient. */
export interface RnnGradients {
  readonly x: Tensor | null;
  readonly h0: Tensor;
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly bias: Tensor | null;
}

/** The gradients, given that of the outputs. */
export function rnnGradients(gOutput: Tensor, saved: Saved, attrs: RnnAttrs): RnnGradients {
  return observed("gradient", "rnnBackward", [gOutput, saved.x], attrs, () =>
    gradientsOf(gOutput, saved, attrs),
  );
}

function gradientsOf(
  gOutput: Tensor,
  { needsX, x, h0, output, weights }: Saved,
  { reverse, hasBias, nonlinearity }: RnnAttrs,
): RnnGradients {
  const [length, batch] = x.shape;
  const sums = empty(x, length, batch, h0.shape[1]);
  const gState = empty(x, batch, h0.shape[1]);
  let gH = zeroOf(x);
  const steps = order(length, reverse);
  for (let k = length - 1; k >= 0; k--) {
    const t = steps[k];
    const given = [step(output, t), step(gOutput, t), gH];
    x.storage.backend.map(backwardKernels[nonlinearity], x.dtype, given, [], [step(sums, t)]);
    productInto(step(sums, t), weights.hidden, null, gState);
    gH = gState;
  }
  return {
    x: needsX ? product(rowsOf(sums), weights.input).reshape(x.shape) : null,
    h0: gH,
    input: weightGradient(sums, x),
    hidden: stateWeightGradient(sums, output, h0, reverse),
    bias: hasBias ? biasGradient(sums) : null,
  };
}
