import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { E, input, MapKernel, param, type Strided, ValueError } from "@flambeau/backend";
import { type CpuBackend, type CpuStorage, getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
import fc from "fast-check";
import type { Functions } from "../src/threads/mailbox.ts";
import { Pool } from "../src/threads/pool.ts";
import { hardwareThreads } from "../src/threads/runtime.ts";
import { ModuleBuilder } from "../src/wasm/codegen/assembler.ts";
import { i32 } from "../src/wasm/codegen/opcodes.ts";
import { partsOf, scratchOf } from "../src/wasm/gemm/gemm-parts.ts";
import { attached, until } from "./workers.ts";

const atFirst = getNumThreads();
afterEach(() => setNumThreads(atFirst));

function sharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
}

/**
 * A module of one function. `meet(mine, first, count, tries)` sets the word `mine` and looks so often whether all of `count`
 * words, 256 bytes apart, are set; if they are, it sets the word after `mine`.
 */
function rendezvous(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", true);
  const meet = module.function(["i32", "i32", "i32", "i32"], []);
  const [mine, first, count, tries] = [0, 1, 2, 3];
  const [at, left, sum] = [meet.local("i32"), meet.local("i32"), meet.local("i32")];
  meet.get(mine).i32(1).memory(i32.store);
  meet.loop(() => {
    meet.get(first).set(at).get(count).set(left).i32(0).set(sum);
    meet.loop(() => {
      meet.get(sum).get(at).memory(i32.load).op(i32.add).set(sum);
      meet.get(at).i32(256).op(i32.add).set(at);
      meet.get(left).i32(1).op(i32.sub).tee(left).brIf(0);
    });
    meet.get(sum).get(count).op(i32.eq);
    meet.if(() => {
      meet.get(mine).i32(1).memory(i32.store, 4).i32(1).set(tries);
    });
    // The store keeps a compiler from reading the words once for all turns.
    meet.get(mine).get(tries).memory(i32.store, 8);
    meet.get(tries).i32(1).op(i32.sub).tee(tries).brIf(0);
  });
  module.export("meet", meet);
  return module.encode();
}

function functionsOf(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Functions {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return Object.values(exports) as unknown as Functions;
}

/** Lets so many tasks wait for each other; how many saw all. All do only if so many threads run at a time. */
function meeting(pool: Pool, module: number, memory: WebAssembly.Memory, tasks: number, tries = 2e9): number {
  const words = new Int32Array(memory.buffer);
  words.fill(0, 0, 64 * tasks);
  const job = pool.newJob();
  for (let t = 0; t < tasks; t++) {
    job.task();
    job.call(module, 0, [256 * t, 0, tasks, tries]);
  }
  pool.run(job);
  let met = 0;
  for (let t = 0; t < tasks; t++) met += words[64 * t + 1];
  return met;
}

/** On the first call of a task here, waits until a worker has set a word, and so has taken another. */
function afterWorker(word: () => number, run: (...args: number[]) => void): (...args: number[]) => void {
  return (...args) => {
    const end = Date.now() + 60_000;
    while (word() === 0 && Date.now() < end);
    run(...args);
  };
}

/** A module that sets the byte at 4000 when it is instantiated, and fails then: its second segment has no room. */
const broken = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // Imports env.memory, shared, of 1 to 64 pages.
  ...[2, 16, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3, 1, 64],
  // A byte of 1 at 4000, another at 2 ** 30.
  ...[11, 18, 2, 0, 0x41, 0xa0, 0x1f, 11, 1, 1, 0, 0x41, 0x80, 0x80, 0x80, 0x80, 4, 11, 1, 1],
]);

describe("the number of threads", () => {
  test("is the machine's at first, 4 at most, and what it is set to", () => {
    assert.equal(atFirst, Math.min(4, hardwareThreads()));
    for (const count of [1, 2, 3, 64]) {
      setNumThreads(count);
      assert.equal(getNumThreads(), count);
    }
    setNumThreads(1000);
    assert.equal(getNumThreads(), 64);
  });

  test("must be a positive whole number", () => {
    setNumThreads(3);
    for (const count of [0, -1, 1.5, NaN, Infinity])
      assert.throws(() => setNumThreads(count), ValueError, String(count));
    assert.equal(getNumThreads(), 3);
  });
});

