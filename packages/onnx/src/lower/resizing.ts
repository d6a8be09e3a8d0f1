/** Planes of other sizes. */
import type { Argument, Call, Size } from "@flambeau/graph";
import { float, type Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { fixed, tensorArg } from "./args.ts";

const LINEAR: ReadonlySet<string> = new Set(["linear", "bilinear", "trilinear"]);

function resized(x: Emit, call: Call, mode: string, alignCorners: boolean): Ref | null {
  if (mode === "area") return null;
  const value = tensorArg(call, "input");
  const input = x.of(value);
  const planes = value.shape.length - 2;
  const { size, scaleFactor, antialias, recomputeScaleFactor } = call.args;
  if (recomputeScaleFactor === true) return null;
  if (antialias === true) x.needs(18);
  const attributes = {
    ...coordinates(mode, alignCorners),
    antialias: antialias === true ? 1 : undefined,
  };
  if (scaleFactor !== undefined && scaleFactor !== null) {
    const list = Array.isArray(scaleFactor) ? scaleFactor : new Array<Argument>(planes).fill(scaleFactor);
    const scales = [1, 1, ...list.map((one) => fixed(x, "scaleFactor", one))];
    const factors = x.builder.constant("float32", [scales.length], scales);
    return x.node("Resize", [input, null, factors], input.dtype, attributes);
  }
  const list = Array.isArray(size) ? size : new Array<Argument>(planes).fill(size);
  const kept = value.shape.slice(0, 2);
  if (kept.includes(null)) return x.refuse("the batch has an unknown size");
  const sizes = x.sizes.vector([...(kept as (number | Size)[]), ...list]);
  return x.node("Resize", [input, null, null, sizes], input.dtype, attributes);
}

/** Where an element of the output lies in the input. */
function coordinates(mode: string, alignCorners: boolean) {
  if (mode === "nearest")
    return {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    };
  if (mode === "nearest-exact")
    return {
      mode: "nearest",
      coordinate_transformation_mode: "half_pixel",
      nearest_mode: "round_prefer_ceil",
    };
  return {
    mode: LINEAR.has(mode) ? "linear" : "cubic",
    coordinate_transformation_mode: alignCorners ? "align_corners" : "half_pixel",
    cubic_coeff_a: LINEAR.has(mode) ? undefined : float(-0.75),
  };
}

const given: Lowering = (x, call) =>
  resized(x, call, call.args.mode as string, call.args.alignCorners === true);

export const resizing: Lowerings = {
  interpolate: given,
  upsample: given,
  upsampleNearest: (x, call) => resized(x, call, "nearest", false),
  upsampleBilinear: (x, call) => resized(x, call, "bilinear", true),
};
