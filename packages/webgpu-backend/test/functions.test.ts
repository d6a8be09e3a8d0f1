/** Every function of the WGSL lowering against doubles, over the whole range of float32. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type BinaryFn, E, type Expr, input, MapKernel, type Strided, type UnaryFn } from "@flambeau/backend";
import {
  floorDivide,
  power,
  remainder,
  roundHalfEven,
} from "../../cpu-backend/src/interpreter/scalar-float.ts";
import { erf, erfc, erfinv } from "../../cpu-backend/src/interpreter/special.ts";
import { pairsOf, samples } from "../../cpu-backend/test/float32-samples.ts";
import { gpu, skip } from "./adapter.ts";

type Unary = (x: number) => number;
type Binary = (a: number, b: number) => number;

/** By function what it is, and by how many units in the last place a result may be off. */
const unary: Readonly<Record<UnaryFn, readonly [Unary, number]>> = {
  neg: [(x) => -x, 0],
  abs: [Math.abs, 0],
  sign: [(x) => (x > 0 ? 1 : x < 0 ? -1 : 0), 0],
  floor: [Math.floor, 0],
  ceil: [Math.ceil, 0],
  trunc: [Math.trunc, 0],
  round: [roundHalfEven, 0],
  bitnot: [(x) => x, 0],
  sqrt: [Math.sqrt, 1],
  exp: [Math.exp, 2],
  expm1: [Math.expm1, 3],
  log: [Math.log, 2],
  log2: [Math.log2, 3],
  log10: [Math.log10, 3],
  log1p: [Math.log1p, 2],
  sin: [Math.sin, 3],
  cos: [Math.cos, 3],
  tan: [Math.tan, 4],
  asin: [Math.asin, 3],
  acos: [Math.acos, 3],
  atan: [Math.atan, 3],
  sinh: [Math.sinh, 3],
  cosh: [Math.cosh, 3],
  tanh: [Math.tanh, 3],
  asinh: [Math.asinh, 4],
  acosh: [Math.acosh, 4],
  atanh: [Math.atanh, 4],
  erf: [erf, 3],
  erfc: [erfc, 4],
  erfinv: [erfinv, 4],
};

const binary: Readonly<Partial<Record<BinaryFn, readonly [Binary, number]>>> = {
  add: [(a, b) => a + b, 0.501],
  sub: [(a, b) => a - b, 0.501],
  mul: [(a, b) => a * b, 0.501],
  // WGSL allows 2.5.
  div: [(a, b) => a / b, 2.5],
  min: [Math.min, 0.25],
  max: [Math.max, 0.25],
  pow: [power, 2],
  atan2: [Math.atan2, 4],
  fmod: [(a, b) => a % b, 0],
  mod: [remainder, 1],
  floordiv: [floorDivide, 3],
  truncdiv: [(a, b) => Math.trunc(Math.fround(a / b)), 2.5],
  eq: [(a, b) => (a === b ? 1 : 0), 0],
  ne: [(a, b) => (a !== b ? 1 : 0), 0],
  lt: [(a, b) => (a < b ? 1 : 0), 0],
  le: [(a, b) => (a <= b ? 1 : 0), 0],
  gt: [(a, b) => (a > b ? 1 : 0), 0],
  ge: [(a, b) => (a >= b ? 1 : 0), 0],
};

/** Divisors so small that a remainder may be flushed to zero are left out. */
const largeDivisor = (b: number): boolean => !(Math.abs(b) < 2 ** -100);

const LEAST = 2 ** -126;
/** For a zero of the wrong sign, which the smaller and the larger of two zeros may have. */
const WRONG_ZERO = 0.25;

/** The distance of a result from the true value, in units of the last place of float32 there. */
function ulps(got: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(got) ? 0 : Infinity;
  const rounded = Math.fround(exact);
  if (Object.is(got, rounded)) return 0;
  // What is below the normal numbers may be flushed to zero.
  if (Math.abs(exact) < LEAST && Math.abs(got) < LEAST && (exact === 0 || got === 0)) {
    return exact === 0 && got === 0 ? WRONG_ZERO : 0;
  }
  const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
  const target = Math.abs(exact) > 2 ** 128 ? Math.sign(exact) * 2 ** 128 : exact;
  const exponent = Math.max(-126, Math.min(127, Math.floor(Math.log2(Math.abs(target)))));
  return Math.abs(value - target) / 2 ** (exponent - 23);
}

/** An argument, and what a GPU that flushes denormal numbers may take it for. */
function seenAs(x: number): number[] {
  return x !== 0 && Math.abs(x) < LEAST ? [x, x < 0 ? -0 : 0] : [x];
}

/** Fails with the worst result, where one is off by more than the bound. */
function check(
  fn: string,
  got: Float32Array,
  operands: readonly Float32Array[],
  reference: (...x: number[]) => number,
  bound: number,
): void {
  let most = 0;
  let at = -1;
  for (let i = 0; i < got.length; i++) {
    if ((fn === "mod" || fn === "floordiv") && !largeDivisor(operands[1][i])) continue;
    const [a, b] = operands.map((operand) => seenAs(operand[i]));
    let off = Infinity;
    for (const p of a) for (const q of b ?? [0]) off = Math.min(off, ulps(got[i], reference(p, q)));
    if (!(off <= most)) {
      most = off;
      at = i;
    }
  }
  const told = operands.map((operand) => operand[at]);
  assert.ok(most <= bound, `${fn}(${told}) gave ${got[at]}, not ${reference(...told)}: ${most} ulp`);
}

describe("functions on the GPU", { skip }, () => {
  if (skip) return;
  const upload = (values: Float32Array): Strided => ({
    storage: gpu.upload("float32", values),
    dtype: "float32",
    shape: [values.length],
    strides: [1],
    offset: 0,
  });
  const run = async (expr: Expr, inputs: readonly Strided[]): Promise<Float32Array> => {
    const out: Strided = { ...inputs[0], storage: gpu.allocate("float32", inputs[0].shape[0]) };
    gpu.map(new MapKernel("function", inputs.length, 0, [expr]), "float32", inputs, [], [out]);
    const got = (await gpu.download(out)) as Float32Array;
    gpu.release(out.storage);
    return got;
  };
  const x = samples(2);
  const operand = upload(x);
  for (const [fn, [reference, bound]] of Object.entries(unary)) {
    if (fn === "bitnot") continue;
    test(`${fn} to ${bound} ulp`, async () => {
      check(fn, await run(E[fn as UnaryFn](input(0)), [operand]), [x], reference, bound);
    });
  }
  const pairs = pairsOf(x, 2);
  const [a, b] = pairs.map(upload);
  for (const [fn, [reference, bound]] of Object.entries(binary)) {
    test(`${fn} to ${bound} ulp`, async () => {
      check(fn, await run(E[fn as BinaryFn](input(0), input(1)), [a, b]), pairs, reference, bound);
    });
  }
});
