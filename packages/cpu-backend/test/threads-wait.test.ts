/** What the calling thread does while a worker is slow, and when one cannot do its task. No test here depends on a clock. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DeviceError } from "@flambeau/backend";
import { DONE, openMailbox, TAKEN } from "../src/threads/mailbox.ts";
import { Pool } from "../src/threads/pool.ts";
import { ModuleBuilder } from "../src/wasm/codegen/assembler.ts";
import { i32 } from "../src/wasm/codegen/opcodes.ts";
import { until } from "./workers.ts";

/** Words of a task, 256 bytes apart: whether it began, whether it may go on, how often it ended. */
const [BEGUN, FREE, ENDED] = [0, 1, 2];
const STEP = 64;

/** `hold(at)` waits until its task may go on. */
function holding(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", true);
  const hold = module.function(["i32"], []);
  hold.loop(() => {
    // The store keeps a compiler from reading the word once for all turns.
    hold
      .get(0)
      .i32(1)
      .memory(i32.store, 4 * BEGUN);
    hold
      .get(0)
      .memory(i32.load, 4 * FREE)
      .i32(1)
      .op(i32.ne)
      .brIf(0);
  });
  hold.get(0);
  hold
    .get(0)
    .memory(i32.load, 4 * ENDED)
    .i32(1)
    .op(i32.add);
  hold.memory(i32.store, 4 * ENDED);
  module.export("hold", hold);
  return module.encode();
}

interface Threads {
  readonly pool: Pool;
  readonly control: Int32Array;
  readonly words: Int32Array;
}

/** A pool of two threads, its mailbox and the words of its memory. */
async function threads(): Promise<Threads> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { SharedArrayBuffer: original } = globalThis;
  let mailbox: SharedArrayBuffer | undefined;
  globalThis.SharedArrayBuffer = new Proxy(original, {
    construct(target, [size]: [number]): object {
      mailbox = new target(size);
      return mailbox;
    },
  });
  let pool: Pool;
  try {
    pool = new Pool(memory);
  } finally {
    globalThis.SharedArrayBuffer = original;
  }
  const { control } = openMailbox(mailbox as SharedArrayBuffer);
  await until(() => pool.threads(2) === 2);
  return { pool, control, words: new Int32Array(memory.buffer) };
}

/** Waits for what another thread does; only a hang ends otherwise. */
function spin(holds: () => boolean): void {
  const end = Date.now() + 120_000;
  while (!holds()) assert.ok(Date.now() < end, "waited in vain");
}

/** As if so many waits of the calling thread took their time and nothing happened; then calls `body`. */
function inSlowMotion(waits: number, body: () => void): () => number {
  const { wait } = Atomics;
  let count = 0;
  Atomics.wait = ((...args: Parameters<typeof wait>) => {
    if (++count < waits) return "timed-out";
    if (count === waits) body();
    return wait(...args);
  }) as typeof wait;
  return () => {
    Atomics.wait = wait;
    return count;
  };
}

describe("a job", () => {
  test("waits for a worker that is slow, however long, and keeps it", async () => {
    const { pool, words } = await threads();
    const here = (at: number): void => {
      spin(() => Atomics.load(words, STEP + BEGUN) === 1);
      words[at / 4 + ENDED]++;
    };
    const module = pool.register(holding(), [here]);
    for (let round = 1; round <= 3; round++) {
      words[STEP + BEGUN] = 0;
      words[STEP + FREE] = 0;
      const job = pool.newJob();
      for (let t = 0; t < 2; t++) {
        job.task();
        job.call(module, 0, [4 * STEP * t]);
      }
      const stop = inSlowMotion(5000, () => Atomics.store(words, STEP + FREE, 1));
      pool.run(job);
      assert.ok(stop() >= 5000, "the worker was waited for");
      assert.deepEqual([words[ENDED], words[STEP + ENDED]], [round, round], "each task ran once");
      assert.equal(pool.threads(2), 2);
    }
  });

  test("runs what a worker cannot compile from the task's beginning, once", async () => {
    const { pool, control, words } = await threads();
    words[FREE] = 1;
    words[STEP + FREE] = 1;
    const count = (at: number): void => {
      words[at / 4 + ENDED]++;
    };
    const good = pool.register(holding(), [count]);
    const bad = pool.register(new Uint8Array(8), [count]);
    const slow = pool.register(holding(), [() => spin(() => Atomics.load(control, DONE) > 0)]);
    const job = pool.newJob();
    job.task();
    job.call(slow, 0, [0]);
    job.task();
    job.call(good, 0, [4 * STEP]);
    job.call(bad, 0, [4 * STEP]);
    pool.run(job);
    assert.ok(control[TAKEN] > 0);
    assert.equal(words[STEP + ENDED], 2, "both calls were made once");
    assert.equal(pool.threads(2), 1, "and from then on by one thread");
  });

  test("is an error when a kernel fails in a worker only", async () => {
    const { pool, control, words } = await threads();
    words[FREE] = 1;
    const module = pool.register(holding(), [() => spin(() => Atomics.load(control, DONE) > 0)]);
    const job = pool.newJob();
    job.task();
    job.call(module, 0, [0]);
    job.task();
    job.call(module, 0, [-4096]);
    assert.throws(() => pool.run(job), DeviceError);
  });
});
