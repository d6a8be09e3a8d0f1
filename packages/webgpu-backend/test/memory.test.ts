import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Backend,
  DeviceError,
  E,
  input,
  MapKernel,
  type Strided,
  setWarningHandler,
} from "@flambeau/backend";
import { collect } from "../../../tests/src/collect.ts";
import type { GpuDevice } from "../src/api.ts";
import { BufferPool, sizeClass } from "../src/buffers.ts";
import { GpuMemory } from "../src/memory.ts";
import type { Stream } from "../src/stream.ts";
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

/** A stream of which only the memory is there, and a backend that nobody calls. */
function streamOf(device: GpuDevice): { stream: Stream; backend: Backend } {
  const pool = new BufferPool(device, () => {});
  const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 28 };
  return {
    stream: { pool, limits, batch: 0, checkPresent() {} } as unknown as Stream,
    backend: {} as Backend,
  };
}

describe("a program that never lets the event loop turn", () => {
  /** A test that gets the warnings. */
  const heard = (name: string, run: (texts: readonly string[]) => void | Promise<void>): void => {
    test(name, async () => {
      const texts: string[] = [];
      const before = setWarningHandler((text) => texts.push(text));
      try {
        await run(texts);
      } finally {
        setWarningHandler(before);
      }
    });
  };
  const MEGABYTE = 2 ** 20;

  heard("is warned once at a quarter of what it may take, and stopped at all of it", async (texts) => {
    const { device, alive } = counting();
    const { stream, backend } = streamOf(device);
    const memory = new GpuMemory(stream, 64 * MEGABYTE);
    // In another call, so that no variable holds what was dropped.
    const take = (): void => {
      memory.allocate(backend, "float32", MEGABYTE / 4);
    };
    for (let i = 0; i < 16; i++) take();
    assert.deepEqual(texts, []);
    for (let i = 0; i < 48; i++) take();
    assert.equal(texts.length, 1);
    assert.match(
      texts[0],
      /16 MiB of the GPU's memory were taken since the program last awaited.*await loss\.item\(\)/,
    );
    assert.throws(take, (error: Error) => {
      assert.ok(error instanceof DeviceError);
      assert.match(error.message, /65 MiB .*await every so many steps.*webgpu\.init\(\{ memoryPerTurn/);
      return true;
    });
    assert.equal(alive.size, 64);
    // A turn of the event loop is a new beginning, whatever the collector did in it.
    await memory.turn;
    for (let i = 0; i < 64; i++) take();
    assert.throws(take, DeviceError);
    assert.equal(texts.length, 1);
  });

  heard("may take any amount that it gives back by name", (texts) => {
    const { stream, backend } = streamOf(counting().device);
    const memory = new GpuMemory(stream, 64 * MEGABYTE);
    const kept = Array.from({ length: 8 }, () => memory.allocate(backend, "float32", MEGABYTE / 4));
    for (let i = 0; i < 200; i++) memory.release(memory.allocate(backend, "float32", MEGABYTE / 4));
    for (const storage of kept) memory.release(storage);
    assert.deepEqual(texts, []);
    assert.equal(memory.stats().used, 0);
  });

  heard("is stopped in a loop of small tensors, too", () => {
    const { stream, backend } = streamOf(counting().device);
    const memory = new GpuMemory(stream, MEGABYTE);
    const take = (): void => {
      memory.allocate(backend, "float32", 1);
    };
    for (let i = 0; i < 1024; i++) take();
    assert.throws(take, DeviceError);
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

  test("what nobody releases comes back after a collection, and serves again", async () => {
    const bytes = 2 ** 22;
    const { used } = gpu.memory();
    // In another call, so that no variable holds what was dropped.
    const drop = (): void => {
      for (let i = 0; i < 16; i++) {
        const x = vector(bytes / 4);
        const first = { ...x, shape: [1] };
        gpu.map(sum, "float32", [first, first], [], [first]);
      }
    };
    const allocated: number[] = [];
    for (let round = 0; round < 12; round++) {
      drop();
      await gpu.synchronize();
      // Finalizers run in one of the next turns; an engine that scans its stack may keep one or two.
      for (let turn = 0; gpu.memory().used > used + 2 * bytes && turn < 1000; turn++) await collect();
      assert.ok(gpu.memory().used <= used + 2 * bytes, `${gpu.memory().used - used} bytes in round ${round}`);
      allocated.push(gpu.stats().allocated);
    }
    assert.ok(allocated[11] <= allocated[0] + 2 * bytes, `${allocated}`);
  });
});
