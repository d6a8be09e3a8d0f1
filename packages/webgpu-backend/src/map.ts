import { type DType, type MapKernel, numel, type Strided } from "@flambeau/backend";
import { type Binding, bind, grid } from "./dispatch.ts";
import { divisionCode } from "./expr/division.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { mapCode } from "./map-code.ts";
import { paramWords } from "./params.ts";
import type { Stream } from "./stream.ts";

/**
 * See `Backend.map`: each invocation takes an element, or four at a time where they lie in a row. An integer that is divided
 * by a zero in a tensor comes out of the next read, as a ValueError.
 */
export function map(
  stream: Stream,
  kernel: MapKernel,
  compute: DType,
  inputs: readonly Strided[],
  params: readonly (number | bigint)[],
  outputs: readonly Strided[],
): void {
  const { shape } = outputs[0];
  const n = numel(shape);
  const operands = [...inputs, ...outputs];
  const binding = bind(operands);
  if (n === 0) return;
  const layout = layoutOf(shape, operands);
  const four = takesFours(n, operands, inputs.length, layout, binding);
  const count = four ? Math.ceil(n / 4) : n;
  // One workgroup of few invocations for little, of many for much.
  const lanes = count <= 64 ? 64 : 256;
  const uniforms = [count, ...layout.sizes];
  for (let p = 0; p < operands.length; p++) {
    uniforms.push(four && layout.walked[p] === "flat" ? operands[p].offset / 4 : operands[p].offset);
    if (layout.walked[p] === "steps") uniforms.push(...layout.steps[p]);
  }
  const firstParam = uniforms.length;
  uniforms.push(...paramWords(params, compute));
  const code = divisionCode(stream, kernel, compute);
  const reports = code !== 0;
  if (reports) uniforms.push(code);
  const words = uniforms.length;
  let key = `map ${kernel.id} ${compute} ${lanes} ${four ? 4 : 1} ${layout.sizes.length}`;
  for (let p = 0; p < operands.length; p++) {
    key += ` ${operands[p].dtype} ${binding.slots[p]} ${layout.walked[p]}`;
  }
  stream.launch({
    key,
    code: () => {
      const plan = { kernel, compute, operands, layout, binding, firstParam, words, lanes, four, reports };
      return mapCode(plan);
    },
    buffers: binding.buffers,
    uniforms,
    errors: reports,
    workgroups: grid(Math.ceil(count / lanes)),
  });
}

/**
 * Whether the kernel can take four elements at a time: all operands lie in a row from a multiple of four on, or are one
 * element. Past the end of an output there must be nothing but the rest of its block.
 */
function takesFours(
  n: number,
  operands: readonly Strided[],
  inputs: number,
  { walked }: Layout,
  { buffers, slots }: Binding,
): boolean {
  if (n < 4) return false;
  for (let p = 0; p < operands.length; p++) {
    const { dtype, offset, storage } = operands[p];
    // WGSL has no vectors of four int64.
    if (walked[p] === "steps" || (walked[p] === "flat" && dtype === "int64")) return false;
    if (walked[p] === "flat" && offset % 4 !== 0) return false;
    if (p >= inputs && n % 4 !== 0 && offset + n !== storage.length) return false;
  }
  // A buffer is bound either as elements or as fours of them.
  if (buffers.length === operands.length) return true;
  return slots.every((slot, p) => walked[p] === walked[slots.indexOf(slot)]);
}
