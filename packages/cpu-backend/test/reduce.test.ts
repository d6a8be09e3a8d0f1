import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Combine,
  type DType,
  E,
  input,
  isFloat,
  param,
  ReduceKernel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import {
  anyDType,
  broadcastable,
  broadcastElement,
  convert,
  cpuDTypes,
  empty,
  evaluate,
  floats,
  indices,
  layouts,
  operand,
  PLAIN,
  read,
  readLayouts,
  type Scalar,
  shapes,
  valuesOf,
} from "./support.ts";

/** The joined value of prepared elements in order, by the definition; `undefined` where there are none to choose from. */
function join(combine: Combine, values: readonly Scalar[], compute: DType): Scalar | undefined {
  if (values.length === 0 && combine !== "sum" && combine !== "prod") return undefined;
  const isNan = (x: Scalar): boolean => Number.isNaN(x);
  switch (combine) {
    case "sum":
      return isFloat(compute)
        ? values.reduce((a: number, b) => a + Number(b), 0)
        : BigInt.asIntN(
            64,
            values.reduce((a: bigint, b) => a + BigInt(b), 0n),
          );
    case "prod":
      return isFloat(compute)
        ? values.reduce((a: number, b) => a * Number(b), 1)
        : BigInt.asIntN(
            64,
            values.reduce((a: bigint, b) => a * BigInt(b), 1n),
          );
    case "max":
      return values.find(isNan) ?? values.reduce((a, b) => (b > a ? b : a), values[0]);
    case "min":
      return values.find(isNan) ?? values.reduce((a, b) => (b < a ? b : a), values[0]);
    default: {
      const nan = values.findIndex(isNan);
      if (nan >= 0) return BigInt(nan);
      const best = join(combine === "argmax" ? "max" : "min", values, compute);
      return BigInt(values.indexOf(best as Scalar));
    }
  }
}

/** The reduction by its definition. Float results are in double precision. */
function reference(
  kernel: ReduceKernel,
  compute: DType,
  shape: Shape,
  inputs: readonly Strided[],
  params: readonly Scalar[],
  outputShape: Shape,
): (Scalar | undefined)[] {
  const wide = compute === "float32" ? "float64" : compute;
  const groups = new Map<string, Scalar[]>([...indices(outputShape)].map((index) => [index.join(), []]));
  for (const index of indices(shape)) {
    const values = inputs.map((x) => broadcastElement(x, index));
    const key = index.map((i, d) => (outputShape[d] === 1 ? 0 : i)).join();
    groups.get(key)?.push(evaluate(kernel.prepare, compute, values, params));
  }
  return [...groups.values()].map((values) => {
    const joined = join(kernel.combine, values, compute);
    if (joined === undefined || kernel.combine.startsWith("arg")) return joined;
    return evaluate(kernel.finish, wide, [isFloat(compute) ? joined : convert(joined, compute)], params);
  });
}

function close(actual: Scalar, expected: Scalar, dtype: DType, scale: number): boolean {
  if (Object.is(actual, expected) || actual === expected) return true;
  if (!isFloat(dtype)) return false;
  const tolerance = dtype === "float32" ? 1e-6 : 1e-13;
  return (
    Math.abs(Number(actual) - Number(expected)) <= tolerance * Math.max(Math.abs(Number(expected)), scale)
  );
}

function check(
  kernel: ReduceKernel,
  compute: DType,
  shape: Shape,
  inputs: readonly Strided[],
  params: readonly Scalar[],
  output: Strided,
  scale: number,
): void {
  cpu.reduce(kernel, compute, shape, inputs, params, output);
  const expected = reference(kernel, compute, shape, inputs, params, output.shape);
  read(output).forEach((actual, k) => {
    const wanted = expected[k];
    if (wanted === undefined) return;
    const value = convert(wanted, output.dtype);
    assert.ok(
      close(actual, value, output.dtype, scale),
      `${kernel.name} of ${compute}, shape [${shape}] to [${output.shape}]: element ${k} is ${actual}, not ${value}`,
    );
  });
}

const combines = fc.constantFrom<Combine>("sum", "prod", "max", "min", "argmax", "argmin");

