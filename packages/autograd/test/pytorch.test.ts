/** The engine and the conventions of gradients against PyTorch 1.13 (tools/fixtures/autograd.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { FlambeauError } from "@flambeau/backend";
import * as T from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/autograd.json" with { type: "json" };
import { programs } from "./programs.ts";
import { assertSame, leaf, plain, type Recorded, same, special } from "./support.ts";

type Numbers = readonly (number | string)[];
const wanted = fixture.programs as unknown as Readonly<Record<string, "error" | readonly Recorded[]>>;

describe("programs", () => {
  test("are those of the fixture", () => {
    assert.deepEqual(Object.keys(programs), Object.keys(wanted));
  });
  for (const [name, program] of Object.entries(programs)) {
    test(name.replaceAll("_", " "), () => {
      const expected = wanted[name];
      if (expected === "error") {
        assert.throws(program, FlambeauError);
        return;
      }
      const results = program() ?? [];
      assert.equal(results.length, expected.length);
      for (const [i, result] of results.entries()) assertSame(result, expected[i], `result ${i}`);
    });
  }
});

type Op = (...operands: T.Operand[]) => T.Tensor;
const table = T as unknown as Record<string, Op>;

/** "clamp -1 1": the op, then its scalar operands. */
function opOf(text: string): Op {
  const [name, ...scalars] = text.split(" ");
  return (...x) => table[name](...x, ...scalars.map(Number));
}

/** Where Flambeau does not follow PyTorch 1.13, and why. */
const apart: Readonly<Record<string, (values: string) => boolean>> = {
  // C's pow(-inf, -0.5) is 0; PyTorch computes it as 1 / sqrt(-inf).
  "pow 0.5": (x) => x === "-inf",
  "norm inf": (x) => x.includes("nan"),
  // By way of the mean, where inf - inf is nan.
  var: (x) => x.includes("inf"),
};

function assertAll(got: ArrayLike<number | bigint>, expected: Numbers, at: (i: number) => string): void {
  const wrong = expected.flatMap((v, i) =>
    same(Number(got[i]), special(v)) ? [] : [`${at(i)}: ${got[i]}, PyTorch has ${v}`],
  );
  assert.deepEqual(wrong, []);
}

describe("elementwise gradients at kinks, ties, zeros, infinities and nan", () => {
  const { special: points, pairs, unary, binary, bce } = fixture.points;
  for (const [name, expected] of Object.entries(unary)) {
    test(name, () => {
      const x = leaf(points.map(special));
      opOf(name)(x).sum().backward();
      const got = [...x.grad!.dataSync()].map(Number);
      const kept = points.map((_, i) => i).filter((i) => !apart[name]?.(String(points[i])));
      assertAll(
        kept.map((i) => got[i]),
        kept.map((i) => (expected as Numbers)[i]),
        (i) => `at ${points[kept[i]]}`,
      );
    });
  }
  for (const [name, [byA, byB]] of Object.entries(binary)) {
    test(name, () => {
      const n = pairs.length;
      const a = leaf(pairs.flatMap((p) => pairs.map(() => special(p))));
      const b = leaf(pairs.flatMap(() => pairs.map(special)));
      opOf(name)(a, b).sum().backward();
      const at = (i: number): string => `at ${pairs[Math.floor(i / n)]}, ${pairs[i % n]}`;
      assertAll(a.grad!.dataSync(), byA as Numbers, (i) => `by the first ${at(i)}`);
      assertAll(b.grad!.dataSync(), byB as Numbers, (i) => `by the second ${at(i)}`);
    });
  }
  test("binaryCrossEntropy at probabilities of 0 and 1", () => {
    const grid = [0, 0.25, 1];
    const p = leaf(grid.flatMap((v) => grid.map(() => v)));
    T.binaryCrossEntropy(p, plain(grid.flatMap(() => grid)))
      .sum()
      .backward();
    assertAll(p.grad!.dataSync(), bce as Numbers, (i) => `at ${grid[Math.floor(i / 3)]}, ${grid[i % 3]}`);
  });
});

const ops: Readonly<Record<string, (x: T.Tensor) => T.Tensor>> = {
  max: (x) => x.max(),
  min: (x) => x.min(),
  amax: (x) => x.amax(0),
  amin: (x) => x.amin(0),
  "max dim": (x) => x.max(0).values,
  "min dim": (x) => x.min(0).values,
  median: (x) => x.median(),
  prod: (x) => x.prod(),
  cumprod: (x) => x.cumprod(0),
  norm: (x) => x.norm(),
  "norm 1": (x) => x.norm(1),
  "norm 3": (x) => x.norm(3),
  "norm inf": (x) => x.norm(Number.POSITIVE_INFINITY),
  std: (x) => x.std(),
  var: (x) => T.var(x),
  logsumexp: (x) => x.logsumexp(0),
  softmax: (x) => x.softmax(0).square(),
  logSoftmax: (x) => x.logSoftmax(0),
  sum: (x) => x.sum(),
  mean: (x) => x.mean(),
  cumsum: (x) => x.cumsum(0),
  sort: (x) => x.sort(0).values,
  nansum: (x) => x.nansum(),
};

describe("ops of a whole vector at ties, zeros, infinities and nan", () => {
  const vectors = fixture.vectors as unknown as Readonly<Record<string, readonly (readonly Numbers[])[]>>;
  test("are those of the fixture", () => {
    assert.deepEqual(Object.keys(ops), Object.keys(vectors));
  });
  for (const [name, op] of Object.entries(ops)) {
    for (const [values, result, gradient] of vectors[name]) {
      if (apart[name]?.(values.join(", "))) continue;
      test(`${name} of ${values.join(", ")}`, () => {
        const x = leaf(values.map(special));
        const y = op(x);
        y.sum().backward();
        assertAll(y.detach().dataSync(), result, (i) => `value ${i}`);
        assertAll(x.grad!.dataSync(), gradient, (i) => `gradient ${i}`);
      });
    }
  }
});
