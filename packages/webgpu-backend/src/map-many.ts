import {
  type DType,
  isContiguous,
  type MapItem,
  type MapKernel,
  numel,
  type Strided,
} from "@flambeau/backend";
import { PART } from "./buffers.ts";
import { bind, GRID_PARAMETERS, GROUP, grid } from "./dispatch.ts";
import { loaded, stored } from "./expr/convert.ts";
import { paramValues } from "./expr/head.ts";
import { Helpers } from "./expr/helpers.ts";
import { wgslOf } from "./expr/lowering.ts";
import { map } from "./map.ts";
import { paramWords } from "./params.ts";
import { type GpuStorage, storageOf } from "./storage.ts";
import type { Stream } from "./stream.ts";
import { declarations, word } from "./strided.ts";

const LANES = 64;
/** Words of a launch's uniforms. */
const WORDS = 1024;
/** Buffers bound at offsets that are told with each launch, on every adapter. */
const BUFFERS = 4;

/**
 * See `FusedKernels.mapMany`. Items whose tensors are small parts of the same buffers go in one launch: an optimizer's step for all
 * biases and small weights, say, each of which would take no longer than its launch.
 */
export function mapMany(
  stream: Stream,
  kernel: MapKernel,
  compute: DType,
  items: readonly MapItem[],
  params: readonly (number | bigint)[],
): void {
  const alike = new Map<string, Strided[][]>();
  for (const { inputs, outputs } of items) {
    const operands = [...inputs, ...outputs];
    bind(operands);
    const key = operands.every(isSmall)
      ? operands.map(({ storage }) => (storage as GpuStorage).block.bufferId).join()
      : "";
    const known = alike.get(key);
    if (key === "") map(stream, kernel, compute, inputs, params, outputs);
    else if (known === undefined) alike.set(key, [operands]);
    else known.push(operands);
  }
  for (const list of alike.values()) {
    const most = Math.floor((WORDS - 2 - params.length) / (list[0].length + 1));
    const fits = whole(list[0]).bufferIds.length <= BUFFERS;
    for (let i = 0; i < list.length; i += most) {
      const some = list.slice(i, i + most);
      if (fits && some.length > 1) together(stream, kernel, compute, some, params);
      else {
        for (const operands of some) {
          const [inputs, outputs] = [operands.slice(0, kernel.inputs), operands.slice(kernel.inputs)];
          map(stream, kernel, compute, inputs, params, outputs);
        }
      }
    }
  }
}

/** Whether a tensor lies in a row in a part of a buffer that has many. */
function isSmall(operand: Strided): boolean {
  const { dtype, shape, strides } = operand;
  return dtype === "float32" && isContiguous(shape, strides) && storageOf(operand).block.size <= PART;
}

/** The buffers that operands are parts of, and by operand the number of its own. */
function whole(operands: readonly Strided[]): { bufferIds: number[]; slots: number[] } {
  const ids = operands.map((operand) => storageOf(operand).block.bufferId);
  const bufferIds = [...new Set(ids)];
  return { bufferIds, slots: ids.map((id) => bufferIds.indexOf(id)) };
}

function together(
  stream: Stream,
  kernel: MapKernel,
  compute: DType,
  list: readonly (readonly Strided[])[],
  params: readonly (number | bigint)[],
): void {
  const { bufferIds, slots } = whole(list[0]);
  const operands = list[0].length;
  const row = operands + 1;
  let end = 0;
  const table = list.flatMap((item) => {
    end += numel(item[0].shape);
    return [end, ...item.map((x) => x.offset + storageOf(x).block.start / 4)];
  });
  const words = [list.length, end, ...paramWords(params, compute)];
  const tableFrom = words.push(...table) - table.length;
  const code = (): string => {
    const helpers = new Helpers();
    const names = params.map((_, k) => `p${k}`);
    const inputs = Array.from({ length: kernel.inputs }, (_, p) => `x${p}`);
    const { statements, results } = wgslOf(kernel.outputs, compute, inputs, names, helpers);
    const element = (p: number): string => `b${slots[p]}[at(t + ${1 + p}u) + j]`;
    const writes = results.map(
      (result, k) => `${element(kernel.inputs + k)} = ${stored(compute, "float32", result, helpers)};`,
    );
    return `${declarations(
      bufferIds.map(() => "f32"),
      WORDS,
    )}${helpers.code}
fn at(k: u32) -> u32 { return u.w[(k + ${tableFrom}u) >> 2u][(k + ${tableFrom}u) & 3u]; }
@compute @workgroup_size(${LANES}) fn main(${GRID_PARAMETERS}) {
  let i = ${GROUP} * ${LANES}u + lane;
  if (i >= ${word(1)}) { return; }
  var t = 0u;
  var begin = 0u;
  for (var k = 1u; k < ${word(0)}; k++) {
    let end = at((k - 1u) * ${row}u);
    if (i >= end) { t = k * ${row}u; begin = end; }
  }
  let j = i - begin;
  ${paramValues(2, params.length, compute)
    .map((value, k) => `let ${names[k]} = ${value};`)
    .join("\n")}
  ${inputs.map((name, p) => `let ${name} = ${loaded("float32", compute, element(p), helpers)};`).join("\n")}
  ${statements}
  ${writes.join("\n")}
}
`;
  };
  stream.launch({
    key: `many ${kernel.id} ${compute} ${slots}`,
    buffers: list.flatMap((item) => item.map(storageOf)),
    isWhole: true,
    uniforms: words,
    workgroups: grid(Math.ceil(end / LANES)),
    code,
  });
}
