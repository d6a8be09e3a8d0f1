import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { ArgumentError, AutogradError, ShapeError, ValueError } from "@flambeau/backend";
import { type Tensor, tensor, zeros } from "@flambeau/tensor";
import { Adagrad, Adam, AdamW, Optimizer, RMSprop, SGD } from "../src/index.ts";
import { assertClose, leaf } from "./support.ts";

function withGrad(values: number[], grad: number[]): Tensor {
  const p = leaf(values);
  p.grad = tensor(grad);
  return p;
}

function values(x: Tensor | null): number[] {
  return Array.from((x as Tensor).dataSync() as Float32Array);
}

describe("bad input is refused", () => {
  const p = leaf([1, 2]);

  test("parameters", () => {
    assert.throws(() => new SGD([], { lr: 1 }), ValueError);
    assert.throws(() => new SGD(p as never, { lr: 1 }), /put the one tensor into an array/);
    assert.throws(() => new SGD(undefined as never, { lr: 1 }), ArgumentError);
    assert.throws(() => new SGD([p, 3] as never, { lr: 1 }), /parameter 1 of the group is 3/);
    assert.throws(() => new SGD([p.mul(2)], { lr: 1 }), /is no leaf/);
    assert.throws(() => new SGD([p, p], { lr: 1 }), /twice/);
    assert.throws(() => new SGD([{ params: [p] }, { params: [p] }], { lr: 1 }), /another group/);
    assert.throws(() => new SGD([zeros([1]).expand([3]).detach().requiresGrad_()], { lr: 1 }), /expanded/);
  });

  test("options", () => {
    assert.throws(() => new SGD([p]), /SGD: lr is missing/);
    assert.doesNotThrow(() => new SGD([{ params: [p], lr: 1 }]));
    assert.throws(() => new SGD([p], { lr: -1 }), /invalid lr of SGD: expected a number from 0, got -1/);
    assert.throws(() => new SGD([p], { lr: Number.NaN }), ValueError);
    assert.throws(() => new SGD([p], { lr: "0.1" as never }), ArgumentError);
    assert.throws(() => new SGD([p], { lr: 1, momentum: -0.1 }), /momentum/);
    assert.throws(() => new SGD([p], { lr: 1, weightDecay: -0.1 }), /weightDecay/);
    assert.throws(() => new SGD([p], { lr: 1, nesterov: true }), /Nesterov/);
    assert.throws(() => new SGD([p], { lr: 1, nesterov: true, momentum: 0.9, dampening: 0.1 }), /Nesterov/);
    assert.throws(() => new SGD([{ params: [p], lr: -2 }], { lr: 1 }), /got -2/);
    for (const Kind of [Adam, AdamW]) {
      assert.throws(() => new Kind([p], { betas: [0.9, 1] }), /betas of AdamW?\[1\]/);
      assert.throws(() => new Kind([p], { betas: [0.9] as never }), /betas/);
      assert.throws(() => new Kind([p], { eps: -1 }), /eps/);
    }
    assert.throws(() => new RMSprop([p], { alpha: -1 }), /alpha/);
    assert.throws(() => new Adagrad([p], { lrDecay: -1 }), /lrDecay/);
  });

  test("a refused group changes nothing", () => {
    const optimizer = new SGD([p], { lr: 1 });
    assert.throws(() => optimizer.addParamGroup({ params: [leaf([1])], momentum: -1 }), ValueError);
    assert.equal(optimizer.paramGroups.length, 1);
  });
});

describe("step", () => {
  test("leaves parameters without a gradient alone", () => {
    const [a, b] = [withGrad([1], [1]), leaf([5])];
    new Adam([a, b], { lr: 0.5 }).step();
    assertClose(a.detach(), [0.5], "a");
    assertClose(b.detach(), [5], "b");
  });

  test("calls its closure with gradients recorded and returns what that gives", () => {
    const p = leaf([2]);
    const optimizer = new SGD([p], { lr: 0.25 });
    const loss = noGrad(() =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        const result = p.mul(p).sum();
        result.backward();
        return result.itemSync();
      }),
    );
    assert.equal(loss, 4);
    assertClose(p.detach(), [1], "p");
  });

  test("is an in-place write: a graph from before it is stale", () => {
    const p = leaf([2]);
    const y = p.mul(p).sum();
    y.backward(undefined, { retainGraph: true });
    new SGD([p], { lr: 0.1 }).step();
    assert.throws(() => y.backward(), AutogradError);
  });

  test("takes a state tensor that a user has put there, and options changed between steps", () => {
    const p = withGrad([1], [1]);
    const optimizer = new SGD([p], { lr: 1, momentum: 0.5 });
    optimizer.step();
    assertClose(p.detach(), [0], "first");
    (optimizer.state.get(p) as Record<string, Tensor>).momentumBuffer = tensor([10]);
    optimizer.step();
    assertClose(p.detach(), [-6], "with the buffer replaced");
    optimizer.paramGroups[0].momentum = 0;
    optimizer.paramGroups[0].weightDecay = 1;
    optimizer.step();
    assertClose(p.detach(), [-1], "as plain descent with decay");
  });

  test("descends on a whole problem", () => {
    const w = leaf([5, -3]);
    const optimizer = new Adam([w], { lr: 0.1 });
    for (let i = 0; i < 400; i++) {
      optimizer.zeroGrad();
      w.sub(tensor([1, 2]))
        .square()
        .sum()
        .backward();
      optimizer.step();
    }
    assert.ok(
      values(
        w
          .detach()
          .sub(tensor([1, 2]))
          .abs(),
      ).every((d) => d < 1e-3),
    );
  });
});

