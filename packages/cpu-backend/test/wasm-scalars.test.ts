/** Maps one element at a time in WebAssembly against the JavaScript lowering: every dtype but 16-bit floats, conversion, function and step. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BinaryFn,
  type DType,
  E,
  type Expr,
  input,
  isFloat,
  MapKernel,
  numel,
  param,
  type Strided,
  type UnaryFn,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { pretend } from "../src/wasm/codegen/features.ts";
import type { ScalarMap } from "../src/wasm/scalar-map.ts";
import { DTYPES } from "../src/wasm/scalar-values.ts";
import { expressionsOf } from "./cases.ts";
import { broadcastable, empty, layouts, operand, read, readLayouts, valuesOf } from "./support.ts";

const common: readonly UnaryFn[] = ["neg", "abs", "sign", "floor", "ceil", "trunc", "round"];
const compared: readonly BinaryFn[] = ["min", "max", "eq", "ne", "lt", "le", "gt", "ge"];
const leaves: readonly Expr[] = [input(0), input(1), input(2), param(0), { kind: "const", value: 3 }];

function expressionsFor(compute: DType): fc.Arbitrary<Expr> {
  if (compute === "bool")
    return expressionsOf(
      leaves,
      ["bitnot", "abs"],
      [...compared, "add", "mul", "bitand", "bitor", "bitxor"],
      3,
    );
  return isFloat(compute)
    ? expressionsOf(leaves, [...common, "sqrt"], [...compared, "add", "sub", "mul", "div"], 3)
    : expressionsOf(
        leaves,
        [...common, "bitnot"],
        [...compared, "add", "sub", "mul", "bitand", "bitor", "bitxor"],
        3,
      );
}

/** Shapes large enough, with rows from short to long. */
const shapes: fc.Arbitrary<number[]> = fc.oneof(
  fc.integer({ min: 1025, max: 2000 }).map((n) => [n]),
  fc.tuple(fc.integer({ min: 70, max: 150 }), fc.integer({ min: 15, max: 21 })),
  fc.tuple(fc.integer({ min: 350, max: 600 }), fc.integer({ min: 3, max: 6 })),
  fc.tuple(
    fc.integer({ min: 2, max: 5 }),
    fc.integer({ min: 8, max: 20 }),
    fc.integer({ min: 5, max: 8 }),
    fc.integer({ min: 13, max: 20 }),
  ),
);

const cases = fc.tuple(fc.constantFrom<DType>(...DTYPES), shapes).chain(([compute, shape]) =>
  fc.record({
    compute: fc.constant(compute),
    shape: fc.constant(shape),
    exprs: fc.array(expressionsFor(compute), { minLength: 1, maxLength: 2 }),
    inputs: fc.array(
      fc.constantFrom<DType>(...DTYPES).chain((dtype) =>
        fc.record({
          dtype: fc.constant(dtype),
          own: fc.oneof(fc.constant(shape), broadcastable(shape)),
          values: valuesOf(dtype),
          layout: readLayouts,
        }),
      ),
      { minLength: 3, maxLength: 3 },
    ),
    to: fc.constantFrom<DType>(compute, compute, "bool", ...DTYPES),
    out: layouts,
    param: fc.constantFrom(2, -3, 0.5),
  }),
);

await cpu.simd.loadScalars();
const scalars = cpu.simd.scalars as ScalarMap;

describe("scalar maps", () => {
  test("give the bits of the JavaScript lowering", () => {
    const compiled = new Map<DType, number>();
    let asked = 0;
    fc.assert(
      fc.property(cases, ({ compute, shape, exprs, inputs, to, out, param }) => {
        const kernel = new MapKernel("any", 3, 1, exprs);
        const operands = inputs.map(({ dtype, own, values, layout }) => operand(dtype, own, values, layout));
        const make = (): Strided[] => exprs.map(() => empty(to, shape, out));
        const [outputs, expected] = [make(), make()];
        asked++;
        if (!scalars.run(kernel, compute, operands, [param], outputs, numel(shape))) return;
        compiled.set(compute, (compiled.get(compute) ?? 0) + 1);
        pretend({ simd: false, relaxed: false });
        try {
          cpu.map(kernel, compute, operands, [param], expected);
        } finally {
          pretend({});
        }
        exprs.forEach((_, k) => {
          assert.deepEqual(read(outputs[k]), read(expected[k]));
        });
      }),
      { numRuns: 500 },
    );
    const share = [...compiled.values()].reduce((a, b) => a + b) / asked;
    assert.ok(share > 0.4, `${share} of the kernels were compiled`);
    assert.equal(compiled.size, DTYPES.length, "of every dtype some");
  });

  test("every conversion", () => {
    const copy = new MapKernel("copy", 1, 0, [input(0)]);
    const values = (dtype: DType): fc.Arbitrary<(number | bigint)[]> => valuesOf(dtype);
    for (const from of DTYPES) {
      for (const to of DTYPES) {
        fc.assert(
          fc.property(values(from), (list) => {
            const x = operand(from, [1100], list, { order: 0, gap: 2, offset: 1, repeat: 0 });
            const got = empty(to, [1100], { order: 0, gap: 1, offset: 0, repeat: 0 });
            assert.ok(scalars.run(copy, to, [x], [], [got], 1100));
            const expected = operand(to, [1100], read(x), { order: 0, gap: 1, offset: 0, repeat: 0 });
            assert.deepEqual(read(got), read(expected), `${from} to ${to}`);
          }),
          { numRuns: 10 },
        );
      }
    }
  });

  test("in place, and each output from all inputs", () => {
    const swap = new MapKernel("swap", 2, 0, [input(1), E.add(input(0), input(1))]);
    const [a, b] = [
      [1, 2, 3],
      [10, 20],
    ].map((list) => operand("float64", [1500], list, { order: 0, gap: 1, offset: 0, repeat: 0 }));
    const [before, other] = [read(a), read(b)] as number[][];
    assert.ok(scalars.run(swap, "float64", [a, b], [], [a, b], 1500));
    assert.deepEqual(read(a), other);
    assert.deepEqual(
      read(b),
      before.map((value, i) => value + other[i]),
    );
  });
});
