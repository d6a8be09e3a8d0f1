/** Pooling over windows of a size, and into a number of windows. */
import type { Argument, Call, Size } from "@flambeau/graph";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { each, fixed, tensorArg } from "./args.ts";
import { batched } from "./convolutions.ts";
import { reduced } from "./reductions.ts";

function windowsOf(x: Emit, call: Call, planes: number) {
  const { kernelSize, stride, padding } = call.args;
  const kernel = each(x, "kernelSize", kernelSize, planes);
  const isGiven = stride !== undefined && stride !== null && !(Array.isArray(stride) && stride.length === 0);
  const sides = each(x, "padding", padding, planes);
  return {
    kernel_shape: kernel,
    strides: isGiven ? each(x, "stride", stride, planes) : kernel,
    pads: [...sides, ...sides],
    ceil_mode: Number(call.args.ceilMode === true),
  };
}

const maxPool =
  (planes: number): Lowering =>
  (x, call) => {
    const value = tensorArg(call, "input");
    const dilations = each(x, "dilation", call.args.dilation, planes);
    const attributes = { ...windowsOf(x, call, planes), dilations };
    if (call.args.returnIndices !== true)
      return batched(x, value, planes, (input) => x.node("MaxPool", [input], input.dtype, attributes));
    // Positions are counted over all planes there, here in each.
    if (value.shape.length !== planes + 2) return x.refuse("returnIndices of an input without a batch");
    const input = x.of(value);
    const [output, all] = x.nodes("MaxPool", [input], [input.dtype, "int64"], attributes);
    const sizes = value.shape.slice(2).map((size) => x.sizes.one(size as number | Size));
    const plane = sizes.reduce((a, b) => x.node("Mul", [a, b], "int64"));
    return [output, x.node("Mod", [all, plane], "int64")];
  };

const avgPool =
  (planes: number): Lowering =>
  (x, call) => {
    const windows = windowsOf(x, call, planes);
    const { divisorOverride, countIncludePad } = call.args;
    const isOverridden = divisorOverride !== undefined && divisorOverride !== null;
    // Before opset 19 it was not said which windows at the end count what.
    if (windows.ceil_mode === 1 && (isOverridden || x.opset < 19)) {
      if (windows.pads.some((n) => n > 0) || isOverridden)
        return x.refuse("ceilMode with padding or divisorOverride");
    }
    const attributes = { ...windows, count_include_pad: Number(isOverridden || countIncludePad !== false) };
    return batched(x, tensorArg(call, "input"), planes, (input) => {
      const mean = x.node("AveragePool", [input], input.dtype, attributes);
      if (!isOverridden) return mean;
      const count = windows.kernel_shape.reduce((a, b) => a * b, 1);
      const factor = count / fixed(x, "divisorOverride", divisorOverride);
      return x.node("Mul", [mean, x.scalar(factor, input.dtype)], input.dtype);
    });
  };

/** The number of windows along each dimension; one that is left out stays. */
function windowCounts(call: Call, planes: number): (Argument | "same")[] {
  const { outputSize } = call.args;
  const list = Array.isArray(outputSize) ? outputSize : new Array<Argument>(planes).fill(outputSize);
  return list.map((one) => (one === undefined || one === null ? "same" : one));
}

/** Into one window of all, of any size, or into equal windows of a fixed size; others are made of the calls within. */
const adaptive =
  (planes: number, pool: string, reduce: string): Lowering =>
  (x, call) => {
    const value = tensorArg(call, "input");
    if (call.args.returnIndices === true) return null;
    const counts = windowCounts(call, planes);
    const rank = value.shape.length;
    const input = x.of(value);
    const dims = Array.from({ length: planes }, (_, i) => rank - planes + i);
    if (counts.every((count) => count === 1)) {
      return reduced(x, reduce, input, dims, true);
    }
    const sizes = value.shape.slice(rank - planes);
    const kernel = sizes.map((size, i) => {
      const count = counts[i];
      if (count === "same" || String(count) === String(size)) return 1;
      if (typeof size !== "number" || typeof count !== "number" || size % count !== 0) return 0;
      return size / count;
    });
    if (kernel.includes(0)) {
      if (call.inner.length > 0) return null;
      return x.refuse(`windows of different sizes: ${call.args.outputSize} of ${sizes.map(String)}`);
    }
    return batched(x, value, planes, (one) =>
      x.node(pool, [one], one.dtype, { kernel_shape: kernel, strides: kernel }),
    );
  };

const families = [1, 2, 3].map(
  (planes): Lowerings => ({
    [`maxPool${planes}d`]: maxPool(planes),
    [`avgPool${planes}d`]: avgPool(planes),
    [`adaptiveAvgPool${planes}d`]: adaptive(planes, "AveragePool", "ReduceMean"),
    [`adaptiveMaxPool${planes}d`]: adaptive(planes, "MaxPool", "ReduceMax"),
  }),
);

export const pooling: Lowerings = Object.assign({}, ...families);
