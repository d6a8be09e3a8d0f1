/** Elementwise ops against a naive model: broadcasting, in-place writes, overlap, layouts, empty and scalar tensors. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError } from "@flambeau/backend";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { broadcast, count, expanded } from "./model.ts";
import { layouts, type Recorded, recorded, shared } from "./support.ts";

const sizes = fc.array(fc.constantFrom(0, 1, 1, 2, 3), { maxLength: 3 });
const numbers = (n: number) => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n });
const tensors = sizes.chain((shape) => numbers(count(shape)).map((elements) => ({ shape, elements })));

test("binary ops broadcast as the model does, or say that they cannot", () => {
  let threw = 0;
  fc.assert(
    fc.property(tensors, tensors, (a, b) => {
      const x = shared(a.elements, a.shape);
      const y = shared(b.elements, b.shape);
      const shape = broadcast(a.shape, b.shape);
      if (shape === null) {
        threw++;
        assert.throws(() => x.mul(y), ShapeError);
        return;
      }
      const [left, right] = [expanded(a, shape), expanded(b, shape)];
      const out = x.mul(y);
      assert.deepEqual([...out.shape], shape);
      assert.ok(out.isContiguous());
      assert.deepEqual(
        [...out.dataSync()],
        left.elements.map((v, i) => v * right.elements[i]),
      );
      assert.deepEqual(
        [...x.ge(y).dataSync()],
        left.elements.map((v, i) => (v >= right.elements[i] ? 1 : 0)),
      );
    }),
    { numRuns: 500 },
  );
  assert.ok(threw > 20, `${threw} pairs that do not broadcast`);
});

const unary = ["neg", "abs", "square", "sign", "exp", "sigmoid", "floor", "relu", "tanh"] as const;
const binary = ["add", "sub", "mul", "div", "maximum", "atan2", "remainder", "clampMin"] as const;

describe("in place", () => {
  test("x.f_(...) is x.f(...), whatever the layouts, and bumps the version once", () => {
    const layout = fc.constantFrom(...Object.values(layouts));
    fc.assert(
      fc.property(
        tensors,
        layout,
        layout,
        fc.constantFrom(...unary),
        fc.constantFrom(...binary),
        (a, make, other, f, g) => {
          const x = (): T.Tensor => make(["float64", a.shape, a.elements] as Recorded);
          const y = other(["float64", a.shape, a.elements.map((v) => v / 2 + 1)] as Recorded);
          for (const [plain, written] of [
            [x()[f](), (t: T.Tensor) => t[`${f}_`]()],
            [x()[g](y), (t: T.Tensor) => t[`${g}_`](y)],
          ] as const) {
            const target = x();
            const version = target.storage.version;
            assert.equal(written(target), target);
            assert.deepEqual(recorded(target), recorded(plain));
            assert.equal(target.storage.version, version + 1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("reads of overlapping views see the values before the write", () => {
    const x = T.arange(6);
    x.at("1:").add_(x.at(":-1"));
    assert.deepEqual(x.tolist(), [0, 1, 3, 5, 7, 9]);
    const square = T.arange(4).reshape([2, 2]);
    square.add_(square.T);
    assert.deepEqual(square.tolist(), [
      [0, 3],
      [3, 6],
    ]);
    const y = T.arange(4);
    y.copy_(y.flip(0));
    y.at(":2").copy_(y.at("1:3"));
    assert.deepEqual(y.tolist(), [2, 1, 1, 0]);
    const z = T.arange(6).reshape([2, 3]);
    z.add_(z.at(0));
    assert.deepEqual(z.tolist(), [
      [0, 2, 4],
      [3, 5, 7],
    ]);
  });

  test("results of higher dtypes within the category are stored in the target's", () => {
    const x = T.tensor([1, 2]);
    assert.equal(x.add_(T.tensor([0.5, 0.5], { dtype: "float64" })).dtype, "float32");
    assert.deepEqual(x.tolist(), [1.5, 2.5]);
  });
});

describe("layouts", () => {
  /** Ops of one float matrix. */
  const ops: Record<string, (x: T.Tensor) => T.Tensor> = {
    sum0: (x) => x.sum(0),
    sum1: (x) => x.sum(1),
    sum: (x) => x.sum(),
    mean: (x) => x.mean(-1, { keepdim: true }),
    amax: (x) => x.amax(0),
    argmin: (x) => x.argmin(1),
    cumsum: (x) => x.cumsum(0),
    sort: (x) => x.sort(0).values,
    softmax: (x) => x.softmax(0),
    gather: (x) => x.gather(1, x.argsort(1)),
    product: (x) => x.matmul(x.T),
    productT: (x) => x.T.matmul(x),
    cat: (x) => T.cat([x, x.at("::2")]),
    where: (x) => T.where(x.gt(0), x, -1),
    cast: (x) => x.to("int32"),
    flip: (x) => x.flip([0, 1]),
    pad: (x) => T.zeros([x.shape[0], x.shape[1] + 1], { dtype: "float64" }).set([":", ":-1"], x),
    repeat: (x) => x.repeat([2, 2]),
    triu: (x) => x.triu(),
  };
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([m, n]) => numbers(m * n).map((elements): Recorded => ["float64", [m, n], elements]));

  test("transposed and strided tensors give what contiguous ones give", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        for (const [name, op] of Object.entries(ops)) {
          const expected = recorded(op(layouts.contiguous(matrix)));
          assert.deepEqual(recorded(op(layouts.transposed(matrix))), expected, name);
          assert.deepEqual(recorded(op(layouts.strided(matrix))), expected, name);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("tensors without elements and without dimensions", () => {
  const empties = [[0], [2, 0], [0, 3], [2, 0, 3]];

  test("elementwise ops, views and scans keep empty shapes", () => {
    for (const shape of empties) {
      const x = T.zeros(shape);
      for (const out of [
        x.exp(),
        x.add(1),
        x.add(x),
        x.cumsum(0),
        x.softmax(-1),
        x.clone(),
        x.flip(0),
        x.sort(0).values,
      ]) {
        assert.deepEqual([...out.shape], shape);
      }
      assert.deepEqual([...x.ravel().shape], [0]);
      assert.ok(!Object.is(x.ravel().shape[0], -0));
      assert.deepEqual(x.add_(1).fill_(2).normal_().dataSync().length, 0);
      assert.deepEqual([...x.T.shape], [...shape].reverse());
      assert.deepEqual([...T.cat([x, x], 0).shape], [2 * shape[0], ...shape.slice(1)]);
      assert.deepEqual([...T.stack([x, x]).shape], [2, ...shape]);
      assert.equal(x.sum().itemSync(), 0);
      assert.equal(x.prod().itemSync(), 1);
      assert.ok(Number.isNaN(x.mean().itemSync()));
      assert.deepEqual([...x.nonzero().shape], [0, shape.length]);
      assert.deepEqual([...x.at(x.gt(0)).shape], [0]);
    }
  });

  test("a scalar tensor takes part in everything", () => {
    const s = T.tensor(-2.5);
    for (const out of [
      s.abs(),
      s.add(1),
      s.sum(),
      s.mean(),
      s.amax(),
      s.cumsum(0),
      s.softmax(0),
      s.clone(),
      s.T,
      s.sort().values,
    ]) {
      assert.deepEqual([...out.shape], []);
    }
    assert.deepEqual([...s.reshape([1, 1]).shape], [1, 1]);
    assert.deepEqual([...s.unsqueeze(0).shape], [1]);
    assert.deepEqual([...s.flatten().shape], [1]);
    assert.deepEqual([...s.expand([2, 2]).shape], [2, 2]);
    assert.deepEqual([...s.at(null).shape], [1]);
    assert.deepEqual([...s.at("...").shape], []);
    assert.equal(s.set([], 4).itemSync(), 4);
    assert.equal(s.argmax().itemSync(), 0);
    assert.deepEqual(s.tolist(), 4);
  });
});
