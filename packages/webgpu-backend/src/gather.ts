import { numel, type Strided } from "@flambeau/backend";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { checkIndex, outOfRange, placeOf } from "./index-code.ts";
import type { Stream } from "./stream.ts";
import {
  declarations,
  REPORT,
  stridesExcept,
  typesOf,
  walkCode,
  walkOf,
  walkWords,
  word,
} from "./strided.ts";

const GROUP_SIZE = 64;

/**
 * See `Backend.gather`: one invocation for each element of the output. An index out of range comes out of the next
 * read, as an IndexError; what the output then holds where it was is undefined.
 */
export function gather(stream: Stream, input: Strided, dim: number, index: Strided, output: Strided): void {
  const { shape } = output;
  const n = numel(shape);
  const { buffers, slots } = bind([output, index, input]);
  if (n === 0) return;
  const walk = walkOf(shape, [output.strides, index.strides, stridesExcept(input, dim)]);
  const rank = walk.sizes.length;
  const types = typesOf(buffers);
  const words = [
    n,
    output.offset,
    index.offset,
    input.offset,
    input.strides[dim] ?? 0,
    input.shape[dim] ?? 1,
    outOfRange(stream, index.shape),
    ...walkWords(walk),
  ];
  stream.launch({
    key: `gather ${types} ${slots} ${rank}`,
    buffers,
    uniforms: words,
    errors: true,
    workgroups: grid(Math.ceil(n / GROUP_SIZE)),
    code: () => `${declarations(types, words.length, { errors: true })}${REPORT}
@compute @workgroup_size(${GROUP_SIZE}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${GROUP_SIZE}u + lane;
  if (i >= ${word(0)}) { return; }
  var to = ${word(1)};
  var at = ${word(2)};
  var source = ${word(3)};
  ${walkCode(7, rank, ["to", "at", "source"], "i")}
  let found = b${slots[1]}[at];
  ${checkIndex(index.dtype, "found", word(5), word(6), "return;")}
  b${slots[0]}[to] = b${slots[2]}[source + ${placeOf(index.dtype, "found")} * ${word(4)}];
}
`,
  });
}
