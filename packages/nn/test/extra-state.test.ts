/** What a module's state has beside its tensors, and modules without initial values. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ones, type Tensor, tensor } from "@flambeau/tensor";
import { ArgumentError, deepcopy, manualSeed, nn, rand } from "flambeau";

class Counting extends nn.Module {
  inner: nn.Linear = new nn.Linear(2, 2);
  calls = 0;
  override forward(x: Tensor): Tensor {
    this.calls++;
    return this.inner(x);
  }
  override getExtraState(): unknown {
    return { calls: this.calls };
  }
  override setExtraState(state: unknown): void {
    this.calls = (state as { calls: number }).calls;
  }
}

describe("extra state", () => {
  test("stands under _extra_state after the module's path, and comes back", () => {
    const model = new nn.Sequential(new Counting(), new nn.Tanh());
    model(ones([1, 2]));
    model(ones([1, 2]));
    const state = model.stateDict();
    assert.deepEqual(Object.keys(state).sort(), ["0._extra_state", "0.inner.bias", "0.inner.weight"]);
    assert.deepEqual(state["0._extra_state"], { calls: 2 });
    assert.deepEqual(model.stateDict({ prefix: "m", snakeCase: true })["m.0._extra_state"], { calls: 2 });
    const other = new nn.Sequential(new Counting(), new nn.Tanh());
    assert.deepEqual(other.loadStateDict(state), { missingKeys: [], unexpectedKeys: [] });
    assert.equal((other.at(0) as Counting).calls, 2);
    assert.deepEqual(deepcopy(state)["0._extra_state"], { calls: 2 });
  });

  test("is missing or unexpected where only one side has it, and nothing has changed then", () => {
    const model = new Counting();
    const { inner } = model;
    const plain = { "inner.weight": ones([2, 2]), "inner.bias": ones([2]) };
    assert.throws(() => model.loadStateDict(plain), /missing keys: "_extra_state"/);
    assert.ok(!inner.weight.equal(ones([2, 2])));
    assert.deepEqual(model.loadStateDict(plain, false).missingKeys, ["_extra_state"]);
    const linear = new nn.Linear(2, 2);
    const given = { weight: ones([2, 2]), bias: ones([2]), _extra_state: tensor([1]) };
    assert.throws(() => linear.loadStateDict(given), /unexpected keys: "_extra_state"/);
    assert.deepEqual(linear.loadStateDict(given, false).unexpectedKeys, ["_extra_state"]);
  });
});

describe("skipInit", () => {
  test("draws nothing, and makes the module that it is", () => {
    const calls: readonly (() => nn.Module)[] = [
      () => nn.utils.skipInit(nn.Linear, 3, 2, { bias: false }),
      () => nn.utils.skipInit(nn.Conv2d, 1, 2, 3),
      () => nn.utils.skipInit(nn.LSTM, 3, 2),
      () => nn.utils.skipInit(nn.TransformerEncoderLayer, 4, 2, 8),
    ];
    manualSeed(1);
    const wanted = String(rand([2]));
    for (const call of calls) {
      manualSeed(1);
      const module = call();
      assert.equal(String(rand([2])), wanted);
      const Kind = module.constructor as new (...args: never[]) => nn.Module;
      assert.equal(Object.getPrototypeOf(module), Kind.prototype);
      assert.ok(Kind.name.length > 1);
    }
    const layer = nn.utils.skipInit(nn.Linear, 3, 2);
    manualSeed(2);
    layer.resetParameters();
    manualSeed(2);
    assert.ok(layer.weight.equal(new nn.Linear(3, 2).weight));
    assert.deepEqual(Object.keys(layer.stateDict()), ["weight", "bias"]);
  });

  test("refuses what is no class of modules, and what the class refuses", () => {
    for (const wrong of [3, null, "Linear", () => 1, class {}, new nn.Linear(1, 1)])
      assert.throws(() => nn.utils.skipInit(wrong as never), ArgumentError);
    manualSeed(1);
    const wanted = String(rand([2]));
    manualSeed(1);
    assert.throws(() => nn.utils.skipInit(nn.Linear, 3, "two" as never), /Linear: outFeatures/);
    assert.equal(String(rand([2])), wanted);
  });
});

test("weights are fused as the modules are", () => {
  manualSeed(0);
  const [conv, norm] = [new nn.Conv1d(2, 3, 2).eval(), new nn.BatchNorm1d(3).eval()];
  norm.runningMean?.uniform_();
  norm.runningVar?.uniform_(1, 2);
  const { runningMean, runningVar, eps } = norm;
  const fused = nn.utils.fuseConvBnEval(conv, norm);
  const [weight, bias] = nn.utils.fuseConvBnWeights(
    conv.weight,
    conv.bias,
    runningMean as Tensor,
    runningVar as Tensor,
    eps,
    norm.weight,
    norm.bias,
  );
  assert.ok(weight.equal(fused.weight) && bias.equal(fused.bias as Tensor));
  const linear = new nn.Linear(2, 3, false).eval();
  const both = nn.utils.fuseLinearBnEval(linear, norm);
  const [w, b] = nn.utils.fuseLinearBnWeights(
    linear.weight,
    null,
    runningMean as Tensor,
    runningVar as Tensor,
    eps,
    norm.weight,
    norm.bias,
  );
  assert.ok(w.equal(both.weight) && b.equal(both.bias as Tensor));
});
