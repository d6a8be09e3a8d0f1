import type { NumberArray } from "./loops.ts";
import type { Matrices } from "./matrices.ts";

let packedA = new Float64Array(0);
let packedB = new Float64Array(0);

/**
 * Both operands copied as doubles into strips (two rows of a, four columns of b, interleaved along k), so that the
 * inner loop reads straight on and keeps eight sums in registers.
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, in its simplest form.
 */
export function packedProduct(
  p: Matrices,
  a: NumberArray,
  ao: number,
  b: NumberArray,
  bo: number,
  o: NumberArray,
  oo: number,
): void {
  const { m, n, k, oi, oj } = p;
  const strips = Math.ceil(m / 2);
  if (packedA.length < strips * 2 * k) packedA = new Float64Array(strips * 2 * k);
  if (packedB.length < 4 * k) packedB = new Float64Array(4 * k);
  const pa = packedA;
  const pb = packedB;
  for (let s = 0; s < strips; s++)
    packStrip(pa, s * 2 * k, 2, a, ao + 2 * s * p.ai, p.ai, p.ak, Math.min(2, m - 2 * s), k);
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
