/** Every function of the SIMD lowering against doubles, over the whole range of float32. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type BinaryFn, E, type Expr, input, MapKernel, type Strided, type UnaryFn } from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import { floorDivide, power, remainder, roundHalfEven } from "../src/scalar-float.ts";
import { erf, erfc, erfinv } from "../src/special.ts";
import { hasRelaxedSimd, pretend } from "../src/wasm/features.ts";

/** What results may be off by, in units of the last place. */
const BOUND = 2;

const unary: Readonly<Partial<Record<UnaryFn, (x: number) => number>>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundHalfEven,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  erfc,
  erfinv,
};

const binary: Readonly<Partial<Record<BinaryFn, (a: number, b: number) => number>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  pow: power,
  atan2: Math.atan2,
  fmod: (a, b) => a % b,
  mod: remainder,
  floordiv: floorDivide,
  truncdiv: (a, b) => Math.trunc(Math.fround(a / b)),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  gt: (a, b) => (a > b ? 1 : 0),
  ge: (a, b) => (a >= b ? 1 : 0),
};

const SPECIALS = [
  ...[
    0,
    1,
    2,
    3,
    10,
    0.5,
    1.5,
    2.5,
    1e-3,
    1e-10,
    1e10,
    1e20,
    1e38,
    Infinity,
    2 ** -126,
    2 ** -149,
    2 ** -130,
  ],
  ...[
    3.4028234663852886e38, 88.72283, 88.72284, 89, 103.97, 104, 87.33, 0.625, 0.927734375, 0.34, 0.1, 9,
    10.05,
  ],
  ...[
    16777216,
    8388607.5,
    8388608,
    2 ** 27,
    2 ** 27 + 16,
    2 ** 28,
    Math.PI,
    Math.PI / 2,
    Math.PI / 4,
    2 ** 31,
    1e30,
  ],
  ...[
    0.99999994,
    1.0000001,
    Math.fround(Math.SQRT1_2),
    Math.fround(Math.SQRT2),
    2.4142137,
    0.41421357,
    4.1,
    3.92,
    2 ** -10,
    14,
    6.25,
  ],
].flatMap((x) => [x, -x]);

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

function float32(pattern: number): number {
  bits[0] = pattern;
  return asFloat[0];
}

/** Numbers spread evenly over all bit patterns, more of them where functions change, and special ones with neighbours. */
function samples(): Float32Array {
  const list: number[] = [NaN];
  for (const x of SPECIALS) {
    asFloat[0] = x;
    const [pattern] = bits;
    for (let step = -3; step <= 3; step++) list.push(float32(pattern + step));
  }
  for (let pattern = 0; pattern < 2 ** 32; pattern += 65521) list.push(float32(pattern));
  for (let i = 0; i < 60_000; i++) list.push(-120 + i * 0.004 + 1e-5);
  for (let i = 0; i < 40_000; i++) list.push(-2 + i * 0.0001 + 3e-7);
  return Float32Array.from(list);
}

/** The distance of a result from the true value, in units of the last place of float32 there. */
function ulps(got: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Number.isNaN(exact)) return Number.isNaN(got) ? 0 : Infinity;
  if (Object.is(got, rounded)) return 0;
  if (got === 0 && rounded === 0) return exact === 0 ? Infinity : 0;
  // An infinity stands for the first number too large.
  const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
  const target = Math.abs(exact) > 2 ** 128 ? Math.sign(exact) * 2 ** 128 : exact;
  const exponent = Math.max(-126, Math.min(127, Math.floor(Math.log2(Math.abs(target)))));
  return Math.abs(value - target) / 2 ** (exponent - 23);
}

const device = new CpuBackend();
const X = input(0);

function upload(values: Float32Array): Strided {
  const storage = device.upload("float32", values);
  return { storage, dtype: "float32", shape: [values.length], strides: [1], offset: 0 };
}

/** Runs an expression in SIMD, insisting that it did. */
function run(expr: Expr, inputs: readonly Strided[]): Float32Array {
  const n = inputs[0].shape[0];
  const out = upload(new Float32Array(n).fill(12345));
  const kernel = new MapKernel("function", inputs.length, 0, [expr]);
  assert.ok(device.simd.map.run(kernel, inputs, [], [out], n), "it was compiled");
  return device.downloadSync(out) as Float32Array;
}

