/**
 * The functions of float32 in four lanes, to 2 units in the last place over the whole range. The frequent ones are
 * computed in float32, with polynomials fitted as in math64.ts; the rest in doubles, two lanes at a time, or where even
 * that does not cover an argument (sin of 1e30) by a scalar function for just these lanes.
 */
import type { BinaryFn, UnaryFn } from "@flambeau/backend";
import type { Graph, ScalarName, Value } from "./graph.ts";
import * as double from "./math64.ts";
import { f32x4, i32x4, v128 } from "./opcodes.ts";

const MAGIC = 2 ** 23 * 1.5;
// The upper part has few bits, so that its products with exponents are exact. Source: Cephes, expf.c (Moshier 1992).
const LN2_HI = 0.693359375;
const LN2_LO = -2.1219444e-4;

/** (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2. */
const EXP = [0.4999999305, 0.1666651479, 0.04166845641, 0.008369418645, 0.001381316973];
/** (log(1 + r) - r + r^2 / 2) / r^3 for sqrt(1/2) <= 1 + r <= sqrt(2). */
const LOG = [
  0.3333331229, -0.250000091, 0.2000214246, -0.1666804593, 0.1421906395, -0.1240428931, 0.1189071203,
  -0.1168524725, 0.06752707391,
];
/** (tanh(x) - x) / x^3 in x^2, for |x| <= 0.625. */
const TANH = [-0.3333333075, 0.1333320344, -0.05394636532, 0.02169817723, -0.008170394445, 0.00213593035];
/** (erf(x) - x) / x in x^2, for |x| <= 0.9277. */
const ERF_LOW = [
  0.1283791666, -0.3761263351, 0.1128369106, -0.0268591296, 0.005200334884, -0.0008134578633, 8.335166104e-5,
];
/** (log(1 - erf(t)) + t) / t for 0.9277 <= t <= 4.1: the form is N. Juffa's. */
const ERF_HIGH = [
  -0.1286719274, -0.6350508688, -0.1064126215, 0.02392258695, -0.00372312656, 0.0003439362282,
  -1.348481653e-5,
];

/** 1 - (1 - t P(t))^4 is erf(t) for t >= 0 within 1e-7, if what passes 1 is taken for 1. */
const ERF_FOURTH = [
  0.2820932334, 0.1193965788, -0.01565923401, -0.01802082051, 0.0002045036988, 0.002941146536,
  -0.0007901273472, 6.511554638e-5,
];

/** x = k ln(2) + r; k in the low bits of t, above `bias`. */
function expParts(g: Graph, x: Value, bias: number): { t: Value; p: Value } {
  const f = g.f32;
  const t = f.madd(x, Math.LOG2E, MAGIC + bias);
  const k = f.sub(t, MAGIC + bias);
  const r = f.madd(k, -LN2_LO, f.madd(k, -LN2_HI, x));
  return { t, p: f.add(f.madd(f.poly(r, EXP), f.mul(r, r), r), 1) };
}

/** e^x where the result is a normal number. */
function expInside(g: Graph, x: Value): Value {
  const { t, p } = expParts(g, x, 127);
  return g.f32.mul(p, g.shift(i32x4.shl, t, 23));
}

function exp(g: Graph, x: Value): Value {
  const f = g.f32;
  const { t, p } = expParts(g, f.pmax(f.pmin(x, 89), -104), 254);
  // 2^k as a product of two: then the last step alone rounds, overflows or makes a denormal.
  const first = g.shift(i32x4.shl, g.shift(i32x4.shr_u, t, 1), 23);
  const second = g.op(i32x4.sub, g.shift(i32x4.shl, t, 23), first);
  return f.mul(f.mul(p, first), second);
}

function log(g: Graph, x: Value): Value {
  const f = g.f32;
  const tiny = f.lt(x, 2 ** -126);
  const scaled = f.pick(tiny, f.mul(x, 2 ** 23), x);
  // As integers: what is above sqrt(1/2) has the exponent on top.
  const above = g.op(i32x4.sub, scaled, g.i32(0x3f3504f3));
  const exponent = g.op(v128.and, above, g.i32(0xff800000));
  const r = f.sub(g.op(i32x4.sub, scaled, exponent), 1);
  const raw = g.op(f32x4.convert_i32x4_s, g.shift(i32x4.shr_s, above, 23));
  const e = f.sub(raw, g.op(v128.and, tiny, f.value(23)));
  const z = f.mul(r, r);
  const rest = f.madd(z, -0.5, f.madd(e, LN2_LO, f.mul(f.mul(z, r), f.poly(r, LOG))));
  return logEnds(g, x, f.madd(e, LN2_HI, f.add(r, rest)));
}

