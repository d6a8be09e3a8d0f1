/** What is L-BFGS's own: its closure, its one group, and what it refuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import { LBFGS } from "../src/index.ts";
import { leaf } from "./support.ts";

/** Rosenbrock's function of two numbers, least at (1, 1), with its gradients. */
function rosenbrock(w: Tensor): Tensor {
  w.grad = null;
  const [x, y] = [w.select(0, 0), w.select(0, 1)];
  const loss = x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
  loss.backward();
  return loss;
}

describe("LBFGS", () => {
  test("finds the least point of Rosenbrock's function, with a closure or a promise of its loss", async () => {
    const [w, v] = [leaf([-1.2, 1], [2], "float64"), leaf([-1.2, 1], [2], "float64")];
    const options = { maxIter: 100, lineSearchFn: "strongWolfe" } as const;
    const loss = new LBFGS([w], options).step(() => rosenbrock(w));
    assert.ok(loss instanceof Tensor);
    assert.ok(Number(w.detach().sub(1).abs().max().itemSync()) < 1e-3);
    const promise = new LBFGS([v], options).step(async () => rosenbrock(v));
    assert.ok(promise instanceof Promise);
    assert.equal((await promise).itemSync(), loss.itemSync());
    assert.deepEqual(v.toArraySync(), w.toArraySync());
  });

  test("an error of the closure comes out, and the next step goes on", async () => {
    const w = leaf([-1.2, 1]);
    const optimizer = new LBFGS([w]);
    const fail = (): Tensor => {
      throw new RangeError("no data");
    };
    assert.throws(() => optimizer.step(fail), RangeError);
    await assert.rejects(
      optimizer.step(async () => fail()),
      RangeError,
    );
    assert.equal(optimizer.state.size, 0);
    optimizer.step(() => rosenbrock(w));
    assert.equal(optimizer.state.size, 1);
  });

  test("refuses a second group, a step without closure, and options out of range", () => {
    const [a, b] = [leaf([1]), leaf([2])];
    assert.throws(() => new LBFGS([{ params: [a] }, { params: [b] }]), ValueError);
    const optimizer = new LBFGS([a]);
    assert.throws(() => optimizer.addParamGroup({ params: [b] }), ValueError);
    assert.throws(() => optimizer.step(), /takes a closure/);
    for (const options of [{ lr: -1 }, { maxIter: 0.5 }, { historySize: -1 }, { toleranceGrad: Number.NaN }])
      assert.throws(() => new LBFGS([a], options), ValueError);
  });

  test("refuses a state of other parameters", () => {
    const w = leaf([-1.2, 1]);
    const optimizer = new LBFGS([w]);
    optimizer.step(() => rosenbrock(w));
    const other = new LBFGS([leaf([1, 2, 3])]);
    assert.throws(() => other.loadStateDict(optimizer.stateDict()), ShapeError);
  });
});
