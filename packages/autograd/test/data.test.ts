/** `x.data`: read by a call, and assigned to as in PyTorch 1.13, of which the values are. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ArgumentError, AutogradError } from "@flambeau/backend";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";

const leaf = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe("assignment to data", () => {
  test("shares the memory of what is assigned, and a leaf stays one", async () => {
    const [p, value] = [leaf(0, 0), ones([2])];
    p.data = value;
    value.set([0], 5);
    assert.deepEqual(await p.data(), Float32Array.of(5, 1));
    assert.deepEqual([p.requiresGrad, p.isLeaf, value.requiresGrad], [true, true, false]);
    p.mul(p).sum().backward();
    assert.deepEqual(p.grad?.tolist(), [10, 2]);
  });

  test("takes what was computed of it, and gives the old values back", () => {
    const p = leaf(1, 2);
    const before = p.detach();
    p.data = p.detach().sub(1);
    assert.deepEqual(
      [p.tolist(), before.tolist()],
      [
        [0, 1],
        [1, 2],
      ],
    );
    p.data = before;
    assert.deepEqual(p.tolist(), [1, 2]);
    p.data = p;
    assert.deepEqual([p.tolist(), p.isLeaf], [[1, 2], true]);
  });

  test("takes another shape and dtype where no gradient is there", () => {
    const p = leaf(1);
    p.data = ones([2, 2], { dtype: "float64" });
    p.mul(3).sum().backward();
    assert.deepEqual([p.dtype, p.grad?.dtype, p.grad?.shape], ["float64", "float64", [2, 2]]);
    assert.throws(() => {
      p.data = zeros([2]);
    }, /AutogradError: data: the gradient has shape \[2, 2\] and dtype float64; set grad to null first/);
    p.grad = null;
    p.data = zeros([2]);
    assert.deepEqual(p.shape, [2]);
  });

  test("leaves no graph with elements that it has not seen", () => {
    for (const writes of [0, 3]) {
      const p = leaf(2);
      for (let i = 0; i < writes; i++) p.detach().add_(1);
      const y = p.mul(p).sum();
      p.data = tensor([5]);
      assert.throws(() => y.backward(), /needs was overwritten in place/);
      p.detach().mul_(1);
      assert.throws(() => y.backward(), AutogradError);
    }
  });

  test("refuses what has no gradients, no elements, or a graph", () => {
    const p = leaf(1, 2);
    const assign = (x: Tensor, value: unknown) => (): void => {
      x.data = value as Tensor;
    };
    assert.throws(assign(p, tensor([1n])), AutogradError);
    for (const value of [5, null, [1, 2]]) assert.throws(assign(p, value), ArgumentError);
    assert.throws(assign(p.mul(2), zeros([3])), /part of a graph/);
    assert.throws(assign(p.at(0), tensor(1)), /part of a graph/);
    const made = p.mul(2);
    made.data = zeros([2]);
    assert.deepEqual([made.tolist(), made.gradFn?.name], [[0, 0], "MulBackward0"]);
    const plain = ones([2]);
    plain.data = tensor([[1n]]);
    assert.deepEqual([plain.dtype, plain.tolist()], ["int64", [[1]]]);
  });
});

test("reading data as the tensor without its graph says what to write", () => {
  const p = leaf(1);
  const data: any = p.data;
  assert.throws(() => data.sub_(1), /ArgumentError: data: .*x\.detach\(\), as in x\.detach\(\)\.sub_/);
  assert.throws(() => data.ndim, /x\.detach\(\)\.ndim/);
  assert.throws(() => data - 1, /the tensor without its graph is x\.detach\(\)/);
  assert.deepEqual(
    [typeof data, data.then, data.length, data.call instanceof Function],
    ["function", undefined, 0, true],
  );
});
