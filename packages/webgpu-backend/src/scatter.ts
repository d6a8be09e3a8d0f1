import { type DType, isFloat, numel, type ScatterMode, type Strided } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { Helpers } from "./expr/helpers.ts";
import { checkIndex, outOfRange, placeOf } from "./index-code.ts";
import type { Stream } from "./stream.ts";
import {
  declarations,
  REPORT,
  scratch,
  stridesExcept,
  typesOf,
  walkCode,
  walkOf,
  walkWords,
  word,
} from "./strided.ts";

const GROUP_SIZE = 64;

/**
 * See `Backend.scatter`. All indices are looked at first, in a launch of their own unless one workgroup does everything;
 * if one is out of range, all stays as it was, and the next read throws the IndexError.
 *
 * Elements with one target differ in their index along `dim` only. One invocation goes along `dim` and takes its
 * elements in their order, so that sums do not depend on timing and the last of several values stays. That leaves a
 * GPU idle where there are few such lines and they are long: numbers are joined there by atomic operations, and
 * then the last bits of a float sum or product may differ from run to run.
 */
export function scatter(
  stream: Stream,
  mode: ScatterMode,
  output: Strided,
  dim: number,
  index: Strided,
  source: Strided,
): void {
  bind([output, index, source]);
  const n = numel(index.shape);
  if (n === 0) return;
  const along = index.shape[dim] ?? 1;
  const lines = n / along;
  // What one binding shows as atomic cannot be read as a source or an index too.
  const isShared = output.storage === index.storage || output.storage === source.storage;
  // There are no atomic operations on 16 bits, and none that multiplies 64.
  const isWhole = output.dtype === "float16" || (output.dtype === "int64" && mode === "mul");
  const isByLines = along <= LONG || lines >= MANY || isShared || isWhole;
  const isOne = isByLines && lines <= GROUP_SIZE;
  if (!isOne) check(stream, index, output.shape[dim] ?? 1);
  if (isByLines) inLines(stream, mode, output, dim, index, source, isOne);
  else if (mode === "set") last(stream, output, dim, index, source);
  else joined(stream, mode, output, dim, index, source);
}

/** Lines longer than this are taken apart where there are fewer than `MANY`. */
const LONG = 1024;
const MANY = 256;

function check(stream: Stream, index: Strided, size: number): void {
  const n = numel(index.shape);
  const { buffers } = bind([index]);
  const walk = walkOf(index.shape, [index.strides]);
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  const words = [n, index.offset, size, outOfRange(stream, index.shape), ...walkWords(walk)];
  stream.launch({
    key: `check ${types} ${rank}`,
    buffers,
    uniforms: words,
    errors: true,
    workgroups: grid(Math.ceil(n / GROUP_SIZE)),
    code: () => `${declarations(types, words.length, { errors: true })}${REPORT}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)}) { return; }
  var at = ${word(1)};
  ${walkCode(4, rank, ["at"], "i")}
  let found = b0[at];
  ${checkIndex(index.dtype, "found", word(2), word(3))}
}
`,
  });
}

/** `value` joined with the value `old` of its target. */
function join(mode: ScatterMode, dtype: DType, old: string, helpers: Helpers): string {
  if (mode === "set") return "value";
  if (dtype === "bool") return `${old} ${mode === "add" ? "|" : "&"} value`;
  if (dtype === "int64") return helpers.call(mode === "add" ? "longAdd" : "longMul", old, "value");
  const joined = `${old} ${mode === "add" ? "+" : "*"} value`;
  return dtype === "uint8" ? `(${joined}) & 255u` : joined;
}

function inLines(
  stream: Stream,
  mode: ScatterMode,
  output: Strided,
  dim: number,
  index: Strided,
  source: Strided,
  checks: boolean,
): void {
  const { buffers, slots } = bind([output, index, source]);
  const starts = index.shape.map((size, d) => (d === dim ? 1 : size));
  const lines = numel(starts);
  const walk = walkOf(starts, [output.strides, index.strides, source.strides]);
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  const words = [
    lines,
    output.offset,
    index.offset,
    source.offset,
    output.strides[dim] ?? 0,
    index.strides[dim] ?? 0,
    source.strides[dim] ?? 0,
    index.shape[dim] ?? 1,
    output.shape[dim] ?? 1,
    outOfRange(stream, index.shape),
    ...walkWords(walk),
  ];
  stream.launch({
    key: `scatter ${mode} ${output.dtype} ${types} ${slots} ${rank} ${checks}`,
    buffers,
    uniforms: words,
    errors: true,
    workgroups: grid(Math.ceil(lines / GROUP_SIZE)),
    code: () => {
      const helpers = new Helpers();
      const place = `b${slots[0]}[place]`;
      const joined = join(mode, output.dtype, place, helpers);
      return `${declarations(types, words.length, { errors: true })}${helpers.code}${checks ? REPORT : ""}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  var to = ${word(1)};
  var at = ${word(2)};
  var source = ${word(3)};
  ${walkCode(10, rank, ["to", "at", "source"], "i")}
  ${checks ? checkLine(index.dtype, `b${slots[1]}`) : ""}
  if (i >= ${word(0)} || atomicLoad(&errors[0]) != 0u) { return; }
  for (var k = 0u; k < ${word(7)}; k++) {
    let place = to + ${placeOf(index.dtype, `b${slots[1]}[at]`)} * ${word(4)};
    let value = b${slots[2]}[source];
    ${place} = ${joined};
    at += ${word(5)};
    source += ${word(6)};
  }
}
`;
    },
  });
}

