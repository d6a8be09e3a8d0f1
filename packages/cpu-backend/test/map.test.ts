import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BinaryFn,
  type DType,
  DTypeError,
  E,
  type Expr,
  input,
  isFloat,
  MapKernel,
  param,
  type Strided,
  type UnaryFn,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { pretend } from "../src/wasm/codegen/features.ts";
import { constants, expressionsOf, isDefined } from "./cases.ts";
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

// These tests compare bit by bit, as only the JavaScript lowering can be compared; wasm-*.test.ts do the rest.
pretend({ simd: false, relaxed: false });

const exactUnary: readonly UnaryFn[] = ["neg", "abs", "sign", "floor", "ceil", "trunc", "round"];
const floatUnary: readonly UnaryFn[] = [
  ...([
    "sqrt",
    "exp",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
  ] as const),
  ...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh"] as const),
];
const anyBinary: readonly BinaryFn[] = [
  ...(["add", "sub", "mul", "truncdiv", "mod", "fmod", "pow", "min", "max"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge"] as const),
];

/** Runs a kernel and compares every element of every output with the definition. */
function check(
  kernel: MapKernel,
  compute: DType,
  inputs: readonly Strided[],
  params: readonly Scalar[],
  outputs: readonly Strided[],
): void {
  const shape = outputs[0].shape;
  const expected = kernel.outputs.map((expr, k) =>
    [...indices(shape)].map((index) => {
      const values = inputs.map((x) => broadcastElement(x, index));
      return convert(evaluate(expr, compute, values, params), outputs[k].dtype);
    }),
  );
  cpu.map(kernel, compute, inputs, params, outputs);
  for (let k = 0; k < outputs.length; k++) assert.deepEqual(read(outputs[k]), expected[k]);
}

/** Expressions over two inputs and a param. */
function expressions(compute: DType): fc.Arbitrary<Expr> {
  const unary = isFloat(compute) ? [...exactUnary, ...floatUnary] : [...exactUnary, "bitnot" as const];
  const binary: readonly BinaryFn[] = isFloat(compute)
    ? [...anyBinary, "div", "atan2"]
    : [...anyBinary, "floordiv", "bitand", "bitor", "bitxor"];
  const defined = <Fn extends string>(fns: readonly Fn[]): Fn[] => fns.filter((fn) => isDefined(fn, compute));
  return expressionsOf([input(0), input(1), param(0), ...constants], defined(unary), defined(binary), 4);
}

describe("map", () => {
  test("any expression, dtype, shape and layout", () => {
    const cases = fc.record({ compute: anyDType, to: anyDType, from: anyDType, shape: shapes() }).chain((c) =>
      fc.record({
        c: fc.constant(c),
        expr: expressions(c.compute),
        shapes: fc.tuple(broadcastable(c.shape), broadcastable(c.shape)),
        a: valuesOf(c.compute),
        b: valuesOf(c.from),
        p: valuesOf(c.compute),
        layouts: fc.tuple(readLayouts, readLayouts, layouts),
      }),
    );
    fc.assert(
      fc.property(cases, ({ c, expr, shapes: [sa, sb], a, b, p, layouts: [la, lb, lo] }) => {
        const inputs = [operand(c.compute, sa, a, la), operand(c.from, sb, b, lb)];
        check(new MapKernel("any", 2, 1, [expr]), c.compute, inputs, [p[0]], [empty(c.to, c.shape, lo)]);
      }),
      { numRuns: 1500 },
    );
  });

  for (const compute of cpuDTypes) {
    test(`every function of ${compute}, over blocks`, () => {
      const unary = isFloat(compute) ? [...exactUnary, ...floatUnary] : [...exactUnary, "bitnot" as const];
      const binary: readonly BinaryFn[] = isFloat(compute)
        ? [...anyBinary, "div", "atan2"]
        : [...anyBinary, "floordiv", "bitand", "bitor", "bitxor"];
      const kernels = [
        ...unary.map((fn) => new MapKernel(fn, 2, 0, [E[fn](input(0))])),
        ...binary.map((fn) => new MapKernel(fn, 2, 0, [E[fn](input(0), input(1))])),
      ].filter(({ name }) => compute !== "bool" || !["sub", "neg", "mod", "pow"].includes(name));
      const [a, b] = fc.sample(fc.tuple(valuesOf(compute), valuesOf(compute)), { numRuns: 1, seed: 7 })[0];
      // 2500 elements are three blocks; lengths without common factor pair all values with all.
      const shape = [2500];
      const inputs = [
        operand(compute, shape, [...a, a[0]], PLAIN),
        operand(compute, shape, [...b, b[0], b[0]], PLAIN),
      ];
      for (const kernel of kernels) check(kernel, compute, inputs, [], [empty(compute, shape, PLAIN)]);
    });
  }

  test("floor division of floats", () => {
    const kernel = new MapKernel("floordiv", 2, 0, [E.floordiv(input(0), input(1))]);
    // From PyTorch 1.13: torch.floor_divide.
    const a = [5, -5, 5, -5, Infinity, 3, 0, -3, 7, -7, 1, 1];
    const b = [Infinity, Infinity, -Infinity, -Infinity, 2, 0, 0, 0, -2, 2, 0.1, NaN];
    const expected = [0, -1, -1, 0, NaN, Infinity, NaN, -Infinity, -4, -4, 9, NaN];
    for (const dtype of floats) {
      const out = empty(dtype, [12], PLAIN);
      cpu.map(kernel, dtype, [operand(dtype, [12], a, PLAIN), operand(dtype, [12], b, PLAIN)], [], [out]);
      assert.deepEqual(
        read(out).map((x) => (x === 0 ? 0 : x)),
        expected,
      );
    }
  });

  test("float32 quotients round before they are truncated", () => {
    // The double nearest to this quotient is 2.9999999037417786, the float32 is 3.
    const a = operand("float32", [1], [1.8576483726501465], PLAIN);
    const b = operand("float32", [1], [0.6192161440849304], PLAIN);
    const out = empty("float32", [1], PLAIN);
    cpu.map(new MapKernel("truncdiv", 2, 0, [E.truncdiv(input(0), input(1))]), "float32", [a, b], [], [out]);
    assert.deepEqual(read(out), [3]);
  });

  test("in place, where the input is read again after the result's first operand", () => {
    for (const lay of [PLAIN, { ...PLAIN, order: 1, gap: 2, offset: 3 }]) {
      const x = operand("float32", [30, 100], [1, 2, 3, 4, 5, 6, 7], lay);
      const expr = E.add(E.mul(input(0), 3), E.mul(E.add(input(0), 1), input(0)));
      check(new MapKernel("poly", 1, 0, [expr]), "float32", [x], [], [x]);
    }
  });

  test("several outputs in place, each read by all", () => {
    for (const n of [7, 3000]) {
      const p = operand("float32", [n], [1, 2, 3], PLAIN);
      const m = operand("float32", [n], [0.5, 0.25, 4, 1], PLAIN);
      const g = operand("float32", [n], [3, -1], PLAIN);
      const nextM = E.add(E.mul(input(1), param(0)), input(2));
      const kernel = new MapKernel("momentum", 3, 2, [E.sub(input(0), E.mul(param(1), nextM)), nextM]);
      check(kernel, "float32", [p, m, g], [0.9, 0.1], [p, m]);
    }
  });

  test("swapped outputs are written after all are computed", () => {
    const a = operand("int32", [2000], [1, 2, 3], PLAIN);
    const b = operand("int32", [2000], [7, 8], PLAIN);
    check(new MapKernel("swap", 2, 0, [input(1), input(0)]), "int32", [a, b], [], [a, b]);
  });

  test("fills from a constant and from a param", () => {
    fc.assert(
      fc.property(anyDType, shapes(), layouts, (dtype, shape, lay) => {
        check(
          new MapKernel("five", 0, 0, [{ kind: "const", value: 5 }]),
          dtype,
          [],
          [],
          [empty(dtype, shape, lay)],
        );
        check(new MapKernel("fill", 0, 1, [param(0)]), dtype, [], [3], [empty(dtype, shape, lay)]);
      }),
    );
  });

  test("the zeros of a constant keep their sign", () => {
    const out = [empty("float32", [1], PLAIN), empty("float32", [1], PLAIN)];
    cpu.map(new MapKernel("zeros", 0, 0, [E.add(0, 0), E.add(-0, -0)]), "float32", [], [], out);
    assert.deepEqual(out.map(read), [[0], [-0]]);
  });

  test("casts between all dtypes, out of place and strided", () => {
    const copy = new MapKernel("copy", 1, 0, [input(0)]);
    fc.assert(
      fc.property(
        fc
          .tuple(anyDType, anyDType)
          .chain(([from, to]) => fc.tuple(fc.constant({ from, to }), valuesOf(from))),
        shapes(),
        readLayouts,
        layouts,
        ({ 0: { from, to }, 1: values }, shape, li, lo) => {
          check(copy, from, [operand(from, shape, values, li)], [], [empty(to, shape, lo)]);
          check(copy, to, [operand(from, shape, values, li)], [], [empty(to, shape, lo)]);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("a function that a dtype lacks is a DTypeError", () => {
    const x = operand("float32", [2], [1, 2], PLAIN);
    assert.throws(
      () => cpu.map(new MapKernel("and", 2, 0, [E.bitand(input(0), input(1))]), "float32", [x, x], [], [x]),
      DTypeError,
    );
    assert.deepEqual(read(x), [1, 2]);
  });
});
