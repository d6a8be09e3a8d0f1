/** Derivatives of writes, scans, order and statistics against finite differences, of first and second order. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { Generator, randn, type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/order_samples.json" with { type: "json" };
import * as order from "../src/order/index.ts";
import * as statistics from "../src/statistics/index.ts";
import * as writes from "../src/writes/index.ts";

const generator = new Generator();
generator.manualSeed(11);
const leaf = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", generator }).requiresGrad_();
const of = (values: readonly unknown[]): Tensor =>
  tensor(values as number[], { dtype: "float64" }).requiresGrad_();

type Case = readonly [f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...inputs: Tensor[]];

const index = tensor([
  [0n, 1n, 1n],
  [2n, 2n, 0n],
]);
const reductions = ["sum", "prod", "mean", "amax", "amin"] as const;
const cases: Readonly<Record<string, readonly Case[]>> = {
  indexPut: [false, true].map(
    (accumulate): Case => [
      (x, v) => writes.indexPut(x, [tensor([0n, 2n]), null, tensor([1n, 1n])], v, { accumulate }),
      leaf(3, 2, 2),
      leaf(2, 2),
    ],
  ),
  put: [false, true].map(
    (accumulate): Case => [(x, v) => writes.put(x, tensor([1n, -1n]), v, accumulate), leaf(2, 2), leaf(2)],
  ),
  maskedScatter: [[(x, v) => writes.maskedScatter(x, tensor([true, false, true]), v), leaf(2, 3), leaf(5)]],
  scatterReduce: reductions.flatMap((reduce) =>
    [true, false].map(
      (includeSelf): Case => [
        // Of a source that is larger than the index, too.
        (x, v) => writes.scatterReduce(x, 0, index, v, reduce, { includeSelf }),
        leaf(3, 3),
        leaf(2, 4),
      ],
    ),
  ),
  indexReduce: (["prod", "mean", "amax", "amin"] as const).flatMap((reduce) =>
    [true, false].map(
      (includeSelf): Case => [
        (x, v) => writes.indexReduce(x, 1, tensor([2n, 0n, 2n]), v, reduce, { includeSelf }),
        leaf(2, 3),
        leaf(2, 3),
      ],
    ),
  ),
  segmentReduce: (["sum", "mean", "max", "min", "prod"] as const).flatMap((reduce): Case[] => [
    [(x) => writes.segmentReduce(x, reduce, { lengths: tensor([2n, 0n, 3n]), initial: 0.5 }), leaf(5, 2)],
    [
      (x) =>
        writes.segmentReduce(x, reduce, {
          offsets: tensor([
            [1n, 3n],
            [0n, 2n],
          ]),
          axis: 1,
          unsafe: true,
        }),
      leaf(2, 4),
    ],
  ]),
  selectScatter: [[(x, v) => writes.selectScatter(x, v, 1, -1), leaf(2, 3), leaf(2)]],
  sliceScatter: [[(x, v) => writes.sliceScatter(x, v, 1, 0, 4, 2), leaf(2, 4), leaf(2, 2)]],
  diagonalScatter: [[(x, v) => writes.diagonalScatter(x, v, 1), leaf(2, 3), leaf(2)]],
  asStridedScatter: [[(x, v) => writes.asStridedScatter(x, v, [2, 2], [1, 2], 1), leaf(2, 3), leaf(2, 2)]],
  cummax: [[(x) => order.cummax(x, 1).values, leaf(2, 4)]],
  cummin: [[(x) => order.cummin(x, 0).values, leaf(4, 2)]],
  logcumsumexp: [
    [(x) => order.logcumsumexp(x, 1), leaf(2, 4)],
    [(x) => order.logcumsumexp(x, 0), leaf(3, 2)],
    [(x) => order.logcumsumexp(x, 0), of([30, -30, 31, 2])],
    [(x) => order.logcumsumexp(x, 0), of([-40, 3])],
    [(x) => order.logcumsumexp(x, 0), of([2])],
  ],
  mode: [[(x) => order.mode(x, 0).values, leaf(3, 2)]],
  msort: [[(x) => order.msort(x), leaf(3, 2)]],
  nanmedian: [
    [(x) => order.nanmedian(x), leaf(5)],
    [(x) => order.nanmedian(x, 1).values, leaf(2, 4)],
  ],
  gradient: [
    [(x) => statistics.gradient(x, { spacing: [0.5, 2], edgeOrder: 2 }), leaf(3, 4)],
    [(x, at) => statistics.gradient(x, { spacing: [at], dim: 0 }), leaf(4, 2), of([0, 1, 3, 4])],
    [(x, at) => statistics.gradient(x, { spacing: [at], edgeOrder: 2 }), leaf(4), of([0, 1, 3, 4])],
  ],
  nanquantile: [
    [(x) => statistics.nanquantile(x, [0.3, 0.6], 1), leaf(2, 4)],
    [(x) => statistics.nanquantile(x, 0.4, 0, { interpolation: "midpoint" }), leaf(5)],
  ],
  trapezoid: [
    [(y) => statistics.trapezoid(y, { dx: 0.5, dim: 0 }), leaf(3, 2)],
    [(y, x) => statistics.trapezoid(y, x), leaf(2, 3), leaf(3)],
  ],
  trapz: [[(y) => statistics.trapz(y), leaf(3)]],
  cumulativeTrapezoid: [
    [(y) => statistics.cumulativeTrapezoid(y, { dx: 0.5 }), leaf(2, 3)],
    [(y, x) => statistics.cumulativeTrapezoid(y, x, { dim: 0 }), leaf(3, 2), leaf(3)],
  ],
};

/** Positions, runs and counts. */
const without = ["argwhere", "uniqueConsecutive", "histc", "histogram", "histogramdd"];

