import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, MapKernel, param, type Strided } from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import { gpu, skip } from "./adapter.ts";
import { onGpu, operand, PLAIN, same } from "./families.ts";

/** In place, as an optimizer's: a value and a state from both and a gradient. */
const kernel = new MapKernel("momentum", 3, 2, [
  E.add(input(0), E.mul(param(0), input(1))),
  E.add(E.mul(input(2), param(1)), input(1)),
]);

const values = [1, -2, 0.5, Number.POSITIVE_INFINITY, 3, Number.NaN, 0.25];

describe("several maps in one go", { skip }, () => {
  /** Runs items of these shapes, and tells how many launches that took. */
  const run = async (makers: readonly (() => Strided)[]): Promise<number> => {
    const items = makers.map((make) => {
      const [p, g, v] = [make(), make(), make()];
      return { inputs: [p, g, v], outputs: [p, v] };
    });
    const twins = items.map(({ inputs }) => {
      const [p, g, v] = inputs.map((x) => onGpu(x));
      return { inputs: [p, g, v], outputs: [p, v] };
    });
    for (const { inputs, outputs } of items) cpu.map(kernel, "float32", inputs, [0.5, 0.75], outputs);
    const { dispatches } = gpu.stats();
    gpu.mapMany(kernel, "float32", twins, [0.5, 0.75]);
    const launched = gpu.stats().dispatches - dispatches;
    for (const [i, { inputs }] of items.entries())
      for (const k of [0, 1, 2])
        await same(twins[i].inputs[k], inputs[k], `item ${i}, operand ${k}`, { tolerance: 1e-6, scale: 1 });
    return launched;
  };
  const plain = (shape: number[], seed: number) => (): Strided =>
    operand("float32", shape, values.slice(seed).concat(values), PLAIN);

  test("small tensors of one size class take one launch", async () => {
    assert.equal(await run([plain([5, 2], 1), plain([1], 2), plain([], 3), plain([7, 9], 4)]), 1);
    assert.equal(await run([plain([3], 1)]), 1);
    assert.equal(await run([]), 0);
  });

  test("more elements than a workgroup takes, and more tensors than a table holds", async () => {
    assert.ok((await run(Array.from({ length: 40 }, (_, i) => plain([50 + (i % 13)], i % 5)))) <= 4);
    // Those of another buffer, and those on both sides of the border, go by themselves.
    assert.ok((await run(Array.from({ length: 300 }, (_, i) => plain([2], i % 5)))) <= 6);
  });

  test("large ones, empty ones and those with gaps go one by one", async () => {
    const gaps = (): Strided =>
      operand("float32", [4, 3], values, { order: 1, gap: 2, offset: 3, repeat: 0 });
    assert.ok((await run([plain([3000], 1), plain([5], 2), gaps, plain([6], 3), plain([0, 2], 1)])) <= 4);
  });
});
