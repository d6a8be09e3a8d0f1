/**
 * Views of what PyTorch lays out otherwise. New tensors lie in row-major order here; there, what is computed of a transposed tensor element by
 * element lies as it does, so that a view of it may be an error. `reshape` is a view where there can be one.
 *
 * @module
 */
import type { Call, Value } from "@flambeau/graph";

/** Views with strides of their own. */
const moving: ReadonlySet<string> = new Set(
  "transpose permute swapaxes swapdims movedim moveaxis at narrow select split chunk unbind expand diagonal unfold".split(
    " ",
  ),
);
/** What gives tensors in row-major order whatever it was given. */
const plain: ReadonlySet<string> = new Set(
  "contiguous reshape matmul bmm mm cat stack flatten Linear".split(" "),
);

/** The calls with `reshape` in place of a view that PyTorch may refuse. */
export function withSafeViews(calls: readonly Call[]): Call[] {
  const moved = new Set<Value>();
  const loose = new Set<Value>();
  return calls.map((call) => {
    const { name, inputs, outputs } = call;
    if (moving.has(name)) for (const y of outputs) moved.add(y);
    else if (!plain.has(name) && inputs.some((x) => moved.has(x) || loose.has(x)))
      for (const y of outputs) if (inputs.some((x) => String(x.shape) === String(y.shape))) loose.add(y);
    return name === "view" && loose.has(inputs[0]) ? asReshape(call) : call;
  });
}

function asReshape(call: Call): Call {
  return { ...call, name: "reshape", signature: call.signature.replace(/^view\(/, "reshape(") };
}
