import { numel, type Strided } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { loaded, stored, valueType, wideDType } from "./expr/convert.ts";
import { Helpers } from "./expr/helpers.ts";
import { constant } from "./expr/lowering.ts";
import { binaryCode } from "./expr/operations.ts";
import { sharersOf, softwareOf } from "./software.ts";
import type { Stream } from "./stream.ts";
import { declarations, typesOf, walkCode, walkOf, walkWords, word } from "./strided.ts";

/** Lines up to this long are one invocation's. */
const SHORT = 32;
const GROUP_SIZE = 64;
/** Elements that an invocation takes at a time of a line that a workgroup shares. */
const EACH = 8;

/**
 * See `Backend.scan`. A long line is a workgroup's: it goes along it in portions, in which each invocation sums a few
 * elements in order, the invocations' sums are scanned, and what went before is carried on. Floats are joined in float32.
 */
export function scan(
  stream: Stream,
  combine: "sum" | "prod",
  input: Strided,
  dim: number,
  output: Strided,
): void {
  const { shape, dtype } = output;
  const { buffers, slots } = bind([input, output]);
  if (numel(shape) === 0) return;
  const length = shape[dim] ?? 1;
  const starts = shape.map((size, d) => (d === dim ? 1 : size));
  const lines = numel(starts);
  const walk = walkOf(starts, [input.strides, output.strides]);
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  const sharers = sharersOf(stream);
  const isShared = length > SHORT && (softwareOf(stream) === "gpu" || lines < sharers * 2);
  const words = [
    lines,
    length,
    input.offset,
    output.offset,
    input.strides[dim] ?? 0,
    output.strides[dim] ?? 0,
    ...walkWords(walk),
  ];
  stream.launch({
    key: `scan ${combine} ${dtype} ${slots} ${rank} ${isShared ? sharers : 1}`,
    buffers,
    uniforms: words,
    workgroups: grid(isShared ? lines : Math.ceil(lines / GROUP_SIZE)),
    code: () => {
      const helpers = new Helpers();
      // bool and uint8 are joined as int32, which wraps alike.
      const kind = wideDType(dtype);
      const type = valueType(kind);
      const fn = combine === "prod" ? "mul" : dtype === "bool" ? "bitor" : "add";
      const join = binaryCode(fn, kind, "a", "b", helpers);
      const begin = `var source = ${word(2)};
  var to = ${word(3)};
  ${walkCode(6, rank, ["source", "to"], "line")}`;
      const text = {
        type,
        neutral: constant(combine === "prod" ? 1 : 0, kind, helpers),
        begin,
        load: loaded(dtype, kind, `b${slots[0]}[source + k * ${word(4)}]`, helpers),
        store: `b${slots[1]}[to + k * ${word(5)}] = ${stored(kind, dtype, "total", helpers)};`,
      };
      const main = isShared ? shared(text, sharers) : alone(text);
      return `${declarations(types, words.length)}${helpers.code}
fn join(a: ${type}, b: ${type}) -> ${type} { return ${join}; }
${main}`;
    },
  });
}

/** Pieces of WGSL: `load` is element `k` of the line, `store` stores `total` as element `k`. */
interface Pieces {
  readonly type: string;
  readonly neutral: string;
  readonly begin: string;
  readonly load: string;
  readonly store: string;
}

function alone({ neutral, begin, load, store }: Pieces): string {
  return `
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let line = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (line >= ${word(0)}) { return; }
  ${begin}
  var total = ${neutral};
  for (var k = 0u; k < ${word(1)}; k++) {
    total = join(total, ${load});
    ${store}
  }
}
`;
}

function shared({ type, neutral, begin, load, store }: Pieces, sharers: number): string {
  const portion = sharers * EACH;
  return `
var<workgroup> sums: array<${type}, ${sharers}>;
@compute @workgroup_size(${sharers}) fn main(${GRID_PARAMETERS}) {
  let line = ${GROUP};
  if (line >= ${word(0)}) { return; }
  ${begin}
  var before = ${neutral};
  for (var portion = 0u; portion < ${word(1)}; portion += ${portion}u) {
    let first = portion + lane * ${EACH}u;
    let last = min(first + ${EACH}u, ${word(1)});
    var total = ${neutral};
    for (var k = first; k < last; k++) { total = join(total, ${load}); }
    sums[lane] = total;
    workgroupBarrier();
    for (var step = 1u; step < ${sharers}u; step = step << 1u) {
      var sum = sums[lane];
      if (lane >= step) { sum = join(sums[lane - step], sum); }
      workgroupBarrier();
      sums[lane] = sum;
      workgroupBarrier();
    }
    total = before;
    if (lane > 0u) { total = join(before, sums[lane - 1u]); }
    for (var k = first; k < last; k++) {
      total = join(total, ${load});
      ${store}
    }
    before = join(before, sums[${sharers - 1}]);
    workgroupBarrier();
  }
}
`;
}
