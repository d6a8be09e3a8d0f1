/**
 * Memory without `dispose`: what a loop drops comes back, whether it ever lets the event loop turn or not. The memory of the
 * process as a whole, which depends on the engine, is measured by `npm run bench:soak`.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cpu } from "@flambeau/cpu-backend";
import { rand, type Tensor } from "flambeau";
import { trainer } from "../../apps/benchmark/src/soak-trainer.ts";
import { collect } from "./collect.ts";

const MB = 2 ** 20;
/** What an engine that takes any word on the stack for a reference may keep. */
const SLACK = 4 * MB;

describe("memory without dispose", () => {
  test("gradients that nobody has read go back at once", () => {
    const w = rand([100, 100], { requiresGrad: true });
    w.square().sum().backward();
    const { used } = cpu.memory();
    w.grad = null;
    assert.equal(cpu.memory().used, used - 2 ** 16);

    w.square().sum().backward();
    const kept = w.grad as unknown as Tensor;
    w.grad = null;
    w.square().sum().backward();
    assert.deepEqual(kept.dataSync(), w.grad!.dataSync(), "one that was read stays");
  });

  test("training that awaits its losses holds no more after 300 steps than after 100", async () => {
    const step = trainer(100, 256);
    const used: number[] = [];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 100; k++) await step().item();
      await collect();
      used.push(cpu.memory().used);
    }
    assert.ok(used[2] <= used[0] + SLACK, `${used[0]} bytes of tensors became ${used[2]}`);
  });

  test("training that never lets the event loop turn holds no more after 1500 steps than after 300", async () => {
    const step = trainer(100, 256);
    let early = 0;
    let late = 0;
    for (let i = 0; i < 300; i++) {
      step().itemSync();
      early = Math.max(early, cpu.memory().used);
    }
    for (let i = 0; i < 1200; i++) {
      step().itemSync();
      late = Math.max(late, cpu.memory().used);
    }
    assert.ok(late <= early, `${early} bytes of tensors became ${late}`);
  });

  test("a synchronous loop over large tensors takes no more than a turn's share of WebAssembly memory", () => {
    const a = rand([1_000_000]);
    const b = rand([1_000_000]);
    const before = cpu.memory();
    let c = a;
    for (let i = 0; i < 1000; i++) c = a.add(b);
    assert.equal(c.at(-1).itemSync(), Math.fround(a.at(-1).itemSync() + b.at(-1).itemSync()));
    const { used, pooled } = cpu.memory();
    assert.ok(used + pooled <= before.used + before.pooled + 512 * MB, `${used} used, ${pooled} pooled`);
  });
});
