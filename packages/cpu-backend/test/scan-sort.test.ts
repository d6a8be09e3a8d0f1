import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, isFloat, type Shape, type Strided } from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { lineCases } from "./cases.ts";
import {
  anyDType,
  convert,
  element,
  empty,
  indices,
  operand,
  PLAIN,
  read,
  type Scalar,
  valuesOf,
} from "./support.ts";

const cases = lineCases(anyDType, valuesOf);

/** The elements of each lane along a dimension, and the indices they are at. */
function lanes(source: Strided, shape: Shape, dim: number): { at: number[][]; values: Scalar[] }[] {
  const base = shape.map((size, d) => (d === dim ? Math.min(size, 1) : size));
  return [...indices(base)].map((start) => {
    const at = Array.from({ length: shape[dim] ?? 1 }, (_, i) => start.map((p, d) => (d === dim ? i : p)));
    return { at, values: at.map((index) => element(source, index)) };
  });
}

function running(combine: "sum" | "prod", values: readonly Scalar[], dtype: DType): Scalar[] {
  return values.map((_, i) => {
    const part = values.slice(0, i + 1);
    if (isFloat(dtype)) {
      const floats = part.map(Number);
      return convert(
        combine === "sum" ? floats.reduce((a, b) => a + b, 0) : floats.reduce((a, b) => a * b, 1),
        dtype,
      );
    }
    const bigs = part.map(BigInt);
    return convert(
      combine === "sum" ? bigs.reduce((a, b) => a + b, 0n) : bigs.reduce((a, b) => a * b, 1n),
      dtype,
    );
  });
}

describe("scan", () => {
  test("running sums and products of any dtype, dimension and layout", () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom("sum" as const, "prod" as const),
        ({ dtype, shape, dim, values, layouts: [li, lo] }, combine) => {
          const x = operand(dtype, shape, values, li);
          const out = empty(dtype, shape, lo);
          cpu.scan(combine, x, dim, out);
          for (const { at, values } of lanes(x, shape, dim)) {
            assert.deepEqual(
              at.map((index) => element(out, index)),
              running(combine, values, dtype),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Ascending order with nan last; ties keep their order, in descending order too. */
function sorted(values: readonly Scalar[], descending: boolean): { value: Scalar; index: bigint }[] {
  const compare = (a: Scalar, b: Scalar): number => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const items = values.map((value, i) => ({ value, index: BigInt(i) }));
  return items.sort((a, b) => (descending ? compare(b.value, a.value) : compare(a.value, b.value)));
}

describe("sort", () => {
  test("any dtype, dimension, direction and layout", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ dtype, shape, dim, values, layouts: [li, lv, lw] }, descending) => {
        const x = operand(dtype, shape, values, li);
        const out = empty(dtype, shape, lv);
        const where = empty("int64", shape, lw);
        cpu.sort(x, dim, descending, out, where);
        for (const { at, values } of lanes(x, shape, dim)) {
          const expected = sorted(values, descending);
          assert.deepEqual(
            at.map((index) => element(out, index)),
            expected.map(({ value }) => value),
          );
          assert.deepEqual(
            at.map((index) => element(where, index)),
            expected.map(({ index }) => index),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("long lanes with many ties and nan", () => {
    for (const n of [9, 64, 1000, 1027]) {
      const values = Array.from({ length: n }, (_, i) => ((i * 7919) % 31 === 3 ? NaN : (i * 7919) % 31));
      for (const descending of [false, true]) {
        const out = empty("float32", [n], PLAIN);
        const where = empty("int64", [n], PLAIN);
        cpu.sort(operand("float32", [n], values, PLAIN), 0, descending, out, where);
        const expected = sorted(values, descending);
        assert.deepEqual(
          read(out),
          expected.map(({ value }) => value),
        );
        assert.deepEqual(
          read(where),
          expected.map(({ index }) => index),
        );
      }
    }
  });
});
