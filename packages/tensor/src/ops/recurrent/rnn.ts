/**
 * A direction of a layer of plain recurrent units: `h' = tanh(W x + b + V h + c)`, or with relu.
 *
 * Source: Elman, "Finding structure in time" (1990), in the layout of PyTorch's `nn.RNN`.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel } from "@flambeau/backend";
import { tidy } from "../../lifetime.ts";
import { record } from "../../recorder.ts";
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
  return tidy(() => {
    const [length, batch] = x.shape;
    const { biases } = weights;
    const bias = biases === null ? null : biases[0].detach().add(biases[1].detach());
    const inputs = projected(x.detach(), weights.input, bias);
    const output = empty(x, length, batch, h0.shape[1]);
    const kernel = forwardKernels[nonlinearity];
    const hidden = transposed(weights.hidden);
    let h = h0;
    for (const t of order(length, reverse)) {
      const next = step(output, t);
      x.storage.backend.matmul(h, hidden, next, { kernel, inputs: [step(inputs, t)], params: [] });
      h = next;
    }
    const attrs = { reverse, hasBias: biases !== null, nonlinearity };
    return record("rnn", operands, attrs, output);
  });
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
export function rnnGradients(
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
