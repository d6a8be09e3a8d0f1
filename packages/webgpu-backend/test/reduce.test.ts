import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Combine, type DType, E, input, isFloat, param, ReduceKernel } from "@flambeau/backend";
import fc from "fast-check";
import { gpu } from "./adapter.ts";
import {
  anyDType,
  bothDevices,
  broadcastable,
  elements,
  empty,
  forEachKind,
  layouts,
  onGpu,
  operand,
  PLAIN,
  plainNoise,
  readLayouts,
  same,
  shapes,
  valuesOf,
} from "./families.ts";

const combines: readonly Combine[] = ["sum", "prod", "max", "min", "argmax", "argmin"];
const plain = Object.fromEntries(combines.map((combine) => [combine, new ReduceKernel(combine, combine)]));
const squares = new ReduceKernel("scaled sum of products", "sum", {
  inputs: 2,
  params: 1,
  prepare: E.mul(input(0), E.sub(input(1), param(0))),
  finish: E.mul(input(0), param(0)),
});

/** What an output is where the CPU leaves it to the caller: no position in nothing. */
const isRefused = (combine: Combine, elements: number): boolean =>
  elements === 0 && combine !== "sum" && combine !== "prod";

/** Near 1 where it is finite, so that no product of hundreds leaves float32's range on the way: the CPU's are doubles. */
function tamed(x: number): number {
  return Number.isFinite(x) && x !== 0 ? Math.sign(x) * Math.min(Math.max(Math.abs(x), 0.9), 1.1) : x;
}

/** Numbers below the least normal one as zero. */
function normal(x: number): number {
  return Math.abs(x) < 2 ** -126 ? 0 : x;
}

