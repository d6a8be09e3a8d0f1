import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DeviceError,
  dtypes,
  E,
  input,
  itemSize,
  MapKernel,
  type Strided,
  typedArray,
} from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { collect, collector } from "../../../tests/src/collect.ts";
import { isBun } from "../src/engine.ts";
import { Arena, orderOf } from "../src/memory/arena.ts";
import type { CpuStorage } from "../src/memory/storage.ts";
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
    for (let i = 0; i < 100; i++) device.allocate("float32", 100_000);
    assert.equal(device.memory().used, 100 * 2 ** 19);
    await collect();
    // An engine that takes any word on the stack for a reference may keep a few.
    assert.ok(device.memory().used <= 4 * 2 ** 19, `${device.memory().used} bytes are left`);
  });

  // Bun has functions to collect, and no large array is made there.
  if (!isBun) {
    test("a turn that takes much shows the engine a large array, once", async () => {
      const Buffer = globalThis.ArrayBuffer;
      let shown = 0;
      globalThis.ArrayBuffer = new Proxy(Buffer, {
        construct(target, args: [number]) {
          if (args[0] === 256 * MIB) shown++;
          return new target(...args);
        },
      });
      try {
        const device = new CpuBackend({ wasmLimit: 512 * MIB });
        for (let i = 0; i < 100; i++) device.allocate("float32", 100_000);
        assert.equal(shown, 0, "50 MiB are little");
        for (let i = 0; i < 60; i++) device.allocate("float32", 100_000);
        assert.equal(shown, 1);
        await collect();
      } finally {
        globalThis.ArrayBuffer = Buffer;
      }
    });
  }

  test("a block is one storage's at a time, given back by name or found by the collector, whatever size it was before", async () => {
    const device = new CpuBackend({ wasmLimit: 16 * MIB });
    const held: CpuStorage[] = [];
    // Numbers that look drawn, the same each time.
    let drawn = 1;
    const draw = (below: number): number => {
      drawn = (drawn * 48271) % 0x7fffffff;
      return drawn % below;
    };
    let dropped = 0;
    for (let i = 0; i < 2000; i++) {
      const storage = filled(device, 2000 << draw(8), i);
      if (storage.ptr >= 0) held.push(storage);
      if (held.length > 12) {
        const [victim] = held.splice(draw(held.length), 1);
        const { data } = victim;
        assert.ok(
          data.every((x) => x === data[0]),
          "another storage wrote to it",
        );
        if (draw(3) > 0) device.release(victim);
        else dropped++;
      }
      if (i % 100 === 0) await collect();
    }
    assert.ok(dropped > 20);
    const size = (storage: CpuStorage): number => 2 ** orderOf(4 * storage.length);
    const inUse = held.reduce((sum, storage) => sum + size(storage), 0);
    assert.ok(device.memory().used >= inUse, "a block in use is counted");
    for (const storage of held) device.release(storage);
    assert.equal(new Set(held.map(({ lease }) => lease)).size, 1, "leases go back with their blocks");
  });

  test("a loop that gives blocks back tells the collector of each once", () => {
    const Registry = globalThis.FinalizationRegistry;
    let registered = 0;
    globalThis.FinalizationRegistry = class<T> extends Registry<T> {
      override register(...args: Parameters<FinalizationRegistry<T>["register"]>): void {
        registered++;
        super.register(...args);
      }
    };
    try {
      const device = new CpuBackend();
      for (let i = 0; i < 100; i++) {
        const pair = [device.allocate("float32", 5000), device.allocate("int32", 5000)];
        for (const storage of pair) device.release(storage);
      }
    } finally {
      globalThis.FinalizationRegistry = Registry;
    }
    assert.equal(registered, 2);
  });

  test("a synchronous loop that drops large storages goes on past the bound", () => {
    const device = new CpuBackend({ wasmLimit: 8 * MIB });
    for (let i = 0; i < 300; i++) assert.equal(filled(device, 100_000, i).data[99_999], i);
    assert.ok(device.memory().used <= 8 * MIB);
  });

  test("past a turn's share, what is soon given back still has a place", () => {
    const device = new CpuBackend();
    const length = 10_000;
    while (device.allocate("float32", length).ptr >= 0);
    const { used } = device.memory();
    assert.ok(used >= 96 * MIB && used < 98 * MIB, `${used} bytes`);
    device.transient = true;
    for (let i = 0; i < 10_000; i++) {
      const storage = device.allocate("float32", length);
      assert.ok(storage.ptr >= 0);
      device.release(storage);
    }
    device.transient = false;
    assert.equal(device.allocate("float32", length).ptr, -1);
    assert.equal(device.memory().used, used);
  });

  test("a loop that waits for its reads gets memory back that dead storages had filled", async () => {
    const device = new CpuBackend({ wasmLimit: 8 * MIB });
    const scalar = filled(device, 1, 0);
    const collectAll = collector();
    let wasFull = false;
    for (let i = 0; i < 2000; i++) {
      const { ptr } = device.allocate("float32", 100_000);
      if (ptr < 0) wasFull = true;
      else if (wasFull) return;
      // Finds them dead; only a turn, which the read has to wait for, gives their memory back.
      if (i % 100 === 0) collectAll();
      await device.download(flat(scalar));
    }
    assert.fail("ordinary arrays for good");
  });

  test("a storage that found no room moves in when there is some, unless its array was given away", () => {
    const device = new CpuBackend({ wasmLimit: 2 * MIB });
    const inc = new MapKernel("inc", 1, 0, [E.add(input(0), 1)]);
    const increase = (storage: CpuStorage): number => {
      device.map(inc, "float32", [flat(storage)], [], [flat(storage)]);
      return storage.data[storage.length - 1] as number;
    };
    const first = filled(device, 500_000, 1);
    const [second, given] = [filled(device, 100_000, 2), filled(device, 100_000, 3)];
    assert.deepEqual([first.ptr >= 0, second.ptr, given.ptr], [true, -1, -1]);
    const array = device.expose(given);
    assert.equal(increase(second), 3);
    assert.equal(second.ptr, -1);
    device.release(first);
    assert.equal(increase(second), 4);
    assert.ok(second.ptr >= 0);
    assert.equal(device.memory().used, 2 ** 19);
    assert.equal(increase(given), 4);
    assert.equal(given.ptr, -1);
    assert.equal(array, given.data);
    device.release(second);
    assert.equal(device.memory().used, 0);
  });

  test("storages hold their elements wherever they move, as others come and go", () => {
    const inc = new MapKernel("inc", 1, 0, [E.add(input(0), 1)]);
    const copy = new MapKernel("copy", 1, 0, [input(0)]);
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom("allocate", "allocate", "release", "expose", "increase", "copy"),
        length: fc.constantFrom(1024, 1025, 30_000, 32_768, 65_537, 200_000),
        pick: fc.nat(50),
      }),
      { minLength: 20, maxLength: 40 },
    );
    const { SharedArrayBuffer: original } = globalThis;
    const set = (value: unknown): void => {
      Object.defineProperty(globalThis, "SharedArrayBuffer", { value, configurable: true, writable: true });
    };
    try {
      fc.assert(
        fc.property(fc.boolean(), steps, (isShared, taken) => {
          set(isShared ? original : undefined);
          const device = new CpuBackend({ wasmLimit: 2 * MIB });
          const held: { storage: CpuStorage; value: number; array?: unknown }[] = [];
          for (const { what, length, pick } of taken) {
            const k = pick % Math.max(held.length, 1);
            const one = held[k];
            if (what === "allocate" || one === undefined)
              held.push({ storage: filled(device, length, pick), value: pick });
            else if (what === "release") device.release(held.splice(k, 1)[0].storage);
            else if (what === "expose") one.array = device.expose(one.storage);
            else if (what === "increase") {
              one.value++;
              device.map(inc, "float32", [flat(one.storage)], [], [flat(one.storage)]);
            } else {
              const storage = device.allocate("float32", one.storage.length);
              device.map(copy, "float32", [flat(one.storage)], [], [flat(storage)]);
              held.push({ storage, value: one.value });
            }
            for (const { storage, value, array } of held) {
              for (const k of [0, storage.length - 1]) assert.equal(storage.data[k], value);
              if (array !== undefined) assert.equal(storage.data, array);
            }
          }
          for (const { storage } of held) device.release(storage);
          assert.equal(device.memory().used, 0);
        }),
        { numRuns: 30 },
      );
    } finally {
      set(original);
    }
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

  test("every dtype is there; more than there is room for is refused", () => {
    const device = new CpuBackend();
    for (const dtype of dtypes) {
      assert.equal(device.supports(dtype), true);
      for (const length of [1, 3000]) {
        const storage = device.allocate(dtype, length);
        assert.equal((storage as CpuStorage).data.byteLength, length * itemSize(dtype));
      }
    }
    assert.throws(
      () => device.allocate("float32", 1e15),
      /not enough memory on the CPU for 1000000000000000 elements of float32/,
    );
  });
});