/** A logarithm with its values at 0, infinity, and below. */
function logEnds(g: Graph, x: Value, inside: Value): Value {
  const f = g.f32;
  const positive = f.pick(f.eq(x, Infinity), Infinity, inside);
  return f.pick(f.gt(x, 0), positive, f.pick(f.eq(x, 0), -Infinity, NaN));
}

function tanh(g: Graph, x: Value): Value {
  const f = g.f32;
  const t = f.abs(x);
  const z = f.mul(x, x);
  const small = f.madd(f.mul(t, z), f.poly(z, TANH), t);
  const bounded = f.pmin(t, 10);
  const e = expInside(g, f.add(bounded, bounded));
  const large = f.sub(1, f.div(2, f.add(e, 1)));
  return f.copysign(f.pick(f.lt(t, 0.625), small, large), x);
}

function erf(g: Graph, x: Value): Value {
  const f = g.f32;
  const t = f.pmin(f.abs(x), 4.1);
  const small = f.madd(f.poly(f.mul(x, x), ERF_LOW), x, x);
  const large = f.sub(1, expInside(g, f.madd(f.poly(t, ERF_HIGH), t, f.neg(t))));
  return f.pick(f.le(t, 0.927734375), small, f.copysign(large, x));
}

/**
 * erf(scale t) for t >= 0, right to 2e-7 but not to the last place of what is near 0: the complement is so nearly the
 * fourth power of a polynomial that no division is needed. The form, with -16, is that of Abramowitz and Stegun 7.1.28.
 */
function erfAbove(g: Graph, t: Value, scale: number): Value {
  const f = g.f32;
  const coefficients = ERF_FOURTH.map((c, k) => c * scale ** (k + 1));
  const first = f.pmin(f.mul(t, f.poly(t, coefficients)), 1);
  // 1 - (1 - a)^2 = a (2 - a), which does not lose the digits of a small a.
  const second = f.mul(first, f.sub(2, first));
  return f.mul(second, f.sub(2, second));
}

/** 1 + erf(x), which forgives erf more than erf itself may err: off by 3e-7 at most and 6e-8 as a rule. */
export function erfPlusOne(g: Graph, x: Value): Value {
  return g.f32.add(g.f32.copysign(erfAbove(g, g.f32.abs(x), 1), x), 1);
}

/** x (1 + erf(scale x)) for a positive scale: then the sign of erf is that of x. Of -0 it makes 0, as PyTorch's vectors do. */
export function timesErfPlusOne(g: Graph, x: Value, scale: number): Value {
  const t = g.f32.abs(x);
  return g.f32.madd(t, erfAbove(g, t, scale), x);
}

function sign(g: Graph, x: Value): Value {
  const f = g.f32;
  const one = f.value(1);
  return f.sub(g.op(v128.and, f.gt(x, 0), one), g.op(v128.and, f.lt(x, 0), one));
}

type Double1 = (g: Graph, x: Value) => Value;
type Double2 = (g: Graph, a: Value, b: Value) => Value;
type Float1 = (g: Graph, x: Value) => Value;
type Float2 = (g: Graph, a: Value, b: Value) => Value;

const inDouble =
  (fn: Double1): Float1 =>
  (g, x) =>
    g.inDouble([x], ([half]) => fn(g, half));

/** A function that is constant, 0 or infinite past a bound. */
const inBounds =
  (fn: Double1, bound: number): Float1 =>
  (g, x) =>
    g.inDouble([x], ([half]) => fn(g, double.bounded64(g, half, bound)));

const logarithm =
  (fn: Double1): Float1 =>
  (g, x) =>
    logEnds(g, x, inDouble(fn)(g, x));

const trigonometric =
  (name: "sin" | "cos" | "tan", fn: Double1): Float1 =>
  (g, x) =>
    g.rare(name, g.f32.gt(g.f32.abs(x), double.TRIG_BOUND), inDouble(fn)(g, x), [x]);

const both = (g: Graph, fn: Double2, a: Value, b: Value): Value =>
  g.inDouble([a, b], ([x, y]) => fn(g, x, y));

