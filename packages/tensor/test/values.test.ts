/** How JavaScript's values become tensors and come back, and what depends on reading them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import * as T from "@flambeau/tensor";

const { tensor } = T;

describe("dtypes of JavaScript's values", () => {
  test("numbers, booleans and bigints, alone and mixed", () => {
    const found = [
      tensor(1),
      tensor([1, 2]),
      tensor(true),
      tensor([1n]),
      tensor([true, 2n]),
      tensor([1n, 0.5]),
      tensor([]),
    ];
    assert.deepEqual(
      found.map((x) => x.dtype),
      ["float32", "float32", "bool", "int64", "int64", "float32", "float32"],
    );
    assert.deepEqual([...tensor([[], []]).shape], [2, 0]);
    assert.deepEqual([...tensor(5).shape], []);
  });

  test("typed arrays keep theirs, and convert as tensors do", () => {
    assert.equal(tensor(new Float64Array(1)).dtype, "float64");
    assert.equal(tensor(new BigInt64Array(1)).dtype, "int64");
    assert.deepEqual(
      tensor(new Float32Array([1.9, -1.9, Number.NaN]), { dtype: "int64" }).dataSync(),
      BigInt64Array.of(1n, -1n, -(2n ** 63n)),
    );
    assert.deepEqual(tensor(new Float64Array([0, 0.1]), { dtype: "bool" }).tolist(), [false, true]);
  });

  test("bigints count as integers, and mix with every tensor", () => {
    assert.equal(tensor([1, 2]).add(1n).dtype, "float32");
    assert.equal(tensor([1n, 2n]).add(1).dtype, "int64");
    assert.equal(tensor([true]).add(1n).dtype, "int64");
    assert.deepEqual(
      tensor([2n ** 60n])
        .add(1n)
        .dataSync(),
      BigInt64Array.of(2n ** 60n + 1n),
    );
    assert.deepEqual(
      tensor([1n])
        .set([0], 2n ** 60n + 1n)
        .dataSync(),
      BigInt64Array.of(2n ** 60n + 1n),
    );
  });

  test("the default dtype is that of numbers", () => {
    T.setDefaultDType("float64");
    try {
      assert.equal(tensor(1).dtype, "float64");
      assert.equal(tensor([1n]).div(2).dtype, "float64");
      assert.equal(T.zeros([1]).dtype, "float64");
      // It is the one that goes without saying.
      assert.equal(String(tensor([1.5])), "tensor([1.5000])");
      assert.equal(String(tensor([1.5], { dtype: "float32" })), "tensor([1.5000], dtype=float32)");
      assert.equal(String(T.zeros([0])), "tensor([])");
    } finally {
      T.setDefaultDType("float32");
    }
  });
});

describe("memory", () => {
  test("tensor copies, fromNumpy and asTensor share", () => {
    const array = new Float32Array([1, 2]);
    const [copy, shared, same] = [tensor(array), T.fromNumpy(array), T.asTensor(array)];
    array[0] = 9;
    assert.deepEqual(
      [copy, shared, same].map((x) => x.at(0).itemSync()),
      [1, 9, 9],
    );
    assert.equal(T.asTensor(copy), copy);
    assert.equal(copy.to("float32"), copy);
    assert.notEqual(copy.to({ copy: true }), copy);
    shared.numpy()[1] = 7;
    assert.equal(array[1], 7);
  });

  test("a tensor made of a tensor is another", () => {
    const x = tensor([1, 2]);
    tensor(x).fill_(0);
    assert.deepEqual(x.tolist(), [1, 2]);
  });
});

describe("comparisons of whole tensors", () => {
  test("equal", () => {
    assert.equal(T.equal(tensor([1, 2]), tensor([1, 2])), true);
    assert.equal(T.equal(tensor([1, 2]), tensor([1, 3])), false);
    assert.equal(T.equal(tensor([1, 2]), tensor([[1, 2]])), false);
    assert.equal(tensor([Number.NaN]).equal(tensor([Number.NaN])), false);
    assert.equal(T.zeros([0]).equal(T.zeros([0])), true);
  });

  test("allclose", () => {
    assert.equal(T.allclose(tensor([1, 2]), tensor([1, 2 + 1e-6])), true);
    assert.equal(T.allclose(tensor([1, 2]), tensor([1, 2.1])), false);
    assert.equal(tensor([Number.NaN]).allclose(tensor([Number.NaN]), { equalNan: true }), true);
    assert.equal(tensor([1]).allclose(tensor([2]), { atol: 1 }), true);
    assert.equal(tensor([true]).allclose(tensor([true])), true);
  });
});

test("uniqueAll tells places and counts", () => {
  const x = tensor([
    [3n, 1n],
    [3n, 2n],
  ]);
  const { values, inverse, counts } = T.uniqueAll(x);
  assert.deepEqual(values.tolist(), [1, 2, 3]);
  assert.deepEqual(inverse.tolist(), [
    [2, 0],
    [2, 1],
  ]);
  assert.deepEqual(counts.tolist(), [1, 1, 2]);
  assert.deepEqual(values.at(inverse).tolist(), x.tolist());
  assert.deepEqual([...T.unique(T.zeros([0])).shape], [0]);
});

test("reading is exact: bigints beyond 2^53 are refused as numbers", async () => {
  const x = tensor(2n ** 53n + 1n);
  assert.equal((await x.data())[0], 2n ** 53n + 1n);
  await assert.rejects(x.item(), /no exact JavaScript number/);
  assert.equal(await tensor(true).item(), true);
  await assert.rejects(x.reshape([1]).toArray(), /no exact JavaScript number; read it with data/);
  assert.throws(() => JSON.stringify(x), ValueError);
  const labels = tensor([[1n], [-(2n ** 53n) + 1n]]);
  assert.deepEqual(await labels.toArray(), [[1], [-(2 ** 53) + 1]]);
  assert.deepEqual(labels.tolist(), labels.toArraySync());
  assert.equal(tensor(3n).tolist(), 3);
  assert.equal(JSON.stringify(labels), "[[1],[-9007199254740991]]");
});