describe("zeroGrad", () => {
  test("drops gradients, or writes zeros over them", () => {
    const p = withGrad([1, 2], [3, 4]);
    const optimizer = new SGD([p], { lr: 1 });
    const { grad } = p;
    optimizer.zeroGrad({ setToNone: false });
    assert.equal(p.grad, grad);
    assert.deepEqual(values(grad), [0, 0]);
    optimizer.zeroGrad();
    assert.equal(p.grad, null);
  });

  test("zeros of a recorded gradient have no history", () => {
    const p = leaf([3]);
    p.mul(p).mul(p).sum().backward(undefined, { createGraph: true });
    new SGD([p], { lr: 1 }).zeroGrad({ setToNone: false });
    assert.equal(p.grad?.requiresGrad, false);
    assert.deepEqual(values(p.grad), [0]);
  });
});

describe("loadStateDict", () => {
  function trained(): { optimizer: Adam; params: Tensor[] } {
    const params = [withGrad([1, 2], [1, 1]), withGrad([3], [1])];
    const optimizer = new Adam(params, { lr: 0.5 });
    optimizer.step();
    return { optimizer, params };
  }

  test("refuses what does not fit and changes nothing", () => {
    const { optimizer } = trained();
    const good = optimizer.stateDict();
    const [group] = good.param_groups;
    const text = (): string =>
      `${optimizer}${String(optimizer.state.get(optimizer.paramGroups[0].params[0])?.expAvg)}`;
    const before = text();
    const bad = [
      [{ ...good, param_groups: [] }, /0 groups of parameters, the optimizer 1/],
      [{ ...good, param_groups: [{ ...group, params: [0] }] }, /1 parameters, that of the optimizer 2/],
      [{ ...good, param_groups: [{ ...group, lr: -1 }] }, /lr of Adam/],
      [{ ...good, param_groups: [{ params: [0, 1], lr: 1 }] }, /has no betas, eps, weight_decay/],
      [{ state: good.state, paramGroups: good.param_groups }, /"paramGroups" is written param_groups/],
      [{ ...good, param_groups: [{ ...group, weightDecay: 0 }] }, /"weightDecay" is written weight_decay/],
      [{ ...good, state: { 0: { expAvg: tensor([1, 2]) } } }, /"expAvg" is written exp_avg in a state dict/],
      [{ ...good, state: { 7: good.state[0] } }, /state 7 of the state dict belongs to no parameter/],
      [{ ...good, state: { 0: { ...good.state[0], exp_avg: "x" } } }, /exp_avg is "x"/],
      [
        { ...good, state: { 0: { ...good.state[0], other: tensor([1, 2]) } } },
        /other is no tensor that Adam keeps for a parameter; it keeps exp_avg, exp_avg_sq/,
      ],
    ] as const;
    assert.throws(() => optimizer.loadStateDict(null as never), {
      name: "ArgumentError",
      message: "loadStateDict: stateDict is an object; got null",
    });
    for (const [dict, message] of bad) {
      assert.throws(() => optimizer.loadStateDict(dict as never), { name: "ValueError", message });
      assert.equal(text(), before);
    }
    const wrong = { ...good, state: { ...good.state, 1: { ...good.state[1], exp_avg: tensor([1, 2, 3]) } } };
    assert.throws(() => optimizer.loadStateDict(wrong), ShapeError);
    assert.equal(text(), before);
  });

  test("converts to the parameters' dtype", () => {
    const { optimizer } = trained();
    const wide = new Adam([leaf([1, 2], [2], "float64"), leaf([3], [1], "float64")]);
    wide.loadStateDict(optimizer.stateDict());
    assert.equal(wide.paramGroups[0].lr, 0.5);
    assert.equal((wide.stateDict().state[0].exp_avg as Tensor).dtype, "float64");
    assert.equal((wide.stateDict().state[0].step as Tensor).itemSync(), 1);
  });
});

describe("an optimizer of one's own", () => {
  class SignSGD extends Optimizer {
    override step(): undefined {
      for (const { params, lr } of this.paramGroups) {
        for (const p of params) if (p.grad !== null) noGrad(() => p.sub_((p.grad as Tensor).sign().mul(lr)));
      }
    }
  }

  test("has groups, zeroGrad and a text", () => {
    const p = withGrad([1, -2], [3, -4]);
    const optimizer = new SignSGD([p], { lr: 0.5 });
    optimizer.step();
    assertClose(p.detach(), [0.5, -1.5], "p");
    assert.equal(String(optimizer), "SignSGD (\nParameter Group 0\n    lr: 0.5\n)");
  });
});

for (const [name, make] of Object.entries({
  SGD: (p: Tensor) => new SGD([p], { lr: 0.1, momentum: 0.9 }),
  Adam: (p: Tensor) => new Adam([p], { lr: 0.1, amsgrad: true }),
})) {
  test(`a state dict of ${name} is not changed by later steps`, () => {
    const p = withGrad([1, 2], [3, 4]);
    const optimizer = make(p);
    optimizer.step();
    const weights = p.detach().clone();
    const saved = optimizer.stateDict();
    const text = (): string =>
      Object.entries(saved.state[0])
        .map(([key, value]) => `${key}=${value}`)
        .join();
    const before = text();
    optimizer.step();
    assert.equal(text(), before);
    // Going back to it gives the same second step.
    const once = String(p);
    noGrad(() => p.copy_(weights));
    optimizer.loadStateDict(saved);
    optimizer.step();
    assert.equal(String(p), once);
  });
}
