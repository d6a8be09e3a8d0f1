import type { NumberArray } from "../interpreter/loops.ts";

/** One product's sizes and strides: o[i, j] = sum over k of a[i, k] * b[k, j]. */
export interface Matrices {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly ai: number;
  readonly ak: number;
  readonly bk: number;
  readonly bj: number;
  readonly oi: number;
  readonly oj: number;
}

/** What each sum starts from, if not zero: an operand that broadcasts to the output. */
export interface Bias {
  readonly data: NumberArray;
  readonly offset: number;
  readonly bi: number;
  readonly bj: number;
}
