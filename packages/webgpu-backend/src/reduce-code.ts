import { type Combine, type DType, isFloat } from "@flambeau/backend";
import { GRID_PARAMETERS, GROUP } from "./dispatch.ts";
import { LONG, valueType, wideDType } from "./expr/convert.ts";
import type { Helpers } from "./expr/helpers.ts";
import { constant } from "./expr/lowering.ts";
import { binaryCode, compareCode } from "./expr/operations.ts";

/** Invocations of a workgroup whose outputs are their own. */
export const GROUP_SIZE = 64;

/** A kernel of a reduction, as pieces of WGSL over uniforms. */
export interface ReducePass {
  readonly combine: Combine;
  readonly compute: DType;
  /** Invocations of a workgroup that share an output; one, where each has its own. */
  readonly sharers: number;
  /** Declarations and helper functions. */
  readonly head: string;
  /** How many outputs there are, into how many segments each is divided, and how many elements an output joins. */
  readonly outputs: string;
  readonly segments: string;
  readonly elements: string;
  /** Statements that begin the work on output number `at`. */
  readonly begin: string;
  /** Statements that define `value`, and `position` where one is wanted, of element number `k`. */
  readonly load: string;
  /** Statements that store `best`, or `total` where no position is wanted, of segment `part` of output `at`. */
  readonly store: string;
  readonly helpers: Helpers;
}

export function isArg(combine: Combine): boolean {
  return combine === "argmax" || combine === "argmin";
}

/** The WGSL of a pass. Sums go by parts of at most 64 elements, so that rounding errors stay those of short sums. */
export function reduceCode(pass: ReducePass): string {
  const { combine, compute, sharers, outputs, segments, elements, helpers } = pass;
  const wide = wideDType(compute);
  const joined = isArg(combine) ? "Best" : valueType(wide);
  const neutral = isArg(combine) ? `Best(neutral, NONE)` : "neutral";
  const item = isArg(combine) ? `Best(value, position)` : "value";
  const functions = isArg(combine) ? argJoin(combine, wide, helpers) : plainJoin(combine, wide, helpers);
  const isShared = sharers > 1;
  const step = `${sharers}u`;
  const loop = `
  let neutral = ${neutralOf(combine, wide, helpers)};
  ${pass.begin}
  let size = (${elements} + ${segments} - 1u) / ${segments};
  let last = min((part + 1u) * size, ${elements});
  var total: ${joined} = ${neutral};
  for (var begin = part * size + ${isShared ? "lane" : "0u"}; begin < last; begin += 64u * ${step}) {
    var some: ${joined} = ${neutral};
    let end = min(last, begin + 64u * ${step});
    for (var k = begin; k < end; k += ${step}) {
      ${pass.load}
      some = join(some, ${item});
    }
    total = join(total, some);
  }`;
  const alone = `
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let at = ${GROUP} * ${GROUP_SIZE}u + lane;
  let part = 0u;
  if (at >= ${outputs}) { return; }${loop}
  ${pass.store}
}
`;
  const shared = `
var<workgroup> parts: array<${joined}, ${sharers}>;
@compute @workgroup_size(${sharers}) fn main(${GRID_PARAMETERS}) {
  let group = ${GROUP};
  if (group >= ${outputs} * ${segments}) { return; }
  let at = group / ${segments};
  let part = group % ${segments};${loop}
  parts[lane] = total;
  workgroupBarrier();
  for (var half = ${sharers / 2}u; half > 0u; half = half >> 1u) {
    if (lane < half) { parts[lane] = join(parts[lane], parts[lane + half]); }
    workgroupBarrier();
  }
  if (lane == 0u) {
    total = parts[0];
    ${pass.store}
  }
}
`;
  return `${pass.head}${helpers.code}\n${functions}${isShared ? shared : alone}`;
}

const joins = { sum: "add", prod: "mul", max: "max", min: "min" } as const;

function plainJoin(combine: Combine, wide: DType, helpers: Helpers): string {
  const type = valueType(wide);
  const fn = joins[combine as keyof typeof joins];
  return `fn join(a: ${type}, b: ${type}) -> ${type} { return ${binaryCode(fn, wide, "a", "b", helpers)}; }\n`;
}

/** The more extreme value, nan being the most; the first of equal ones. */
function argJoin(combine: Combine, wide: DType, helpers: Helpers): string {
  const isNan = (x: string): string => (isFloat(wide) ? helpers.call("isNan", x) : "false");
  const compare = (fn: "eq" | "gt" | "lt"): string => compareCode(fn, wide, "a.value", "b.value", helpers);
  return `const NONE = 0xffffffffu;
struct Best { value: ${valueType(wide)}, position: u32 }
fn join(a: Best, b: Best) -> Best {
  if (b.position == NONE) { return a; }
  if (a.position == NONE) { return b; }
  let aIsNan = ${isNan("a.value")};
  let bIsNan = ${isNan("b.value")};
  if ((aIsNan && bIsNan) || (!aIsNan && !bIsNan && ${compare("eq")})) {
    if (a.position < b.position) { return a; }
    return b;
  }
  if (aIsNan || (!bIsNan && ${compare(combine === "argmax" ? "gt" : "lt")})) { return a; }
  return b;
}
`;
}

/** What joins with any value to that value, as WGSL. */
function neutralOf(combine: Combine, wide: DType, helpers: Helpers): string {
  if (combine === "sum" || combine === "prod") return constant(combine === "sum" ? 0 : 1, wide, helpers);
  const isMost = combine === "max" || combine === "argmax";
  const sign = isMost ? -1 : 1;
  if (isFloat(wide)) return constant(sign * Number.POSITIVE_INFINITY, wide, helpers);
  if (wide === "int64") return isMost ? `${LONG}(0u, 0x80000000u)` : `${LONG}(0xffffffffu, 0x7fffffffu)`;
  return constant(isMost ? -(2 ** 31) : 2 ** 31 - 1, wide, helpers);
}
