import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, MapKernel, type Strided } from "@flambeau/backend";
import type { GpuDevice } from "../src/api.ts";
import { BufferPool, sizeClass } from "../src/buffers.ts";
import { gpu, skip } from "./adapter.ts";

/** A device that only counts its buffers. */
function counting(): { device: GpuDevice; alive: Set<object> } {
  const alive = new Set<object>();
  const device = {
    createBuffer() {
      const buffer = { destroy: () => alive.delete(buffer), unmap: () => {} };
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

describe("small blocks", () => {
  test("are parts of one buffer that do not overlap", () => {
    const { device, alive } = counting();
    const pool = new BufferPool(device, () => {});
    const blocks = Array.from({ length: 64 }, () => pool.take(4000, 1e9));
    assert.equal(alive.size, 1);
    assert.equal(pool.allocated, 2 ** 18);
    assert.equal(new Set(blocks.map(({ bufferId }) => bufferId)).size, 1);
    assert.deepEqual(
      blocks.map(({ start }) => start).sort((a, b) => a - b),
      blocks.map((_, i) => i * 4096),
    );
    assert.notEqual(pool.take(4000, 1e9).bufferId, blocks[0].bufferId);
  });

  test("are destroyed with all others of their buffer, and not while one is used", () => {
    const { device, alive } = counting();
    const pool = new BufferPool(device, () => {});
    const [used, ...rest] = Array.from({ length: 2 * 64 }, () => pool.take(4000, 1e9));
    for (const block of rest) {
      block.usedIn = 7;
      pool.give(block);
    }
    // Larger ones that take their place in the pool.
    const large = Array.from({ length: 17 }, () => pool.take(32 * 2 ** 20, 1e9));
    assert.equal(alive.size, 19);
    for (const block of large) pool.give(block);
    pool.sweep(7);
    assert.equal(alive.size, 17, "two large ones go at once");
    pool.sweep(8);
    assert.equal(alive.size, 16, "and the small ones that nobody uses, once their commands are submitted");
    assert.equal(pool.allocated, 2 ** 18 + 15 * 32 * 2 ** 20);
    // What is left is the buffer with the part in use, whose other parts are taken again.
    assert.equal(pool.take(4000, 1e9).bufferId, used.bufferId);
    assert.equal(alive.size, 16);
  });
});

describe("memory of the GPU", { skip }, () => {
  if (skip) return;
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
