/** Ops of several outputs: each has a gradient of its own, and they meet in one node. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AutogradFunction, type FunctionContext, grad } from "@flambeau/autograd";
import { type GradFn, linalg, type Tensor, tensor } from "@flambeau/tensor";
import { leaf } from "./support.ts";

const list = (x: Tensor | null): unknown => (x as Tensor).detach().tolist();

describe("split and unbind", () => {
  test("gradients of the pieces that were used, zeros for the others", () => {
    const x = leaf([1, 2, 3, 4, 5]);
    const [a, b, c] = x.split(2);
    a.mul(tensor([10, 20]))
      .sum()
      .add(c.mul(3).sum())
      .backward();
    assert.deepEqual(list(x.grad), [10, 20, 0, 0, 3]);
    assert.deepEqual(list(grad(b.pow(3).sum(), x, { createGraph: true })[0]), [0, 0, 27, 48, 0]);
  });

  test("second derivatives", () => {
    const x = leaf([1, 2, 3]);
    const [a, b] = x.split([1, 2]);
    const [first] = grad(a.mul(b).pow(2).sum(), x, { createGraph: true });
    // d/da of 2 a |b|^2 + 4 a (b1 + b2), with a = 1 and b = (2, 3).
    assert.deepEqual(list(grad(first.sum(), x)[0]), [46, 10, 14]);
  });

  test("a hook and a retained gradient belong to one output", () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const [a, b] = x.mul(1).unbind();
    b.retainGrad();
    a.registerHook((g) => g.mul(100));
    a.add(b.mul(2)).sum().backward();
    assert.deepEqual(list(b.grad), [2, 2]);
    assert.deepEqual(list(x.grad), [
      [100, 100],
      [2, 2],
    ]);
  });

  test("grad with respect to one output leaves the node alone", () => {
    const x = leaf([1, 2, 3, 4]);
    const [a, b] = x.chunk(2);
    const y = a.mul(b).sum();
    assert.deepEqual(grad(y, [b, a], { retainGraph: true }).map(list), [
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual(list(grad(y, x)[0]), [3, 4, 1, 2]);
  });

  test("several roots at outputs of one node", () => {
    const x = leaf([1, 2, 3]);
    const parts = x.unbind();
    const [g] = grad(parts, x, { gradOutputs: [tensor(5), null, tensor(7)] });
    assert.deepEqual(list(g), [5, 1, 7]);
  });

  test("a write through a piece, and to what was split", () => {
    const x = leaf([1, 2, 3, 4]);
    const y = x.mul(1);
    const [a, b] = y.split(2);
    a.mul_(10);
    b.sum().add(y.sum()).backward();
    assert.deepEqual(list(x.grad), [10, 10, 2, 2]);
  });

  test("no pieces, and pieces of no elements", () => {
    const x = leaf([[1, 2]]);
    assert.deepEqual(x.narrow(0, 0, 0).unbind(), []);
    const [none, all] = x.split([0, 2], 1);
    none.sum().add(all.sum()).backward();
    assert.deepEqual(list(x.grad), [[1, 1]]);
  });
});

describe("functions of several results", () => {
  class Both extends AutogradFunction {
    static override forward(ctx: FunctionContext, x: Tensor): [Tensor, Tensor, Tensor] {
      ctx.saveForBackward(x);
      return [x.mul(2), x.argmax(), x.sum().to("float32")];
    }
    static override backward(_: FunctionContext, g: Tensor, none: Tensor, h: Tensor): Tensor {
      seen.push([g.dtype, none.dtype, h.dtype].join());
      return g.mul(2).add(h.to("float64"));
    }
  }
  const seen: string[] = [];

  test("each gradient arrives in its dtype, zeros where none does", () => {
    const x = leaf([1, 3]);
    const [doubled, at, total] = Both.apply(x);
    assert.equal(at.requiresGrad, false);
    assert.equal(doubled.gradFn, total.gradFn);
    doubled.sum().backward({ retainGraph: true });
    assert.deepEqual(list(x.grad), [2, 2]);
    total.mul(3).backward();
    assert.deepEqual(list(x.grad), [5, 5]);
    assert.deepEqual(seen, ["float64,int64,float32", "float64,int64,float32"]);
  });
});

describe("the graph can be read", () => {
  const names = (node: GradFn | null): unknown =>
    node === null ? null : [node.name, ...node.nextFunctions.map(([next, output]) => [names(next), output])];

  test("names, inputs and output numbers", () => {
    const x = leaf([1, 2]);
    const [, b] = x.exp().unbind();
    const y = b.mul(tensor(3));
    assert.deepEqual(names(y.gradFn), [
      "MulBackward0",
      [["UnbindBackward0", [["ExpBackward0", [["AccumulateGrad"], 0]], 0]], 1],
      [null, 0],
    ]);
    assert.equal(x.gradFn, null);
    assert.equal(String(y.gradFn), "<MulBackward0>");
  });

  test("outputs of one op have one node", () => {
    const x = leaf([
      [2, 0],
      [0, 1],
      [0, 0],
    ]);
    const { solution, residuals } = linalg.lstsq(x, leaf([[1], [1], [1]]), { driver: "gels" });
    assert.equal(solution.gradFn, residuals.gradFn);
    assert.equal(solution.gradFn?.name, "LinalgLstsqBackward0");
  });
});
