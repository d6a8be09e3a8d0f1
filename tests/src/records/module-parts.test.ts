/**
 * Layers under `nn.utils`, hooks of the backward pass and averaged models against PyTorch 1.13 (tools/fixtures/module_parts.py).
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { linspace, manualSeed, nn, optim, type Tensor, tensor } from "flambeau";
import fixture from "../../fixtures/module_parts.json" with { type: "json" };
import { assertRecorded, backwardWeighted, recordedIn, snake, type Written } from "./record.ts";

type ByName = Readonly<Record<string, Written>>;
type Run = (...args: unknown[]) => unknown;
type Fields = Readonly<Record<string, unknown>>;

interface NormCase {
  readonly way: string;
  readonly layer: string;
  readonly args: readonly number[];
  readonly weight: string;
  readonly options: object;
  readonly input: Written;
  readonly text: string;
  readonly state: ByName;
  readonly steps: readonly { readonly out: Written; readonly grads: ByName }[];
  readonly eval: Written;
  readonly after: ByName;
  readonly removed: { readonly text: string; readonly state: ByName; readonly out: Written };
}

interface HookCase {
  readonly module: "Mixed" | "Linear";
  readonly way: "look" | "double" | "first" | "noInput";
  readonly inputs: readonly [Written, Written];
  readonly seen: readonly {
    readonly input: readonly (Written | null)[];
    readonly output: readonly (Written | null)[];
  }[];
  readonly grads: readonly (Written | null)[];
  readonly parameters: readonly Written[];
}

interface AverageCase {
  readonly way: "mean" | "ema";
  readonly options: { readonly useBuffers?: boolean };
  readonly input: Written;
  readonly text: string;
  readonly keys: readonly string[];
  readonly steps: readonly ByName[];
  readonly count: number;
  readonly buffers?: ByName;
  readonly updated: ByName;
  readonly eval: Written;
}

const { norms, hooks, averages } = fixture as unknown as {
  readonly norms: readonly NormCase[];
  readonly hooks: readonly HookCase[];
  readonly averages: readonly AverageCase[];
};
const seed = 3;
const times = 4;

const made = ([, shape, values]: Written): Tensor =>
  tensor(Float32Array.from(values, Number)).reshape(shape).detach();
const same = (got: unknown, wanted: Written | null, what: string): void => {
  if (wanted === null) assert.equal(got, null, what);
  else assertRecorded(got, recordedIn(wanted, "float32"), what, times);
};
const firstOf = (out: unknown): Tensor => (Array.isArray(out) ? out[0] : out) as Tensor;

function sameAll(got: Iterable<readonly [string, unknown]>, wanted: ByName, what: string): void {
  const found = new Map([...got].map(([key, value]) => [snake(key), value]));
  assert.deepEqual([...found.keys()], Object.keys(wanted), what);
  for (const [key, written] of Object.entries(wanted)) same(found.get(key), written, `${what} ${key}`);
}

/** A function under its dotted name. */
function named(path: string): Run {
  return path.split(".").reduce<unknown>((at, name) => (at as Fields)[name], nn.utils) as Run;
}

describe("weights under norms are PyTorch's", () => {
  for (const c of norms) {
    test(`${c.way} of ${c.layer}(${c.args}) ${JSON.stringify(c.options)}`, () => {
      manualSeed(seed);
      const Layer = (nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>)[c.layer];
      const plain = new Layer(...c.args);
      const layer = named(c.way)(plain, c.weight, c.options) as nn.Module & Run;
      assert.equal(layer, plain);
      assert.equal(String(layer), c.text);
      sameAll(Object.entries(layer.stateDict()), c.state, "state");
      const x = made(c.input);
      for (const step of c.steps) {
        layer.zeroGrad();
        const out = firstOf(layer(x));
        same(out, step.out, "output");
        backwardWeighted([out]);
        const grads = layer.namedParameters().map(([key, p]) => [key, p.grad] as const);
        sameAll(grads, step.grads, "gradients");
      }
      layer.eval();
      same(firstOf(layer(x)), c.eval, "output in evaluation");
      sameAll(Object.entries(layer.stateDict()), c.after, "state afterwards");
      const loaded = named(c.way)(new Layer(...c.args), c.weight, c.options) as nn.Module & Run;
      loaded.loadStateDict(layer.stateDict());
      same(firstOf(loaded.eval()(x)), c.eval, "output of a loaded state");
      const away = c.way.includes(".")
        ? "parametrize.removeParametrizations"
        : `remove${c.way[0].toUpperCase()}${c.way.slice(1)}`;
      assert.equal(named(away)(layer, c.weight), layer);
      assert.equal(String(layer), c.removed.text);
      sameAll(Object.entries(layer.stateDict()), c.removed.state, "state without it");
      same(firstOf(layer(x)), c.removed.out, "output without it");
    });
  }
});

