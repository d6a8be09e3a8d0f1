import { type DType, numel, type Strided } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { LONG } from "./expr/convert.ts";
import { sharersOf } from "./software.ts";
import { bitonic, itemCode, PORTION } from "./sort-code.ts";
import type { GpuStorage } from "./storage.ts";
import type { Stream } from "./stream.ts";
import { declarations, scratch, typesOf, walkCode, walkOf, walkWords, word } from "./strided.ts";

const GROUP_SIZE = 64;
/** A dtype whose elements the GPU keeps as u32. */
const WORDS = "uint8";

/**
 * See `Backend.sort`: a bitonic sort of keys, unsigned numbers in the elements' order, with their positions, which break
 * ties and so make it stable. Lines of up to `PORTION` elements are sorted in a workgroup's memory; of longer ones only
 * the steps within a portion are. Source: K. E. Batcher, "Sorting networks and their applications", 1968.
 */
export function sort(
  stream: Stream,
  input: Strided,
  dim: number,
  descending: boolean,
  values: Strided,
  indices: Strided,
): void {
  bind([input, values, indices]);
  if (numel(values.shape) === 0) return;
  const length = input.shape[dim] ?? 1;
  const starts = values.shape.map((size, d) => (d === dim ? 1 : size));
  const lines = numel(starts);
  // Each line is filled up to a power of two.
  const padded = powerOf2(Math.max(length, 2));
  // Short lines share a portion.
  const within = Math.min(PORTION, powerOf2(lines * padded));
  const total = Math.ceil((lines * padded) / within) * within;
  const keys = scratch(input, input.dtype === "int64" ? "int64" : WORDS, total);
  const places = scratch(input, WORDS, total);
  const walk = walkOf(starts, [input.strides, values.strides, indices.strides]);
  const task: Task = {
    stream,
    keys,
    places,
    lines,
    padded,
    length,
    kept: values.shape[dim] ?? 1,
    dim,
    walk: walkWords(walk),
    rank: walk.sizes.length,
  };
  begin(task, input, descending);
  local(task, 2, Math.min(within, padded), within);
  for (let size = within * 2; size <= padded; size *= 2) {
    for (let step = size / 2; step >= within; step /= 2) apart(task, size, step);
    local(task, size, size, within);
  }
  finish(task, input, values, indices);
  keys.backend.release(keys);
  places.backend.release(places);
}

interface Task {
  readonly stream: Stream;
  readonly keys: GpuStorage;
  readonly places: GpuStorage;
  readonly lines: number;
  readonly padded: number;
  readonly length: number;
  /** How many of a line are wanted. */
  readonly kept: number;
  readonly dim: number;
  /** Over the lines: the input, the values, the indices. */
  readonly walk: readonly number[];
  readonly rank: number;
}

/** The least power of two that is not smaller. */
function powerOf2(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
}

function asStrided(storage: GpuStorage): Strided {
  return { storage, dtype: storage.dtype, shape: [storage.length], strides: [1], offset: 0 };
}

/** An element as an unsigned number in the same order: nan the greatest, zeros of both signs equal. */
function keyOf(dtype: DType): string {
  if (dtype === "bool" || dtype === "uint8") return "element";
  if (dtype === "int32") return "u32(element) ^ 0x80000000u";
  if (dtype === "int64") return `element ^ ${LONG}(0u, 0x80000000u)`;
  return "floatKey(f32(element))";
}

const FLOAT_KEY = `
fn floatKey(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u) { return 0xffffffffu; }
  if (size == 0u) { return 0x80000000u; }
  if (bits != size) { return ~bits; }
  return bits | 0x80000000u;
}
`;

