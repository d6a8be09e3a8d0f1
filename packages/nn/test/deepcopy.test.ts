/** Copies as Python's `copy.deepcopy` makes them of PyTorch 1.13's modules, and of what holds tensors. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutogradError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { deepcopy } from "@flambeau/nn";
import { Generator, manualSeed, ones, type Tensor, tensor } from "@flambeau/tensor";

class Tied extends nn.Module {
  static made = 0;
  a: nn.Linear = new nn.Linear(2, 2);
  b: nn.Linear = new nn.Linear(2, 2);
  norm: nn.InstanceNorm1d = new nn.InstanceNorm1d(2, { trackRunningStats: true });
  list: nn.Module[] = [this.a];
  plain: Tensor = tensor([1, 2], { requiresGrad: true });
  settings: { sizes: number[]; name: string } = { sizes: [1, 2], name: "tied" };

  constructor() {
    super();
    Tied.made++;
    this.b.weight = this.a.weight;
  }

  override forward(x: Tensor): Tensor {
    return this.b(this.a(x));
  }
}

describe("a deep copy of a module", () => {
  test("computes the same, and shares nothing", () => {
    manualSeed(1);
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
    const x = tensor([
      [1, 2],
      [3, 5],
    ]);
    model(x).sum().backward();
    const copy = deepcopy(model);
    assert.equal(String(copy), String(model));
    assert.deepEqual(Object.keys(copy.stateDict()), Object.keys(model.stateDict()));
    assert.ok(copy(x).equal(model(x)));
    // As Parameter.__deepcopy__ of PyTorch.
    assert.ok(copy.parameters().every((p) => p.grad === null && p.requiresGrad && p instanceof nn.Parameter));
    for (const p of model.parameters()) p.detach().zero_();
    assert.ok(
      copy.parameters().every((p, i) => !p.equal(model.parameters()[i]) || p.amax().itemSync() === 0),
    );
    assert.notEqual(copy.buffers()[0].storage, model.buffers()[0].storage);
    copy(x).sum().backward();
    assert.ok(copy.parameters().every((p) => p.grad !== null));
  });

  test("keeps what is shared, what is set, and what is held besides members", () => {
    const model = new Tied();
    model.eval();
    model.a.weight.requiresGrad_(false);
    model.plain.grad = ones([2]);
    const made = Tied.made;
    const copy = deepcopy(model);
    assert.equal(Tied.made, made);
    assert.ok(copy instanceof Tied && copy !== model);
    assert.equal(copy.b.weight, copy.a.weight);
    assert.notEqual(copy.a.weight, model.a.weight);
    assert.equal(copy.list[0], copy.a);
    assert.deepEqual([copy.training, copy.a.training, copy.a.weight.requiresGrad], [false, false, false]);
    assert.deepEqual([copy.plain.requiresGrad, copy.plain.grad?.tolist()], [true, [1, 1]]);
    copy.settings.sizes.push(3);
    assert.deepEqual(model.settings.sizes, [1, 2]);
    assert.deepEqual(Object.keys(copy), Object.keys(model));
    assert.ok(copy.norm(ones([1, 2, 3])).equal(model.norm(ones([1, 2, 3]))));
  });

  test("has the hooks, and handles take away those of the original", () => {
    const model = new nn.Linear(1, 1);
    const calls: nn.Module[] = [];
    const handle = model.registerForwardHook((module) => void calls.push(module));
    const copy = deepcopy(model);
    handle.remove();
    model(ones([1]));
    copy(ones([1]));
    assert.deepEqual(calls, [copy]);
  });

  test("of one that holds itself, holds itself", () => {
    const model = new Tied() as Tied & { self?: object };
    model.self = { model };
    const copy = deepcopy(model) as typeof model;
    assert.equal((copy.self as { model: unknown }).model, copy);
  });
});

describe("a deep copy of other things", () => {
  test("a state dict keeps the values of then", () => {
    const model = new nn.Linear(2, 1);
    const best = deepcopy(model.stateDict());
    const weight = model.weight.detach().clone();
    model.weight.detach().zero_();
    model.loadStateDict(best);
    assert.ok(model.weight.equal(weight));
  });

  test("arrays, maps, sets, typed arrays, dates and generators", () => {
    const generator = new Generator().manualSeed(3);
    const x = {
      list: [1n, [ones([1])]],
      map: new Map([["w", ones([2])]]),
      set: new Set([1]),
      array: Float64Array.of(1, 2),
      date: new Date(0),
      generator,
      call: Math.max,
      nothing: null,
    };
    const copy = deepcopy(x);
    assert.deepEqual(copy.array, x.array);
    assert.deepEqual([copy.date.getTime(), [...copy.set], copy.call, copy.nothing], [0, [1], Math.max, null]);
    assert.notEqual(copy.map.get("w"), x.map.get("w"));
    const drawn = generator.random64();
    assert.equal(copy.generator.random64(), drawn);
    assert.deepEqual([deepcopy(5), deepcopy("a"), deepcopy(undefined)], [5, "a", undefined]);
  });

  test("a tensor of a graph has none", () => {
    assert.throws(() => deepcopy([tensor([1], { requiresGrad: true }).mul(2)]), AutogradError);
    const buffer = deepcopy(new nn.Buffer(ones([1]), { persistent: false }));
    assert.deepEqual([buffer instanceof nn.Buffer, buffer.persistent], [true, false]);
  });
});

describe("a copy has what its class does privately", () => {
  const x = ones([2, 4]);
  const classes = tensor([0n, 5n]);
  const ways: Readonly<Record<string, readonly [build: () => nn.Module, use: (copy: never) => unknown]>> = {
    "adaptive softmax": [
      () => new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]),
      (copy: nn.AdaptiveLogSoftmaxWithLoss) => [copy(x, classes).loss, copy.predict(x)].map(String),
    ],
    "spectral norm": [
      () => nn.utils.parametrizations.spectralNorm(new nn.Linear(4, 2)),
      (copy: nn.Linear) => [copy(x), copy.weight].map(String),
    ],
    "weight norm": [
      () => nn.utils.parametrizations.weightNorm(new nn.Linear(4, 2)),
      (copy: nn.Linear) => String(copy(x)),
    ],
    "a list": [
      () => new nn.ModuleList([new nn.Tanh(), new nn.ReLU()]),
      (copy: nn.ModuleList) => {
        copy.insert(0, new nn.Sigmoid());
        return [String(copy.pop(-1)), String(copy.at(0)), String(copy)];
      },
    ],
    "a sequence": [
      () => new nn.Sequential(new nn.Tanh(), new nn.ReLU()),
      (copy: nn.Sequential) => [String(copy.append(new nn.Sigmoid()).pop(0)), String(copy(x))],
    ],
    "a dict of parameters": [
      () => new nn.ParameterDict({ a: ones([1]) }),
      (copy: nn.ParameterDict) => String(copy.update({ b: ones([2]) })),
    ],
    "an averaged model": [
      () => new nn.swaUtils.AveragedModel(new nn.Linear(4, 2)),
      (copy: nn.swaUtils.AveragedModel) => {
        for (let i = 0; i < 2; i++) copy.updateParameters(new nn.Linear(4, 2));
        return Object.values(copy.stateDict()).map(String);
      },
    ],
    attention: [
      () => new nn.MultiheadAttention(4, 2),
      (copy: nn.MultiheadAttention) => String(copy(x, x, x)[0]),
    ],
    "a recurrent layer": [() => new nn.LSTM(4, 2), (copy: nn.LSTM) => String(copy(x)[0])],
  };
  for (const [name, [build, use]] of Object.entries(ways))
    test(name, () => {
      manualSeed(2);
      const own = build();
      const copy = deepcopy(own);
      manualSeed(3);
      const wanted = use(own as never);
      manualSeed(3);
      assert.deepEqual(use(copy as never), wanted);
    });
});