describe("reduce", () =>
  forEachKind((kind) => {
    test("any combination, dtype, dimensions and layout", async () => {
      const cases = fc
        .record({ dtype: anyDType, shape: shapes(), combine: fc.constantFrom(...combines) })
        .chain((c) =>
          fc.record({
            c: fc.constant(c),
            reduced: fc.nat(15),
            inputShape: broadcastable(c.shape),
            values: valuesOf(c.dtype),
            layouts: fc.tuple(readLayouts, layouts),
          }),
        );
      await fc.assert(
        fc.asyncProperty(cases, async ({ c, reduced, inputShape, values, layouts: [li, lo] }) => {
          const { dtype, shape, combine } = c;
          const outShape = shape.map((size, d) => ((reduced >> d) & 1 ? 1 : size));
          const joined = shape.reduce((n, size, d) => ((reduced >> d) & 1 ? n * size : n), 1);
          if (isRefused(combine, joined)) return;
          // For positions, what a GPU may take for zero is zero.
          const change = !isFloat(dtype)
            ? null
            : combine === "prod"
              ? tamed
              : combine.startsWith("arg")
                ? normal
                : null;
          const x = operand(
            dtype,
            inputShape,
            change === null ? values : values.map((v) => change(Number(v))),
            li,
          );
          const to: DType =
            combine.startsWith("arg") || (!isFloat(dtype) && combine === "sum") ? "int64" : dtype;
          const compute = to === "int64" && !combine.startsWith("arg") ? to : dtype;
          const out = empty(to, outShape, lo);
          const twins = bothDevices([x, out], (device, [from, target]) =>
            device.reduce(plain[combine], compute, shape, [from], [], target),
          );
          // A sum's error is relative to the sum of what was added, without signs.
          const largest = Math.max(0, ...values.map((v) => Math.abs(Number(v))).filter(Number.isFinite));
          const tolerance = { sum: 1e-6, prod: 1e-4 }[combine as string] ?? 1e-12;
          await same(twins[1], out, `${combine} of ${dtype} [${shape}] to [${outShape}]`, {
            tolerance,
            scale: combine === "sum" ? largest * joined : 0,
          });
        }),
        { numRuns: 150 },
      );
    });

    test("prepared by an expression of several inputs, finished by another", async () => {
      const cases = fc.record({
        shape: shapes(1),
        reduced: fc.nat(15),
        dtypes: fc.tuple(
          fc.constantFrom<DType>("float32", "int32", "bool"),
          fc.constantFrom<DType>("float32", "int64"),
        ),
        values: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 }),
        layouts: fc.tuple(readLayouts, readLayouts, layouts),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ shape, reduced, dtypes, values, layouts: [la, lb, lo] }) => {
          const outShape = shape.map((size, d) => ((reduced >> d) & 1 ? 1 : size));
          const a = operand(dtypes[0], shape, values, la);
          const b = operand(dtypes[1], shape.slice(1), [...values].reverse(), lb);
          const out = empty("float32", outShape, lo);
          const twins = bothDevices([a, b, out], (device, [x, y, target]) =>
            device.reduce(squares, "float32", shape, [x, y], [2], target),
          );
          await same(twins[2], out, `[${shape}] to [${outShape}]`);
        }),
        { numRuns: 60 },
      );
    });

    test("lengths around those where the way of working changes", async () => {
      for (const [rows, columns] of [
        [3, 63],
        [3, 64],
        [3, 65],
        [2, 4097],
        [1, 16384],
        [1, 16385],
        [2, 100_003],
        [2048, 65],
        [5000, 3],
      ]) {
        const x = plainNoise([rows, columns], columns);
        for (const dim of [0, 1]) {
          const outShape = dim === 0 ? [1, columns] : [rows, 1];
          for (const combine of combines) {
            if (combine === "prod") continue;
            const isArg = combine.startsWith("arg");
            const out = empty(isArg ? "int64" : "float32", outShape, PLAIN);
            const twins = bothDevices([x, out], (device, [from, to]) =>
              device.reduce(plain[combine], "float32", [rows, columns], [from], [], to),
            );
            const n = dim === 0 ? rows : columns;
            await same(twins[1], out, `${combine} of [${rows}, ${columns}] along ${dim}`, {
              tolerance: 1e-6,
              scale: Math.sqrt(n),
            });
          }
        }
      }
    });

    test("the error of a sum does not grow with its length", async () => {
      const n = 2 ** 22;
      const one = onGpu(operand("float32", [1], [0.1], PLAIN));
      const x = { ...one, shape: [n], strides: [0] };
      const out = onGpu(empty("float32", [1], PLAIN));
      gpu.reduce(plain.sum, "float32", [n], [x], [], out);
      const [sum] = await elements(out);
      const exact = Math.fround(0.1) * n;
      assert.ok(Math.abs(Number(sum) - exact) <= 2e-6 * exact, `${sum}, not ${exact}`);
    });

    test("the first position of equal ones and of nan, in one portion and across portions", async () => {
      for (const n of [10, 300, 40_000]) {
        for (const at of [[0], [n - 1], [3, 5], [n >> 1, n - 2], []]) {
          for (const special of [Number.NaN, 7, Number.POSITIVE_INFINITY]) {
            const values = Array.from({ length: n }, (_, i) => (at.includes(i) ? special : -1));
            const x = operand("float32", [n], values, PLAIN);
            const out = empty("int64", [1], PLAIN);
            const twins = bothDevices([x, out], (device, [from, to]) =>
              device.reduce(plain.argmax, "float32", [n], [from], [], to),
            );
            await same(twins[1], out, `${special} at [${at}] of ${n}`);
          }
        }
      }
    });

    // About the grid only, which is the same for all kinds.
    if (kind === "this adapter") {
      test("more than 65535 workgroups", async () => {
        const rows = 4_200_000;
        const x = plainNoise([rows], 3);
        const one = { ...x, shape: [rows, 2], strides: [1, 0] };
        const out = empty("float32", [rows, 1], PLAIN);
        const twins = bothDevices([one, out], (device, [from, to]) =>
          device.reduce(plain.sum, "float32", one.shape, [from], [], to),
        );
        await same(twins[1], out, "many rows");
      });
    }
  }));
