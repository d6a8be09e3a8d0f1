import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contiguousStrides, type Windows } from "@flambeau/backend";
import { cpu, provideWindows } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { windowCases } from "./cases.ts";
import { element, empty, floats, indices, operand, read } from "./support.ts";

const cases = fc
  .tuple(windowCases, fc.constantFrom(...floats))
  .map(([windowCase, dtype]) => ({ ...windowCase, dtype }));

/** The plane's row and column under element (p, q) of the window at (i, j), by the definition; null for padding. */
function under(w: Windows, plane: readonly number[], i: number[], p: number[]): [number, number] | null {
  const at = [0, 1].map((d) => i[d] * w.stride[d] + p[d] * w.dilation[d] - w.padding[d]);
  return at.every((x, d) => x >= 0 && x < plane[d]) ? [at[0], at[1]] : null;
}

provideWindows();

describe("windows", () => {
  test("unfold gives every window's elements, and zeros beside the plane", () => {
    fc.assert(
      fc.property(cases, ({ dtype, planes, columns, plane, windows, values, layouts: [lx, lo] }) => {
        const x = operand(dtype, planes, values, lx);
        const out = empty(dtype, columns, lo);
        cpu.unfold(x, windows, out);
        const expected = [...indices(columns)].map(([n, c, p, q, i, j]) => {
          const at = under(windows, plane, [i, j], [p, q]);
          return at === null ? 0 : element(x, [n, c, ...at]);
        });
        assert.deepEqual(read(out), expected);
      }),
      { numRuns: 400 },
    );
  });

  test("fold adds up what lies over each element", () => {
    fc.assert(
      fc.property(cases, ({ dtype, planes, columns, plane, windows, values, layouts: [lx, lo] }) => {
        const x = operand(dtype, columns, values, lx);
        const out = empty(dtype, planes, lo);
        const sums = new Map([...indices(planes)].map((index) => [index.join(), 0]));
        for (const [n, c, p, q, i, j] of indices(columns)) {
          const at = under(windows, plane, [i, j], [p, q]);
          if (at === null) continue;
          const key = [n, c, ...at].join();
          sums.set(key, (sums.get(key) as number) + (element(x, [n, c, p, q, i, j]) as number));
        }
        cpu.fold(x, windows, out);
        assert.deepEqual(
          read(out).map((v) => (v as number) + 0),
          [...sums.values()].map((v) => v + 0),
        );
      }),
      { numRuns: 400 },
    );
  });

  test("maxPool finds the first of the largest, or the last nan", () => {
    const special = fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1, 2);
    fc.assert(
      fc.property(cases, fc.array(special), (c, more) => {
        const { dtype, planes, plane, pooled: shape, windows } = c;
        const [lx, lo, li] = c.layouts;
        const x = operand(dtype, planes, [...c.values, ...more], lx);
        const out = empty(dtype, shape, lo);
        const found = empty("int32", shape, li);
        cpu.maxPool(x, windows, out, found);
        const kernel = [...indices(windows.kernel)];
        for (const [n, ch, i, j] of indices(shape)) {
          let best: { value: number; index: number } | null = null;
          for (const p of kernel) {
            const at = under(windows, plane, [i, j], p);
            if (at === null) continue;
            const value = element(x, [n, ch, ...at]) as number;
            if (best === null || value > best.value || Number.isNaN(value))
              best = { value, index: at[0] * plane[1] + at[1] };
          }
          // A window of nothing but padding is the caller's to avoid.
          if (best === null) continue;
          assert.deepEqual(element(out, [n, ch, i, j]), best.value);
          assert.equal(element(found, [n, ch, i, j]), best.index);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("indices of windows that are all padding stay within the plane", () => {
    const shape = [1, 1, 1, 1];
    const windows: Windows = { kernel: [1, 1], stride: [1, 1], padding: [2, 5], dilation: [1, 1] };
    const one = { offset: 0, strides: contiguousStrides(shape), shape };
    const x = { ...one, dtype: "float32", storage: cpu.upload("float32", new Float32Array([3])) } as const;
    const out = { ...one, dtype: "float32", storage: cpu.allocate("float32", 1) } as const;
    const found = { ...one, dtype: "int32", storage: cpu.allocate("int32", 1) } as const;
    cpu.maxPool(x, windows, out, found);
    assert.deepEqual(read(found), [0]);
  });
});
