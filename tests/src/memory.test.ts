/** Memory without `dispose`: what a loop drops comes back, whether it ever lets the event loop turn or not. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, test } from "node:test";
import { cpu } from "@flambeau/cpu-backend";
import { rand, type Tensor } from "flambeau";
import { trainer } from "../../apps/benchmark/src/soak-trainer.ts";

const MB = 1e6;

/** The most that was in use, in WebAssembly memory and in all, looked at every tenth step. */
class Peak {
  used = 0;
  resident = 0;

  look(step: number): void {
    if (step % 10 !== 0) return;
    this.used = Math.max(this.used, cpu.memory().used);
    this.resident = Math.max(this.resident, process.memoryUsage.rss());
  }
}

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

  test("training that awaits its losses stays flat", async () => {
    const step = trainer(100, 256);
    const early = new Peak();
    const late = new Peak();
    for (let i = 0; i < 300; i++) {
      await step().item();
      early.look(i);
    }
    for (let i = 0; i < 1200; i++) {
      await step().item();
      late.look(i);
    }
    assert.ok(late.used < early.used + 32 * MB, `${early.used} bytes of tensors became ${late.used}`);
    assert.ok(late.resident < early.resident + 100 * MB, `${early.resident} bytes became ${late.resident}`);
  });

  test("training that never lets the event loop turn stays flat", () => {
    const step = trainer(100, 256);
    const early = new Peak();
    const late = new Peak();
    for (let i = 0; i < 300; i++) {
      step().itemSync();
      early.look(i);
    }
    for (let i = 0; i < 1200; i++) {
      step().itemSync();
      late.look(i);
    }
    assert.ok(late.used <= early.used, `${early.used} bytes of tensors became ${late.used}`);
    assert.ok(late.resident < early.resident + 100 * MB, `${early.resident} bytes became ${late.resident}`);
  });

  test("a synchronous loop over large tensors keeps going in bounded memory", () => {
    const a = rand([1_000_000]);
    const b = rand([1_000_000]);
    const before = process.memoryUsage.rss();
    const peak = new Peak();
    let c = a;
    for (let i = 0; i < 1000; i++) {
      c = a.add(b);
      peak.look(i);
    }
    assert.equal(c.at(-1).itemSync(), Math.fround(a.at(-1).itemSync() + b.at(-1).itemSync()));
    assert.ok(peak.resident < before + 600 * MB, `${before} bytes became ${peak.resident}`);
  });
});
