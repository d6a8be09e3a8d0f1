/** Convolution, pooling, normalization and embedding against PyTorch's (tools/fixtures/conv.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DType } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { manualSeed, rand, randint, randn, type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/conv.json" with { type: "json" };
import { adamStep } from "./adam.ts";
import { assertClose, type Values } from "./close.ts";
import { backward, fill } from "./fill.ts";

const { F } = nn;
type Options = Record<string, unknown>;
type Make = new (...args: unknown[]) => nn.Module;
const make = (name: string, args: unknown[], options: Options): nn.Module =>
  new (nn as unknown as Record<string, Make>)[name](...args, options);
const CLOSE = 1e-9;

describe("convolutions are PyTorch's", () => {
  for (const c of fixture.conv) {
    test(`${c.n}d, ${c.x} by ${c.w} ${JSON.stringify(c.options)}`, () => {
      const x = fill(c.x, 1).requiresGrad_();
      const w = fill(c.w, 2).requiresGrad_();
      const b = c.bias ? fill([c.w[0]], 3).requiresGrad_() : null;
      const options = c.options as nn.Conv2dOptions;
      const y = c.n === 1 ? F.conv1d(x, w, b, options as nn.Conv1dOptions) : F.conv2d(x, w, b, options);
      assert.deepEqual(y.shape, c.shape);
      assert.equal(y.gradFn?.name, c.gradFn);
      assertClose(y, c.y, CLOSE, "y");
      backward(y);
      assertClose(x.grad, c.gx, CLOSE, "the input's gradient");
      assertClose(w.grad, c.gw, CLOSE, "the weight's gradient");
      if (b !== null) assertClose(b.grad, c.gb, CLOSE, "the bias's gradient");
    });
  }
});

describe("convolutions of what is around the input are PyTorch's", () => {
  for (const c of fixture.surrounded) {
    test(c.text, () => {
      const layer = make(c.name, c.args, { ...c.options, dtype: "float64" });
      assert.equal(String(layer), c.text);
      const parameters = layer.parameters();
      parameters.forEach((p, i) => {
        p.setData_(fill(p.shape, 10 + i));
      });
      const x = fill(c.x, 1).requiresGrad_();
      const y = layer(x) as Tensor;
      assertClose(y, c.y as Values, CLOSE, "y");
      backward(y);
      assertClose(x.grad, c.gx, CLOSE, "the input's gradient");
      for (const [i, p] of parameters.entries())
        assertClose(p.grad, c.grads[i] as Values, CLOSE, `gradient ${i}`);
    });
  }
});

describe("pooling is PyTorch's", () => {
  const pool = (c: (typeof fixture.pool)[number], x: Tensor): Tensor | [Tensor, Tensor] => {
    const f = (F as unknown as Record<string, (...args: unknown[]) => Tensor>)[
      `${c.kind === "adaptive_avg" ? "adaptiveAvg" : c.kind}Pool${c.n}d`
    ];
    return c.kind === "max"
      ? f(x, c.kernel, { ...c.options, returnIndices: true })
      : f(x, c.kernel, c.options);
  };
  for (const c of fixture.pool) {
    test(`${c.kind}Pool${c.n}d(${JSON.stringify(c.kernel)}) of ${c.x} ${JSON.stringify(c.options)}`, () => {
      const x = fill(c.x, 4).requiresGrad_();
      const result = pool(c, x);
      const [y, indices] = Array.isArray(result) ? result : [result, null];
      assert.deepEqual(y.shape, c.shape);
      assert.equal(y.gradFn?.name, c.gradFn);
      assertClose(y, c.y as Values, CLOSE, "y");
      if (indices !== null) {
        assert.equal(indices.dtype, "int64");
        assertClose(indices, c.indices as Values, 0, "indices");
      }
      backward(y);
      assertClose(x.grad, c.gx, CLOSE, "the gradient");
    });
  }
  test("the maximum of nan and of -inf", () => {
    const [nan, low] = [Number.NaN, Number.NEGATIVE_INFINITY];
    const x = tensor([
      [
        [1, nan, 3, 3],
        [nan, 2, 3, 3],
        [low, low, low, low],
        [low, low, low, low],
      ],
    ]);
    const [y, indices] = F.maxPool2d(x, 2, { returnIndices: true });
    assertClose(y, fixture.maxOfNan.y, 0, "y");
    assertClose(indices, fixture.maxOfNan.indices, 0, "indices");
  });
});

describe("normalization is PyTorch's", () => {
  for (const c of fixture.norm) {
    test(`${c.text} of ${c.x}, ${c.dtype}`, () => {
      const dtype = c.dtype as DType;
      const close = dtype === "float32" ? 5e-6 : CLOSE;
      const layer = make(c.name, c.args, { ...c.options, dtype });
      assert.equal(String(layer), c.text);
      const parameters = layer.parameters();
      parameters.forEach((p, i) => {
        p.setData_(fill(p.shape, 10 + i, dtype));
      });
      const check = (seed: number, want: { y: Values; gx: Values; grads: Values[] }): void => {
        layer.zeroGrad();
        const x = fill(c.x, seed, dtype).requiresGrad_();
        const y = layer(x) as Tensor;
        assertClose(y, want.y, close, "y");
        backward(y);
        assertClose(x.grad, want.gx, close * 4, "the input's gradient");
        for (const [i, p] of parameters.entries())
          assertClose(p.grad, want.grads[i], close * 4, `gradient ${i}`);
      };
      for (const [i, step] of c.steps.entries()) {
        check(20 + i, step);
        const buffers = layer.buffers();
        assert.equal(buffers.length, step.buffers.length);
        for (const [k, b] of buffers.entries()) assertClose(b, step.buffers[k], close, `buffer ${k}`);
      }
      layer.eval();
      check(30, c.eval);
    });
  }
});

describe("embedding is PyTorch's", () => {
  for (const c of fixture.embedding) {
    test(c.text, () => {
      manualSeed(3);
      const layer = new nn.Embedding(5, 3, c.options);
      assert.equal(String(layer), c.text);
      assertClose(layer.weight, c.weight, 1e-6, "weight");
      const y = layer(
        tensor([
          [1n, 2n, 0n],
          [4n, 1n, 1n],
        ]),
      );
      assertClose(y, c.y, 1e-6, "y");
      assert.equal(y.gradFn?.name, c.gradFn);
      backward(y);
      assertClose(layer.weight.grad, c.grad, 1e-6, "the gradient");
    });
  }
});

const texts: Record<keyof typeof fixture.texts, nn.Module> = {
  conv1d: new nn.Conv1d(2, 4, 3),
  conv1dAll: new nn.Conv1d(2, 4, 3, { stride: 2, padding: 1, dilation: 2, groups: 2, bias: false }),
  conv2d: new nn.Conv2d(1, 16, 3),
  conv2dSame: new nn.Conv2d(1, 16, [3, 5], { padding: "same" }),
  conv2dValid: new nn.Conv2d(1, 16, 3, { padding: "valid" }),
  conv2dAll: new nn.Conv2d(4, 16, [3, 5], [2, 1], { padding: [0, 2], dilation: [1, 2], groups: 4 }),
  maxPool1d: new nn.MaxPool1d(2),
  maxPool2d: new nn.MaxPool2d(2, 2),
  maxPool2dAll: new nn.MaxPool2d([3, 2], { stride: 2, padding: [1, 0], dilation: 2, ceilMode: true }),
  avgPool1d: new nn.AvgPool1d(2),
  avgPool2d: new nn.AvgPool2d(3, { stride: [2, 1] }),
  adaptiveAvgPool1d: new nn.AdaptiveAvgPool1d(5),
  adaptiveAvgPool2d: new nn.AdaptiveAvgPool2d(1),
  adaptiveAvgPool2dPair: new nn.AdaptiveAvgPool2d([null, 7]),
};

describe("texts and initial weights are PyTorch's", () => {
  for (const [name, text] of Object.entries(fixture.texts))
    test(name, () => assert.equal(String(texts[name as keyof typeof texts]), text));
  for (const c of fixture.init) {
    test(`${c.name}(${c.args.join(", ")}) ${JSON.stringify(c.options)}`, () => {
      manualSeed(5);
      const layer = make(c.name, c.args, c.options);
      const state = layer.stateDict();
      assert.deepEqual(Object.keys(state), Object.keys(c.state));
      for (const [key, value] of Object.entries(c.state)) assertClose(state[key], value as Values, 1e-7, key);
      assertClose(rand([2]), c.next, 1e-9, "the next draw");
    });
  }
});

test("a convolutional network learns as in PyTorch", () => {
  manualSeed(0);
  const model = new nn.Sequential(
    new nn.Conv2d(1, 16, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(16, 32, 3),
    new nn.BatchNorm2d(32),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(32 * 13 * 13, 10),
  );
  const x = randn([8, 1, 28, 28]);
  const labels = randint(0, 10, [8]);
  const step = adamStep(model.parameters());
  for (const [i, want] of fixture.training.losses.entries()) {
    model.zeroGrad();
    const loss = F.crossEntropy(model(x) as Tensor, labels);
    loss.backward();
    step();
    const got = loss.itemSync();
    assert.ok(Math.abs(got - want) <= 1e-4 * want, `step ${i}: the loss is ${got}, PyTorch's ${want}`);
  }
  model.eval();
  assertClose(model(x) as Tensor, fixture.training.logits, 1e-2, "logits in evaluation mode");
});
