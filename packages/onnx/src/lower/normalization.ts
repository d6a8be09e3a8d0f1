/** Normalizations by mean and deviation. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import { float, type Ref } from "../builder.ts";
import type { Emit, Lowerings } from "../emit.ts";
import { fixed, tensorArg } from "./args.ts";
import { reduced } from "./reductions.ts";

/** A parameter, or what stands for one that is left out. */
function vector(x: Emit, value: Argument, count: number, otherwise: number, like: Ref): Ref {
  if (value instanceof Value) return x.as(value, like.dtype);
  return x.builder.constant(like.dtype, [count], new Array(count).fill(otherwise));
}

/** The dimension of channels, where their number is fixed. */
function channelsOf(x: Emit, value: Value): number {
  return fixed(x, "the number of channels", value.shape[1] ?? undefined);
}

function layerNorm(x: Emit, call: Call): Ref {
  const value = tensorArg(call, "input");
  const input = x.of(value);
  const shape = call.args.normalizedShape as number[];
  const { weight, bias, eps } = call.args;
  const count = shape.reduce((a, b) => a * b, 1);
  const scale =
    weight instanceof Value
      ? x.as(weight, input.dtype)
      : x.builder.constant(input.dtype, shape, new Array(count).fill(1));
  const shift = bias instanceof Value ? x.as(bias, input.dtype) : null;
  const attributes = { axis: -shape.length, epsilon: float(Number(eps)) };
  return x.node("LayerNormalization", [input, scale, shift], input.dtype, attributes);
}

export const normalizations: Lowerings = {
  batchNorm: (x, call) => {
    const value = tensorArg(call, "input");
    const { runningMean, runningVar, weight, bias, training, eps } = call.args;
    if (training === true || !(runningMean instanceof Value) || !(runningVar instanceof Value)) return null;
    if (typeof value.shape[1] !== "number") return null;
    const input = x.of(value);
    const channels = channelsOf(x, value);
    const inputs = [
      input,
      vector(x, weight, channels, 1, input),
      vector(x, bias, channels, 0, input),
      x.as(runningMean, input.dtype),
      x.as(runningVar, input.dtype),
    ];
    return x.node("BatchNormalization", inputs, input.dtype, { epsilon: float(Number(eps)) });
  },
  layerNorm,
  instanceNorm: (x, call) => {
    const value = tensorArg(call, "input");
    const { useInputStats, weight, bias, eps } = call.args;
    if (useInputStats !== true || value.shape.length < 3 || typeof value.shape[1] !== "number") return null;
    const input = x.of(value);
    const channels = channelsOf(x, value);
    const inputs = [input, vector(x, weight, channels, 1, input), vector(x, bias, channels, 0, input)];
    return x.node("InstanceNormalization", inputs, input.dtype, { epsilon: float(Number(eps)) });
  },
  localResponseNorm: (x, call) => {
    const value = tensorArg(call, "input");
    const { size, alpha, beta, k } = call.args;
    // Windows of an even size stand elsewhere there.
    if (value.shape.length !== 4 || Number(size) % 2 === 0) return null;
    const input = x.of(value);
    return x.node("LRN", [input], input.dtype, {
      size: Number(size),
      alpha: float(Number(alpha)),
      beta: float(Number(beta)),
      bias: float(Number(k)),
    });
  },
};

/** The primitive of all normalizations by an input's own mean and deviation over some dimensions. */
export const standardizing: Lowerings = {
  standardize: (x, call) => {
    const { dtype } = call.outputs[0];
    const input = x.as(call.args["0"], dtype);
    const dims = call.args.dims as number[];
    const mean = reduced(x, "ReduceMean", input, dims, true);
    const centred = x.node("Sub", [input, mean], dtype);
    const variance = reduced(x, "ReduceMean", x.node("Mul", [centred, centred], dtype), dims, true);
    const sum = x.node("Add", [variance, x.scalar(Number(call.args.eps), dtype)], dtype);
    const normal = x.node("Div", [centred, x.node("Sqrt", [sum], dtype)], dtype);
    const { "1": weight, "2": bias } = call.args;
    const scaled = weight instanceof Value ? x.node("Mul", [normal, x.as(weight, dtype)], dtype) : normal;
    return bias instanceof Value ? x.node("Add", [scaled, x.as(bias, dtype)], dtype) : scaled;
  },
};
