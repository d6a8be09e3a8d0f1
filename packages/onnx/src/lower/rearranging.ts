/** Elements in other places, and parts of them set to zero. */
import { type Argument, type Call, Size } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { dimsOf, fixed, tensorArg } from "./args.ts";
import { wide } from "./reductions.ts";

const triangle =
  (upper: 0 | 1): Lowering =>
  (x, call) => {
    const { dtype } = call.outputs[0];
    const input = x.as(call.args.input, dtype === "bool" ? "int32" : wide(dtype));
    // int32 has no kernel in runtimes that int64 has.
    const held = input.dtype === "int32" ? x.cast(input, "int64") : input;
    const diagonal = x.as(call.args.diagonal, "int64");
    return x.cast(x.node("Trilu", [held, diagonal], held.dtype, { upper }), dtype);
  };

/** A roll along one dimension: the element at `i` comes from `i - shift`. */
function rolled(x: Emit, input: Ref, axis: number, shift: Argument): Ref {
  const size = x.node(
    "Squeeze",
    [x.node("Shape", [input], "int64", { start: axis, end: axis + 1 })],
    "int64",
  );
  const all = x.node("Range", [x.scalar(0, "int64"), size, x.scalar(1, "int64")], "int64");
  const from = x.node("Sub", [all, x.as(shift, "int64")], "int64");
  return x.node("Gather", [input, x.node("Mod", [from, size], "int64")], input.dtype, { axis });
}

export const rearranging: Lowerings = {
  tril: triangle(0),
  triu: triangle(1),
  flip: (x, call) => {
    const input = x.of(call.args.input);
    const dims = dimsOf(call.args.dims, tensorArg(call, "input").shape.length);
    if (tensorArg(call, "input").shape.length === 0 || dims.length === 0) return input;
    const all = (value: number): Ref => x.ints(dims.map(() => value));
    return x.node("Slice", [input, all(-1), all(-(2 ** 53)), x.ints(dims), all(-1)], input.dtype);
  },
  roll: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    const { shifts, dims } = call.args;
    const list = Array.isArray(shifts) ? shifts : [shifts];
    if (dims === undefined || dims === null || (Array.isArray(dims) && dims.length === 0)) {
      const flat = rolled(x, x.node("Reshape", [input, x.ints([-1])], input.dtype), 0, list[0]);
      return x.node("Reshape", [flat, x.shapeOf(value)], input.dtype);
    }
    return dimsOf(dims, value.shape.length).reduce((y, axis, i) => rolled(x, y, axis, list[i]), input);
  },
  repeat: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    const repeats = call.args.repeats as Argument[];
    const added = repeats.length - value.shape.length;
    const grown =
      added === 0
        ? input
        : x.node("Unsqueeze", [input, x.ints(Array.from({ length: added }, (_, d) => d))], input.dtype);
    return x.node("Tile", [grown, x.sizes.vector(repeats)], input.dtype);
  },
  pad: (x, call) => padded(x, call, call.args.mode as string),
  constantPadNd: (x, call) => padded(x, call, "constant"),
  pixelShuffle: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    if (value.shape.length !== 4) return null;
    const blocksize = fixed(x, "upscaleFactor", call.args.upscaleFactor);
    return x.node("DepthToSpace", [input], input.dtype, { blocksize, mode: "CRD" });
  },
};

const MODES: Readonly<Record<string, string>> = {
  constant: "constant",
  reflect: "reflect",
  replicate: "edge",
  circular: "wrap",
};

/** The amounts are listed from the last dimension; those that are negative cut. */
function padded(x: Emit, call: Call, mode: string): Ref | null {
  const value = tensorArg(call, "input");
  const input = x.of(value);
  const rank = value.shape.length;
  const amounts = call.args.pad as Argument[];
  if (mode === "circular" && x.opset < 19) {
    if (call.inner.length > 0) return null;
    x.needs(19);
  }
  const isNegative = amounts.some((n) => (n instanceof Size ? n.value : Number(n)) < 0);
  if (mode !== "constant" && isNegative && call.inner.length > 0) return null;
  const count = amounts.length / 2;
  const side = (first: 0 | 1): Argument[] =>
    Array.from({ length: rank }, (_, d) => (rank - 1 - d < count ? amounts[2 * (rank - 1 - d) + first] : 0));
  const inputs = [input, x.sizes.vector([...side(0), ...side(1)])];
  if (mode === "constant") inputs.push(x.as(call.args.value ?? 0, input.dtype));
  return x.node("Pad", inputs, input.dtype, { mode: MODES[mode] });
}