describe("reduce", () => {
  test("any combination, dtype, dimensions and layout", () => {
    const cases = fc
      .record({ compute: anyDType, from: anyDType, shape: shapes(), combine: combines })
      .chain((c) =>
        fc.record({
          c: fc.constant(c),
          reduced: fc.nat(15),
          inputShape: broadcastable(c.shape),
          values: valuesOf(c.from),
          layouts: fc.tuple(readLayouts, layouts),
        }),
      );
    fc.assert(
      fc.property(cases, ({ c, reduced, inputShape, values, layouts: [li, lo] }) => {
        const compute = c.combine === "sum" && !isFloat(c.compute) ? "int64" : c.compute;
        const x = operand(
          c.from,
          inputShape,
          values
            .filter((v) => !isFloat(c.from) || Math.abs(Number(v)) < 1e6 || Number.isNaN(v))
            .concat(values.length ? [convert(1, c.from)] : []),
          li,
        );
        const outputShape = c.shape.map((size, d) => ((reduced >> d) & 1 ? 1 : size));
        const to = c.combine.startsWith("arg") ? "int64" : compute;
        check(
          new ReduceKernel(c.combine, c.combine),
          compute,
          c.shape,
          [x],
          [],
          empty(to, outputShape, lo),
          1e6,
        );
      }),
      { numRuns: 1500 },
    );
  });

  test("long dimensions, by rows and by runs, over blocks", () => {
    const patterns: [Shape, Shape][] = [
      [[3000], [1]],
      [
        [20, 60],
        [1, 60],
      ],
      [
        [20, 60],
        [20, 1],
      ],
      [
        [1100, 3],
        [1, 3],
      ],
      [
        [1100, 3],
        [1100, 1],
      ],
      [
        [3, 1100],
        [1, 1100],
      ],
      [
        [3, 2100],
        [3, 1],
      ],
      [
        [3, 20, 30],
        [1, 20, 1],
      ],
      [
        [3, 20, 30],
        [3, 1, 30],
      ],
      [
        [3, 20, 30],
        [3, 1, 1],
      ],
      [
        [30, 4, 2],
        [30, 1, 2],
      ],
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    ];
    const values = fc.sample(fc.double({ min: -3, max: 3, noNaN: true }), { numRuns: 997, seed: 3 });
    for (const dtype of cpuDTypes) {
      for (const combine of ["sum", "prod", "max", "min", "argmax", "argmin"] as const) {
        for (const [shape, to] of patterns) {
          for (const order of [0, 5]) {
            const compute = combine === "sum" && !isFloat(dtype) ? "int64" : dtype;
            const x = operand(
              dtype,
              shape,
              values.map((v) => (combine === "prod" && isFloat(dtype) ? 1 + v / 1e3 : v)),
              { ...PLAIN, order },
            );
            const out = empty(combine.startsWith("arg") ? "int64" : compute, to, { ...PLAIN, order });
            check(new ReduceKernel(combine, combine), compute, shape, [x], [], out, 1);
          }
        }
      }
    }
  });

  test("prepare and finish with several inputs and a param", () => {
    const mse = new ReduceKernel("mse", "sum", {
      inputs: 2,
      params: 1,
      prepare: E.pow(E.sub(input(0), input(1)), 2),
      finish: E.mul(input(0), param(0)),
    });
    fc.assert(
      fc.property(
        shapes(1, 3),
        fc.nat(7),
        fc.tuple(readLayouts, readLayouts),
        fc.constantFrom(...floats),
        (shape, mask, [la, lb], dtype) => {
          const a = operand(dtype, shape, [1.5, -2, 0.25, 3, 8], la);
          const b = operand(dtype, shape.slice(1), [0.5, 7, -1], lb);
          const outputShape = shape.map((size, d) => ((mask >> d) & 1 ? 1 : size));
          check(mse, dtype, shape, [a, b], [0.125], empty(dtype, outputShape, PLAIN), 1);
        },
      ),
    );
  });

  test("sums do not lose precision with length", () => {
    const n = 200_000;
    const sum = new ReduceKernel("sum", "sum");
    for (const dtype of floats) {
      const x = operand(dtype, [n], [0.1], PLAIN);
      const total = empty(dtype, [1], PLAIN);
      cpu.reduce(sum, dtype, [n], [x], [], total);
      // The exact sum, but for the rounding of 256 additions within a block and none after it.
      const exact = (convert(0.1, dtype) as number) * n;
      assert.ok(Math.abs((read(total)[0] as number) / exact - 1) < (dtype === "float32" ? 6e-8 : 1e-14));
      // The same by rows.
      const columns = empty(dtype, [1, 20], PLAIN);
      cpu.reduce(sum, dtype, [n / 20, 20], [{ ...x, shape: [n / 20, 20], strides: [20, 1] }], [], columns);
      for (const value of read(columns))
        assert.equal(value, convert((convert(0.1, dtype) as number) * (n / 20), dtype));
    }
  });

  test("float64 sums are compensated, infinities survive", () => {
    const sum = new ReduceKernel("sum", "sum");
    const big = [1e16, ...new Array(2047).fill(0), ...new Array(2048).fill(1), -1e16];
    const out = empty("float64", [1], PLAIN);
    cpu.reduce(sum, "float64", [big.length], [operand("float64", [big.length], big, PLAIN)], [], out);
    assert.deepEqual(read(out), [2048]);
    cpu.reduce(sum, "float64", [3], [operand("float64", [3], [1, -Infinity, 5], PLAIN)], [], out);
    assert.deepEqual(read(out), [-Infinity]);
  });

  test("nan is the extreme, its first place the position", () => {
    const x = operand("float32", [2, 4], [1, NaN, 3, NaN, -1, -Infinity, -Infinity, -5], PLAIN);
    for (const [combine, expected] of [
      ["argmax", [1n, 0n]],
      ["argmin", [1n, 1n]],
    ] as const) {
      const out = empty("int64", [2, 1], PLAIN);
      cpu.reduce(new ReduceKernel(combine, combine), "float32", [2, 4], [x], [], out);
      assert.deepEqual(read(out), expected);
    }
    const least = operand("float64", [3], [-Infinity, -Infinity, -Infinity], PLAIN);
    const out = empty("int64", [1], PLAIN);
    cpu.reduce(new ReduceKernel("argmax", "argmax"), "float64", [3], [least], [], out);
    assert.deepEqual(read(out), [0n]);
  });

  test("an empty sum is 0, an empty product 1, and finish still applies", () => {
    for (const dtype of cpuDTypes) {
      const x = empty(dtype, [0, 3], PLAIN);
      for (const [combine, neutral] of [
        ["sum", 0],
        ["prod", 1],
      ] as const) {
        const out = operand(dtype, [1, 3], [1, 0, 1], PLAIN);
        cpu.reduce(new ReduceKernel(combine, combine), dtype, [0, 3], [x], [], out);
        assert.deepEqual(read(out).map(Number), [neutral, neutral, neutral]);
      }
    }
    const mean = new ReduceKernel("mean", "sum", { params: 1, finish: E.div(input(0), param(0)) });
    const out = empty("float32", [], PLAIN);
    cpu.reduce(mean, "float32", [0], [empty("float32", [0], PLAIN)], [0], out);
    assert.deepEqual(read(out), [NaN]);
  });
});