class Mixed extends nn.Module {
  linear: nn.Linear = new nn.Linear(3, 2);
  override forward(x: Tensor, y: Tensor, factor: number): Tensor[] {
    const h = this.linear(x);
    return [h.mul(y), h.sin().mul(factor)];
  }
}

describe("backward hooks see PyTorch's gradients", () => {
  for (const c of hooks) {
    test(`of ${c.module}, ${c.way}`, () => {
      manualSeed(seed);
      const module: nn.Module = c.module === "Mixed" ? new Mixed() : new nn.Linear(3, 2);
      const [x, y] = c.inputs.map(made);
      x.requiresGrad_(c.way !== "noInput");
      y.requiresGrad_();
      const seen: { readonly input: unknown[]; readonly output: unknown[] }[] = [];
      if (c.way === "double")
        module.registerFullBackwardHook((_module, input) => input.map((g) => (g === null ? null : g.mul(2))));
      module.registerFullBackwardHook((self, input, output) => {
        assert.equal(self, module);
        seen.push({ input, output });
      });
      const result = c.module === "Mixed" ? module(x, y, 3) : module(x);
      const outs: Tensor[] = Array.isArray(result) ? result : [result];
      const weights = (out: Tensor): Tensor => linspace(0.5, 2, out.numel()).reshape(out.shape);
      outs
        .slice(0, c.way === "first" ? 1 : undefined)
        .map((out) => out.mul(weights(out)).sum())
        .reduce((sum, term) => sum.add(term))
        .add(x.square().sum())
        .backward();
      assert.equal(seen.length, c.seen.length);
      for (const [i, wanted] of c.seen.entries()) {
        for (const side of ["input", "output"] as const) {
          assert.equal(seen[i][side].length, wanted[side].length, side);
          for (const [k, written] of wanted[side].entries()) same(seen[i][side][k], written, `${side} ${k}`);
        }
      }
      for (const [i, written] of c.grads.entries()) same([x, y][i].grad, written, `gradient ${i}`);
      for (const [i, written] of c.parameters.entries())
        same(module.parameters()[i].grad, written, `gradient of parameter ${i}`);
    });
  }
});

describe("averaged models are PyTorch's", () => {
  const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, updateBn } =
    nn.swaUtils;
  const ways = {
    mean: [{}, { avgFn: getSwaAvgFn() }, { multiAvgFn: getSwaMultiAvgFn() }],
    ema: [{ avgFn: getEmaAvgFn(0.9) }, { multiAvgFn: getEmaMultiAvgFn(0.9) }],
  };
  for (const c of averages) {
    for (const [i, functions] of ways[c.way].entries()) {
      test(`${c.way} ${i}, ${JSON.stringify(c.options)}`, () => {
        manualSeed(seed);
        const model = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
        const own = new AveragedModel(model, { ...functions, ...c.options });
        const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
        const x = made(c.input);
        for (const [step, wanted] of c.steps.entries()) {
          optimizer.zeroGrad();
          model(x.mul(step + 1))
            .sub(1)
            .square()
            .mean()
            .backward();
          optimizer.step();
          own.updateParameters(model);
          sameAll(own.namedParameters(), wanted, `after step ${step}`);
        }
        assert.equal(String(own), c.text);
        assert.deepEqual(Object.keys(own.stateDict()), c.keys);
        assert.equal(own.nAveraged.itemSync(), c.count);
        if (c.buffers !== undefined) sameAll(own.namedBuffers(), c.buffers, "buffers");
        updateBn([[x], [x.mul(3)]], own);
        sameAll(own.namedBuffers(), c.updated, "updated buffers");
        same(own.eval()(x), c.eval, "output");
      });
    }
  }
});
