/** One layer and direction of a recurrent network: the primitives of which the layers and cells are made. */
import type { Call } from "@flambeau/graph";
import type { Attributes, Ref } from "../builder.ts";
import type { Emit, Lowerings } from "../emit.ts";
import { fixedShape, tensorArg } from "./args.ts";

interface Parts {
  readonly input: string;
  readonly states: readonly string[];
  /** The weights of input and state, then their biases. */
  readonly weights: readonly string[];
}

/** The rows of a gate's weights in the order that ONNX has them, with a dimension for the direction in front. */
function gates(x: Emit, ref: Ref, hidden: number, order: readonly number[]): Ref {
  if (order.length === 1) return front(x, ref);
  const sizes = x.ints(order.map(() => hidden));
  const dtypes = order.map(() => ref.dtype);
  const parts = x.nodes("Split", [ref, sizes], dtypes, { axis: 0 });
  const sorted = x.node(
    "Concat",
    order.map((i) => parts[i]),
    ref.dtype,
    { axis: 0 },
  );
  return front(x, sorted);
}

function front(x: Emit, ref: Ref): Ref {
  return x.node("Unsqueeze", [ref, x.ints([0])], ref.dtype);
}

/** `order` has for each gate of ONNX its place here. */
function recurrence(
  x: Emit,
  call: Call,
  op: string,
  order: readonly number[],
  parts: Parts,
  attributes: Attributes,
): readonly Ref[] {
  const of = (name: string): Ref => x.of(call.args[name]);
  const { dtype } = of(parts.input);
  const [, hidden] = fixedShape(x, tensorArg(call, parts.weights[1]));
  const [w, r, ...biases] = parts.weights.map((name) => gates(x, of(name), hidden, order));
  const bias = biases.length === 0 ? null : x.node("Concat", biases, dtype, { axis: 1 });
  const states = parts.states.map((name) => front(x, of(name)));
  const [outputs, , cell] = x.nodes(
    op,
    [of(parts.input), w, r, bias, null, ...states],
    [dtype, dtype, dtype].slice(0, op === "LSTM" ? 3 : 2),
    {
      hidden_size: hidden,
      direction: call.args.reverse === true ? "reverse" : "forward",
      ...attributes,
    },
  );
  const squeezed = x.node("Squeeze", [outputs, x.ints([1])], dtype);
  return cell === undefined ? [squeezed] : [squeezed, x.node("Squeeze", [cell, x.ints([0])], dtype)];
}

function partsOf(call: Call, states: number): Parts {
  const names = Object.keys(call.args).filter((name) => /^\d+$/.test(name));
  const hasBias = call.args.hasBias === true;
  const first = 1 + states;
  return {
    input: "0",
    states: names.slice(1, first),
    weights: names.slice(first, first + (hasBias ? 4 : 2)),
  };
}

export const recurrences: Lowerings = {
  lstm: (x, call) => {
    const parts = partsOf(call, 2);
    const count = Object.keys(call.args).filter((name) => /^\d+$/.test(name)).length;
    if (count > 3 + parts.weights.length) return x.refuse("ONNX's LSTM has no projection");
    return recurrence(x, call, "LSTM", [0, 3, 1, 2], parts, {});
  },
  gru: (x, call) => recurrence(x, call, "GRU", [1, 0, 2], partsOf(call, 1), { linear_before_reset: 1 })[0],
  rnn: (x, call) =>
    recurrence(x, call, "RNN", [0], partsOf(call, 1), {
      activations: [call.args.nonlinearity === "relu" ? "Relu" : "Tanh"],
    })[0],
};
