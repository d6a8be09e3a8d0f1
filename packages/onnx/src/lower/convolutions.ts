/** Convolutions and transposed ones. */
import { type Call, Value } from "@flambeau/graph";
import type { Attributes, Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { each, fixed, fixedShape, tensorArg } from "./args.ts";

/** Padding of each side, first all that come before. */
function padsOf(x: Emit, call: Call, kernel: readonly number[], dilations: readonly number[]): number[] {
  const { padding } = call.args;
  const total = kernel.map((size, i) => (padding === "same" ? dilations[i] * (size - 1) : 0));
  if (padding === "same" || padding === "valid") {
    const before = total.map((n) => Math.floor(n / 2));
    return [...before, ...total.map((n, i) => n - before[i])];
  }
  const sides = each(x, "padding", padding, kernel.length);
  return [...sides, ...sides];
}

/** An op on planes with a batch dimension in front of the channels; where it is missing it is added meanwhile. */
export function batched(x: Emit, value: Value, planes: number, run: (input: Ref) => Ref): Ref {
  const input = x.of(value);
  if (value.shape.length === planes + 2) return run(input);
  const axes = x.ints([0]);
  const output = run(x.node("Unsqueeze", [input, axes], input.dtype));
  return x.node("Squeeze", [output, axes], output.dtype);
}

const convolution =
  (planes: number, op: "Conv" | "ConvTranspose"): Lowering =>
  (x, call) => {
    const weight = tensorArg(call, "weight");
    const { dtype } = call.outputs[0];
    const kernel = fixedShape(x, weight, 2);
    const dilations = each(x, "dilation", call.args.dilation, planes);
    const attributes: Attributes = {
      kernel_shape: kernel,
      strides: each(x, "stride", call.args.stride, planes),
      dilations,
      pads: padsOf(x, call, kernel, dilations),
      group: fixed(x, "groups", call.args.groups),
      output_padding:
        op === "ConvTranspose" ? each(x, "outputPadding", call.args.outputPadding, planes) : undefined,
    };
    const { bias } = call.args;
    const inputs = [x.as(weight, dtype), bias instanceof Value ? x.as(bias, dtype) : null];
    return batched(x, tensorArg(call, "input"), planes, (input) =>
      x.node(op, [input, ...inputs], dtype, attributes),
    );
  };

export const convolutions: Lowerings = {
  conv1d: convolution(1, "Conv"),
  conv2d: convolution(2, "Conv"),
  conv3d: convolution(3, "Conv"),
  convTranspose1d: convolution(1, "ConvTranspose"),
  convTranspose2d: convolution(2, "ConvTranspose"),
  convTranspose3d: convolution(3, "ConvTranspose"),
};
