/**
 * Functions of doubles, good to about 1e-10: rounded to float32 they are right to the last bit but for near ties. For
 * float32 operands only: finite arguments promoted from float32, within the bounds each function states.
 *
 * Polynomials are minimax fits in the relative error of the result (Remez exchange, 40 digits), their coefficients cut where
 * the error no longer feels it. The reductions are the
 * usual ones: Cody and Waite, "Software Manual for the Elementary Functions", 1980; fdlibm (Sun, 1993).
 */
import type { Graph, Value } from "./graph.ts";
import { i64x2, v128 } from "./opcodes.ts";

const MAGIC = 2 ** 52 * 1.5;
const LN2 = Math.LN2;
const LN2_HI = 6.9314718036912381649e-1;
const LN2_LO = 1.90821492927058770002e-10;

/** (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2. */
const EXP = [
  0.500000000046, 0.166666667916, 0.04166666427, 0.00833327973, 0.00138892094, 0.000199103, 2.47065e-5,
];
/** (log((1 + s) / (1 - s)) - 2 s) / s^3 in s^2, for |s| <= 0.1717. */
const LOG = [0.666666666666, 0.40000000053, 0.28571417, 0.2222338, 0.181234, 0.16823];
/** (sin(x) - x) / x^3 and (cos(x) - 1 + x^2 / 2) / x^4 in x^2, for |x| <= pi / 4. */
const SIN = [-0.166666666414, 0.008333329362, -0.000198393271, 2.718237e-6];
const COS = [0.041666666622, -0.001388888372, 2.4799512e-5, -2.72096e-7];
/** (atan(x) - x) / x^3 in x^2, for |x| <= tan(pi / 8). */
const ATAN = [
  -0.33333333296, 0.19999994348, -0.1428542418, 0.1110400909, -0.089968466, 0.06991076, -0.03791907,
];
/** (asin(x) - x) / x^3 in x^2, for |x| <= 1/2. */
const ASIN = [
  0.166666666264, 0.07500005077, 0.04464067473, 0.0304270712, 0.0218608583, 0.020670076, 0.001919195,
  0.03297307,
];
/** exp(t^2) erfc(t) (1 + 2 t) in (t - 3) / (t + 3), for 0 <= t <= 10.2. */
const ERFC = [
  1.253008058946, -0.135621112697, -0.047562384232, 0.129645414828, -0.119271621335, 0.068305942437,
  -0.023787746733, 0.002529819119, 0.001950397324, -0.000741614628, -0.000183039289, 3.5216249e-5,
];
/** erfinv(x) / x in w - 3.125 with w = -log(1 - x^2) <= 6.25, and in sqrt(w) - 3.25 above: Giles 2010's variables. */
const ERFINV_LOW = [
  1.653654562467, 0.2401581787337, -0.0060336694776, -0.0007406915844, 0.00018673284835, -1.3891844133e-5,
  -1.365048644e-6, 4.269200543e-7, -2.91080995e-8, -4.74653115e-9, 1.04965061e-9, 5.47338e-12, -1.3013082e-11,
];
const ERFINV_HIGH = [
  3.083885605646, 1.005258989085, 0.005371345384, -0.003751756104, 0.002485332655, -0.001684264107,
  0.000983701834, -0.000367377581, -3.8552044e-5, 8.6170078e-5,
];

/** e^x for |x| <= 700; nan stays nan. */
export function exp64(g: Graph, x: Value): Value {
  const f = g.f64;
  // Adding the magic number rounds to an integer, which then stands in the low bits, ready to become an exponent.
  const t = f.madd(x, 1 / LN2, MAGIC + 1023);
  const k = f.sub(t, MAGIC + 1023);
  const r = f.madd(k, -LN2_LO, f.madd(k, -LN2_HI, x));
  const p = f.add(f.madd(f.poly(r, EXP), f.mul(r, r), r), 1);
  return f.mul(p, g.shift(i64x2.shl, t, 52));
}

export function bounded64(g: Graph, x: Value, bound: number): Value {
  return g.f64.pmax(g.f64.pmin(x, bound), -bound);
}