/** Remainders: exact in doubles unless the quotient is huge, the divisor infinite, or an operand not a number. */
const remainder =
  (name: ScalarName, fn: Double2): Float2 =>
  (g, a, b) => {
    const f = g.f32;
    const fits = f.lt(f.abs(f.div(a, b)), double.FMOD_BOUND);
    const mask = g.op(v128.or, g.op(v128.not, fits), f.eq(f.abs(b), Infinity));
    return g.rare(name, mask, both(g, fn, a, b), [a, b]);
  };

function pow(g: Graph, x: Value, y: Value): Value {
  const f = g.f32;
  // Zero, infinities and nan: the table of cases is the scalar function's.
  const isPlain = (v: Value): Value => f.lt(f.abs(v), Infinity);
  const plain = g.op(v128.and, g.op(v128.and, isPlain(x), isPlain(y)), f.ne(x, 0));
  return g.rare("pow", g.op(v128.not, plain), both(g, double.pow, x, y), [x, y]);
}

function atan2(g: Graph, y: Value, x: Value): Value {
  const f = g.f32;
  const ratio = f.div(y, x);
  const mask = f.ne(ratio, ratio);
  return g.rare("atan2", mask, both(g, double.atan2, y, x), [y, x]);
}

/** The functions of one value that have SIMD code. */
export const unary32: { readonly [fn in UnaryFn]?: Float1 } = {
  neg: (g, x) => g.f32.neg(x),
  abs: (g, x) => g.f32.abs(x),
  sign,
  floor: (g, x) => g.f32.floor(x),
  ceil: (g, x) => g.f32.ceil(x),
  trunc: (g, x) => g.f32.trunc(x),
  round: (g, x) => g.f32.nearest(x),
  sqrt: (g, x) => g.f32.sqrt(x),
  exp,
  expm1: inBounds(double.expm1, 200),
  log,
  log2: logarithm(double.log2),
  log10: logarithm(double.log10),
  log1p: (g, x) => {
    const f = g.f32;
    const inside = inDouble(double.log1p)(g, x);
    const positive = f.pick(f.eq(x, Infinity), Infinity, inside);
    return f.pick(f.gt(x, -1), positive, f.pick(f.eq(x, -1), -Infinity, NaN));
  },
  sin: trigonometric("sin", double.sin),
  cos: trigonometric("cos", double.cos),
  tan: trigonometric("tan", double.tan),
  asin: inDouble(double.asin),
  acos: inDouble(double.acos),
  atan: inDouble(double.atan),
  sinh: inBounds(double.sinh, 200),
  cosh: inBounds(double.cosh, 200),
  tanh,
  asinh: (g, x) => {
    const f = g.f32;
    return f.pick(f.lt(f.abs(x), Infinity), inDouble(double.asinh)(g, x), x);
  },
  acosh: (g, x) => {
    const f = g.f32;
    const inside = f.pick(f.eq(x, Infinity), Infinity, inDouble(double.acosh)(g, x));
    return f.pick(f.ge(x, 1), inside, NaN);
  },
  atanh: (g, x) => {
    const f = g.f32;
    const t = f.abs(x);
    const end = f.pick(f.eq(t, 1), f.copysign(Infinity, x), NaN);
    return f.pick(f.lt(t, 1), inDouble(double.atanh)(g, x), end);
  },
  erf,
  erfc: inBounds(double.erfc, 14),
  erfinv: (g, x) => {
    const f = g.f32;
    const t = f.abs(x);
    const end = f.pick(f.eq(t, 1), f.copysign(Infinity, x), NaN);
    return f.pick(f.lt(t, 1), inDouble(double.erfinv)(g, x), end);
  },
};

/** The functions of two values that have SIMD code, comparisons aside. */
export const binary32: { readonly [fn in BinaryFn]?: Float2 } = {
  add: (g, a, b) => g.f32.add(a, b),
  sub: (g, a, b) => g.f32.sub(a, b),
  mul: (g, a, b) => g.f32.mul(a, b),
  div: (g, a, b) => g.f32.div(a, b),
  min: (g, a, b) => g.f32.min(a, b),
  max: (g, a, b) => g.f32.max(a, b),
  truncdiv: (g, a, b) => g.f32.trunc(g.f32.div(a, b)),
  floordiv: remainder("floordiv", double.floordiv),
  mod: remainder("mod", double.mod),
  fmod: remainder("fmod", double.fmod),
  pow,
  atan2,
};
