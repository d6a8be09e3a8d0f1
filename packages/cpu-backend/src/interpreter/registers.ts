import { type DType, type TypedArray, typedArray } from "@flambeau/backend";

/** Elements that a program works on at a time: its registers then stay in the processor's first cache. */
export const BLOCK: number = 1024;

const registers: { [dtype in DType]?: TypedArray[] } = {};

/** The k-th register of a dtype, a block long; all programs share them, as one runs at a time. */
export function register(dtype: DType, k: number): TypedArray {
  let ofDType = registers[dtype];
  if (ofDType === undefined) {
    ofDType = [];
    registers[dtype] = ofDType;
  }
  while (ofDType.length <= k) ofDType.push(typedArray(dtype, BLOCK));
  return ofDType[k];
}