/** Writes the keys and positions; those past a line's end come last in either direction. */
function begin(
  { stream, keys, places, lines, padded, length, dim, walk, rank }: Task,
  input: Strided,
  descending: boolean,
): void {
  const { buffers, slots } = bind([input, asStrided(keys), asStrided(places)]);
  const types = typesOf(buffers);
  const words = [
    lines * padded,
    padded,
    length,
    input.offset,
    input.strides[dim] ?? 0,
    descending ? 1 : 0,
    ...walk,
  ];
  stream.launch({
    key: `sort begin ${input.dtype} ${rank}`,
    buffers,
    uniforms: words,
    workgroups: grid(Math.ceil((lines * padded) / GROUP_SIZE)),
    code: () => `${declarations(types, words.length)}${FLOAT_KEY}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)}) { return; }
  let k = i % ${word(1)};
  var key = ${types[slots[1]]}(0xffffffffu);
  if (k < ${word(2)}) {
    var at = ${word(3)} + k * ${word(4)};
    ${walkCode(6, rank, ["at"], `i / ${word(1)}`)}
    let element = b${slots[0]}[at];
    key = ${keyOf(input.dtype)};
    if (${word(5)} == 1u) { key = ~key; }
  }
  b${slots[1]}[i] = key;
  b${slots[2]}[i] = k;
}
`,
  });
}

/** One step between elements too far apart for a workgroup's memory. */
function apart({ stream, keys, places, lines, padded }: Task, size: number, step: number): void {
  const pairs = (lines * padded) / 2;
  stream.launch({
    key: `sort apart ${keys.dtype}`,
    buffers: [keys, places],
    uniforms: [pairs, size, step, padded],
    workgroups: grid(Math.ceil(pairs / GROUP_SIZE)),
    code: () => `${declarations(typesOf([keys, places]), 4)}${itemCode(keys.dtype)}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let pair = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (pair >= ${word(0)}) { return; }
  let step = ${word(2)};
  let i = (pair / step) * 2u * step + pair % step;
  let j = i + step;
  let a = Item(b0[i], b1[i]);
  let b = Item(b0[j], b1[j]);
  if (isBefore(b, a) == (((i % ${word(3)}) & ${word(1)}) == 0u)) {
    b0[i] = b.key; b1[i] = b.place;
    b0[j] = a.key; b1[j] = a.place;
  }
}
`,
  });
}

/** The steps of the sizes from `from` to `to` that stay within a portion. */
function local(
  { stream, keys, places, lines, padded }: Task,
  from: number,
  to: number,
  within: number,
): void {
  const sorters = 2 * sharersOf(stream);
  stream.launch({
    key: `sort local ${keys.dtype} ${within} ${sorters}`,
    buffers: [keys, places],
    uniforms: [lines * padded, from, to, padded],
    workgroups: grid(Math.ceil((lines * padded) / within)),
    code: () =>
      `${declarations(typesOf([keys, places]), 4)}${itemCode(keys.dtype)}${bitonic(within, sorters)}`,
  });
}

/** Takes the elements to where they belong. */
function finish(
  { stream, places, lines, padded, kept, dim, walk, rank }: Task,
  input: Strided,
  values: Strided,
  indices: Strided,
): void {
  const { buffers, slots } = bind([input, asStrided(places), values, indices]);
  const types = typesOf(buffers);
  const words = [
    lines * kept,
    padded,
    kept,
    input.offset,
    values.offset,
    indices.offset,
    input.strides[dim] ?? 0,
    values.strides[dim] ?? 0,
    indices.strides[dim] ?? 0,
    ...walk,
  ];
  stream.launch({
    key: `sort finish ${types} ${slots} ${rank}`,
    buffers,
    uniforms: words,
    workgroups: grid(Math.ceil((lines * kept) / GROUP_SIZE)),
    code: () => `${declarations(types, words.length)}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)}) { return; }
  let k = i % ${word(2)};
  let line = i / ${word(2)};
  var source = ${word(3)};
  var to = ${word(4)};
  var at = ${word(5)};
  ${walkCode(9, rank, ["source", "to", "at"], "line")}
  let place = b${slots[1]}[line * ${word(1)} + k];
  b${slots[2]}[to + k * ${word(7)}] = b${slots[0]}[source + place * ${word(6)}];
  b${slots[3]}[at + k * ${word(8)}] = ${LONG}(place, 0u);
}
`,
  });
}
