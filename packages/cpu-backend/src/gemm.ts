import { type DType, isFloat, type TypedArray } from "@flambeau/backend";
import type { NumberArray } from "./loops.ts";
import type { Matrices } from "./matmul.ts";

/** Below this many multiplications packing costs more than it gains. */
const PACK = 4096;

/** o = a b for one pair of matrices. */
export function product(
  dtype: DType,
  p: Matrices,
  a: TypedArray,
  ao: number,
  b: TypedArray,
  bo: number,
  o: TypedArray,
  oo: number,
): void {
  if (dtype === "int64") bigProduct(p, a as BigInt64Array, ao, b as BigInt64Array, bo, o as BigInt64Array, oo);
  else if (!isFloat(dtype)) intProduct(p, a as NumberArray, ao, b as NumberArray, bo, o as NumberArray, oo, dtype === "bool");
  else if (p.m * p.n * p.k < PACK || p.m < 2 || p.n < 4) {
    floatProduct(p, a as NumberArray, ao, b as NumberArray, bo, o as NumberArray, oo);
  } else packedProduct(p, a as NumberArray, ao, b as NumberArray, bo, o as NumberArray, oo);
}

/**
 * Dot products in place, summed in double precision. Four rows at a time: for a handful of multiplications each, loops
 * cost more than arithmetic.
 */
function floatProduct(p: Matrices, a: NumberArray, ao: number, b: NumberArray, bo: number, o: NumberArray, oo: number): void {
  const { m, n, k, ai, ak, bk, bj, oi, oj } = p;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const row = ao + i * ai;
    for (let j = 0; j < n; j++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let x = row;
      let y = bo + j * bj;
      for (let q = 0; q < k; q++, x += ak, y += bk) {
        const factor = b[y];
        s0 += a[x] * factor;
        s1 += a[x + ai] * factor;
        s2 += a[x + 2 * ai] * factor;
        s3 += a[x + 3 * ai] * factor;
      }
      const to = oo + i * oi + j * oj;
      o[to] = s0;
      o[to + oi] = s1;
      o[to + 2 * oi] = s2;
      o[to + 3 * oi] = s3;
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let x = ao + i * ai;
      let y = bo + j * bj;
      for (let q = 0; q < k; q++, x += ak, y += bk) sum += a[x] * b[y];
      o[oo + i * oi + j * oj] = sum;
    }
  }
}

let packedA = new Float64Array(0);
let packedB = new Float64Array(0);

/**
 * Both operands copied as doubles into strips (two rows of a, four columns of b, interleaved along k), so that the
 * inner loop reads straight on and keeps eight sums in registers.
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, in its simplest form.
 */
function packedProduct(p: Matrices, a: NumberArray, ao: number, b: NumberArray, bo: number, o: NumberArray, oo: number): void {
  const { m, n, k, oi, oj } = p;
  const strips = Math.ceil(m / 2);
  if (packedA.length < strips * 2 * k) packedA = new Float64Array(strips * 2 * k);
  if (packedB.length < 4 * k) packedB = new Float64Array(4 * k);
  const pa = packedA;
  const pb = packedB;
  for (let s = 0; s < strips; s++) packStrip(pa, s * 2 * k, 2, a, ao + 2 * s * p.ai, p.ai, p.ak, Math.min(2, m - 2 * s), k);
  for (let j = 0; j < n; j += 4) {
    const columns = Math.min(4, n - j);
    packStrip(pb, 0, 4, b, bo + j * p.bj, p.bj, p.bk, columns, k);
    for (let s = 0; s < strips; s++) {
      const to = oo + 2 * s * oi + j * oj;
      tile(k, pa, s * 2 * k, pb, o, to, oi, oj, Math.min(2, m - 2 * s), columns);
    }
  }
  // A large product's scratch is not kept.
  if (packedA.length > 2 ** 20) packedA = new Float64Array(0);
}

/** Interleaves `count` vectors of length k, of `width` with zeros for what is missing. */
function packStrip(
  to: Float64Array,
  at: number,
  width: number,
  x: NumberArray,
  xi: number,
  across: number,
  along: number,
  count: number,
  k: number,
): void {
  for (let w = 0; w < width; w++, xi += across) {
    let t = at + w;
    let from = xi;
    if (w < count) for (let q = 0; q < k; q++, t += width, from += along) to[t] = x[from];
    else for (let q = 0; q < k; q++, t += width) to[t] = 0;
  }
}

function tile(
  k: number,
  pa: Float64Array,
  ai: number,
  pb: Float64Array,
  o: NumberArray,
  to: number,
  oi: number,
  oj: number,
  rows: number,
  columns: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let q = 0, bi = 0; q < k; q++, ai += 2, bi += 4) {
    const a0 = pa[ai];
    const a1 = pa[ai + 1];
    const b0 = pb[bi];
    const b1 = pb[bi + 1];
    const b2 = pb[bi + 2];
    const b3 = pb[bi + 3];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
  }
  o[to] = s00;
  if (columns > 1) o[to + oj] = s01;
  if (columns > 2) o[to + 2 * oj] = s02;
  if (columns > 3) o[to + 3 * oj] = s03;
  if (rows < 2) return;
  to += oi;
  o[to] = s10;
  if (columns > 1) o[to + oj] = s11;
  if (columns > 2) o[to + 2 * oj] = s12;
  if (columns > 3) o[to + 3 * oj] = s13;
}

/** int32 and uint8 wrap; bool is "any of ... and ...". */
function intProduct(
  p: Matrices,
  a: NumberArray,
  ao: number,
  b: NumberArray,
  bo: number,
  o: NumberArray,
  oo: number,
  isBool: boolean,
): void {
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = 0;
      for (let q = 0; q < p.k; q++) {
        sum = (sum + Math.imul(a[ao + i * p.ai + q * p.ak], b[bo + q * p.bk + j * p.bj])) | 0;
      }
      o[oo + i * p.oi + j * p.oj] = isBool && sum !== 0 ? 1 : sum;
    }
  }
}

function bigProduct(
  p: Matrices,
  a: BigInt64Array,
  ao: number,
  b: BigInt64Array,
  bo: number,
  o: BigInt64Array,
  oo: number,
): void {
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = 0n;
      for (let q = 0; q < p.k; q++) sum += a[ao + i * p.ai + q * p.ak] * b[bo + q * p.bk + j * p.bj];
      o[oo + i * p.oi + j * p.oj] = sum;
    }
  }
}