describe("a pool", () => {
  test("runs tasks at the same time, as many as there are threads", async () => {
    const memory = sharedMemory();
    const pool = new Pool(memory);
    const bytes = rendezvous();
    const module = pool.register(bytes, functionsOf(bytes, memory));
    assert.ok(pool.threads(3) >= 1, "does not wait for its workers");
    assert.equal(meeting(pool, module, memory, 1), 1, "and works without");
    await until(() => pool.threads(3) === 3);
    assert.equal(meeting(pool, module, memory, 2), 2);
    assert.equal(meeting(pool, module, memory, 3), 3);
    assert.equal(pool.threads(2), 2);
    // A worker that is looking for a task has yet to see the new limit.
    await until(() => meeting(pool, module, memory, 3, 1e5) < 3);
    assert.equal(meeting(pool, module, memory, 2), 2);
    await until(() => pool.threads(3) === 3);
    assert.equal(meeting(pool, module, memory, 3), 3, "back again");
  });

  test("runs many jobs, each task once", async () => {
    const memory = sharedMemory();
    const pool = new Pool(memory);
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", true);
    const code = builder.function(["i32"], []);
    code.get(0).get(0).memory(i32.load).i32(1).op(i32.add).memory(i32.store);
    builder.export("count", code);
    const bytes = builder.encode();
    const module = pool.register(bytes, functionsOf(bytes, memory));
    await until(() => pool.threads(3) === 3);
    const words = new Int32Array(memory.buffer);
    for (let round = 1; round <= 3000; round++) {
      const job = pool.newJob();
      for (let t = 0; t < 8; t++) {
        job.task();
        job.call(module, 0, [4 * t]);
        job.call(module, 0, [4 * t + 64]);
      }
      pool.run(job);
      for (let t = 0; t < 8; t++) assert.deepEqual([words[t], words[t + 16]], [round, round]);
    }
  });

  test("has no room for a job of too many tasks or calls, nor for endless modules", () => {
    const pool = new Pool(sharedMemory());
    const job = pool.newJob();
    for (let t = 0; t < 128; t++) job.task();
    assert.equal(job.isComplete, true);
    job.task();
    assert.equal(job.isComplete, false);
    pool.newJob().task();
    for (let t = 0; t < 400; t++) job.call(0, 0, Array(1000).fill(0));
    assert.equal(job.isComplete, true);
    for (let t = 0; t < 200; t++) job.call(0, 0, Array(1000).fill(0));
    assert.equal(job.isComplete, false);
    assert.equal(pool.register(new Uint8Array(2 ** 21), []), 0);
    assert.equal(pool.register(new Uint8Array(2 ** 21), []), 1);
    assert.equal(pool.register(new Uint8Array(1), []), -1);
  });

  test("goes on alone after a worker failed", async () => {
    const memory = sharedMemory();
    const pool = new Pool(memory);
    await until(() => pool.threads(2) === 2);
    const [meet] = functionsOf(rendezvous(), memory);
    const words = new Int32Array(memory.buffer);
    const module = pool.register(broken, [afterWorker(() => Atomics.load(words, 1000), meet)]);
    const job = pool.newJob();
    for (let t = 0; t < 4; t++) {
      job.task();
      job.call(module, 0, [256 * t, 256 * t, 1, 1]);
    }
    pool.run(job);
    assert.deepEqual([words[1], words[65], words[129], words[193]], [1, 1, 1, 1]);
    assert.equal(pool.threads(2), 1);
  });

  test("tells of a kernel's error when all have finished", async () => {
    const memory = sharedMemory();
    const pool = new Pool(memory);
    await until(() => pool.threads(2) === 2);
    const bytes = rendezvous();
    const module = pool.register(bytes, functionsOf(bytes, memory));
    const job = pool.newJob();
    for (let t = 0; t < 4; t++) {
      job.task();
      job.call(module, 0, [256 * t, t === 2 ? -4 : 256 * t, 1, 10]);
    }
    assert.throws(() => pool.run(job), /out.of.bounds/i);
    const words = new Int32Array(memory.buffer);
    assert.deepEqual([words[1], words[65], words[193]], [1, 1, 1]);
  });
});

