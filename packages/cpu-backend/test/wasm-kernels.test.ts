/** Maps and reductions in SIMD against the JavaScript lowering: any expression, shape, layout, dtype and place. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BinaryFn,
  contiguousStrides,
  type DType,
  E,
  type Expr,
  input,
  MapKernel,
  numel,
  param,
  ReduceKernel,
  type Shape,
  type Strided,
  type UnaryFn,
} from "@flambeau/backend";
import { CpuBackend, cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { pretend } from "../src/wasm/codegen/features.ts";
import { expressionsOf } from "./cases.ts";
import { broadcastable, empty, type Layout, operand, PLAIN, read, type Scalar } from "./support.ts";

/** What gives the very same bits in both lowerings. */
const exactUnary: readonly UnaryFn[] = ["neg", "abs", "sign", "floor", "ceil", "trunc", "round", "sqrt"];
const exactBinary: readonly BinaryFn[] = [
  ...(["add", "sub", "mul", "div", "min", "max", "truncdiv"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge"] as const),
];
/** What may differ in the last places; these are only put at the root. */
const closeUnary: readonly UnaryFn[] = [
  ...([
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
  ...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv"] as const),
];
const closeBinary: readonly BinaryFn[] = ["pow", "atan2", "mod", "fmod", "floordiv"];

/** Exact expressions over three inputs and a param. */
const exact: fc.Arbitrary<Expr> = expressionsOf(
  [
    ...[input(0), input(1), input(2), param(0)],
    { kind: "const", value: 2 },
    { kind: "const", value: -0 },
    { kind: "const", value: 0.1 },
  ],
  exactUnary,
  exactBinary,
  4,
);

const expressions: fc.Arbitrary<Expr> = fc.oneof(
  exact,
  fc.tuple(fc.constantFrom(...closeUnary), exact).map(([fn, a]) => E[fn](a)),
  fc.tuple(fc.constantFrom(...closeBinary), exact, exact).map(([fn, a, b]) => E[fn](a, b)),
  fc.tuple(exact, fc.constantFrom(0, 1, 2, 3, 0.5, -1)).map(([a, n]) => E.pow(a, n)),
);

/** Shapes large enough for SIMD, with rows from short to long and lengths that are no multiple of four. */
const shapes: fc.Arbitrary<number[]> = fc.oneof(
  fc.integer({ min: 1025, max: 3000 }).map((n) => [n]),
  fc.tuple(fc.integer({ min: 100, max: 300 }), fc.integer({ min: 11, max: 19 })),
  fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 513, max: 700 })),
  fc.tuple(fc.integer({ min: 350, max: 600 }), fc.integer({ min: 3, max: 6 })),
  fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 8, max: 20 }), fc.integer({ min: 65, max: 80 })),
);

const layouts: fc.Arbitrary<Layout> = fc.oneof(
  { weight: 8, arbitrary: fc.nat(3).map((offset) => ({ ...PLAIN, offset })) },
  fc.record({
    order: fc.nat(5),
    gap: fc.constantFrom(1, 1, 2),
    offset: fc.nat(3),
    repeat: fc.constantFrom(0, 0, 1, 2),
  }),
);
const dtypes: fc.Arbitrary<DType> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<DType>("float32") },
  { weight: 1, arbitrary: fc.constantFrom<DType>("bool", "int32", "uint8") },
  { weight: 1, arbitrary: fc.constantFrom<DType>("float64", "int64", "bool") },
);

const FLOATS = [0, -0, 1, -1, 0.5, 2.5, -2.5, 1e-40, -1e-30, 1e30, Infinity, -Infinity, NaN, 3.75, 7, -8];

function values(seed: number, dtype: DType): Scalar[] {
  let state = seed;
  return Array.from({ length: 211 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const x = state / 2 ** 28;
    if (dtype === "int64") return BigInt(Math.trunc(x * 10));
    if (dtype !== "float32" && dtype !== "float64") return Math.trunc(x * 10);
    return (state & 7) === 0 ? FLOATS[(state >>> 8) % FLOATS.length] : x;
  });
}

/** A storage in an array of its own, as `numpy()` leaves it. */
function exposed(x: Strided, isExposed: boolean): Strided {
  if (isExposed) cpu.expose(x.storage);
  return x;
}

