/** Options of embedding and instance norm against PyTorch's (tools/fixtures/layer_options.py), and what they refuse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/layer_options.json" with { type: "json" };
import { assertClose, type Values } from "./close.ts";
import { backward, fill } from "./fill.ts";

const { F } = nn;
const closeOf = (dtype: string): number => (dtype === "float32" ? 1e-6 : 1e-9);
const infinite = (x: unknown): number | undefined => (x === "inf" ? Infinity : (x as number | undefined));

describe("options of an embedding are PyTorch's", () => {
  const indices = tensor([
    [1n, 2n, 0n],
    [4n, 1n, 1n],
  ]);
  for (const c of fixture.embedding) {
    test(`${c.text}, ${c.dtype}`, () => {
      const close = closeOf(c.dtype);
      const options = { ...c.options, normType: infinite((c.options as { normType?: unknown }).normType) };
      const layer = new nn.Embedding(5, 3, { ...options, dtype: c.dtype as DType });
      assert.equal(String(layer), c.text);
      layer.weight.setData_(fill([5, 3], 4, c.dtype as DType));
      const { version } = layer.weight.storage;
      const y = layer(indices);
      assert.equal(layer.weight.storage.version > version, options.maxNorm !== undefined);
      assert.ok(layer.weight.isLeaf);
      assertClose(layer.weight, c.weight, close, "weight");
      assertClose(y, c.y, close, "y");
      assert.equal(y.gradFn?.name, c.gradFn);
      backward(y);
      assertClose(layer.weight.grad, c.grad, close, "the gradient");
    });
  }

  for (const c of fixture.functional) {
    for (const dtype of ["int64", "int32", "uint8"] as const) {
      test(`of ${c.about}, ${dtype}`, () => {
        const weight = fill([5, 3], 7).requiresGrad_();
        const index = tensor(c.index, { dtype });
        const y = F.embedding(index, weight, { maxNorm: 0.5, scaleGradByFreq: true });
        assert.deepEqual(y.shape, c.shape);
        assertClose(y, c.y, 1e-9, "y");
        assertClose(weight, c.weight, 1e-9, "weight");
        backward(y);
        assertClose(weight.grad, c.grad, 1e-9, "the gradient");
      });
    }
  }

  test("a scaled gradient can be differentiated again", () => {
    const weight = tensor([[1], [2]], { requiresGrad: true });
    const y = F.embedding(tensor([0n, 0n, 1n]), weight, { scaleGradByFreq: true });
    y.pow(3).sum().backward(undefined, { createGraph: true });
    assertClose(weight.grad, [3, 12], 1e-6, "3 w^2");
    weight.grad?.sum().backward({ inputs: weight });
    // 6 w at each place, halved on the way there and on the way back where there are two.
    assertClose((weight.grad as Tensor).detach(), [3 + 3, 12 + 12], 1e-5, "and what comes of it");
  });

  test("a graph from before the weight was shortened is stale", () => {
    const weight = tensor([[3, 4]], { requiresGrad: true });
    const before = weight.square().sum();
    F.embedding(tensor([0n]), weight, { maxNorm: 1 });
    assert.throws(() => before.backward(), /overwritten in place/);
  });

  test("what is refused changes nothing", () => {
    const weight = tensor([[3, 4]], { requiresGrad: true });
    assert.throws(() => F.embedding(tensor([0n, 1n]), weight, { maxNorm: 1 }), IndexError);
    assert.throws(
      () => F.embedding(tensor([0n]), weight, { maxNorm: Number.NaN }),
      /maxNorm is a number; got NaN/,
    );
    assert.throws(() => F.embedding(tensor([0n]), weight, { maxNorm: 1, normType: "2" as never }), /got "2"/);
    assert.throws(
      () => new nn.Embedding(2, 2, { maxNorm: "1" as never }),
      /Embedding: maxNorm is a number; got "1"/,
    );
    assertClose(weight, [[3, 4]], 0, "weight");
  });

  test("fromPretrained takes them", () => {
    const rows = tensor([
      [3, 4],
      [0, 1],
    ]);
    const layer = nn.Embedding.fromPretrained(rows, { maxNorm: 1, normType: 1, scaleGradByFreq: true });
    assert.equal(String(layer), "Embedding(2, 2, max_norm=1, norm_type=1, scale_grad_by_freq=True)");
    assertClose(layer(tensor([0n])), [[3 / 7, 4 / 7]], 1e-6, "y");
    assertClose(rows.at(0), [3 / 7, 4 / 7], 1e-6, "the rows, which are shared");
  });
});

describe("running statistics of an instance norm are PyTorch's", () => {
  const kinds = { InstanceNorm1d: nn.InstanceNorm1d, InstanceNorm2d: nn.InstanceNorm2d };
  for (const c of fixture.instanceNorm) {
    test(`${c.name} ${c.text} of ${c.x}, ${c.dtype}`, () => {
      const dtype = c.dtype as DType;
      const close = dtype === "float32" ? 5e-6 : 1e-9;
      const layer = new kinds[c.name as "InstanceNorm1d"](3, { ...c.options, dtype });
      assert.equal(String(layer), c.text);
      assert.deepEqual(Object.keys(layer.stateDict()), c.keys);
      layer.parameters().forEach((p, i) => {
        p.setData_(fill(p.shape, 10 + i, dtype));
      });
      for (const { seed, training, y: wanted, gx, grads, buffers } of c.steps) {
        layer.train(training);
        layer.zeroGrad();
        const x = fill(c.x, seed, dtype).requiresGrad_();
        const y = layer(x) as Tensor;
        assertClose(y, wanted, close, "y");
        backward(y);
        assertClose(x.grad, gx, close * 4, "the input's gradient");
        for (const [i, p] of layer.parameters().entries())
          assertClose(p.grad, grads[i] as Values, close * 4, `gradient ${i}`);
        assert.equal(layer.buffers().length, buffers.length);
        for (const [i, b] of layer.buffers().entries()) assertClose(b, buffers[i], close, `buffer ${i}`);
      }
    });
  }

  test("as functions", () => {
    const x = fill([2, 3, 4], 1);
    const running = {
      runningMean: zeros([3], { dtype: "float64" }),
      runningVar: ones([3], { dtype: "float64" }),
    };
    const plain = F.instanceNorm(x, { ...running, useInputStats: false, eps: 0 });
    assert.deepEqual(plain.toArraySync(), x.toArraySync());
    assert.equal(
      F.instanceNorm(x.requiresGrad_(), { ...running, useInputStats: false }).gradFn?.name,
      "ViewBackward0",
    );
    F.instanceNorm(x.detach(), { runningMean: running.runningMean, momentum: 1 });
    assertClose(running.runningMean, x.detach().mean([0, 2]).toArraySync() as number[], 1e-12, "the mean");
    assert.throws(() => F.instanceNorm(x, { useInputStats: false }), /needs a running mean and variance/);
    assert.throws(() => F.instanceNorm(x, { runningMean: zeros([2], { dtype: "float64" }) }), ShapeError);
  });

  test("momentum null keeps the statistics, as in PyTorch 2", () => {
    const layer = new nn.InstanceNorm1d(2, { trackRunningStats: true, momentum: null });
    layer(fill([2, 2, 3], 1, "float32"));
    assertClose(layer.runningMean, [0, 0], 0, "the mean");
    assert.match(String(layer), /momentum=None/);
  });

  test("one element a channel: refused in training, and in evaluation normalized by the running statistics", () => {
    const layer = new nn.InstanceNorm1d(2, { trackRunningStats: true });
    assert.throws(() => layer(ones([1, 2, 1])), ValueError);
    assertClose(layer.eval()(ones([1, 2, 1])), [1, 1], 1e-5, "y");
    assertClose(layer.numBatchesTracked, 0, 0, "batches, which PyTorch does not count here");
  });

  test("resets", () => {
    const layer = new nn.InstanceNorm2d(1, { trackRunningStats: true, affine: true });
    layer(fill([2, 1, 2, 2], 1, "float32"));
    assert.notEqual(layer.runningMean?.itemSync(), 0);
    layer.resetParameters();
    assert.deepEqual([layer.runningMean?.itemSync(), layer.runningVar?.itemSync()], [0, 1]);
  });
});
