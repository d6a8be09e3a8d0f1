/** Tensors come back from parametrizations as what they were. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ones, type Tensor } from "@flambeau/tensor";
import { nn, noGrad } from "flambeau";

const { registerParametrization, removeParametrizations } = nn.utils.parametrize;

class Twice extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}
class Sum extends nn.Module {
  override forward(a: Tensor, b: Tensor): Tensor {
    return a.add(b);
  }
  rightInverse(x: Tensor): Tensor[] {
    return [x.mul(0.25), x.mul(0.75)];
  }
}
class WithBuffer extends nn.Module {
  scale: nn.Buffer = new nn.Buffer(ones([3]), { persistent: false });
  kept: nn.Buffer = new nn.Buffer(ones([3]));
}

describe("removeParametrizations", () => {
  for (const leaveParametrized of [true, false])
    test(`gives a frozen parameter and a buffer back, leaveParametrized ${leaveParametrized}`, () => {
      const layer = new nn.Linear(2, 3);
      const { weight } = layer;
      weight.requiresGrad_(false);
      registerParametrization(layer, "weight", new Twice());
      removeParametrizations(layer, "weight", { leaveParametrized });
      assert.equal(layer.weight, weight);
      assert.equal(layer.weight.requiresGrad, false);
      assert.deepEqual(
        layer.namedParameters().map(([name]) => name),
        ["bias", "weight"],
      );
      const model = new WithBuffer();
      const { kept } = model;
      registerParametrization(model, "kept", new Twice());
      removeParametrizations(model, "kept", { leaveParametrized });
      assert.equal(model.kept, kept);
      assert.deepEqual(Object.keys(model.stateDict()), ["kept"]);
    });

  test("makes one of several originals what the tensor was: frozen, trained, or a buffer", () => {
    for (const frozen of [true, false]) {
      const layer = new nn.Linear(2, 3);
      const before = layer.weight.detach().clone();
      layer.weight.requiresGrad_(!frozen);
      registerParametrization(layer, "weight", new Sum());
      const originals = layer.parameters().slice(1);
      assert.deepEqual(
        originals.map((p) => p.requiresGrad),
        [!frozen, !frozen],
      );
      noGrad(() => removeParametrizations(layer, "weight"));
      assert.ok(layer.weight instanceof nn.Parameter);
      assert.equal(layer.weight.requiresGrad, !frozen);
      assert.ok(layer.weight.allclose(before));
      assert.equal(layer.parameters().length, 2);
    }
  });

  test("keeps a buffer of several originals in the state, or out of it", () => {
    const model = new WithBuffer();
    for (const name of ["scale", "kept"] as const) registerParametrization(model, name, new Sum());
    assert.deepEqual(Object.keys(model.stateDict()), [
      "parametrizations.kept.original0",
      "parametrizations.kept.original1",
    ]);
    assert.equal(model.buffers().length, 4);
    model.to("float64");
    assert.equal(model.scale.dtype, "float64");
    for (const name of ["scale", "kept"] as const) removeParametrizations(model, name);
    assert.ok(model.scale instanceof nn.Buffer && model.kept instanceof nn.Buffer);
    assert.deepEqual(Object.keys(model.stateDict()), ["kept"]);
  });
});