type Float = "float32" | "float64";

interface Case {
  readonly dtype: Float;
  readonly sizes: readonly [number, number, number];
  readonly turned: readonly [boolean, boolean, boolean];
  readonly own: readonly [boolean, boolean, boolean];
  readonly bias: readonly number[] | undefined;
  readonly seed: number;
}

function operand(
  device: CpuBackend,
  dtype: Float,
  shape: readonly number[],
  turned: boolean,
  own: boolean,
  seed: number,
): Strided {
  const length = shape.reduce((p, s) => p * s, 1);
  const data = dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647;
    data[i] = state / 2 ** 30 - 1;
  }
  const storage = own ? device.adopt(dtype, data) : device.upload(dtype, data);
  const strides = turned ? [1, shape[0]] : [shape[1], 1];
  return { storage, dtype, shape, strides, offset: 0 };
}

const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);

function multiply(device: CpuBackend, { dtype, sizes: [m, k, n], turned, own, bias, seed }: Case): number[] {
  const a = operand(device, dtype, [m, k], turned[0], own[0], seed);
  const b = operand(device, dtype, [k, n], turned[1], own[1], seed + 1);
  const o = operand(device, dtype, [m, n], turned[2], own[2], seed + 2);
  const from = bias && operand(device, dtype, bias, false, false, seed + 3);
  device.matmul(a, b, o, from && { kernel: add, inputs: [from], params: [] });
  const result = [...((o.storage as CpuStorage).data as Float32Array)];
  for (const { storage } of [a, b, o]) device.release(storage);
  return result;
}

