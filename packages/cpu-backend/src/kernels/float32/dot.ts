// The twin of ../dot.ts for float32 alone, written by tools/twins.ts, which says why. Change the original.
import type { NumberArray } from "../../interpreter/loops.ts";
import type { Bias, Matrices } from "../matrices.ts";

/**
 * Dot products in place, summed in double precision. Four rows at a time: for a handful of multiplications each, loops
 * cost more than arithmetic.
 */
export function dotProducts(
  p: Matrices,
  a: NumberArray,
  ao: number,
  b: NumberArray,
  bo: number,
  o: NumberArray,
  oo: number,
  bias: Bias,
): void {
  const { m, n, k, ai, ak, bk, bj, oi, oj } = p;
  const { data: c, bi: ci, bj: cj } = bias;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const row = ao + i * ai;
    for (let j = 0; j < n; j++) {
      const from = bias.offset + i * ci + j * cj;
      let s0: number = c[from];
      let s1: number = c[from + ci];
      let s2: number = c[from + 2 * ci];
      let s3: number = c[from + 3 * ci];
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
      let sum: number = c[bias.offset + i * ci + j * cj];
      let x = ao + i * ai;
      let y = bo + j * bj;
      for (let q = 0; q < k; q++, x += ak, y += bk) sum += a[x] * b[y];
      o[oo + i * oi + j * oj] = sum;
    }
  }
}
