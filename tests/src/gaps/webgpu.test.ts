/** Faults of the GPU that were reported, one row each: what was called, and what must come of it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { DeviceError, registeredBackend, setWarningHandler, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import * as T from "@flambeau/tensor";
import { webgpu as gpu } from "flambeau";
import { testOn, webgpu } from "../devices/devices.ts";

const on = { device: "webgpu" } as const;

/** What is computed, and the elements that must come out. */
const results: Readonly<Record<string, readonly [() => T.Tensor, (number | bigint)[]]>> = {
  "the sum of int32 is int64": [() => T.full([3], 1e9, { dtype: "int32", ...on }).sum(), [3_000_000_000n]],
  "a product of int64 beyond 32 bits": [
    () => T.tensor([3_000_000n], on).mul(3_000_000n),
    [9_000_000_000_000n],
  ],
  "a product with a number": [() => T.tensor([2n ** 30n], on).mul(4), [2n ** 32n]],
  "a square": [() => T.tensor([2n ** 31n - 1n], on).square(), [(2n ** 31n - 1n) ** 2n]],
  "to int64 of a float beyond 32 bits": [() => T.tensor([3e9], on).to("int64"), [3_000_000_000n]],
  "int32 wraps, as in PyTorch": [() => T.full([1], 2 ** 30, { dtype: "int32", ...on }).mul(4), [0]],
  "int64 wraps at 2^63 only, as in PyTorch": [() => T.tensor([2n ** 63n - 1n], on).add(1n), [-(2n ** 63n)]],
};

describe("reported faults of the GPU", () => {
  for (const [name, [run, wanted]] of Object.entries(results)) {
    testOn(webgpu, name, async () => assert.deepEqual(Array.from(await run().data()), wanted));
  }

  testOn(webgpu, "an integer divided by zero is an error of the next read", async () => {
    const [x, zero] = [T.tensor([7n], on), T.tensor([0n], on)];
    await assert.rejects(x.floorDivide(zero).data(), /floorDivide: integers cannot be divided by zero/);
    await assert.rejects(x.remainder(zero).data(), /remainder: integers have no remainder by zero/);
  });

  testOn(webgpu, "a tensor of a device that was given back is said to be lost", async () => {
    const old = T.tensor([1, 2], on);
    const positions = T.tensor([0n], on);
    gpu.destroy();
    await gpu.init();
    const fresh = T.tensor([1, 2], on);
    const lost = /a tensor is on a "webgpu" device that was lost or given back/;
    const cases: (() => unknown)[] = [
      () => old.add(fresh),
      () => fresh.add(old),
      () => T.cat([fresh, old]),
      () => fresh.at(positions),
      () => old.at(T.tensor([0n], on)),
      () => old.to("webgpu"),
      () => old.add(T.tensor([1, 2])),
    ];
    for (const run of cases) {
      assert.throws(
        run,
        (error: Error) => error instanceof DeviceError && lost.test(error.message),
        `${run}`,
      );
    }
    await assert.rejects(old.data(), /the GPU device was lost/);
    assert.deepEqual(await fresh.add(T.tensor([1, 1], on)).toArray(), [2, 3]);
  });

  describe("a loop that never awaits", { skip: webgpu.skip }, () => {
    const MEGABYTE = 2 ** 20;
    /** A test with a low bound, which gets the warnings. */
    const bounded = (name: string, run: (texts: readonly string[]) => void | Promise<void>): void => {
      testOn(webgpu, name, async () => {
        const texts: string[] = [];
        const before = setWarningHandler((text) => texts.push(text));
        gpu.destroy();
        await gpu.init({ memoryPerTurn: 64 * MEGABYTE });
        try {
          await run(texts);
        } finally {
          setWarningHandler(before);
          gpu.destroy();
          await gpu.init();
        }
      });
    };

    bounded("is warned once and then stopped, and goes on after it has awaited", async (texts) => {
      const big = T.ones([MEGABYTE / 4], on);
      let steps = 0;
      const loop = (): void => {
        for (; steps < 1000; steps++) big.add(1).mul(2);
      };
      assert.throws(loop, (error: Error) => {
        assert.ok(error instanceof DeviceError);
        assert.match(error.message, /MiB of the GPU's memory were taken since the program last awaited/);
        return true;
      });
      assert.equal(steps, 31);
      assert.equal(texts.length, 1);
      assert.match(texts[0], /^16 MiB .*await every so many steps/);
      assert.ok(gpu.stats().allocated < 80 * MEGABYTE);
      assert.equal((await big.data())[0], 1);
      for (; steps < 62; steps++) big.add(1).mul(2);
      assert.equal(await big.sum().item(), MEGABYTE / 4);
    });

    bounded("trains as long as it likes, with layers and a loss of the library's", (texts) => {
      T.manualSeed(0);
      const model = new nn.Sequential(
        new nn.Linear(32, 64),
        new nn.BatchNorm1d(64),
        new nn.ReLU(),
        new nn.Dropout(0.2),
        new nn.Linear(64, 6),
      ).to("webgpu");
      const [x, labels] = [T.randn([64, 32], on), T.randint(6, [64]).to("webgpu")];
      const [optimizer, lossOf] = [new optim.Adam(model.parameters()), new nn.CrossEntropyLoss()];
      const step = (): void => {
        optimizer.zeroGrad();
        lossOf(model(x), labels).backward();
        optimizer.step();
      };
      for (let i = 0; i < 3; i++) step();
      const { used } = registeredBackend("webgpu").memory();
      for (let i = 0; i < 50; i++) step();
      // What a program was given: the output, 1.5 KiB in a block of 2, and the loss.
      assert.equal(registeredBackend("webgpu").memory().used - used, 50 * (2048 + 256));
      assert.deepEqual(texts, []);
    });

    testOn(webgpu, "an option that is no number of bytes is refused", async () => {
      for (const memoryPerTurn of [0, -1, Number.NaN, "1" as unknown as number])
        await assert.rejects(gpu.init({ memoryPerTurn }), ValueError);
    });
  });
});