/** e^x - 1 for |x| <= 700. */
export function expm1(g: Graph, x: Value): Value {
  const f = g.f64;
  const small = f.mul(x, f.madd(f.poly(x, EXP), x, 1));
  return f.pick(f.lt(f.abs(x), 0.34), small, f.sub(exp64(g, x), 1));
}

/** x = 2^e m with m around 1: e and log(m). For normal x > 0. */
function logParts(g: Graph, x: Value): { e: Value; log: Value } {
  const f = g.f64;
  // As integers: x less the word of sqrt(1/2) has the exponent on top.
  const above = g.op(i64x2.add, x, g.words(0, 0x3ff00000 - 0x3fe6a09e, 0, 0x3ff00000 - 0x3fe6a09e));
  const biased = g.shift(i64x2.shr_u, above, 52);
  const e = f.sub(g.op(v128.or, biased, f.value(2 ** 52)), 2 ** 52 + 1023);
  const exponent = g.op(i64x2.sub, g.shift(i64x2.shl, biased, 52), g.words(0, 0x3ff00000, 0, 0x3ff00000));
  const m = g.op(i64x2.sub, x, exponent);
  const s = f.div(f.sub(m, 1), f.add(m, 1));
  const z = f.mul(s, s);
  return { e, log: f.madd(f.mul(s, z), f.poly(z, LOG), f.add(s, s)) };
}

/** For normal x > 0. */
export function log64(g: Graph, x: Value): Value {
  const { e, log } = logParts(g, x);
  return g.f64.madd(e, LN2, log);
}

/** For normal x > 0; exact for powers of two. */
export function log2(g: Graph, x: Value): Value {
  const { e, log } = logParts(g, x);
  return g.f64.madd(log, Math.LOG2E, e);
}

export function log10(g: Graph, x: Value): Value {
  return g.f64.mul(log64(g, x), Math.LOG10E);
}

/** For x > -1. */
export function log1p(g: Graph, x: Value): Value {
  const f = g.f64;
  const small = f.mul(x, f.poly(x, [1, -1 / 2, 1 / 3, -1 / 4]));
  return f.pick(f.lt(f.abs(x), 2 ** -10), small, log64(g, f.add(x, 1)));
}

/** Beyond it a multiple of pi / 2 has too many bits. */
export const TRIG_BOUND: number = 2 ** 27;
const PIO2_HI = 1.5707963109016418457;
const PIO2_LO = 1.58932547735281966916e-8;

/** sin and cos of x less q quarter turns; q in the low bits. For |x| <= TRIG_BOUND. The split is fdlibm's e_rem_pio2f. */
function quarter(g: Graph, x: Value): { q: Value; sin: Value; cos: Value } {
  const f = g.f64;
  const q = f.madd(x, 2 / Math.PI, MAGIC);
  const k = f.sub(q, MAGIC);
  const r = f.madd(k, -PIO2_LO, f.madd(k, -PIO2_HI, x));
  const z = f.mul(r, r);
  const sin = f.mul(r, f.madd(f.poly(z, SIN), z, 1));
  const cos = f.madd(f.mul(z, z), f.poly(z, COS), f.madd(z, -0.5, 1));
  return { q, sin, cos };
}

/** All bits where the quarter turns are odd. */
function odd(g: Graph, q: Value): Value {
  return g.op(i64x2.sub, g.words(0, 0, 0, 0), g.op(v128.and, q, g.words(1, 0, 1, 0)));
}

/** The sign bit where bit 1 of the quarter turns is set. */
function half(g: Graph, q: Value): Value {
  return g.shift(i64x2.shl, g.op(v128.and, q, g.words(2, 0, 2, 0)), 62);
}

export function sin(g: Graph, x: Value): Value {
  const { q, sin, cos } = quarter(g, x);
  return g.op(v128.xor, g.pick(odd(g, q), cos, sin), half(g, q));
}

export function cos(g: Graph, x: Value): Value {
  const { q, sin, cos } = quarter(g, x);
  const next = g.op(i64x2.add, q, g.words(1, 0, 1, 0));
  return g.op(v128.xor, g.pick(odd(g, q), sin, cos), half(g, next));
}