/** Statements that look at a line's indices before any invocation goes on. */
function checkLine(dtype: DType, index: string): string {
  return `if (i < ${word(0)}) {
    for (var k = 0u; k < ${word(7)}; k++) {
      let found = ${index}[at + k * ${word(5)}];
      ${checkIndex(dtype, "found", word(8), word(9))}
    }
  }
  workgroupBarrier();
  storageBarrier();`;
}

/**
 * An invocation for each element of the source; `body` has its number `i`, its `value`, and its target: number `place` of
 * the output and of the winners.
 */
function eachElement(
  stream: Stream,
  name: string,
  output: Strided,
  dim: number,
  index: Strided,
  source: Strided,
  winners: Strided | null,
  atomic: "output" | "winners" | "",
  body: (output: string, winners: string) => string,
): void {
  const operands = [output, index, source];
  const { buffers, slots } = bind(winners === null ? operands : [...operands, winners]);
  const n = numel(index.shape);
  const walk = walkOf(index.shape, [stridesExcept(output, dim), index.strides, source.strides]);
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  // An int64 is two of these.
  if (atomic === "output") types[slots[0]] = types[slots[0]] === "i32" ? "atomic<i32>" : "atomic<u32>";
  if (atomic === "winners") types[slots[3]] = "atomic<i32>";
  const words = [n, output.offset, index.offset, source.offset, output.strides[dim] ?? 0, ...walkWords(walk)];
  const value = `b${slots[2]}[source]`;
  stream.launch({
    key: `scatter ${name} ${output.dtype} ${types} ${slots} ${rank}`,
    buffers,
    uniforms: words,
    errors: true,
    workgroups: grid(Math.ceil(n / GROUP_SIZE)),
    code: () => `${declarations(types, words.length, { errors: true })}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)} || atomicLoad(&errors[0]) != 0u) { return; }
  var to = ${word(1)};
  var at = ${word(2)};
  var source = ${word(3)};
  ${walkCode(5, rank, ["to", "at", "source"], "i")}
  let place = to + ${placeOf(index.dtype, `b${slots[1]}[at]`)} * ${word(4)};
  let value = ${value};
  ${body(`b${slots[0]}`, `b${slots[3]}`)}
}
`,
  });
}

/** Sums or products joined as they come. */
function joined(
  stream: Stream,
  mode: ScatterMode,
  output: Strided,
  dim: number,
  index: Strided,
  source: Strided,
): void {
  const { dtype } = output;
  eachElement(stream, mode, output, dim, index, source, null, "output", (all) => {
    const place = `${all}[place]`;
    if (dtype === "int64") {
      // Whoever makes the low word overflow carries on, so that the sum is whole once all have added.
      return `let low = value.x + atomicAdd(&${all}[2u * place], value.x);
  atomicAdd(&${all}[2u * place + 1u], value.y + select(0u, 1u, low < value.x));`;
    }
    if (dtype === "bool") return `${mode === "add" ? "atomicOr" : "atomicAnd"}(&${place}, value);`;
    if (mode === "add" && !isFloat(dtype) && dtype !== "uint8") return `atomicAdd(&${place}, value);`;
    const value = isFloat(dtype)
      ? `bitcast<u32>(${join(mode, dtype, "bitcast<f32>(old)", new Helpers())})`
      : join(mode, dtype, "old", new Helpers());
    return `var old = atomicLoad(&${place});
  loop {
    let was = atomicCompareExchangeWeak(&${place}, old, ${value});
    if (was.exchanged) { break; }
    old = was.old_value;
  }`;
  });
}

/** The last of the elements with one target: they first compete by their number, then the winner writes. */
function last(stream: Stream, output: Strided, dim: number, index: Strided, source: Strided): void {
  const storage = scratch(output, "int32", output.storage.length);
  // Addressed as the output is: a target's number is its place in memory.
  const winners: Strided = { ...output, storage, dtype: "int32", shape: [storage.length], strides: [1] };
  const n = storage.length;
  stream.launch({
    key: "scatter begin",
    buffers: [storage],
    uniforms: [n],
    workgroups: grid(Math.ceil(n / GROUP_SIZE)),
    code: () => `${declarations(["i32"], 1)}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i < ${word(0)}) { b0[i] = -1; }
}
`,
  });
  eachElement(stream, "compete", output, dim, index, source, winners, "winners", (_, winners) => {
    return `atomicMax(&${winners}[place], i32(i));`;
  });
  eachElement(stream, "win", output, dim, index, source, winners, "", (all, winners) => {
    return `if (${winners}[place] == i32(i)) { ${all}[place] = value; }`;
  });
  storage.backend.release(storage);
}
