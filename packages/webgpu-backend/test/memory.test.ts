import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, MapKernel, type Strided } from "@flambeau/backend";
import type { GpuDevice } from "../src/api.ts";
import { BufferPool, sizeClass } from "../src/buffers.ts";
import { openGpu, skip } from "./adapter.ts";

/** A device that only counts its buffers. */
function counting(): { device: GpuDevice; alive: Set<object> } {
  const alive = new Set<object>();
  const device = {
    createBuffer() {
      const buffer = { destroy: () => alive.delete(buffer) };
      alive.add(buffer);
      return buffer;
    },
  };
  return { device: device as unknown as GpuDevice, alive };
}

describe("the pool of buffers", () => {
  test("size classes hold what they must and waste at most a quarter from 64 KiB on", () => {
    for (let bytes = 0; bytes < 2 ** 20; bytes += 997) {
      const size = sizeClass(bytes);
      assert.ok(size >= bytes && size % 4 === 0);
      assert.equal(sizeClass(size), size);
      assert.ok(bytes <= 65536 || size <= bytes * 1.26);
    }
  });

  test("reuses buffers, but not for writing while commands use them", () => {
    const { device } = counting();
    const pool = new BufferPool(device, () => {});
    const block = pool.take(100, 1e9);
    block.usedIn = 3;
    pool.give(block);
    assert.notEqual(pool.take(100, 1e9, 3), block);
    assert.equal(pool.take(100, 1e9, 4), block);
    pool.give(block);
    block.holds = 1;
    assert.notEqual(pool.take(100, 1e9, 4), block);
    assert.equal(pool.take(100, 1e9), block);
  });

  test("destroys what is kept beyond a bound, once no command uses it", () => {
    const { device, alive } = counting();
    let dropped = 0;
    const pool = new BufferPool(device, () => dropped++);
    const blocks = Array.from({ length: 40 }, () => pool.take(32 * 2 ** 20, 1e9));
    for (const block of blocks) {
      block.usedIn = 7;
      pool.give(block);
    }
    assert.equal(alive.size, 40);
    pool.sweep(7);
    assert.equal(alive.size, 40);
    pool.sweep(8);
    assert.ok(alive.size <= 16);
    assert.equal(pool.allocated, alive.size * 32 * 2 ** 20);
    assert.equal(pool.pooled, pool.allocated);
    assert.equal(dropped, 1);
  });
});

const opened = skip ? null : await openGpu();

describe("memory of the GPU", { skip }, () => {
  if (opened === null) return;
  const gpu = opened;
  const sum = new MapKernel("sum", 2, 0, [E.add(input(0), input(1))]);
  const vector = (n: number): Strided => ({
    storage: gpu.allocate("float32", n),
    dtype: "float32",
    shape: [n],
    strides: [1],
    offset: 0,
  });

  test("a loop that releases what it took allocates no more after the first round", async () => {
    const round = async (): Promise<void> => {
      const [a, b, c] = [vector(5000), vector(5000), vector(5000)];
      gpu.map(sum, "float32", [a, b], [], [c]);
      await gpu.synchronize();
      for (const { storage } of [a, b, c]) gpu.release(storage);
    };
    await round();
    const { allocated } = gpu.stats();
    const { used } = gpu.memory();
    for (let i = 0; i < 50; i++) await round();
    assert.equal(gpu.stats().allocated, allocated);
    assert.equal(gpu.memory().used, used);
  });

  test("what nobody releases comes back after a collection: 1.2 GB pass through a bounded part", async () => {
    const before = gpu.stats().allocated;
    let most = 0;
    for (let i = 0; i < 300; i++) {
      const x = vector(2 ** 20);
      const first = { ...x, shape: [1] };
      gpu.map(sum, "float32", [first, first], [], [first]);
      await gpu.download(first);
      most = Math.max(most, gpu.stats().allocated - before);
    }
    assert.ok(most < 600 * 2 ** 20, `${most} bytes`);
  });
});
