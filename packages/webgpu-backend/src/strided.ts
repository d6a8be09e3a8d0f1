import type { DType, Shape, Strided } from "@flambeau/backend";
import { uniform } from "./expr/head.ts";
import { ERRORS_TYPE } from "./kernel-errors.ts";
import { elementType, type GpuStorage } from "./storage.ts";

/** Operands walked together: dimensions that lie evenly in all of them are one, and those of size one are left out. */
export interface Walk {
  readonly sizes: number[];
  /** By operand. */
  readonly strides: number[][];
}

/** The walk over a shape, in row-major order, of operands with these strides. */
export function walkOf(shape: Shape, operands: readonly Shape[]): Walk {
  const sizes: number[] = [];
  const strides: number[][] = operands.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d];
    if (size === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && operands.every((own, k) => strides[k][last] === own[d] * size)) {
      sizes[last] *= size;
      for (let k = 0; k < operands.length; k++) strides[k][last] = operands[k][d];
    } else {
      sizes.push(size);
      for (let k = 0; k < operands.length; k++) strides[k].push(operands[k][d]);
    }
  }
  return { sizes, strides };
}

/** The uniform words of a walk: sizes, then each operand's strides. */
export function walkWords({ sizes, strides }: Walk): number[] {
  return [...sizes, ...strides.flat()];
}

/**
 * Statements that take `index` apart and add each coordinate's share to the variables `targets`, one for each operand;
 * the walk's words begin at uniform `first`.
 */
export function walkCode(first: number, rank: number, targets: readonly string[], index: string): string {
  const lines = [`var rest = ${index};`];
  for (let d = rank - 1; d >= 0; d--) {
    const place = d === 0 ? "rest" : `rest % ${word(first + d)}; rest = rest / ${word(first + d)}`;
    lines.push(`{ let coordinate = ${place};`);
    targets.forEach((target, k) => {
      lines.push(`${target} += coordinate * ${word(first + rank * (k + 1) + d)};`);
    });
    lines.push("}");
  }
  return rank === 0 ? "" : `{ ${lines.join("\n")} }`;
}

/** A uniform word by its number, a u32. */
export const word: typeof uniform = uniform;

/**
 * The beginning of a shader: what it enables, its buffers as `b0`, `b1`, ... of elements of these types, the error buffer if
 * it reports errors, and `words` u32 of uniforms in `u`.
 */
export function declarations(
  types: readonly string[],
  words: number,
  { errors = false, features = [] }: { errors?: boolean; features?: readonly string[] } = {},
): string {
  const all = errors ? [...types, ""] : types;
  const used = types.some((type) => type.includes("f16")) ? ["f16", ...features] : features;
  return [
    ...used.map((name) => `enable ${name};`),
    ...all.map((type, i) =>
      type === ""
        ? `@group(0) @binding(${i}) var<storage, read_write> errors: ${ERRORS_TYPE};`
        : `@group(0) @binding(${i}) var<storage, read_write> b${i}: array<${type}>;`,
    ),
    `struct Uniforms { w: array<vec4<u32>, ${Math.max(1, Math.ceil(words / 4))}> }`,
    `@group(0) @binding(${all.length}) var<uniform> u: Uniforms;`,
    "",
  ].join("\n");
}

/** The WGSL types of storages' elements. */
export function typesOf(buffers: readonly GpuStorage[]): string[] {
  return buffers.map(({ dtype }) => elementType(dtype));
}

/** Strides without those of one dimension, along which an index says where to go. */
export function stridesExcept({ strides }: Strided, dim: number): number[] {
  return strides.map((stride, d) => (d === dim ? 0 : stride));
}

/** A function that notes an error by its code, with up to three words, if it is the first one. */
export const REPORT = `
fn report(code: u32, a: u32, b: u32, c: u32) {
  loop {
    let was = atomicCompareExchangeWeak(&errors[0], 0u, code);
    if (was.exchanged) { break; }
    if (was.old_value != 0u) { return; }
  }
  atomicStore(&errors[1], a);
  atomicStore(&errors[2], b);
  atomicStore(&errors[3], c);
}
`;

/** Memory for what lies between two launches; released right after the last one, for the stream keeps order. */
export function scratch({ storage }: Strided, dtype: DType, length: number): GpuStorage {
  return storage.backend.allocate(dtype, length) as GpuStorage;
}