function worst(
  fn: string,
  got: Float32Array,
  exact: (i: number) => number,
  told: (i: number) => string,
): void {
  let most = 0;
  let at = -1;
  for (let i = 0; i < got.length; i++) {
    const off = ulps(got[i], exact(i));
    if (!(off <= most)) {
      most = off;
      at = i;
    }
  }
  assert.ok(most <= BOUND, `${fn}(${told(at)}) gave ${got[at]}, not ${exact(at)}: ${most} ulp`);
}

function suite(name: string): void {
  describe(name, () => {
    const x = samples();
    const operand = upload(x);
    for (const [fn, reference] of Object.entries(unary)) {
      test(`${fn} to ${BOUND} ulp`, () => {
        const got = run(E[fn as UnaryFn](input(0)), [operand]);
        worst(
          fn,
          got,
          (i) => reference(x[i]),
          (i) => String(x[i]),
        );
      });
    }
    test("1 + erf and gelu, which are one function together", () => {
      const [sum, gelu] = [
        E.add(E.erf(input(0)), 1),
        E.mul(E.mul(X, 0.5), E.add(1, E.erf(E.mul(Math.SQRT1_2, X)))),
      ].map((expr) => run(expr, [operand]));
      x.forEach((v, i) => {
        const exact = erfc(-v);
        const isSuch = Number.isNaN(v) ? Number.isNaN(sum[i]) : Math.abs(sum[i] - exact) <= 3e-7;
        assert.ok(isSuch, `1 + erf(${v}) gave ${sum[i]}, not ${exact}`);
        const product = 0.5 * v * erfc(-v * Math.SQRT1_2);
        const isNear =
          v > 0 ? ulps(gelu[i], product) <= 3 : Math.abs(gelu[i] - product) <= 2 ** -149 - 1.3e-7 * v;
        const isNone = Number.isNaN(v) || v === -Infinity;
        assert.ok(isNone ? Number.isNaN(gelu[i]) : isNear, `gelu(${v}) gave ${gelu[i]}, not ${product}`);
        if (v === 0) assert.ok(Object.is(gelu[i], v), "a zero keeps its sign");
      });
    });
    test("a bound on one side passes nan on and keeps the sign of zeros", () => {
      for (const bound of [0, -0, 1.5]) {
        const below = run(E.select(E.lt(X, bound), bound, X), [operand]);
        const above = run(E.select(E.gt(X, bound), bound, X), [operand]);
        x.forEach((v, i) => {
          assert.ok(Object.is(below[i], v < bound ? bound : v), `${v} gave ${below[i]}, not below ${bound}`);
          assert.ok(Object.is(above[i], v > bound ? bound : v), `${v} gave ${above[i]}, not above ${bound}`);
        });
      }
    });
    const pairs = pairsOf(x);
    const [a, b] = pairs.map(upload);
    for (const [fn, reference] of Object.entries(binary)) {
      test(`${fn} to ${BOUND} ulp`, () => {
        const got = run(E[fn as BinaryFn](input(0), input(1)), [a, b]);
        const [p, q] = pairs;
        worst(
          fn,
          got,
          (i) => reference(p[i], q[i]),
          (i) => `${p[i]}, ${q[i]}`,
        );
      });
    }
  });
}

/** Special values with each other, and samples with distant samples. */
function pairsOf(x: Float32Array): [Float32Array, Float32Array] {
  const a: number[] = [];
  const b: number[] = [];
  const add = (p: number, q: number): void => {
    a.push(p);
    b.push(q);
  };
  for (const p of [...SPECIALS, NaN]) for (const q of [...SPECIALS, NaN]) add(p, q);
  for (let i = 0; i < x.length; i++) add(x[i], x[(i * 7919 + 13) % x.length]);
  for (let i = 0; i < 50_000; i++) add(((i * 37) % 1000) / 100 + 0.001, ((i * 71) % 997) / 50 - 10);
  for (let i = 0; i < 20_000; i++) add(((i * 37) % 1000) - 500, ((i * 71) % 41) - 20);
  return [Float32Array.from(a), Float32Array.from(b)];
}

const isFused = hasRelaxedSimd();
describe("SIMD functions", () => {
  if (isFused) suite("with relaxed multiply-add");
  describe("with separate roundings", () => {
    test("is what is tested", () => pretend({ simd: true, relaxed: false }));
    suite("functions");
    test("ends", () => pretend({}));
  });
});
