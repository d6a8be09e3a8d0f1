import { type DType, isFloat, type TypedArray } from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { dotProducts } from "./dot.ts";
import { dotProducts as dotProducts32 } from "./float32/dot.ts";
import type { Bias, Matrices } from "./matrices.ts";

/** o = a b for one pair of matrices; the bias for floats only. */
export function product(
  dtype: DType,
  p: Matrices,
  a: TypedArray,
  ao: number,
  b: TypedArray,
  bo: number,
  o: TypedArray,
  oo: number,
  bias?: Bias,
): void {
  if (isFloat(dtype)) {
    const run = dtype === "float32" ? dotProducts32 : dotProducts;
    const from = bias ?? (dtype === "float32" ? NO_BIAS_32 : NO_BIAS);
    run(p, a as NumberArray, ao, b as NumberArray, bo, o as NumberArray, oo, from);
  } else if (dtype === "int64")
    bigProduct(p, a as BigInt64Array, ao, b as BigInt64Array, bo, o as BigInt64Array, oo);
  else intProduct(p, a as NumberArray, ao, b as NumberArray, bo, o as NumberArray, oo, dtype === "bool");
}

const NO_BIAS_32: Bias = { data: new Float32Array(1), offset: 0, bi: 0, bj: 0 };
const NO_BIAS: Bias = { data: new Float64Array(1), offset: 0, bi: 0, bj: 0 };

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
