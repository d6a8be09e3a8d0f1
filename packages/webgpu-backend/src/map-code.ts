import type { DType, MapKernel, Strided } from "@flambeau/backend";
import { type Binding, GRID_PARAMETERS, GROUP } from "./dispatch.ts";
import { loaded, stored } from "./expr/convert.ts";
import { paramValues, uniform } from "./expr/head.ts";
import { Helpers } from "./expr/helpers.ts";
import { wgslOf } from "./expr/lowering.ts";
import type { Layout } from "./layout.ts";
import { elementType } from "./storage.ts";
import { declarations, REPORT, typesOf } from "./strided.ts";

/** What the code of an elementwise kernel depends on. */
export interface MapPlan {
  readonly kernel: MapKernel;
  readonly compute: DType;
  /** Inputs, then outputs. */
  readonly operands: readonly Strided[];
  readonly layout: Layout;
  readonly binding: Binding;
  /** Words: the count of steps, the sizes, by operand its offset and steps, then the params from here on. */
  readonly firstParam: number;
  /** All words, of which the last is the error's code if the kernel reports one. */
  readonly words: number;
  readonly reports: boolean;
  readonly lanes: number;
  /** Whether each step is four elements in a row. */
  readonly four: boolean;
}

/** The WGSL of an elementwise kernel. */
export function mapCode(plan: MapPlan): string {
  const { kernel, compute, operands, layout, binding, firstParam, words, lanes, four, reports } = plan;
  const errorAt = words - 1;
  const helpers = new Helpers();
  const values = paramValues(firstParam, kernel.params, compute);
  const names = values.map((_, k) => `p${k}`);
  const params = values.map((value, k) => `let ${names[k]} = ${value};`);
  const places = placesOf(layout, 1 + layout.sizes.length);
  const at = (p: number): string => `b${binding.slots[p]}[${places[p]}]`;
  const isFour = (p: number): boolean => four && layout.walked[p] === "flat";
  const reads: string[] = [];
  for (let p = 0; p < kernel.inputs; p++) {
    reads.push(`let x${p} = ${isFour(p) ? at(p) : loaded(operands[p].dtype, compute, at(p), helpers)};`);
  }
  const statements: string[] = [];
  const zeroDivisors: string[] = [];
  const results: string[][] = kernel.outputs.map(() => []);
  for (let lane = 0; lane < (four ? 4 : 1); lane++) {
    const inputs = Array.from({ length: kernel.inputs }, (_, p) => {
      if (!isFour(p)) return `x${p}`;
      const component = "xyzw"[lane];
      const name = `x${p}${component}`;
      statements.push(`let ${name} = ${loaded(operands[p].dtype, compute, `x${p}.${component}`, helpers)};`);
      return name;
    });
    const lowered = wgslOf(kernel.outputs, compute, inputs, names, helpers, `v${lane}_`);
    statements.push(lowered.statements);
    zeroDivisors.push(...lowered.zeroDivisors);
    lowered.results.forEach((result, k) => {
      results[k].push(stored(compute, operands[kernel.inputs + k].dtype, result, helpers));
    });
  }
  const writes = results.map((values, k) => {
    const p = kernel.inputs + k;
    const type = elementType(operands[p].dtype);
    return `${at(p)} = ${isFour(p) ? `vec4<${type}>(${values.join(", ")})` : values[0]};`;
  });
  const types = typesOf(binding.buffers).map((type, slot) =>
    isFour(binding.slots.indexOf(slot)) ? `vec4<${type}>` : type,
  );
  const check = reports
    ? `if (${zeroDivisors.join(" || ")}) { report(${uniform(errorAt)}, 0u, 0u, 0u); }`
    : "";
  return `${declarations(types, words, { errors: reports })}${helpers.code}${reports ? REPORT : ""}
@compute @workgroup_size(${lanes}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${lanes}u + lane;
  if (i >= ${uniform(0)}) { return; }
${[...params, coordinates(layout, 1), ...reads, ...statements, check, ...writes].filter((line) => line !== "").join("\n")}
}`;
}

/** Statements that find element `i`'s coordinates `c0` (innermost) and up, where an operand needs them. */
function coordinates({ sizes, walked }: Layout, firstSize: number): string {
  if (!walked.includes("steps")) return "";
  const lines: string[] = [];
  let rest = "i";
  sizes.forEach((_, d) => {
    const size = uniform(firstSize + d);
    if (d === sizes.length - 1) lines.push(`let c${d} = ${rest};`);
    else {
      lines.push(`let r${d} = ${rest} / ${size};`, `let c${d} = ${rest} - r${d} * ${size};`);
      rest = `r${d}`;
    }
  });
  return lines.join("\n");
}

/** By operand, where its element `i` is: from its offset and, walked by steps, its steps, at `word` of the uniforms on. */
function placesOf({ sizes, walked }: Layout, word: number): string[] {
  return walked.map((how) => {
    const offset = uniform(word++);
    if (how === "one") return offset;
    if (how === "flat") return `${offset} + i`;
    const terms = sizes.map((_, d) => `c${d} * ${uniform(word + d)}`);
    word += sizes.length;
    return [offset, ...terms].join(" + ");
  });
}