export function tan(g: Graph, x: Value): Value {
  const { q, sin, cos } = quarter(g, x);
  const isOdd = odd(g, q);
  const f = g.f64;
  return f.div(g.pick(isOdd, f.neg(cos), sin), g.pick(isOdd, sin, cos));
}

/** atan of t >= 0, infinity included. Source of the reduction: Cephes, atan.c (Moshier 1992). */
function atanPositive(g: Graph, t: Value): Value {
  const f = g.f64;
  const big = f.gt(t, 2.414213562373095);
  const mid = f.gt(t, 0.41421356237309503);
  const numerator = f.pick(big, -1, f.pick(mid, f.sub(t, 1), t));
  const denominator = f.pick(big, t, f.pick(mid, f.add(t, 1), 1));
  const base = f.pick(big, Math.PI / 2, f.pick(mid, Math.PI / 4, 0));
  const u = f.div(numerator, denominator);
  const z = f.mul(u, u);
  return f.add(base, f.madd(f.mul(u, z), f.poly(z, ATAN), u));
}

export function atan(g: Graph, x: Value): Value {
  return g.f64.copysign(atanPositive(g, g.f64.abs(x)), x);
}

/** Not for two zeros or two infinities. */
export function atan2(g: Graph, y: Value, x: Value): Value {
  const f = g.f64;
  const a = atanPositive(g, f.div(f.abs(y), f.abs(x)));
  return f.copysign(f.pick(f.lt(x, 0), f.sub(Math.PI, a), a), y);
}

/** asin(u) where u = |x| or sqrt((1 - |x|) / 2), at most 1/2, and the mask of the former. */
function asinParts(g: Graph, x: Value): { small: Value; asin: Value } {
  const f = g.f64;
  const t = f.abs(x);
  const small = f.le(t, 0.5);
  const z = f.pick(small, f.mul(x, x), f.madd(t, -0.5, 0.5));
  const u = f.pick(small, t, f.sqrt(z));
  return { small, asin: f.madd(f.mul(u, z), f.poly(z, ASIN), u) };
}

export function asin(g: Graph, x: Value): Value {
  const f = g.f64;
  const { small, asin } = asinParts(g, x);
  return f.copysign(f.pick(small, asin, f.madd(asin, -2, Math.PI / 2)), x);
}

export function acos(g: Graph, x: Value): Value {
  const f = g.f64;
  const { small, asin } = asinParts(g, x);
  const large = f.pick(f.lt(x, 0), f.madd(asin, -2, Math.PI), f.add(asin, asin));
  return f.pick(small, f.sub(Math.PI / 2, f.copysign(asin, x)), large);
}

/** For |x| <= 700. */
export function sinh(g: Graph, x: Value): Value {
  const f = g.f64;
  const z = f.mul(x, x);
  const small = f.madd(f.mul(x, z), f.poly(z, [1 / 6, 1 / 120, 1 / 5040]), x);
  const e = exp64(g, x);
  return f.pick(f.lt(f.abs(x), 0.1), small, f.mul(f.sub(e, f.div(1, e)), 0.5));
}

/** For |x| <= 700. */
export function cosh(g: Graph, x: Value): Value {
  const f = g.f64;
  const e = exp64(g, x);
  return f.mul(f.add(e, f.div(1, e)), 0.5);
}

/** For finite x. */
export function asinh(g: Graph, x: Value): Value {
  const f = g.f64;
  const t = f.abs(x);
  const z = f.mul(x, x);
  const series = [-1 / 6, 3 / 40, -5 / 112, 35 / 1152, -63 / 2816];
  const small = f.madd(f.mul(t, z), f.poly(z, series), t);
  const large = log64(g, f.add(t, f.sqrt(f.add(z, 1))));
  return f.copysign(f.pick(f.lt(t, 0.1), small, large), x);
}

/** For finite x >= 1. */
export function acosh(g: Graph, x: Value): Value {
  const f = g.f64;
  return log64(g, f.add(x, f.sqrt(f.sub(f.mul(x, x), 1))));
}