/** Runs something with the JavaScript lowering. */
function inJavaScript(run: () => void): void {
  pretend({ simd: false, relaxed: false });
  try {
    run();
  } finally {
    pretend({});
  }
}

/** The distance that two floats may have: each within 2 units in the last place of the true value. */
function assertClose(got: readonly Scalar[], expected: readonly Scalar[], ulps: number): void {
  for (let i = 0; i < got.length; i++) {
    const [a, b] = [Number(got[i]), Number(expected[i])];
    if (Object.is(a, b)) continue;
    const size = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(b)))) - 23);
    const bounded = (x: number): number => Math.max(-(2 ** 128), Math.min(2 ** 128, x));
    const unit = Number.isFinite(size) ? size : 2 ** 104;
    assert.ok(
      Math.abs(bounded(a) - bounded(b)) <= ulps * unit && (a !== 0 || b !== 0),
      `element ${i} is ${a}, not ${b}`,
    );
  }
}

const isExact = (e: Expr): boolean =>
  e.kind === "unary" ? !closeUnary.includes(e.fn) : e.kind !== "binary" || !closeBinary.includes(e.fn);

describe("SIMD maps", () => {
  test("agree with the JavaScript lowering", () => {
    let compiled = 0;
    let asked = 0;
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        exprs: fc.array(expressions, { minLength: 1, maxLength: 2 }),
        inputs: fc.tuple(
          ...[0, 1, 2].map(() => fc.record({ own: broadcastable(shape), full: fc.boolean() })),
        ),
        from: fc.tuple(dtypes, dtypes, dtypes),
        layouts: fc.tuple(layouts, layouts, layouts),
        to: fc.constantFrom<DType>("float32", "float32", "float32", "bool", "bool", "int32"),
        out: layouts,
        own: fc.nat(15),
        seed: fc.integer(),
        p: fc.constantFrom(0.5, -3, 2, 3),
      }),
    );
    fc.assert(
      fc.property(cases, (c) => {
        const inputs = c.inputs.map(({ own, full }, i) => {
          const shape = full ? c.shape : own;
          const x = operand(c.from[i], shape, values(c.seed + i, c.from[i]), c.layouts[i]);
          return exposed(x, ((c.own >> i) & 1) === 1);
        });
        const kernel = new MapKernel("any", 3, 1, c.exprs);
        const layout = { ...c.out, repeat: 0 };
        const make = (): Strided[] => c.exprs.map(() => exposed(empty(c.to, c.shape, layout), c.own >= 8));
        const [outputs, expected] = [make(), make()];
        asked++;
        if (cpu.simd.map.run(kernel, inputs, [c.p], outputs, numel(c.shape))) compiled++;
        else cpu.map(kernel, "float32", inputs, [c.p], outputs);
        inJavaScript(() => cpu.map(kernel, "float32", inputs, [c.p], expected));
        c.exprs.forEach((expr, k) => {
          const isFloat = c.to === "float32" && !isExact(expr);
          // Of what differs in the last place, an integer or a truth value may differ as well.
          if (c.to !== "float32" && !isExact(expr)) return;
          assertClose(read(outputs[k]), read(expected[k]), isFloat ? 4 : 0);
        });
      }),
      { numRuns: 400 },
    );
    assert.ok(compiled > asked / 4, `${compiled} of ${asked} kernels were compiled`);
  });

  test("every tail, from every offset, and no byte beyond", () => {
    const kernels: [MapKernel, (v: number) => number][] = [
      [new MapKernel("double", 1, 0, [E.mul(input(0), 2)]), (v) => v * 2],
      [new MapKernel("copy", 1, 0, [input(0)]), (v) => v],
      [new MapKernel("fill", 1, 0, [{ kind: "const", value: 4 }]), () => 4],
    ];
    const compare = new MapKernel("positive", 1, 0, [E.gt(input(0), 0)]);
    for (let n = 1025; n < 1045; n++) {
      for (const offset of [0, 1, 2, 3]) {
        const x = Float32Array.from({ length: n + 8 }, (_, i) => (i % 7) - 3);
        const view = (storage: Strided["storage"], dtype: DType): Strided => ({
          storage,
          dtype,
          shape: [n],
          strides: [1],
          offset,
        });
        const from = view(cpu.upload("float32", x), "float32");
        const inside = (i: number): boolean => i >= offset && i < offset + n;
        for (const [kernel, becomes] of kernels) {
          const to = cpu.upload("float32", new Float32Array(n + 8).fill(99));
          assert.ok(cpu.simd.map.run(kernel, [from], [], [view(to, "float32")], n));
          assert.deepEqual(
            [...to.data],
            Array.from(x, (v, i) => (inside(i) ? becomes(v) : 99)),
          );
        }
        const bool = cpu.upload("bool", new Uint8Array(n + 4096).fill(99));
        assert.ok(cpu.simd.map.run(compare, [from], [], [view(bool, "bool")], n));
        const expected = Array.from({ length: n + 4096 }, (_, i) => (inside(i) ? (x[i] > 0 ? 1 : 0) : 99));
        assert.deepEqual([...bool.data], expected);
      }
    }
  });

  test("copies of permuted dimensions, whichever way they go, and nothing beside them", () => {
    const copy = new MapKernel("copy", 1, 0, [input(0)]);
    const size = fc.constantFrom(2, 3, 4, 5, 15, 16, 17, 33);
    const ways = new Set<boolean>();
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 2, maxLength: 4 }).filter((s) => numel(s) > 1100 && numel(s) < 10_000),
        fc.nat(200),
        fc.nat(3),
        fc.nat(3),
        fc.integer(),
        (shape, order, gap, offset, seed) => {
          const x = operand("float32", shape, values(seed, "float32"), { ...PLAIN, order, offset });
          const row = shape[shape.length - 1] + gap;
          const rows = numel(shape) / shape[shape.length - 1];
          const storage = cpu.upload("float32", new Float32Array(offset + rows * row).fill(99));
          const strides = contiguousStrides([...shape.slice(0, -1), row]);
          const out: Strided = { storage, dtype: "float32", shape, strides, offset };
          const expected = read(x);
          ways.add(cpu.simd.map.run(copy, [x], [], [out], numel(shape)));
          cpu.map(copy, "float32", [x], [], [out]);
          assert.deepEqual(read(out), expected);
          const beside = [...storage.data].filter((_, i) => i < offset || (i - offset) % row >= row - gap);
          assert.ok(beside.every((v) => v === 99));
        },
      ),
      { numRuns: 150 },
    );
    assert.equal(ways.size, 2, "with calls for some, without for others");
  });

  test("in place, and several outputs in place, each read by all", () => {
    for (const n of [1025, 5003]) {
      const [p, m, g] = [
        [1, 2, 3],
        [0.5, 0.25, 4, 1],
        [3, -1],
      ].map((v) => operand("float32", [n], v, PLAIN));
      const next = E.add(E.mul(input(1), param(0)), input(2));
      const kernel = new MapKernel("momentum", 3, 2, [E.sub(input(0), E.mul(param(1), next)), next]);
      const [p0, m0, g0] = [p, m, g].map((x) => read(x) as number[]);
      assert.ok(cpu.simd.map.run(kernel, [p, m, g], [0.5, 0.25], [p, m], n));
      const expected = m0.map((v, i) => v * 0.5 + g0[i]);
      assert.deepEqual(read(m), expected);
      assert.deepEqual(
        read(p),
        p0.map((v, i) => v - 0.25 * expected[i]),
      );
    }
  });

  test("operands of another device are copied", () => {
    const [a, b] = [new CpuBackend(), new CpuBackend()];
    const flat = (storage: Strided["storage"]): Strided => ({
      storage,
      dtype: "float32",
      shape: [3000],
      strides: [1],
      offset: 0,
    });
    b.allocate("float32", 40_000);
    const x = flat(a.upload("float32", new Float32Array(3000).fill(2)));
    const out = flat(b.upload("float32", new Float32Array(3000).fill(9)));
    b.map(new MapKernel("neg", 1, 0, [E.neg(input(0))]), "float32", [x], [], [out]);
    assert.ok(read(out).every((v) => v === -2));
    const total = { ...flat(b.allocate("float32", 1)), shape: [1] };
    b.reduce(new ReduceKernel("sum", "sum"), "float32", [3000], [x], [], total);
    assert.deepEqual(read(total), [6000]);
  });

  test("a released operand is refused by both lowerings", () => {
    const device = new CpuBackend();
    const make = (): Strided => ({
      storage: device.allocate("float32", 2000),
      dtype: "float32",
      shape: [2000],
      strides: [1],
      offset: 0,
    });
    const [a, b] = [make(), make()];
    device.release(a.storage);
    assert.throws(
      () => device.map(new MapKernel("neg", 1, 0, [E.neg(input(0))]), "float32", [a], [], [b]),
      /disposed/,
    );
  });

  test("memory that is not shared, and that grows for scratch", () => {
    const { SharedArrayBuffer: original } = globalThis;
    const set = (value: unknown): void => {
      Object.defineProperty(globalThis, "SharedArrayBuffer", { value, configurable: true, writable: true });
    };
    try {
      set(undefined);
      const device = new CpuBackend();
      const n = 250_000;
      const made = Array.from({ length: 4 }, () => device.upload("float32", new Float32Array(n).fill(2)));
      const mine = device.adopt("float32", new Float32Array(n).fill(3));
      const flat = (storage: Strided["storage"]): Strided => ({
        storage,
        dtype: "float32",
        shape: [n],
        strides: [1],
        offset: 0,
      });
      const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);
      device.map(add, "float32", [flat(made[0]), flat(mine)], [], [flat(made[1])]);
      assert.equal(made[1].data[n - 1], 5);
      const sum = new ReduceKernel("sum", "sum");
      const total = { ...flat(device.allocate("float32", 1)), shape: [1] };
      device.reduce(sum, "float32", [n], [flat(mine)], [], total);
      assert.equal(read(total)[0], 3 * n);
      const wide = { ...flat(made[2]), shape: [n / 2, 2], strides: [2, 1] };
      const tall = { ...flat(made[3]), shape: [n / 10, 10], strides: [10, 1] };
      const rows = { ...flat(device.allocate("float32", n / 10)), shape: [n / 10, 1], strides: [1, 1] };
      device.reduce(sum, "float32", tall.shape, [tall], [], rows);
      assert.ok(read(rows).every((x) => x === 20));
      const halves = { ...flat(device.allocate("float32", n / 2)), shape: [n / 2, 1], strides: [1, 1] };
      device.reduce(sum, "float32", wide.shape, [wide], [], halves);
      assert.ok(read(halves).every((x) => x === 4));

      // It grows for the sums, and then has no room for the operand outside.
      const small = new CpuBackend({ wasmLimit: 2 ** 21 });
      const matrix = (of: Strided["storage"]): Strided => ({
        ...flat(of),
        shape: [8, 2 ** 15],
        strides: [2 ** 15, 1],
      });
      const ones = small.upload("float32", new Float32Array(2 ** 18).fill(1));
      const twos = small.adopt("float32", new Float32Array(2 ** 18).fill(2));
      const columns = { ...matrix(small.adopt("float32", new Float32Array(2 ** 15))), shape: [1, 2 ** 15] };
      const dot = new ReduceKernel("dot", "sum", { inputs: 2, prepare: E.mul(input(0), input(1)) });
      const { pooled } = small.memory();
      small.reduce(dot, "float32", [8, 2 ** 15], [matrix(ones), matrix(twos)], [], columns);
      assert.ok(small.memory().pooled > pooled, "it grew");
      assert.ok(read(columns).every((x) => x === 16));
    } finally {
      set(original);
    }
  });

  test("no SIMD, no difference", () => {
    pretend({ simd: false, relaxed: false });
    try {
      const x = operand("float32", [5000], [1, 2, 3], PLAIN);
      const out = empty("float32", [5000], PLAIN);
      const kernel = new MapKernel("neg", 1, 0, [E.neg(input(0))]);
      assert.equal(cpu.simd.map.run(kernel, [x], [], [out], 5000), false);
      cpu.map(kernel, "float32", [x], [], [out]);
      assert.equal(read(out)[4999], -2);
    } finally {
      pretend({});
    }
  });
});

