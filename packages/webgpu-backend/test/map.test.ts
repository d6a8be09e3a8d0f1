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
  param,
  type Strided,
  type UnaryFn,
  ValueError,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { constants, expressionsOf, isDefined } from "../../cpu-backend/test/cases.ts";
import {
  broadcastable,
  broadcastElement,
  convert,
  empty,
  evaluate,
  indices,
  layouts,
  operand,
  read,
  readLayouts,
  type Scalar,
  shapes,
} from "../../cpu-backend/test/support.ts";
import { gpu, skip } from "./adapter.ts";
import { anyDType, elements, onGpu, PLAIN, shared, valuesOf } from "./families.ts";

const unary: readonly UnaryFn[] = ["neg", "abs", "sign", "floor", "ceil", "trunc", "round"];
const binary: readonly BinaryFn[] = [
  ...(["add", "sub", "mul", "min", "max"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge"] as const),
];
const forInts: readonly BinaryFn[] = [
  ...(["floordiv", "truncdiv", "mod", "fmod", "pow", "bitand", "bitor", "bitxor"] as const),
];
const divisions: readonly BinaryFn[] = ["floordiv", "truncdiv", "mod", "fmod"];

function unaryOf(compute: DType): UnaryFn[] {
  return [...unary, ...(isFloat(compute) ? [] : ["bitnot" as const])].filter((fn) => isDefined(fn, compute));
}

function binaryOf(compute: DType): BinaryFn[] {
  return [...binary, ...(isFloat(compute) ? [] : forInts)].filter((fn) => isDefined(fn, compute));
}

/** Expressions over two inputs and a param. */
function expressions(compute: DType): fc.Arbitrary<Expr> {
  const leaves = [input(0), input(1), param(0), ...constants];
  return expressionsOf(leaves, unaryOf(compute), binaryOf(compute), 3);
}

/** Floats whose sums and products of a few are exact, so that fused and separate roundings agree. */
const EXACT = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.75, -7, 12, 100, Infinity, -Infinity, NaN];

function valuesFor(dtype: DType): fc.Arbitrary<Scalar[]> {
  return isFloat(dtype)
    ? fc.array(fc.constantFrom(...EXACT), { minLength: 1, maxLength: 20 })
    : valuesOf(dtype);
}

/** Whether an integer is divided by a zero that only the device sees. */
function dividesByZero(
  expr: Expr,
  compute: DType,
  values: readonly Scalar[],
  params: readonly Scalar[],
): boolean {
  const go = (e: Expr): boolean => dividesByZero(e, compute, values, params);
  switch (expr.kind) {
    case "unary":
      return go(expr.a);
    case "select":
      return go(expr.condition) || go(expr.a) || go(expr.b);
    case "binary": {
      const { fn, a, b } = expr;
      const isRisky = divisions.includes(fn) && b.kind !== "param" && b.kind !== "const";
      return go(a) || go(b) || (isRisky && Number(evaluate(b, compute, values, params)) === 0);
    }
    default:
      return false;
  }
}

/** The elements of a result; null where an integer is divided by zero. */
function expected(
  expr: Expr,
  compute: DType,
  to: DType,
  inputs: readonly Strided[],
  params: readonly Scalar[],
  output: Strided,
): Scalar[] | null {
  const elements = [...indices(output.shape)].map((index) => inputs.map((x) => broadcastElement(x, index)));
  if (!isFloat(compute) && elements.some((values) => dividesByZero(expr, compute, values, params)))
    return null;
  return elements.map((values) => convert(evaluate(expr, compute, values, params), to));
}

/** Values with threes in place of zeros. */
function divisors(dtype: DType, values: readonly Scalar[]): Scalar[] {
  return values.map((x) => (Number(convert(x, dtype)) === 0 ? convert(3, dtype) : x));
}

const agree = (a: Scalar, b: Scalar): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

interface Case {
  readonly told: string;
  readonly got: Strided;
  readonly wanted: readonly Scalar[] | null;
}

/** All results in one read; the first that differs is told. */
async function settle(cases: readonly Case[]): Promise<void> {
  const results = await Promise.all(cases.map(({ got }) => elements(got)));
  cases.forEach(({ told, wanted }, c) => {
    const got = results[c];
    if (wanted === null) assert.fail(`${told}: divides by zero`);
    const k = wanted.findIndex((x, i) => !agree(x, got[i]));
    assert.ok(k < 0, `${told}: element ${k} is ${got[k]}, not ${wanted[k]}`);
  });
}

describe("map on the GPU", { skip }, () => {
  if (skip) return;

  test("any expression, dtype, shape and layout", async () => {
    const cases = fc.record({ compute: anyDType, to: anyDType, from: anyDType, shape: shapes() }).chain((c) =>
      fc.record({
        c: fc.constant(c),
        expr: expressions(c.compute),
        shapes: fc.tuple(broadcastable(c.shape), broadcastable(c.shape)),
        a: valuesFor(c.compute),
        b: valuesFor(c.from),
        p: valuesFor(c.compute),
        layouts: fc.tuple(readLayouts, readLayouts, layouts),
      }),
    );
    const runs = fc.sample(cases, { numRuns: 250 });
    const done: Case[] = [];
    let refused = 0;
    for (const [
      run,
      {
        c,
        expr,
        shapes: [sa, sb],
        a,
        b,
        p,
        layouts: [la, lb, lo],
      },
    ] of runs.entries()) {
      const inputs = [operand(c.compute, sa, a, la), operand(c.from, sb, b, lb)];
      const output = empty(c.to, c.shape, lo);
      const wanted = expected(expr, c.compute, c.to, inputs, [p[0]], output);
      const got = onGpu(output);
      const twins = inputs.map((x) => onGpu(x));
      gpu.map(new MapKernel("any", 2, 1, [expr]), c.compute, twins, [p[0]], [got]);
      const told = `run ${run}: ${c.from} in ${c.compute} to ${c.to}, ${JSON.stringify(expr)}`;
      if (wanted !== null) done.push({ told, got, wanted });
      else {
        await assert.rejects(gpu.synchronize(), ValueError, told);
        refused++;
      }
    }
    await settle(done);
    assert.ok(refused > 0 && done.length > 100, `${refused} refused, ${done.length} compared`);
  });

  for (const compute of shared) {
    test(`every function of ${compute}, over workgroups`, async () => {
      const kernels = [
        ...unaryOf(compute).map((fn) => new MapKernel(fn, 3, 0, [E[fn](input(0))])),
        ...binaryOf(compute).map(
          (fn) => new MapKernel(fn, 3, 0, [E[fn](input(0), input(divisions.includes(fn) ? 2 : 1))]),
        ),
      ];
      const [a, b] = fc.sample(fc.tuple(valuesFor(compute), valuesFor(compute)), { numRuns: 1, seed: 7 })[0];
      // Lengths without common factor pair all values with all.
      const shape = [1000];
      const inputs = [
        operand(compute, shape, [...a, a[0]], PLAIN),
        operand(compute, shape, [...b, b[0], b[0]], PLAIN),
        operand(compute, shape, divisors(compute, [...b, b[0], b[0]]), PLAIN),
      ];
      const twins = inputs.map((x) => onGpu(x));
      await settle(
        kernels.map((kernel) => {
          const got = onGpu(empty(compute, shape, PLAIN));
          gpu.map(kernel, compute, twins, [], [got]);
          const wanted = expected(kernel.outputs[0], compute, compute, inputs, [], got);
          return { told: kernel.name, got, wanted };
        }),
      );
    });
  }

  test("converts between all dtypes", async () => {
    const values = [
      0, 1, -1, 2.5, -2.5, 255, 256, 300.7, -129, 2147483520, 2147483648, 3e9, -3e9, 1e20, -0.5,
    ];
    // Around where float32 has no more odd numbers, ties among them, and both ends.
    const longs = [24n, 25n, 31n, 32n, 40n, 55n, 62n, 63n].flatMap((power) =>
      [-(2n ** 30n), -3n, -2n, -1n, 0n, 1n, 2n, 3n, 2n ** (power - 24n), 3n * 2n ** (power - 24n)].flatMap(
        (step) => {
          const x = BigInt.asIntN(64, 2n ** power + step);
          return [x, -x];
        },
      ),
    );
    const special = [Infinity, -Infinity, NaN, 2 ** -100];
    const copy = new MapKernel("copy", 1, 0, [input(0)]);
    const cases = shared.flatMap((from) =>
      shared.map((to) => {
        const own: Scalar[] = isFloat(from) ? [...values, ...special] : from === "int64" ? longs : values;
        const list = own.map((x) => convert(x, from));
        const source = operand(from, [list.length], list, PLAIN);
        const got = onGpu(empty(to, [list.length], PLAIN));
        gpu.map(copy, from, [onGpu(source)], [], [got]);
        const wanted = list.map((x) => convert(x, to));
        return { told: `${from} to ${to}`, got, wanted };
      }),
    );
    await settle(cases);
  });

  test("params, infinite and not a number too, and constants of any size", async () => {
    const out = onGpu(empty("float32", [9], PLAIN));
    const params = [Infinity, -Infinity, NaN, 1e-30, 0.1];
    const consts = [Infinity, NaN, 3.4028234663852886e38, 1 / 3];
    const outs = [...params, ...consts].map((_, k) => ({ ...out, shape: [], strides: [], offset: k }));
    params.forEach((p, k) => {
      gpu.map(new MapKernel("fill", 0, 1, [param(0)]), "float32", [], [p], [outs[k]]);
    });
    consts.forEach((value, k) => {
      const kernel = new MapKernel("fill", 0, 0, [{ kind: "const", value }]);
      gpu.map(kernel, "float32", [], [], [outs[params.length + k]]);
    });
    assert.deepEqual(await elements(out), [...params, ...consts].map(Math.fround));
  });

  test("a product with zero is not a number where the other factor is infinite or none", async () => {
    const x = onGpu(operand("float32", [6], [Infinity, -Infinity, NaN, 2, -2, 0], PLAIN));
    const out = onGpu(empty("float32", [6], PLAIN));
    const zeros: Expr[] = [
      { kind: "const", value: 0 },
      E.gt({ kind: "const", value: -1 }, { kind: "const", value: -1 }),
      E.ne({ kind: "const", value: 3 }, 3),
    ];
    for (const zero of zeros) {
      for (const expr of [E.mul(input(0), zero), E.mul(zero, input(0))]) {
        gpu.map(new MapKernel("zero", 1, 0, [expr]), "float32", [x], [], [out]);
        assert.deepEqual(await elements(out), [NaN, NaN, NaN, 0, -0, 0]);
      }
    }
  });

  test("int64 params have all their bits, several of them too", async () => {
    const out = onGpu(empty("int64", [2], PLAIN));
    const kernel = new MapKernel("sum", 0, 2, [E.sub(param(0), param(1))]);
    gpu.map(kernel, "int64", [], [2n ** 62n, -(2n ** 40n) - 5n], [out]);
    assert.deepEqual(await elements(out), [2n ** 62n + 2n ** 40n + 5n, 2n ** 62n + 2n ** 40n + 5n]);
    gpu.map(kernel, "int64", [], [2 ** 63, 1], [out]);
    assert.deepEqual(await elements(out), [2n ** 63n - 1n, 2n ** 63n - 1n]);
  });

  test("an integer divided by zero comes out of the next read, and of no other", async () => {
    for (const dtype of ["int32", "int64", "uint8"] as const) {
      for (const [fn, text] of [
        ["floordiv", /quotient: integers cannot be divided by zero/],
        ["truncdiv", /quotient: integers cannot be divided by zero/],
        ["mod", /quotient: integers have no remainder by zero/],
        ["fmod", /quotient: integers have no remainder by zero/],
      ] as const) {
        const kernel = new MapKernel("quotient", 2, 0, [E[fn](input(0), input(1))]);
        // As fours, and one by one.
        for (const n of [4, 3]) {
          const x = onGpu(operand(dtype, [n], [7, 6, 5, 4], PLAIN));
          const y = onGpu(operand(dtype, [n], [1, 2, 0, 1], PLAIN));
          const out = onGpu(empty(dtype, [n], PLAIN));
          gpu.map(kernel, dtype, [x, y], [], [out]);
          await assert.rejects(
            gpu.download(out),
            (error) => error instanceof ValueError && text.test(error.message),
          );
          assert.deepEqual((await elements(x)).map(Number), [7, 6, 5, 4].slice(0, n));
          gpu.map(kernel, dtype, [y, x], [], [out]);
          await gpu.download(out);
        }
      }
    }
  });

  test("several outputs over their own inputs", async () => {
    const x = operand("float32", [5, 7], [1, 2, 3, 4], PLAIN);
    const y = operand("float32", [5, 7], [5, 6, 7], PLAIN);
    const kernel = new MapKernel("swap", 2, 0, [input(1), E.add(input(0), input(1))]);
    const [a, b] = [onGpu(x), onGpu(y)];
    gpu.map(kernel, "float32", [a, b], [], [a, b]);
    cpu.map(kernel, "float32", [x, y], [], [x, y]);
    assert.deepEqual(await elements(a), read(x));
    assert.deepEqual(await elements(b), read(y));
  });

  test("more workgroups than a row of the grid has", async () => {
    const n = 65535 * 64 + 1000;
    const storage = gpu.allocate("int32", n);
    const out: Strided = { storage, dtype: "int32", shape: [n], strides: [1], offset: 0 };
    gpu.map(new MapKernel("fill", 0, 1, [param(0)]), "int32", [], [3], [out]);
    gpu.map(new MapKernel("next", 1, 0, [E.add(input(0), 1)]), "int32", [out], [], [out]);
    const data = (await gpu.download(out)) as Int32Array;
    assert.equal(data.length, n);
    assert.ok(data.every((x) => x === 4));
    gpu.release(storage);
  });
});
