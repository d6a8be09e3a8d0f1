/** Forward mode and what is made of it: values, nesting, writes, constants, errors. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AutogradFunction,
  type FunctionContext,
  grad,
  hessian,
  hvp,
  jacfwd,
  jacrev,
  jvp,
  noGrad,
  vjp,
} from "@flambeau/autograd";
import { AutogradError, IndexError, ShapeError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { manualSeed, ones, randn, type Tensor, tensor, zeros } from "@flambeau/tensor";

const f64 = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });
const list = (x: Tensor): number[] => Array.from(x.detach().ravel().dataSync(), Number);

function near(got: Tensor, wanted: Tensor | readonly number[], tolerance = 1e-9): void {
  const values = Array.isArray(wanted) ? wanted : list(wanted as Tensor);
  assert.equal(got.numel(), values.length);
  list(got).forEach((x, i) => {
    assert.ok(
      Math.abs(x - values[i]) <= tolerance * Math.max(1, Math.abs(values[i])),
      `${i}: ${x}, not ${values[i]}`,
    );
  });
}

describe("jvp", () => {
  test("gives the value and the directional derivative, as the function gives its results", () => {
    const [y, t] = jvp((x) => x.square().sum(), [f64([1, 2, 3])], [f64([1, 0, -1])]);
    assert.equal(y.item, y.item);
    near(y, [14]);
    near(t, [-4]);
    const [ys, ts] = jvp(
      (a, b) => [a.mul(b), a.sum(), zeros([2])],
      [f64([1, 2]), f64([3, 4])],
      [f64([1, 1]), f64([0, 2])],
    );
    near(ys[0], [3, 8]);
    near(ts[0], [3, 8]);
    near(ts[1], [2]);
    near(ts[2], [0, 0]);
  });

  test("of a network is what finite differences and the gradient say", () => {
    manualSeed(3);
    const model = new nn.Sequential(
      new nn.Conv2d(1, 3, 3),
      new nn.BatchNorm2d(3),
      new nn.GELU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.LayerNorm(12),
      new nn.Linear(12, 8),
      new nn.Tanh(),
      new nn.Linear(8, 3),
    );
    model.to("float64");
    const x = randn([4, 1, 6, 6], { dtype: "float64" });
    const v = randn([4, 1, 6, 6], { dtype: "float64" });
    const labels = tensor([0n, 2n, 1n, 2n]);
    const loss = (input: Tensor): Tensor => nn.functional.crossEntropy(model(input), labels);
    const [, t] = jvp(loss, [x], [v]);
    const h = 1e-5;
    const slope = noGrad(() =>
      loss(x.add(v.mul(h)))
        .sub(loss(x.sub(v.mul(h))))
        .div(2 * h),
    );
    near(t, slope, 1e-6);
    const leaf = x.clone().requiresGrad_();
    const [g] = grad(loss(leaf), leaf);
    near(t, g.mul(v).sum(), 1e-9);
    // By the parameters, too: the tangent is part of their graph.
    assert.equal(t.requiresGrad, true);
    const [byWeight] = grad(t, model.parameters()[0]);
    const weight = model.parameters()[0];
    const tangentAt = (by: number): number => {
      noGrad(() => weight.select(0, 0).select(0, 0).select(0, 0).narrow(0, 0, 1).add_(by));
      return list(jvp(loss, [x], [v])[1])[0];
    };
    const above = tangentAt(h);
    const below = tangentAt(-2 * h);
    near(byWeight.ravel().narrow(0, 0, 1), [(above - below) / (2 * h)], 1e-5);
  });

  test("of recurrent layers and attention is what the gradient says", () => {
    manualSeed(5);
    const lstm = new nn.LSTM(3, 4);
    lstm.to("float64");
    const [x, v] = [randn([5, 2, 3], { dtype: "float64" }), randn([5, 2, 3], { dtype: "float64" })];
    const run = (input: Tensor): Tensor => lstm(input)[0].square().sum();
    const leaf = x.clone().requiresGrad_();
    near(jvp(run, [x], [v])[1], grad(run(leaf), leaf)[0].mul(v).sum());
    const attend = (input: Tensor): Tensor =>
      nn.functional.scaledDotProductAttention(input, input, input).sin().sum();
    near(jvp(attend, [x], [v])[1], grad(attend(leaf), leaf)[0].mul(v).sum());
  });

  test("results require a gradient only where something outside does", () => {
    const [y, t] = jvp((x) => x.square(), [f64([2])], [f64([1])]);
    assert.equal(y.requiresGrad, false);
    assert.equal(t.requiresGrad, false);
    const x = f64([2]).requiresGrad_();
    const [y2, t2] = jvp((a) => a.pow(3), [x], [f64([1])]);
    assert.equal(y2.requiresGrad, true);
    near(grad(t2, x)[0], [12]);
    near(grad(y2, x)[0], [12]);
    const v = f64([1]).requiresGrad_();
    const [, t3] = jvp((a) => a.pow(3), [f64([2])], [v]);
    near(grad(t3, v)[0], [12]);
    const [, t4] = noGrad(() => jvp((a) => a.pow(3), [x], [v]));
    assert.equal(t4.requiresGrad, false);
    near(t4, [12]);
    assert.equal(x.grad, null);
  });

  test("nests with itself, with grad and with vjp, without confusing directions", () => {
    // d/dx (x * d/dy (x + y)) is 1, not 2.
    const [, outer] = jvp(
      (x) => x.mul(jvp((y) => x.add(y), [f64([3])], [f64([1])])[1]),
      [f64([2])],
      [f64([1])],
    );
    near(outer, [1]);
    const cube = (x: Tensor): Tensor => x.pow(3).sum();
    const derivative =
      (f: (x: Tensor) => Tensor) =>
      (x: Tensor): Tensor =>
        jvp(f, [x], [ones(x.shape, { dtype: x.dtype })])[1];
    near(derivative(derivative(derivative(cube)))(f64([2])), [6]);
    // Of grad.
    const gradient = (x: Tensor): Tensor => grad(cube(x), x, { createGraph: true })[0];
    near(jvp(gradient, [f64([1, 2])], [f64([1, 1])])[1], [6, 12]);
    // grad of it.
    const leaf = f64([1, 2]).requiresGrad_();
    near(grad(jvp(cube, [leaf], [f64([1, 1])])[1], leaf)[0], [6, 12]);
    // vjp of it.
    const [, pull] = vjp((x) => jvp(cube, [x], [f64([1, 1])])[1], f64([1, 2]));
    near(pull(tensor(1, { dtype: "float64" }))[0], [6, 12]);
  });

  test("writes in place, to the argument, through views and before they are made", () => {
    const x = f64([1, 2, 3]);
    const [y, t] = jvp(
      (a) => {
        a.mul_(2);
        const b = zeros([2, 3], { dtype: "float64" });
        b.select(0, 1).copy_(a.sin());
        const view = b.t();
        b.narrow(1, 0, 1).mul_(a.sum());
        return view.reshape([-1]);
      },
      [x],
      [f64([1, 0, 2])],
    );
    near(x, [1, 2, 3]);
    const s = 12;
    near(y, [0, Math.sin(2) * s, 0, Math.sin(4), 0, Math.sin(6)]);
    near(t, [0, 2 * Math.cos(2) * s + Math.sin(2) * 6, 0, 0, 0, 4 * Math.cos(6)]);
  });

  test("what is overwritten after it was saved is an error", () => {
    const f = (x: Tensor): Tensor => {
      const y = x.mul(1);
      const z = y.square();
      y.zero_();
      return z;
    };
    assert.throws(() => jvp(f, [f64([1])], [f64([1])]), AutogradError);
  });

  test("what happens within noGrad is constant", () => {
    near(jvp((x) => x.mul(noGrad(() => x.exp())), [f64([0])], [f64([1])])[1], [1]);
    near(jvp((x) => x.detach(), [f64([3])], [f64([1])])[1], [0]);
    near(jvp((x) => x, [f64([3])], [f64([5])])[1], [5]);
  });

  test("goes through custom functions whose backward can be differentiated", () => {
    class Cube extends AutogradFunction {
      static override forward(ctx: FunctionContext, x: Tensor): Tensor {
        ctx.saveForBackward(x);
        return x.pow(3);
      }
      static override backward(ctx: FunctionContext, g: Tensor): Tensor {
        return g.mul(ctx.savedTensors[0].square()).mul(3);
      }
    }
    const [, t] = jvp((x) => Cube.apply(x).mul(2), [f64([2])], [f64([1])]);
    near(t, [24]);
    near(hessian((x: Tensor) => Cube.apply(x).sum())(f64([2])), [12]);
    class Opaque extends AutogradFunction {
      static override forward(_: FunctionContext, x: Tensor): Tensor {
        return x.mul(2);
      }
      static override backward(_: FunctionContext, g: Tensor): Tensor {
        return g.detach().mul(2);
      }
    }
    assert.throws(
      () => jvp((x) => Opaque.apply(x), [f64([2])], [f64([1])]),
      /OpaqueBackward: a forward derivative/,
    );
  });

  test("refuses what does not fit", () => {
    const x = f64([1, 2]);
    const id = (a: Tensor): Tensor => a;
    assert.throws(() => jvp(id, [x], [f64([1])]), ShapeError);
    assert.throws(() => jvp(id, [x], []), ShapeError);
    assert.throws(() => jvp(id, [], []), AutogradError);
    assert.throws(() => jvp(id, [tensor([1n])], [tensor([1n])]), AutogradError);
    assert.throws(() => jvp(() => 3 as never, [x], [x]), AutogradError);
    const [, t] = jvp(id, [tensor([1])], [f64([2])]);
    assert.equal(t.dtype, "float32");
  });
});

describe("vjp", () => {
  test("gives the value and a function for gradients, as often as one likes", () => {
    const [ys, pull] = vjp((a, b) => [a.mul(b), a.sum()], f64([1, 2]), f64([3, 4]));
    near(ys[0], [3, 8]);
    const [ga, gb] = pull([f64([1, 1]), tensor(10, { dtype: "float64" })]);
    near(ga, [13, 14]);
    near(gb, [1, 2]);
    near(pull([f64([0, 1]), tensor(0, { dtype: "float64" })])[1], [0, 2]);
    assert.equal(ga.requiresGrad, false);
    assert.throws(() => pull([f64([1, 1])]), ShapeError);
    const [, none] = vjp(() => f64([1]), f64([1, 2]));
    near(none(f64([1]))[0], [0, 0]);
  });
});

describe("Jacobians and Hessians", () => {
  const f = (x: Tensor, w: Tensor): Tensor => x.matmul(w).tanh();
  manualSeed(1);
  const x = randn([2, 3], { dtype: "float64" });
  const w = randn([3, 2], { dtype: "float64" });

  test("are the same in both modes, by each argument and by several", () => {
    const [forward, reverse] = [jacfwd(f)(x, w), jacrev(f)(x, w)];
    assert.deepEqual(forward.shape, [2, 2, 2, 3]);
    near(forward, reverse);
    near(jacfwd(f, -1)(x, w), jacrev(f, 1)(x, w));
    const [byX, byW] = jacrev(f, [0, 1])(x, w);
    near(byX, forward);
    assert.deepEqual(byW.shape, [2, 2, 3, 2]);
    const lists = jacfwd((a: Tensor) => [a.sum(), a.exp()])(f64([0, 1]));
    near(lists[0], [1, 1]);
    near(lists[1], [1, 0, 0, Math.E]);
    near(jacrev((a: Tensor) => [a.sum(), a.exp()])(f64([0, 1]))[1], lists[1]);
  });

  test("Hessians are those of grad of grad, and so are their products with vectors", () => {
    const g = (a: Tensor): Tensor => f(a, w).pow(3).sum();
    const h = hessian(g)(x);
    assert.deepEqual(h.shape, [2, 3, 2, 3]);
    const leaf = x.clone().requiresGrad_();
    const [first] = grad(g(leaf), leaf, { createGraph: true });
    const v = randn([2, 3], { dtype: "float64" });
    const [wanted] = grad(first.mul(v).sum(), leaf);
    near(h.reshape([6, 6]).matmul(v.ravel()), wanted);
    const [value, product] = hvp(g, x, v);
    near(value, g(x));
    near(product, wanted);
    const [, both] = hvp((a, b) => f(a, b).sum(), [x, w], [v, zeros([3, 2])]);
    const blocks = hessian((a: Tensor, b: Tensor) => f(a, b).sum(), [0, 1])(x, w);
    near(both[1], blocks[1][0].reshape([6, 6]).matmul(v.ravel()));
    near(hvp((a) => a.pow(3), f64([2]))[1], [12]);
  });

  test("of empty tensors are empty", () => {
    assert.deepEqual(jacrev((a: Tensor) => a.exp())(zeros([0])).shape, [0, 0]);
    assert.deepEqual(jacfwd((a: Tensor) => a.sum())(zeros([0])).shape, [0]);
  });

  test("refuse arguments that are not there, and several elements", () => {
    assert.throws(() => jacrev(f, 2)(x, w), IndexError);
    assert.throws(() => jacfwd(f, [0, -3])(x, w), IndexError);
    assert.throws(() => hvp((a) => a, x, x), ShapeError);
    assert.throws(() => hvp((a) => a.sum(), x), AutogradError);
  });
});
