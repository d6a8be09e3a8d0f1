import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, E, input, isFloat, MapKernel, type Strided } from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import {
  anyDType,
  convert,
  cpuDTypes,
  element,
  empty,
  floats,
  indices,
  type Layout,
  layouts,
  operand,
  PLAIN,
  read,
  readLayouts,
  type Scalar,
  valuesOf,
} from "./support.ts";

const TRANSPOSED: Layout = { ...PLAIN, order: 1 };

/** The index of a batch's operand: aligned at the end, 0 where it is broadcast. */
function batch(operand: Strided, index: readonly number[]): number[] {
  const own = index.slice(index.length - (operand.shape.length - 2));
  return operand.shape.length === 2 ? [] : own.map((i, d) => (operand.shape[d] === 1 ? 0 : i));
}

function reference(a: Strided, b: Strided, output: Strided): Scalar[] {
  const k = a.shape.at(-1) as number;
  return [...indices(output.shape)].map((index) => {
    const lead = index.slice(0, -2);
    const [i, j] = index.slice(-2);
    let float = 0;
    let integer = 0n;
    for (let q = 0; q < k; q++) {
      const x = element(a, [...batch(a, lead), i, q]);
      const y = element(b, [...batch(b, lead), q, j]);
      if (isFloat(output.dtype)) float += Number(x) * Number(y);
      else integer += BigInt(x) * BigInt(y);
    }
    return convert(isFloat(output.dtype) ? float : integer, output.dtype);
  });
}

function check(a: Strided, b: Strided, output: Strided): void {
  cpu.matmul(a, b, output);
  const expected = reference(a, b, output);
  read(output).forEach((x, t) => {
    const y = expected[t];
    const tolerance = output.dtype === "float32" ? 1e-6 : 1e-12;
    const same =
      Object.is(x, y) ||
      (isFloat(output.dtype) && Math.abs(Number(x) - Number(y)) <= tolerance * (1 + Math.abs(Number(y))));
    assert.ok(same, `[${a.shape}] x [${b.shape}] of ${output.dtype}: element ${t} is ${x}, not ${y}`);
  });
}

const tame = (dtype: DType): fc.Arbitrary<Scalar[]> =>
  isFloat(dtype)
    ? fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 30 })
    : valuesOf(dtype);

describe("matmul", () => {
  test("any dtype, batch, size and layout", () => {
    const cases = anyDType.chain((dtype) =>
      fc.record({
        dtype: fc.constant(dtype),
        sizes: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)),
        lead: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
        ones: fc.tuple(fc.nat(3), fc.nat(3)),
        cut: fc.tuple(fc.nat(2), fc.nat(2)),
        values: fc.tuple(tame(dtype), tame(dtype)),
        layouts: fc.tuple(readLayouts, readLayouts, layouts),
      }),
    );
    fc.assert(
      fc.property(cases, ({ dtype, sizes: [m, k, n], lead, ones, cut, values, layouts: [la, lb, lo] }) => {
        const side = (s: 0 | 1): number[] =>
          lead.map((size, d) => ((ones[s] >> d) & 1 ? 1 : size)).slice(Math.min(cut[s], lead.length));
        const a = operand(dtype, [...side(0), m, k], values[0], la);
        const b = operand(dtype, [...side(1), k, n], values[1], lb);
        // Both sides may be broadcast at once: the output's batch is theirs, not `lead`.
        const ndim = Math.max(side(0).length, side(1).length);
        const shape = Array.from({ length: ndim }, (_, d) => {
          const x = side(0)[d - ndim + side(0).length] ?? 1;
          const y = side(1)[d - ndim + side(1).length] ?? 1;
          return x === 1 ? y : x;
        });
        check(a, b, empty(dtype, [...shape, m, n], lo));
      }),
      { numRuns: 1000 },
    );
  });

  test("sizes around the tiles, with transposed operands and output", () => {
    const values = fc.sample(fc.double({ min: -2, max: 2, noNaN: true }), { numRuns: 613, seed: 5 });
    for (const dtype of floats) {
      for (const [m, k, n] of [
        [2, 300, 9],
        [17, 19, 23],
        [33, 64, 31],
        [1, 400, 50],
        [64, 100, 3],
        [40, 1, 130],
        [50, 40, 4],
      ]) {
        for (const la of [PLAIN, TRANSPOSED]) {
          for (const lb of [PLAIN, TRANSPOSED]) {
            for (const lo of [PLAIN, { ...TRANSPOSED, gap: 2, offset: 1 }]) {
              check(
                operand(dtype, [m, k], values, la),
                operand(dtype, [k, n], [...values, 1], lb),
                empty(dtype, [m, n], lo),
              );
            }
          }
        }
      }
    }
  });

  test("products of nothing are zero", () => {
    for (const dtype of cpuDTypes) {
      const out = operand(dtype, [2, 3], [1], PLAIN);
      cpu.matmul(empty(dtype, [2, 0], PLAIN), empty(dtype, [0, 3], PLAIN), out);
      assert.ok(read(out).every((x) => Number(x) === 0));
    }
  });

  test("epilogues: a bias, a bias with an activation, an operand of the output's shape", () => {
    const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);
    const scaled = new MapKernel("relu", 2, 1, [
      E.max(E.mul(E.add(input(0), input(1)), { kind: "param", index: 0 }), 0),
    ]);
    for (const dtype of floats) {
      for (const [m, k, n] of [
        [5, 2, 3],
        [50, 2, 5],
        [40, 30, 20],
        [0, 3, 2],
        [3, 0, 2],
      ]) {
        const a = operand(dtype, [m, k], [0.5, -1.25, 2, 0.75, -3], PLAIN);
        const b = operand(dtype, [k, n], [1, 2, -0.5, 0.25, -1, 1, 3], TRANSPOSED);
        const shapes: [number[], Layout][] = [
          [[n], PLAIN],
          [[n], { ...PLAIN, gap: 2, offset: 2 }],
          [[1, n], PLAIN],
          [[m, 1], PLAIN],
          [[m, n], TRANSPOSED],
          [[], PLAIN],
        ];
        for (const [shape, layout] of shapes) {
          const c = operand(dtype, shape, [10, -20, 30.5], layout);
          const plain = empty(dtype, [m, n], PLAIN);
          for (const [kernel, params] of [
            [add, []],
            [scaled, [0.5]],
          ] as const) {
            const out = empty(dtype, [m, n], PLAIN);
            cpu.matmul(a, b, out, { kernel, inputs: [c], params });
            const expected = empty(dtype, [m, n], PLAIN);
            cpu.matmul(a, b, plain);
            cpu.map(kernel, dtype, [plain, c], params, [expected]);
            const wanted = read(expected);
            read(out).forEach((x, t) => {
              const y = Number(wanted[t]);
              assert.ok(
                Math.abs(Number(x) - y) <= (dtype === "float32" ? 4e-6 : 1e-14) * (1 + Math.abs(y)),
                `${x} ${y}`,
              );
            });
          }
        }
      }
    }
  });
});
