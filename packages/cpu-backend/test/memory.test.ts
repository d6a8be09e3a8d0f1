import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DeviceError,
  type DType,
  DTypeError,
  E,
  input,
  MapKernel,
  type Strided,
  typedArray,
} from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { Arena } from "../src/arena.ts";
import { isBun } from "../src/engine.ts";
import type { CpuStorage } from "../src/storage.ts";
import { cpuDTypes } from "./support.ts";

const MIB = 2 ** 20;

function flat(storage: CpuStorage, length: number = storage.length): Strided {
  return { storage, dtype: storage.dtype, shape: [length], strides: [1], offset: 0 };
}

function filled(device: CpuBackend, length: number, value: number): CpuStorage {
  return device.upload("float32", new Float32Array(length).fill(value));
}

describe("memory of the CPU", () => {
  test("storages of every dtype and size hold what was uploaded, side by side", () => {
    const device = new CpuBackend();
    const kept: { storage: CpuStorage; data: number[] }[] = [];
    for (const dtype of cpuDTypes) {
      for (const length of [0, 1, 3, 16, 17, 500, 1024, 1025, 5000, 40_000]) {
        const data = typedArray(dtype, length) as Uint8Array;
        for (let i = 0; i < length; i++)
          data[i] = (dtype === "int64" ? BigInt((i + length) % 2) : (i + length) % 2) as number;
        kept.push({ storage: device.upload(dtype, data), data: [...data] });
      }
    }
    for (const { storage, data } of kept)
      assert.deepEqual([...(device.downloadSync(flat(storage)) as Uint8Array)], data);
  });

  test("released blocks are used again", () => {
    const device = new CpuBackend();
    const first = device.allocate("float32", 100_000);
    const { ptr } = first;
    assert.ok(ptr >= 0, "a large storage lies in WebAssembly memory");
    const { used } = device.memory();
    assert.equal(used, 2 ** 19);
    device.release(first);
    assert.equal(device.memory().used, 0);
    assert.equal(device.allocate("int32", 90_000).ptr, ptr);
    device.release(first);
    assert.equal(device.memory().used, used, "a second release does nothing");
  });

  test("small ones too, but not what a user has been shown, nor more than a few", () => {
    const device = new CpuBackend();
    const first = device.allocate("float32", 100);
    const view = first.data;
    device.release(first);
    device.release(first);
    const second = device.allocate("float32", 100);
    if (isBun) return;
    assert.equal(second.data, view);
    assert.notEqual(device.allocate("float32", 100).data, view, "a second release does nothing");
    device.expose(second);
    device.release(second);
    assert.notEqual(device.allocate("float32", 100).data, view);
    const many = Array.from({ length: 300 }, () => device.allocate("float32", 200));
    const views = new Set(many.map(({ data }) => data));
    for (const storage of many) device.release(storage);
    const again = Array.from({ length: 300 }, () => device.allocate("float32", 200));
    const reused = again.filter(({ data }) => views.has(data)).length;
    assert.ok(reused > 0 && reused <= 64, `${reused} were kept`);
  });

  test("using a released storage is a DeviceError in every kernel", () => {
    const device = new CpuBackend();
    for (const length of [3, 5000]) {
      const dead = filled(device, length, 1);
      const alive = flat(filled(device, length, 2));
      device.release(dead);
      assert.equal(dead.released, true);
      const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);
      const matrix = { ...flat(dead), shape: [length, 1], strides: [1, 1] };
      for (const use of [
        () => device.map(add, "float32", [alive, flat(dead)], [], [alive]),
        () => device.map(add, "float32", [alive, alive], [], [flat(dead)]),
        () => device.downloadSync(flat(dead)),
        () => device.scan("sum", flat(dead), 0, alive),
        () =>
          device.matmul(
            matrix,
            { ...alive, shape: [1, 1] },
            { ...alive, shape: [length, 1], strides: [1, 1] },
          ),
        () => device.expose(dead),
      ]) {
        assert.throws(
          use,
          (error: Error) =>
            error instanceof DeviceError && error.message.includes("this tensor was disposed"),
        );
      }
      assert.equal(device.downloadSync(alive)[0], 2);
    }
  });

  test("download copies into an ordinary array", async () => {
    const device = new CpuBackend();
    for (const length of [10, 10_000]) {
      const storage = filled(device, length, 1);
      const strided: Strided = { storage, dtype: "float32", shape: [length / 2], strides: [2], offset: 1 };
      for (const source of [flat(storage), strided]) {
        const copy = device.downloadSync(source) as Float32Array;
        assert.ok(copy.buffer instanceof ArrayBuffer);
        assert.equal(copy.buffer.byteLength, copy.length * 4);
        copy[0] = 9;
        assert.equal((await device.download(source))[0], 1);
      }
    }
  });

  test("an adopted array is the storage, and stays its owner's", () => {
    const device = new CpuBackend();
    const mine = new Float32Array(5000).fill(3);
    const storage = device.adopt("float32", mine);
    const out = device.allocate("float32", 5000);
    device.map(
      new MapKernel("double", 1, 0, [E.mul(input(0), 2)]),
      "float32",
      [flat(storage)],
      [],
      [flat(storage)],
    );
    assert.equal(mine[4999], 6);
    mine[0] = 100;
    assert.equal(device.downloadSync(flat(storage))[0], 100);
    assert.equal(device.expose(storage), mine);
    device.release(storage);
    device.release(out);
    for (let i = 0; i < 20; i++) filled(device, 5000, -1);
    assert.equal(mine[1], 6);
  });

  test("an exposed array lives as long as it is held", () => {
    const device = new CpuBackend();
    for (const length of [4, 200, 50_000]) {
      const storage = filled(device, length, 1);
      const live = device.expose(storage) as Float32Array;
      assert.ok(live.buffer instanceof ArrayBuffer);
      assert.equal(live.buffer.byteLength, 4 * length, "no other storage shares the buffer");
      assert.equal(device.expose(storage), live);
      const inc = new MapKernel("inc", 1, 0, [E.add(input(0), 1)]);
      device.map(inc, "float32", [flat(storage)], [], [flat(storage)]);
      assert.equal(live[length - 1], 2);
      live[0] = 7;
      assert.equal(device.downloadSync(flat(storage))[0], 7);
      device.release(storage);
      for (let i = 0; i < 10; i++) filled(device, length, -1);
      assert.equal(live[0], 7);
      assert.equal(live[length - 1], 2);
    }
    assert.equal(device.memory().used % 2 ** 18, 0);
  });

  test("past the bound, storages are ordinary arrays", () => {
    const device = new CpuBackend({ wasmLimit: 2 * MIB });
    const kept = Array.from({ length: 12 }, (_, i) => filled(device, 100_000, i));
    assert.equal(kept.filter(({ ptr }) => ptr >= 0).length, 4);
    kept.forEach((storage, i) => {
      const data = device.downloadSync(flat(storage)) as Float32Array;
      assert.ok(data.every((x) => x === i));
    });
    for (const storage of kept) device.release(storage);
    assert.deepEqual(device.memory(), { used: 0, pooled: 2 * MIB });
    assert.ok(device.allocate("float32", 500_000).ptr >= 0, "what was split is whole again");
    assert.equal(new CpuBackend({ wasmLimit: 0 }).allocate("float32", 100_000).ptr, -1);
  });

  test("blocks of dropped storages come back when the event loop turns", async () => {
    const device = new CpuBackend({ wasmLimit: 512 * MIB });
    let before = 0;
    for (let i = 0; i < 50_000; i++) {
      device.allocate("float32", 100_000);
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      const { used } = device.memory();
      if (used < before) return;
      before = used;
    }
    assert.fail("no block came back");
  });

  test("a synchronous loop that drops large storages goes on past the bound", () => {
    const device = new CpuBackend({ wasmLimit: 8 * MIB });
    for (let i = 0; i < 300; i++) assert.equal(filled(device, 100_000, i).data[99_999], i);
    assert.ok(device.memory().used <= 8 * MIB);
  });

  test("growth leaves earlier storages readable and writable", () => {
    for (const shared of [true, false]) {
      const { SharedArrayBuffer: original } = globalThis;
      try {
        if (!shared)
          Object.defineProperty(globalThis, "SharedArrayBuffer", {
            value: undefined,
            configurable: true,
            writable: true,
          });
        const device = new CpuBackend();
        const kept = Array.from({ length: 40 }, (_, i) => filled(device, 60_000, i));
        assert.ok(device.memory().used > 8 * MIB, "it grew several times");
        const inc = new MapKernel("inc", 1, 0, [E.add(input(0), 1)]);
        kept.forEach((storage, i) => {
          assert.equal(storage.data.length, 60_000);
          device.map(inc, "float32", [flat(storage)], [], [flat(storage)]);
          assert.equal((device.downloadSync(flat(storage)) as Float32Array)[59_999], i + 1);
        });
      } finally {
        Object.defineProperty(globalThis, "SharedArrayBuffer", {
          value: original,
          configurable: true,
          writable: true,
        });
      }
    }
  });

  test("blocks of the arena never overlap, and all of it comes back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 13, max: 21 }), fc.nat(20)), { maxLength: 200 }),
        (steps) => {
          const arena = new Arena(4 * MIB, () => {});
          const live: { ptr: number; order: number }[] = [];
          for (const [order, victim] of steps) {
            if (victim < live.length && victim % 2 === 0) {
              const [{ ptr, order }] = live.splice(victim, 1);
              arena.free(ptr, order);
            }
            const ptr = arena.allocate(order);
            if (ptr < 0) continue;
            assert.ok(ptr % 2 ** order === 0 && ptr + 2 ** order <= arena.buffer.byteLength);
            for (const other of live) {
              assert.ok(ptr + 2 ** order <= other.ptr || other.ptr + 2 ** other.order <= ptr, "overlap");
            }
            live.push({ ptr, order });
          }
          assert.equal(
            arena.used,
            live.reduce((sum, { order }) => sum + 2 ** order, 0),
          );
          for (const { ptr, order } of live) arena.free(ptr, order);
          assert.equal(arena.used, 0);
          assert.equal(arena.allocate(22), 0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("float16 and more than there is room for are refused", () => {
    const device = new CpuBackend();
    assert.equal(device.supports("float16"), false);
    for (const dtype of cpuDTypes) assert.equal(device.supports(dtype), true);
    assert.throws(() => device.allocate("float16" satisfies DType, 1), DTypeError);
    assert.throws(
      () => device.allocate("float32", 1e15),
      /not enough memory on the CPU for 1000000000000000 elements of float32/,
    );
  });
});
