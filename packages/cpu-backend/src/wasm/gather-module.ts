import { ModuleBuilder } from "./codegen/assembler.ts";
import { control, i32, v128 } from "./codegen/opcodes.ts";

/**
 * Copies `count` rows of `bytes` bytes, a multiple of four, from a table `x` of `size` rows that are `xRow` bytes apart to rows of `o` that
 * follow on each other. `index` has int64 elements `step` bytes apart. Returns `count`, or the number of the first index that the table does not
 * have, and has copied nothing then.
 */
export type GatherRows = (
  count: number,
  bytes: number,
  index: number,
  step: number,
  size: number,
  x: number,
  xRow: number,
  o: number,
) => number;

const V128 = 16;

/** The module of `run: GatherRows`. */
export function gatherModule(shared: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", shared);
  const code = module.function(Array(8).fill("i32"), ["i32"]);
  module.export("run", code);
  const [count, bytes, index, step, size, x, xRow, o] = Array(8).keys();
  const [done, vectors, words, left, from] = Array.from({ length: 5 }, () => code.local("i32"));
  code.get(bytes).i32(4).op(i32.shr_u).set(vectors);
  code.get(bytes).i32(2).op(i32.shr_u).i32(3).op(i32.and).set(words);
  const at = code.local("i32");
  code.get(index).set(at);
  code.block(() => {
    code.loop(() => {
      code.get(done).get(count).op(i32.ge_u).brIf(1);
      code.get(at).memory(i32.load).get(size).op(i32.ge_u).get(at).memory(i32.load, 4).op(i32.or);
      code.if(() => code.get(done).op(control.return));
      code.advanceBy(at, step).advance(done, 1).br(0);
    });
  });
  code.times(count, () => {
    code.get(x).get(index).memory(i32.load).get(xRow).op(i32.mul).op(i32.add).set(from);
    code.get(vectors).set(left);
    code.times(left, () => {
      code.get(o).get(from).memory(v128.load).memory(v128.store);
      code.advance(o, V128).advance(from, V128);
    });
    code.get(words).set(left);
    code.times(left, () => {
      code.get(o).get(from).memory(i32.load).memory(i32.store);
      code.advance(o, 4).advance(from, 4);
    });
    code.advanceBy(index, step);
  });
  code.get(done);
  return module.encode();
}