describe("SIMD reductions", () => {
  test("agree with the JavaScript lowering", () => {
    let compiled = 0;
    let asked = 0;
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        reduced: fc.integer({ min: 1, max: 7 }),
        combine: fc.constantFrom("sum", "max", "min"),
        expr: fc.oneof(fc.constant(input(0)), fc.constant(E.mul(input(0), input(1))), exact),
        inputs: fc.tuple(
          ...[0, 1, 2].map(() => fc.record({ own: broadcastable(shape), full: fc.boolean() })),
        ),
        from: fc.tuple(dtypes, dtypes, dtypes),
        layouts: fc.tuple(layouts, layouts, layouts),
        own: fc.nat(7),
        special: fc.boolean(),
        seed: fc.integer(),
      }),
    );
    fc.assert(
      fc.property(cases, (c) => {
        const inputs = c.inputs.map(({ own, full }, i) => {
          const shape: Shape = full || i === 0 ? c.shape : own;
          const drawn = values(c.seed + i, c.from[i]);
          const plain = c.special ? drawn : drawn.map((v) => (Math.abs(Number(v)) < 100 ? v : 1));
          return exposed(
            operand(c.from[i], shape, plain as Scalar[], c.layouts[i]),
            ((c.own >> i) & 1) === 1,
          );
        });
        const outputShape = c.shape.map((size, d) => ((c.reduced >> d) & 1 ? 1 : size));
        const kernel = new ReduceKernel("any", c.combine as "sum", { inputs: 3, params: 1, prepare: c.expr });
        const prepare = new MapKernel("prepare", 3, 1, [c.expr]);
        const n = numel(outputShape);
        const doubles = new Float64Array(n);
        asked++;
        const ran = cpu.simd.reduce.run(
          prepare,
          kernel.combine,
          c.shape,
          inputs,
          [0.5],
          outputShape,
          doubles,
        );
        if (!ran) return;
        compiled++;
        const out = empty("float64", outputShape, PLAIN);
        inJavaScript(() => cpu.reduce(kernel, "float32", c.shape, inputs, [0.5], out));
        // Neighbours are added as floats.
        const sizes = empty("float64", outputShape, PLAIN);
        const sizeOf = new ReduceKernel("size", "sum", { inputs: 3, params: 1, prepare: E.abs(c.expr) });
        inJavaScript(() => cpu.reduce(sizeOf, "float32", c.shape, inputs, [0.5], sizes));
        const absolute = read(sizes);
        read(out).forEach((exactly, i) => {
          const expected = Number(exactly);
          const size = Number(absolute[i]);
          const near = Math.abs(doubles[i] - expected) <= 2e-7 * size;
          if (c.combine === "sum" && size > 3e38) return;
          assert.ok(
            c.combine === "sum" ? near || Object.is(doubles[i], expected) : Object.is(doubles[i], expected),
            `${c.combine}: element ${i} is ${doubles[i]}, not ${expected}`,
          );
          assert.equal(Number.isNaN(doubles[i]), Number.isNaN(expected));
        });
      }),
      { numRuns: 400 },
    );
    assert.ok(compiled > asked / 4, `${compiled} of ${asked} reductions were compiled`);
  });

  test("sums of every length, by rows and by columns", () => {
    const sum = new ReduceKernel("sum", "sum");
    for (let n = 4; n < 40; n++) {
      const rows = Math.ceil(1200 / n);
      const shape = [rows, n];
      const x = operand(
        "float32",
        shape,
        Array.from({ length: rows * n }, (_, i) => i % 1000),
        PLAIN,
      );
      const data = read(x) as number[];
      for (const d of [0, 1]) {
        const outShape = d === 0 ? [1, n] : [rows, 1];
        const out = { ...empty("float32", outShape, PLAIN), strides: contiguousStrides(outShape) };
        cpu.reduce(sum, "float32", shape, [x], [], out);
        const expected = new Array(d === 0 ? n : rows).fill(0);
        data.forEach((v, i) => {
          expected[d === 0 ? i % n : Math.floor(i / n)] += v;
        });
        assert.deepEqual(read(out), expected);
      }
    }
  });
});
