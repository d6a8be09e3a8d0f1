/** Normal samples by SIMD: the same bits as one by one, whether products are fused or not, and where there is no SIMD. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fusesOnce, hasSimd } from "../../cpu-backend/src/wasm/codegen/features.ts";
import { normalModule } from "../../cpu-backend/src/wasm/normal-module.ts";
import { Generator } from "../src/random/generator.ts";
import { block32 } from "../src/random/normal.ts";
import { uniform24 } from "../src/random/streams.ts";

const BLOCKS = 512;
const ROUNDS = 40;

type Run = (address: number, blocks: number, mean: number, std: number) => number;

/** Uniform samples, among them the least and the greatest. */
function uniform(seed: number): Float32Array {
  const samples = new Float32Array(16 * BLOCKS);
  uniform24(new Generator().manualSeed(seed), samples);
  samples.set([0, 1 - 2 ** -24, 0.5, 2 ** -24], 0);
  samples.set([0, 1 - 2 ** -24, 0.5, 0.125, 0.25, 0.75], 8);
  return samples;
}

function check(fused: boolean): void {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(normalModule(fused));
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports.run as unknown as Run;
  const floats = new Float32Array(memory.buffer);
  let left = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [mean, std] = [
      [0, 1],
      [3, 1],
      [-0.1, 0.02],
      [0, 0],
    ][round % 4].map(Math.fround);
    const wanted = uniform(round);
    const given = wanted.slice();
    const one = block32(wanted, mean, std);
    for (let start = 0; start < wanted.length; start += 16) one(start);
    for (let block = 0; block < BLOCKS; ) {
      floats.set(given.subarray(16 * block));
      const done = run(0, BLOCKS - block, mean, std);
      const [from, to] = [16 * block, 16 * (block + done)];
      assert.deepEqual(
        new Int32Array(memory.buffer, 0, 16 * done),
        new Int32Array(wanted.buffer, 4 * from, to - from),
        `blocks ${block} to ${block + done} of round ${round}`,
      );
      if (block + done < BLOCKS) left++;
      block += done + 1;
    }
  }
  assert.ok(fused ? left === 0 : left < ROUNDS, `${left} of ${ROUNDS * BLOCKS} blocks were left`);
}

describe("normal samples by SIMD", { skip: !hasSimd() }, () => {
  test("in double precision", () => check(false));
  test("with fused products", { skip: !fusesOnce() && "it has none" }, () => check(true));
});