/** For |x| < 1. */
export function atanh(g: Graph, x: Value): Value {
  const f = g.f64;
  const t = f.abs(x);
  const z = f.mul(x, x);
  const small = f.madd(f.mul(t, z), f.poly(z, [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11]), t);
  const large = f.mul(log64(g, f.div(f.add(1, t), f.sub(1, t))), 0.5);
  return f.copysign(f.pick(f.lt(t, 0.1), small, large), x);
}

/** For |x| <= 15. The variable is that of Shepherd and Laframboise, "Chebyshev approximation of (1+2x)exp(x^2)erfc x", 1981. */
export function erfc(g: Graph, x: Value): Value {
  const f = g.f64;
  const t = f.abs(x);
  const scaled = f.div(f.poly(f.div(f.sub(t, 3), f.add(t, 3)), ERFC), f.madd(t, 2, 1));
  const tail = f.mul(scaled, exp64(g, f.neg(f.mul(t, t))));
  return f.pick(f.lt(x, 0), f.sub(2, tail), tail);
}

/** For |x| < 1. */
export function erfinv(g: Graph, x: Value): Value {
  const f = g.f64;
  const w = f.neg(log64(g, f.mul(f.sub(1, x), f.add(1, x))));
  const low = f.poly(f.sub(w, 3.125), ERFINV_LOW);
  const high = f.poly(f.sub(f.sqrt(w), 3.25), ERFINV_HIGH);
  return f.mul(x, f.pick(f.le(w, 6.25), low, high));
}

/** |x|^y for finite x other than 0 and finite y, with the sign of the power and nan where there is none. */
export function pow(g: Graph, x: Value, y: Value): Value {
  const f = g.f64;
  const magnitude = exp64(g, bounded64(g, f.mul(y, log64(g, f.abs(x))), 200));
  const isInteger = f.eq(f.floor(y), y);
  const halfOf = f.mul(y, 0.5);
  const isOdd = f.ne(f.floor(halfOf), halfOf);
  const negative = f.pick(isInteger, f.pick(isOdd, f.neg(magnitude), magnitude), NaN);
  return f.pick(f.lt(x, 0), negative, magnitude);
}

/** Quotients below this many are exact in `fmod`. */
export const FMOD_BOUND: number = 2 ** 28;

/**
 * The remainder with the sign of a, for |a / b| < FMOD_BOUND: two floats' quotient is at least 2^-24 away from an integer
 * that it does not equal, so that truncation is right, and its product with b fits in 53 bits.
 */
export function fmod(g: Graph, a: Value, b: Value): Value {
  const f = g.f64;
  const q = f.trunc(f.div(a, b));
  return f.copysign(f.sub(a, f.mul(q, b)), a);
}

/** The remainder with the sign of b; see scalar-float.ts. */
export function mod(g: Graph, a: Value, b: Value): Value {
  const f = g.f64;
  const r = fmod(g, a, b);
  return f.pick(isCrossed(g, r, b), f.add(r, b), r);
}

/** Where a remainder has the other sign than the divisor. */
function isCrossed(g: Graph, r: Value, b: Value): Value {
  const f = g.f64;
  return g.op(v128.and, f.ne(r, 0), g.op(v128.xor, f.lt(r, 0), f.lt(b, 0)));
}

/** The quotient rounded down; see scalar-float.ts. */
export function floordiv(g: Graph, a: Value, b: Value): Value {
  const f = g.f64;
  const r = fmod(g, a, b);
  const exact = f.div(f.sub(a, r), b);
  const quotient = f.pick(isCrossed(g, r, b), f.sub(exact, 1), exact);
  const floor = f.floor(quotient);
  const near = f.pick(f.gt(f.sub(quotient, floor), 0.5), f.add(floor, 1), floor);
  // A zero has the sign that the true quotient has.
  const zero = f.pick(g.op(v128.xor, f.lt(a, 0), f.lt(b, 0)), -0, 0);
  return f.pick(f.eq(quotient, 0), zero, near);
}
