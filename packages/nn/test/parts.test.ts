/** What is done to modules from outside: other parameters for a call, parametrizations, norms, fusion, hooks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { grad } from "@flambeau/autograd";
import { ArgumentError, AutogradError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { manualSeed, ones, randn, type Tensor, tensor, zeros } from "@flambeau/tensor";

const { utils } = nn;
const state = (module: nn.Module): unknown =>
  Object.entries(module.stateDict()).map(([key, x]) => [key, x.toArraySync()]);

describe("functionalCall", () => {
  const { functionalCall } = utils;
  test("takes other tensors for one call, under either name, and gives them gradients", () => {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    const before = state(model);
    const weight = randn([3, 2]).requiresGrad_();
    const mean = zeros([3]);
    const x = randn([4, 2]);
    const y = functionalCall(model, { "0.weight": weight, "1.running_mean": mean }, [x]);
    assert.ok(mean.abs().sum().itemSync() > 0);
    const named = functionalCall(model, [{ "0.weight": weight }, { "1.runningMean": zeros([3]) }], x);
    assert.deepEqual(y.toArraySync(), named.toArraySync());
    assert.deepEqual(grad(y.square().sum(), weight)[0]?.shape, [3, 2]);
    const count = ["1.running_var", "1.num_batches_tracked"];
    const unchanged = (rows: unknown): unknown =>
      (rows as [string, unknown][]).filter(([key]) => !count.includes(key));
    assert.deepEqual(unchanged(state(model)), unchanged(before));
    assert.ok(model[0].weight instanceof nn.Parameter);
  });

  test("replaces tied tensors together, and refuses what it has not", () => {
    class Tied extends nn.Module {
      a: nn.Linear = new nn.Linear(2, 2, false);
      b: nn.Linear = new nn.Linear(2, 2, false);
      constructor() {
        super();
        this.b.weight = this.a.weight;
      }
      override forward(x: Tensor): Tensor {
        return this.b(this.a(x));
      }
    }
    const model = new Tied();
    const two = tensor([
      [2, 0],
      [0, 2],
    ]);
    const x = ones([1, 2]);
    assert.deepEqual(functionalCall(model, { "a.weight": two }, x).toArraySync(), [[4, 4]]);
    const apart = functionalCall(model, { "a.weight": two, "b.weight": two.mul(2) }, x, {
      tieWeights: false,
    });
    assert.deepEqual(apart.toArraySync(), [[8, 8]]);
    assert.throws(() => functionalCall(model, { "a.weight": two, "b.weight": two.mul(2) }, x), ValueError);
    assert.throws(() => functionalCall(model, { "c.weight": two }, x), ArgumentError);
    assert.throws(() => functionalCall(model, { "a.weight": 3 as unknown as Tensor }, x), ArgumentError);
    assert.throws(() => functionalCall(model, [{ "a.weight": two }, { "a.weight": two }], x), ArgumentError);
    assert.throws(
      () => functionalCall(new nn.Linear(2, 2), { weight: two }, x, { strict: true }),
      /"bias" is missing/,
    );
    const before = state(model);
    assert.throws(() => functionalCall(model, { "a.weight": two }, ones([1, 3])), ShapeError);
    assert.deepEqual(state(model), before);
  });
});

class Symmetric extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).t());
  }
}

class Doubled extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }
  rightInverse(x: Tensor): Tensor {
    return x.div(2);
  }
}

class Wrong extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.flatten();
  }
}

describe("parametrizations", () => {
  const { cached, isParametrized, registerParametrization, removeParametrizations } = utils.parametrize;

  test("compute a tensor in order, are set through their inverse, and copied with the module", () => {
    manualSeed(0);
    const layer = new nn.Linear(3, 3);
    const { weight } = layer;
    const values = weight.toArraySync();
    registerParametrization(layer, "weight", new Doubled());
    assert.deepEqual(layer.weight.toArraySync(), values);
    assert.equal(layer.namedParameters()[1][1], weight, "the parameter is the same object");
    registerParametrization(layer, "weight", new Symmetric());
    assert.ok(layer.weight.equal(layer.weight.t()) && isParametrized(layer, "weight"));
    assert.equal(new Set(cached(() => [layer.weight, layer.weight])).size, 1);
    const copy = nn.deepcopy(layer);
    copy.namedParameters()[1][1].detach().fill_(1);
    assert.deepEqual(copy.weight.toArraySync(), ones([3, 3]).mul(2).toArraySync());
    assert.notDeepEqual(layer.weight.toArraySync(), copy.weight.toArraySync());
    removeParametrizations(copy, "weight");
    assert.deepEqual([isParametrized(copy), isParametrized(layer)], [false, true]);
    layer(ones([2, 3]))
      .sum()
      .backward();
    assert.deepEqual(weight.grad?.shape, [3, 3]);
    assert.throws(() => {
      layer.weight = new nn.Parameter(ones([3, 3]));
    }, ValueError);
  });

  test("are assigned to through their inverse", () => {
    const layer = registerParametrization(new nn.Linear(2, 2), "weight", new Doubled());
    (layer as { weight: Tensor }).weight = ones([2, 2]).mul(6);
    assert.deepEqual(layer.stateDict()["parametrizations.weight.original"].toArraySync(), [
      [3, 3],
      [3, 3],
    ]);
    removeParametrizations(layer, "weight", { leaveParametrized: false });
    assert.deepEqual(layer.weight.toArraySync(), [
      [3, 3],
      [3, 3],
    ]);
    assert.ok(layer.weight instanceof nn.Parameter && layer.constructor === nn.Linear);
  });

  test("of the wrong shape or name are refused, and nothing has changed", () => {
    const layer = new nn.Linear(2, 2);
    const before = state(layer);
    assert.throws(() => registerParametrization(layer, "weight", new Wrong()), ShapeError);
    assert.throws(() => registerParametrization(layer, "wieght", new Doubled()), ArgumentError);
    assert.throws(() => removeParametrizations(layer, "weight"), ValueError);
    assert.throws(() => utils.weightNorm(layer, "wieght"), ArgumentError);
    assert.throws(() => utils.weightNorm(layer, { dim: 5 }), IndexError);
    assert.throws(() => utils.parametrizations.weightNorm(layer, { dim: 5 }), IndexError);
    assert.throws(() => utils.spectralNorm(layer, { nPowerIterations: 0 }), ValueError);
    assert.throws(() => utils.parametrizations.spectralNorm(layer, { nPowerIterations: 0.5 }), ValueError);
    assert.throws(() => utils.removeWeightNorm(layer), ValueError);
    assert.throws(() => utils.removeSpectralNorm(layer), ValueError);
    assert.deepEqual([state(layer), layer.constructor], [before, nn.Linear]);
    registerParametrization(layer, "weight", new Wrong(), { unsafe: true });
    assert.deepEqual(layer.weight.shape, [4]);
  });
});

describe("fusion", () => {
  const { fuseConvBnEval, fuseLinearBnEval } = utils.fusion;
  test("has the outputs of both", () => {
    manualSeed(0);
    const norm = (layer: nn.BatchNorm1d | nn.BatchNorm2d): nn.Module => {
      layer.runningMean?.copy_(randn([3]));
      layer.runningVar?.copy_(randn([3]).abs().add(0.5));
      layer.weight?.detach().copy_(randn([3]));
      return layer.eval();
    };
    const pairs: [
      layer: nn.Module,
      norm: nn.Module,
      x: Tensor,
      fused: (a: nn.Module, b: nn.Module) => nn.Module,
    ][] = [
      [
        new nn.Conv2d(2, 3, 2),
        norm(new nn.BatchNorm2d(3)),
        randn([1, 2, 4, 4]),
        (a, b) => fuseConvBnEval(a, b),
      ],
      [
        new nn.ConvTranspose2d(2, 3, 2, { bias: false }),
        norm(new nn.BatchNorm2d(3)),
        randn([1, 2, 4, 4]),
        (a, b) => fuseConvBnEval(a, b, true),
      ],
      [new nn.Linear(2, 3), norm(new nn.BatchNorm1d(3)), randn([5, 2]), (a, b) => fuseLinearBnEval(a, b)],
    ];
    for (const [layer, own, x, fused] of pairs) {
      assert.throws(() => fused(layer, own), ValueError);
      const both = fused(layer.eval(), own);
      assert.ok(both(x).allclose(own(layer(x)), { atol: 1e-5 }));
      assert.notEqual(both, layer);
    }
    const plain = new nn.BatchNorm1d(3, { trackRunningStats: false }).eval();
    assert.throws(() => fuseLinearBnEval(new nn.Linear(2, 3).eval(), plain), ValueError);
  });
});

describe("hooks", () => {
  test("come first where that is asked for, and are called when forward throws", () => {
    const layer = new nn.Linear(2, 2);
    const calls: string[] = [];
    layer.registerForwardPreHook(() => void calls.push("second"));
    layer.registerForwardPreHook(() => void calls.push("first"), { prepend: true });
    layer.registerForwardHook((_module, _args, output) => void calls.push(`always ${output?.shape}`), {
      alwaysCall: true,
    });
    layer.registerForwardHook(() => void calls.push("after"));
    layer(ones([1, 2]));
    assert.deepEqual(calls.splice(0), ["first", "second", "always 1,2", "after"]);
    assert.throws(() => layer(ones([1, 3])), ShapeError);
    assert.deepEqual(calls, ["first", "second", "always undefined"]);
    // @ts-expect-error no such option
    assert.throws(() => layer.registerForwardHook(() => undefined, { prepand: true }), ArgumentError);
    // @ts-expect-error no function
    assert.throws(() => layer.registerFullBackwardHook("text"), ArgumentError);
  });

  test("of the backward pass replace gradients, and refuse what does not fit", () => {
    const x = ones([1, 2], { requiresGrad: true });
    const run = (register: (layer: nn.Linear) => void): Tensor => {
      const layer = new nn.Linear(2, 2, false);
      nn.init.ones_(layer.weight);
      register(layer);
      return layer(x).sum();
    };
    const [g] = grad(
      run((l) => l.registerFullBackwardPreHook((_module, [g]) => (g as Tensor).mul(5))),
      x,
    );
    assert.deepEqual(g?.toArraySync(), [[10, 10]]);
    const bad: [error: new (...args: never[]) => Error, hook: nn.BackwardHook][] = [
      [AutogradError, (_module, [g]) => [g, g]],
      [AutogradError, () => [3 as unknown as Tensor]],
      [ShapeError, () => ones([3])],
    ];
    for (const [kind, hook] of bad)
      assert.throws(() => run((l) => l.registerFullBackwardHook(hook)).backward(), kind);
    const inplace = new nn.ReLU(true);
    inplace.registerFullBackwardHook(() => undefined);
    assert.throws(() => inplace(x.mul(1)), AutogradError);
    assert.deepEqual(nn.deepcopy(inplace) instanceof nn.ReLU, true);
  });
});

describe("places in modules", () => {
  test("are found and set by their paths", () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.BatchNorm1d(3)));
    assert.equal(model.getBuffer("1.0.runningMean"), (model[1] as nn.Sequential).at(0).buffers()[0]);
    assert.throws(() => model.getBuffer("0.weight"), ValueError);
    model.setSubmodule("1.0", new nn.Identity());
    assert.equal(String(model.getSubmodule("1.0")), "Identity()");
    model.setSubmodule("1.1", new nn.Tanh());
    assert.throws(() => model.setSubmodule("1.2", new nn.Tanh(), true), ValueError);
    assert.throws(() => model.setSubmodule("2.0", new nn.Tanh()), ValueError);
    assert.throws(() => model.setSubmodule("", new nn.Tanh()), ValueError);
    for (const dtype of ["half", "bfloat16"] as const)
      assert.equal(model[dtype]().getParameter("0.weight").dtype, dtype === "half" ? "float16" : dtype);
    const norm = new nn.BatchNorm1d(2).type("float64");
    assert.deepEqual([norm.weight?.dtype, norm.numBatchesTracked?.dtype], ["float64", "float64"]);
  });

  test("containers insert, pop and extend", () => {
    const model = new nn.Sequential<nn.Module[]>(new nn.ReLU(), new nn.Tanh());
    const names = (): string => [...model].map((m) => m.constructor.name).join();
    model.insert(1, new nn.Sigmoid()).insert(-1, new nn.GELU()).insert(4, new nn.SiLU());
    assert.equal(names(), "ReLU,Sigmoid,GELU,Tanh,SiLU");
    assert.ok(model.pop(1) instanceof nn.Sigmoid && model.pop() instanceof nn.SiLU);
    assert.equal(names(), "ReLU,GELU,Tanh");
    assert.equal(model[1].constructor, nn.GELU);
    model.extend(new nn.Sequential(new nn.Mish()));
    assert.equal(names(), "ReLU,GELU,Tanh,Mish");
    assert.throws(() => model.insert(9, new nn.ReLU()), IndexError);
    assert.throws(() => model.pop(4), IndexError);
    assert.throws(() => model.extend([new nn.ReLU(), 3 as unknown as nn.Module]), ArgumentError);
    assert.equal(model.length, 4);
    const named = new nn.Sequential({ a: new nn.ReLU(), b: new nn.Tanh() });
    assert.throws(() => named.insert(0, new nn.ReLU()), ValueError);
    assert.ok(named.pop("a") instanceof nn.ReLU);
    assert.equal(String(named), "Sequential(\n  (0): Tanh()\n)");
    const dict = new nn.ModuleDict({ a: new nn.ReLU() });
    dict.update({ b: new nn.Tanh(), a: new nn.GELU() });
    assert.ok(dict.pop("a") instanceof nn.GELU && dict.items().length === 1);
    dict.clear();
    assert.equal(dict.size, 0);
    const parameters = new nn.ParameterDict({ a: ones([1]) });
    const b = parameters.setdefault("b", zeros([2]));
    assert.equal(parameters.setdefault("b", zeros([3])), b);
    assert.equal(parameters.copy().get("b"), b);
    assert.deepEqual(parameters.popitem(), ["b", b]);
    parameters.clear();
    assert.throws(() => parameters.popitem(), ValueError);
  });
});
