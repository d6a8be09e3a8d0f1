/** Every function of the SIMD lowering against doubles, over the whole range of float32. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type BinaryFn, E, type Expr, input, MapKernel, type Strided, type UnaryFn } from "@flambeau/backend";
import { CpuBackend } from "@flambeau/cpu-backend";
import { floorDivide, power, remainder, roundHalfEven } from "../src/interpreter/scalar-float.ts";
import { erf, erfc, erfinv } from "../src/interpreter/special.ts";
import { hasRelaxedSimd, pretend } from "../src/wasm/codegen/features.ts";
import { pairsOf, samples } from "./float32-samples.ts";

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

const isFused = hasRelaxedSimd();
describe("SIMD functions", () => {
  if (isFused) suite("with relaxed multiply-add");
  describe("with separate roundings", () => {
    test("is what is tested", () => pretend({ simd: true, relaxed: false }));
    suite("functions");
    test("ends", () => pretend({}));
  });
});
