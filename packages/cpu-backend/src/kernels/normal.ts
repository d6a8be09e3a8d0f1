import { compile } from "../wasm/codegen/compiled.ts";
import { fusesOnce, hasSimd } from "../wasm/codegen/features.ts";
import { type NormalBlocks, normalModule } from "../wasm/normal-module.ts";

const BLOCK = 16;
/** Blocks that are copied there and back at a time. */
const ROOM = 512;

let kernel: { readonly run: NormalBlocks; readonly floats: Float32Array } | null | undefined;

function kernelOf(): typeof kernel {
  const compiled = hasSimd() ? compile(normalModule(fusesOnce())) : null;
  if (compiled === null) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(compiled.module, { env: { memory } });
  return { run: exports.run as unknown as NormalBlocks, floats: new Float32Array(memory.buffer) };
}

/**
 * Turns whole blocks of 16 uniform samples into normal ones, in place, bit by bit as PyTorch's AVX2 kernel does. Blocks that `one` is
 * called with, by their start, are left to it: all of them where there is no SIMD, else hardly ever one.
 *
 * @internal
 */
export function normalBlocks(
  out: Float32Array,
  mean: number,
  std: number,
  one: (start: number) => void,
): void {
  const count = Math.floor(out.length / BLOCK);
  if (kernel === undefined) kernel = kernelOf();
  for (let block = 0; block < count; ) {
    if (kernel === null) {
      one(block++ * BLOCK);
      continue;
    }
    const { run, floats } = kernel as NonNullable<typeof kernel>;
    const most = Math.min(ROOM, count - block);
    const start = block * BLOCK;
    floats.set(out.subarray(start, start + most * BLOCK));
    const done = run(0, most, mean, std);
    out.set(floats.subarray(0, done * BLOCK), start);
    block += done;
    if (done < most) one(block++ * BLOCK);
  }
}
