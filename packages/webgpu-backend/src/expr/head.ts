import type { DType } from "@flambeau/backend";
import { elementType, type GpuStorage } from "../storage.ts";

/**
 * The beginning of a shader: what it enables, its buffers as `b0`, `b1`, ..., and `words` u32 of uniforms in `u`. `fours`
 * says which buffers are bound as vectors of four elements; the uniforms' binding is the one after the buffers unless told.
 */
export function shaderHead(
  buffers: readonly GpuStorage[],
  words: number,
  { fours = [], binding = buffers.length }: { fours?: readonly boolean[]; binding?: number } = {},
): string {
  const types = buffers.map(({ dtype }) => elementType(dtype));
  const enable = types.includes("f16") ? "enable f16;\n" : "";
  const declarations = types.map((type, i) => {
    const element = fours[i] === true ? `vec4<${type}>` : type;
    return `@group(0) @binding(${i}) var<storage, read_write> b${i}: array<${element}>;`;
  });
  const rows = Math.max(1, Math.ceil(words / 4));
  return `${enable}${declarations.join("\n")}
struct Uniforms { w: array<vec4<u32>, ${rows}> }
@group(0) @binding(${binding}) var<uniform> u: Uniforms;
`;
}

/** The i-th word of the uniforms that `shaderHead` declares, as WGSL. */
export function uniform(i: number): string {
  return `u.w[${i >> 2}].${"xyzw"[i & 3]}`;
}

/** A kernel's param from its word: see `paramWords`. */
export function paramValue(i: number, compute: DType): string {
  const word = uniform(i);
  return compute === "float32" || compute === "float16" ? `bitcast<f32>(${word})` : `bitcast<i32>(${word})`;
}