describe("derivatives", () => {
  for (const [name, all] of Object.entries(cases)) {
    test(name, () => {
      for (const [f, ...inputs] of all) {
        assert.ok(gradcheck(f, inputs, { atol: 1e-6, rtol: 1e-4 }));
        assert.ok(gradgradcheck(f, inputs, { atol: 1e-5, rtol: 1e-4 }));
      }
    });
  }

  test("every function has a case", () => {
    const names = Object.keys({ ...order, ...statistics, ...writes }).filter((name) => !name.endsWith("_"));
    assert.deepEqual(
      names.filter((name) => !(name in cases) && !without.includes(name)),
      [],
    );
  });

  test("every function has PyTorch's samples, and of gradients", () => {
    const calls = fixture as readonly { readonly op: string; readonly grads?: unknown }[];
    const namesOf = (list: typeof calls): Set<string> =>
      new Set(list.map(({ op }) => op.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())));
    const [called, derived] = [namesOf(calls), namesOf(calls.filter((c) => c.grads !== undefined))];
    const names = Object.keys({ ...order, ...statistics, ...writes }).filter((name) => !name.endsWith("_"));
    // PyTorch's gradient of asStridedScatter is not defined.
    const withoutGradient = [...without, "asStridedScatter"];
    assert.deepEqual(
      names.filter((name) => !called.has(name) || !(derived.has(name) || withoutGradient.includes(name))),
      [],
      "add them to tools/fixtures/order_samples.py and run it",
    );
  });

  test("equal elements share the gradient of an extreme, those that do not take part have none", () => {
    const [x, src] = [of([2, 0, 5]), of([2, 2, 0, 0])];
    const to = tensor([0n, 0n, 1n, 1n]);
    writes.scatterReduce(x, 0, to, src, "amax", { includeSelf: false }).sum().backward();
    assert.deepEqual(x.grad?.toArraySync(), [0, 0, 1]);
    assert.deepEqual(src.grad?.toArraySync(), [0.5, 0.5, 0.5, 0.5]);
  });

  test("a write in place is recorded", () => {
    const [x, v] = [of([1, 2, 3]), of([4, 5])];
    const y = x.mul(2);
    writes.indexPut_(y, [tensor([0n, 2n])], v);
    y.mul(y).sum().backward();
    assert.deepEqual(x.grad?.toArraySync(), [0, 16, 0]);
    assert.deepEqual(v.grad?.toArraySync(), [8, 10]);
  });
});
