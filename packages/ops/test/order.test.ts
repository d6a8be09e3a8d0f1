/** What PyTorch's samples do not show of writes, scans, order and statistics: in place, exact integers, what is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ArgumentError,
  AutogradError,
  DTypeError,
  type FlambeauError,
  IndexError,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { arange, ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import * as others from "../src/in-place/index.ts";
import * as ops from "../src/index.ts";

const listed = (x: Tensor): unknown => x.toArraySync();
const anything = (x: unknown): never => x as never;

describe("in place", () => {
  const at = tensor([0n, 2n]);
  const cases: Readonly<Record<string, readonly [run: (x: Tensor) => Tensor, wanted: unknown]>> = {
    indexPut_: [(x) => ops.indexPut_(x, [at], tensor([5, 6])), [5, 1, 6]],
    put_: [(x) => ops.put_(x, at, tensor([5, 6]), true), [6, 1, 7]],
    maskedScatter_: [(x) => ops.maskedScatter_(x, tensor([true, false, true]), tensor([5, 6])), [5, 1, 6]],
    scatterReduce_: [(x) => ops.scatterReduce_(x, 0, at, tensor([5, 0]), "amax"), [5, 1, 1]],
    indexReduce_: [(x) => ops.indexReduce_(x, 0, at, tensor([5, 3]), "mean"), [3, 1, 2]],
  };
  for (const [name, [run, wanted]] of Object.entries(cases)) {
    test(name, () => {
      // A view, so that its base changes as well.
      const base = ones([2, 3]);
      const x = base.select(0, 1);
      assert.equal(run(x), x);
      assert.deepEqual(listed(base), [[1, 1, 1], wanted]);
      assert.throws(() => run(ones([3]).requiresGrad_()), AutogradError);
    });
  }

  test("every function has a case", () => {
    assert.deepEqual(
      Object.keys(ops).filter((name) => name.endsWith("_") && !(name in cases) && !(name in others)),
      [],
    );
  });
});

describe("integers are exact", () => {
  const large = 2n ** 60n;
  const x = tensor([large, large + 1n, large]);

  test("extremes", () => {
    assert.deepEqual(listed(ops.cummax(x, 0).indices), [0, 1, 1]);
    assert.deepEqual(listed(ops.cummin(x, 0).indices), [0, 0, 2]);
    const to = tensor([0n, 0n, 0n]);
    const highest = ops.scatterReduce(tensor([large - 1n]), 0, to, x, "amax");
    assert.equal(highest.dataSync<BigInt64Array>()[0], large + 1n);
  });

  test("modes and writes", () => {
    assert.deepEqual(listed(ops.mode(tensor([large + 1n, large, large + 1n])).indices), 2);
    const written = ops.indexPut(x, [tensor([0n])], tensor([3n]), { accumulate: true });
    assert.equal(written.dataSync<BigInt64Array>()[0], large + 3n);
    assert.equal(ops.uniqueConsecutive(x).numel(), 3);
  });
});

type Class = new (...args: never[]) => FlambeauError;
const [x, at] = [arange(6).reshape([2, 3]), tensor([0n, 1n])];
const refused: Readonly<Record<string, readonly (readonly [Class, () => unknown])[]>> = {
  indexPut: [
    [ArgumentError, () => ops.indexPut(x, [], tensor(1))],
    [ArgumentError, () => ops.indexPut(x, [null], tensor(1))],
    [ArgumentError, () => ops.indexPut(x, [3], tensor(1))],
    [DTypeError, () => ops.indexPut(x, [at], tensor([1n]))],
    [ShapeError, () => ops.indexPut(x, [at], ones([2, 2]))],
    [IndexError, () => ops.indexPut(x, [tensor([2n])], tensor(1))],
    [IndexError, () => ops.indexPut(x, [at, at, at], tensor(1))],
    [ArgumentError, () => ops.indexPut(x, [at], anything(1))],
  ],
  put: [
    [IndexError, () => ops.put(x, tensor([6n]), tensor([1]))],
    [IndexError, () => ops.put(x, tensor([-7n]), tensor([1]))],
    [ShapeError, () => ops.put(x, at, tensor([1]))],
    [DTypeError, () => ops.put(x, tensor([0.5]), tensor([1]))],
    [DTypeError, () => ops.put(x, at, tensor([1n, 2n]))],
  ],
  maskedScatter: [
    [ShapeError, () => ops.maskedScatter(x, tensor([true, true, false]), tensor([1, 2, 3]))],
    [ShapeError, () => ops.maskedScatter_(tensor([1, 2, 3]), ones([2, 3]).bool(), ones([6]))],
    [DTypeError, () => ops.maskedScatter(x, tensor([1, 0, 1]), ones([4]))],
    [DTypeError, () => ops.maskedScatter(x, tensor([true, false, true]), ones([4]).long())],
  ],
  scatterReduce: [
    [ArgumentError, () => ops.scatterReduce(x, 0, at, ones([2]), anything("max"))],
    [ShapeError, () => ops.scatterReduce(x, 0, at, ones([2]), "sum")],
    [ShapeError, () => ops.scatterReduce(ones([3]), 0, at, ones([1]), "amax")],
    [IndexError, () => ops.scatterReduce(ones([1]), 0, at, ones([2]), "amax")],
    [IndexError, () => ops.scatterReduce(ones([1]), 0, at, ones([2]), "prod")],
    [IndexError, () => ops.scatterReduce(x, 2, at, ones([2]), "sum")],
    [DTypeError, () => ops.scatterReduce(ones([2]), 0, at, at, "sum")],
    [DTypeError, () => ops.scatterReduce(ones([2]), 0, ones([2]), ones([2]), "sum")],
  ],
  indexReduce: [
    [ArgumentError, () => ops.indexReduce(ones([2]), 0, at, ones([2]), anything("sum"))],
    [ShapeError, () => ops.indexReduce(x, 0, at, ones([2, 2]), "mean")],
    [ShapeError, () => ops.indexReduce(x, 0, at.reshape([2, 1]), ones([2, 3]), "mean")],
  ],
  segmentReduce: [
    [ValueError, () => ops.segmentReduce(ones([3]), "sum")],
    [ValueError, () => ops.segmentReduce(ones([3]), "sum", { lengths: at, offsets: at })],
    [ValueError, () => ops.segmentReduce(ones([3]), "sum", { lengths: tensor([1n, 1n]) })],
    [ValueError, () => ops.segmentReduce(ones([3]), "sum", { lengths: tensor([4n]), unsafe: true })],
    [ValueError, () => ops.segmentReduce(ones([3]), "sum", { lengths: tensor([4n, -1n]) })],
    [ShapeError, () => ops.segmentReduce(x, "sum", { lengths: tensor([3n]), axis: 1 })],
    [DTypeError, () => ops.segmentReduce(at, "sum", { lengths: tensor([2n]) })],
    [DTypeError, () => ops.segmentReduce(ones([3]), "sum", { lengths: ones([1]) })],
  ],
  selectScatter: [
    [IndexError, () => ops.selectScatter(x, ones([3]), 0, 2)],
    [ShapeError, () => ops.selectScatter(x, ones([2]), 0, 0)],
  ],
  sliceScatter: [
    [ValueError, () => ops.sliceScatter(x, ones([2, 1]), 1, 0, 1, 0)],
    [ValueError, () => ops.sliceScatter(x, ones([2, 1]), 1, 0.5)],
    [ShapeError, () => ops.sliceScatter(x, ones([2, 1]), 1, 0, 2)],
    [IndexError, () => ops.sliceScatter(tensor(1), tensor(1))],
  ],
  diagonalScatter: [[ShapeError, () => ops.diagonalScatter(x, tensor(1))]],
  asStridedScatter: [
    [IndexError, () => ops.asStridedScatter(x, ones([2]), [2], [1], 5)],
    [ShapeError, () => ops.asStridedScatter(x, ones([3]), [2], [1])],
  ],
  logcumsumexp: [[DTypeError, () => ops.logcumsumexp(at, 0)]],
  mode: [[IndexError, () => ops.mode(zeros([2, 0]))]],
  nanmedian: [[IndexError, () => ops.nanmedian(zeros([2, 0]), 1)]],
  uniqueConsecutive: [
    [IndexError, () => ops.uniqueConsecutive(tensor(1), { dim: 0 })],
    [ShapeError, () => ops.uniqueConsecutive(zeros([2, 0]), { dim: 0 })],
  ],
  gradient: [
    [ShapeError, () => ops.gradient(tensor([1, 2]), { edgeOrder: 2 })],
    [ShapeError, () => ops.gradient(x, { spacing: [tensor(1), tensor(2)] })],
    [ShapeError, () => ops.gradient(x, { spacing: [at], dim: 1 })],
    [ShapeError, () => ops.gradient(x, { dim: [0, 0] })],
    [ValueError, () => ops.gradient(x, { edgeOrder: 3 })],
    [ValueError, () => ops.gradient(x, { spacing: [1, 2, 3] })],
  ],
  histc: [
    [DTypeError, () => ops.histc(at)],
    [ValueError, () => ops.histc(x, 0)],
    [ValueError, () => ops.histc(x, 3, 2, 1)],
    [ValueError, () => ops.histc(tensor([1, Number.NaN]), 3)],
  ],
  histogram: [
    [DTypeError, () => ops.histogram(at)],
    [DTypeError, () => ops.histogram(x, at)],
    [DTypeError, () => ops.histogram(x, 2, { weight: ones([2, 3]).long() })],
    [ShapeError, () => ops.histogram(x, 2, { weight: ones([3]) })],
    [ShapeError, () => ops.histogram(x, tensor([1]))],
    [ValueError, () => ops.histogram(x, 2, { range: [1, 0] })],
    [ValueError, () => ops.histogram(x, 2, { range: [1] })],
    [ArgumentError, () => ops.histogram(x, tensor([0, 1]), { range: [0, 1] })],
  ],
  histogramdd: [
    [ShapeError, () => ops.histogramdd(tensor([1, 2]), 2)],
    [ValueError, () => ops.histogramdd(x, [2])],
    [ArgumentError, () => ops.histogramdd(x, [2, 2, tensor([0, 1])])],
    [ShapeError, () => ops.histogramdd(x, 2, { weight: ones([3]) })],
  ],
  nanquantile: [
    [ValueError, () => ops.nanquantile(x, 2)],
    [DTypeError, () => ops.nanquantile(at, 0.5)],
  ],
  trapezoid: [
    [IndexError, () => ops.trapezoid(tensor(1))],
    [ShapeError, () => ops.trapezoid(tensor([1, 2, 3]), tensor([1, 2]))],
    [DTypeError, () => ops.trapezoid(tensor([true]))],
    [ArgumentError, () => ops.trapezoid(tensor([1, 2]), tensor([1, 2]), anything({ dx: 2 }))],
  ],
};

describe("refused", () => {
  for (const [name, list] of Object.entries(refused)) {
    test(name, () => {
      list.forEach(([type, run], i) => {
        assert.throws(run, type, `${i}`);
      });
    });
  }

  test("nothing is written then", () => {
    const y = ones([3]);
    assert.throws(() => ops.scatterReduce_(y, 0, tensor([0n, 7n]), tensor([5, 5]), "amax"), IndexError);
    assert.throws(() => ops.put_(y, tensor([0n, 7n]), tensor([5, 5])), IndexError);
    assert.throws(() => ops.indexPut_(y, [tensor([0n, 7n])], tensor([5, 5])), IndexError);
    assert.deepEqual(listed(y), [1, 1, 1]);
  });
});