describe("a product on several threads", () => {
  test("equals that on one to the last bit, whatever the layouts", async () => {
    const device = await attached(3);
    const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 100, max: 300 }));
    fc.assert(
      fc.property(
        fc.record({
          dtype: fc.constantFrom<Float>("float32", "float64"),
          sizes: fc
            .tuple(size, size, size)
            // Large enough to be split.
            .map(([m, k, n]) => [m, Math.max(k, Math.ceil(2 ** 21 / (m * n))), n] as const)
            .filter(([m, k, n]) => m * k < 2 ** 19 && k * n < 2 ** 19),
          turned: flags,
          own: flags,
          bias: fc.constantFrom("none", "row", "column"),
          seed: fc.nat(1000),
        }),
        ({ bias, sizes, ...rest }) => {
          const [m, , n] = sizes;
          const shape = bias === "none" ? undefined : bias === "row" ? [1, n] : [m, 1];
          const one: Case = { ...rest, sizes, bias: shape };
          setNumThreads(3);
          assert.ok(device.threads.pool, "there are threads");
          const several = multiply(device, one);
          setNumThreads(1);
          assert.equal(device.threads.pool, undefined);
          assert.deepEqual(several, multiply(device, one));
        },
      ),
      { numRuns: 25 },
    );
  });

  test("is cut into parts that cover it once, each with scratch of its own", () => {
    const size = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(
        fc.record({ m: size, n: size, k: size, turnsA: fc.boolean(), turnsB: fc.boolean() }),
        fc.integer({ min: 1, max: 64 }),
        ({ m, n, k, turnsA, turnsB }, threads) => {
          const [ai, ak] = turnsA ? [1, m] : [k, 1];
          const [bk, bj] = turnsB ? [1, k] : [n, 1];
          const parts = partsOf({ m, n, k, ai, ak, bk, bj, oi: n, oj: 1 }, 4, threads, 1);
          assert.ok(parts.length <= 128);
          const seen = new Uint8Array(m * n);
          let scratch = 0;
          for (const part of parts) {
            assert.ok(part.scratch >= scratch);
            scratch = part.scratch + part.blocking.bytes;
            assert.equal(part.column % 16, 0);
            for (let i = 0; i < part.blocking.m; i++)
              for (let j = 0; j < part.blocking.n; j++) seen[(part.row + i) * n + part.column + j]++;
          }
          assert.ok(scratchOf(parts) >= scratch);
          assert.ok(seen.every((times) => times === 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("sees memory that was added after the workers came", async () => {
    const device = await attached(2);
    const before = device.memory();
    const ballast = device.allocate("float32", 2 ** 23);
    const now = device.memory();
    assert.ok(now.used + now.pooled >= 2 * (before.used + before.pooled), "the memory has grown");
    const one: Case = {
      dtype: "float32",
      sizes: [300, 300, 300],
      turned: [false, true, false],
      own: [false, false, false],
      bias: undefined,
      seed: 5,
    };
    const several = multiply(device, one);
    setNumThreads(1);
    assert.deepEqual(several, multiply(device, one));
    device.release(ballast);
  });
});

describe("a map on several threads", () => {
  const [x, y] = [input(0), input(1)];
  const kernels: Record<string, MapKernel> = {
    arithmetic: new MapKernel("arithmetic", 2, 1, [E.add(E.mul(x, param(0)), y)]),
    // Of huge arguments the code calls JavaScript's function, which a worker has to have too.
    waves: new MapKernel("waves", 2, 0, [E.add(E.sin(E.mul(x, 1e6)), E.exp(y))]),
    // In place: what a step of an optimizer does.
    step: new MapKernel("step", 2, 1, [E.sub(x, E.mul(param(0), E.sqrt(E.abs(y)))), E.tanh(y)]),
  };
  const shapes: [of: string, shape: number[], x: number[], y: number[]][] = [
    ["a line", [600_001], [600_001], [600_001]],
    ["rows", [601, 1001], [601, 1001], [1, 1001]],
    ["few rows", [3, 200_003], [3, 200_003], [3, 1]],
    ["a scalar", [600_000], [600_000], [1]],
  ];

  function run(
    device: CpuBackend,
    kernel: MapKernel,
    shape: number[],
    shapes: number[][],
    inPlace: boolean,
  ): number[][] {
    const inputs = shapes.map((s, k) => {
      const flat = operand(device, "float32", [1, s.reduce((p, n) => p * n, 1)], false, false, k + 1);
      const strides = s.map((n, d) =>
        n === 1 && shape[d] !== 1 ? 0 : s.slice(d + 1).reduce((p, m) => p * m, 1),
      );
      return { ...flat, shape: s, strides };
    });
    const full = shape.map((_, d) => shape.slice(d + 1).reduce((p, n) => p * n, 1));
    const outputs = kernel.outputs.map((_, k): Strided => {
      if (inPlace && inputs[k].shape.join() === shape.join()) return inputs[k];
      const storage = device.allocate(
        "float32",
        shape.reduce((p, n) => p * n, 1),
      );
      return { storage, dtype: "float32", shape, strides: full, offset: 0 };
    });
    device.map(kernel, "float32", inputs, kernel.params > 0 ? [0.1] : [], outputs);
    const results = outputs.map(({ storage }) => [...((storage as CpuStorage).data as Float32Array)]);
    for (const { storage } of [...inputs, ...outputs]) device.release(storage);
    return results;
  }

  for (const [name, kernel] of Object.entries(kernels)) {
    test(`equals that on one to the last bit: ${name}`, async () => {
      const device = await attached(3);
      for (const [of, shape, ...inputs] of shapes) {
        for (const inPlace of [false, true]) {
          setNumThreads(3);
          assert.ok(device.threads.pool, "there are threads");
          const several = run(device, kernel, shape, inputs, inPlace);
          setNumThreads(1);
          const one = run(device, kernel, shape, inputs, inPlace);
          several.forEach((values, k) => {
            assert.ok(
              values.every((value, i) => Object.is(value, one[k][i])),
              `${of}${inPlace ? ", in place" : ""}`,
            );
          });
        }
      }
    });
  }

  test("that reads what it overwrites elsewhere is not split", async () => {
    const device = await attached(2);
    const results = [2, 1].map((threads) => {
      setNumThreads(threads);
      const { storage } = operand(device, "float32", [1, 400_000], false, false, 3);
      const part = (offset: number): Strided => ({
        storage,
        dtype: "float32",
        shape: [300_000],
        strides: [1],
        offset,
      });
      device.map(kernels.arithmetic, "float32", [part(64), part(0)], [0.5], [part(0)]);
      return [...((storage as CpuStorage).data as Float32Array)];
    });
    assert.deepEqual(results[0], results[1]);
  });
});

/** How this runtime runs a program as a user would; undefined for the sources on a runtime that needs them built. */
function command(file: string): string[] {
  const { versions, execPath } = process;
  const condition = "--conditions=@flambeau/source";
  if (versions.bun) return [execPath, "--no-install", condition, file];
  if ("Deno" in globalThis)
    return [execPath, "run", "--allow-all", "--no-check", "--no-remote", "--cached-only", condition, file];
  return Number(versions.node.split(".")[0]) < 22 ? [execPath, file] : [execPath, condition, file];
}

/** Milliseconds after which a program hangs. */
const hang = 120_000;

describe("a program with workers", () => {
  const file = fileURLToPath(new URL("./threads/program.mjs", import.meta.url));
  const ends: [how: string, status: (code: number | null) => boolean][] = [
    ["returns", (code) => code === 0],
    ["at-once", (code) => code === 0],
    ["idles", (code) => code === 0],
    ["throws", (code) => code !== 0 && code !== null],
    ["rejects", (code) => code !== 0 && code !== null],
    ["exits", (code) => code === 3],
  ];
  for (const [how, isExpected] of ends) {
    test(`ends when it ${how}`, () => {
      const [binary, ...args] = command(file);
      const { status, signal, stdout } = spawnSync(binary, [...args, how], {
        encoding: "utf8",
        timeout: hang,
      });
      assert.match(stdout, how === "at-once" ? /^512 threads [12]\n/ : /^512 threads 2\n/);
      assert.equal(signal, null, "it was not killed for hanging");
      assert.ok(isExpected(status), `ended with ${status}`);
    });
  }

  const told = "the CPU device runs on one thread: ";
  const alone = [
    ["without-shared-memory", /^$/],
    ["without-workers", /^$/],
    ["with-broken-workers", new RegExp(`^${told}flambeau-cpu-worker.[jt]s failed: .+\\n$`)],
    [
      "with-older-workers",
      new RegExp(
        `^${told}its worker is "flambeau-cpu-worker 0.0.1" and not "flambeau-cpu-worker [0-9.]+"\\n$`,
      ),
    ],
  ] as const;
  for (const [how, warning] of alone) {
    test(`computes ${how} on one thread`, () => {
      const [binary, ...args] = command(file);
      const { status, stdout, stderr } = spawnSync(binary, [...args, how], {
        encoding: "utf8",
        timeout: hang,
      });
      const lines = "512 threads 1\nasked 1\n";
      assert.ok(stdout.startsWith(lines), stdout);
      assert.match(stdout.slice(lines.length), warning);
      // Deno tells of a worker's missing file whatever the program does about it.
      if (!("Deno" in globalThis)) assert.equal(stderr, "");
      assert.equal(status, 0);
    });
  }

  if (process.versions.bun || "Deno" in globalThis) {
    test("computes with workers such as browsers have", () => {
      const [binary, ...args] = command(file);
      const { status, stdout, stderr } = spawnSync(binary, [...args, "with-web-workers"], {
        encoding: "utf8",
        timeout: hang,
      });
      assert.equal(stdout, "512 threads 2\nasked 2\n");
      assert.equal(stderr, "");
      assert.equal(status, 0);
    });
  }
});
