import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualSeed, nn, optim, randint, randn, type Tensor, webgpu } from "flambeau";

const skip: false | string =
  (await webgpu.isAvailable()) || process.env.CI === "true" ? false : "no WebGPU adapter on this machine";

/** The chapter's binary classifier, its data and its step, on the GPU. */
function training(): () => Tensor {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 5), new nn.ReLU(), new nn.Linear(5, 1)).to("webgpu");
  const X = randn([50, 2]).to("webgpu");
  const y = randint(0, 2, [50]).to("float32").to("webgpu");
  const criterion = new nn.BCEWithLogitsLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  return () => {
    optimizer.zeroGrad();
    const loss = criterion((model(X) as Tensor).flatten(), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
}

describe("training on the GPU", { skip }, () => {
  test("a step of the chapter's classifier is at most 40 dispatches and 1 submission", async () => {
    const step = training();
    for (let i = 0; i < 3; i++) await step().item();
    const before = webgpu.stats();
    await step().item();
    const after = webgpu.stats();
    const dispatches = after.dispatches - before.dispatches;
    assert.ok(dispatches > 0 && dispatches <= 40, `${dispatches} dispatches`);
    assert.equal(after.submits - before.submits, 1);
    assert.equal(after.pipelines, before.pipelines);
  });

  for (const [steps, every] of [
    [500, 1],
    [1500, 100],
  ]) {
    test(`${steps} steps keep the bytes allocated flat, the loss read every ${every}`, async () => {
      const step = training();
      let first = Number.NaN;
      let last = Number.NaN;
      let settled = 0;
      let most = 0;
      for (let i = 1; i <= steps; i++) {
        const loss = step();
        if (i % every === 0) last = await loss.item();
        if (i === every) first = last;
        const { allocated } = webgpu.stats();
        if (i === steps / 2) settled = allocated;
        if (i > steps / 2) most = Math.max(most, allocated);
      }
      assert.ok(last < first, `the loss fell from ${first} to ${last}`);
      // Half as many steps again may not take much more than the collector's rhythm asks for.
      assert.ok(most <= settled + 2 * 2 ** 20, `${settled} bytes halfway, then up to ${most}`);
      assert.ok(most < 32 * 2 ** 20, `${most} bytes`);
    });
  }
});
