/** Networks in 16-bit floats: what is trained stays of its dtype, and comes near to what float32 gives. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { F, manualSeed, nn, optim, randint, randn, type Tensor } from "flambeau";

type Float = "float32" | "float16" | "bfloat16";

function network(): nn.Sequential {
  manualSeed(0);
  return new nn.Sequential(
    new nn.Conv2d(1, 4, 3),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.LayerNorm([36]),
    new nn.Linear(36, 3),
  );
}

/** The losses of some steps. */
function trained(model: nn.Sequential, dtype: Float): number[] {
  manualSeed(1);
  const [x, y] = [randn([16, 1, 8, 8]).to(dtype), randint(3, [16])];
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  return Array.from({ length: 20 }, () => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x) as Tensor, y);
    loss.backward();
    optimizer.step();
    return loss.itemSync() as number;
  });
}

describe("networks in 16-bit floats", () => {
  const reference = trained(network(), "float32");
  for (const [dtype, tolerance] of [
    ["float16", 0.01],
    ["bfloat16", 0.06],
  ] as const) {
    test(`${dtype} trains as float32 does`, () => {
      const model = network().to(dtype);
      const losses = trained(model, dtype);
      losses.forEach((loss, i) => {
        assert.ok(Math.abs(loss - reference[i]) < tolerance, `step ${i}: ${loss}, not ${reference[i]}`);
      });
      assert.ok(losses[19] < losses[0] / 5);
      for (const p of model.parameters()) assert.deepEqual([p.dtype, p.grad?.dtype], [dtype, dtype]);
      const [, norm] = model;
      assert.deepEqual(
        (norm as nn.BatchNorm2d).buffers().map((b) => b.dtype),
        [dtype, dtype, "int64"],
      );
    });

    test(`attention and recurrent layers of ${dtype} give its dtype, forth and back`, () => {
      const layers = [new nn.TransformerEncoderLayer(8, 2, 16, 0), new nn.LSTM(8, 5), new nn.GRU(8, 5)];
      for (const layer of layers) {
        layer.to(dtype);
        const x = randn([3, 2, 8]).to(dtype).requiresGrad_();
        const out = (layer.forward as (x: Tensor) => Tensor | readonly [Tensor, unknown])(x);
        const y = "dtype" in out ? out : out[0];
        y.sum().backward();
        assert.deepEqual([y.dtype, x.grad?.dtype], [dtype, dtype]);
        assert.ok(x.grad?.isfinite().all().itemSync());
      }
    });
  }
});
