/** The format's dtypes: what they are called in PyTorch, and how many bits an element has. Source: safetensors 0.8, `Dtype`. */
import type { DType } from "@flambeau/backend";

export interface StoredDtype {
  /** PyTorch's name. */
  readonly name: string;
  readonly bits: number;
}

const BITS = {
  BOOL: ["bool", 8],
  F4: ["float4_e2m1fn_x2", 4],
  F6_E2M3: ["float6_e2m3", 6],
  F6_E3M2: ["float6_e3m2", 6],
  U8: ["uint8", 8],
  I8: ["int8", 8],
  F8_E5M2: ["float8_e5m2", 8],
  F8_E4M3: ["float8_e4m3fn", 8],
  F8_E8M0: ["float8_e8m0fnu", 8],
  F8_E4M3FNUZ: ["float8_e4m3fnuz", 8],
  F8_E5M2FNUZ: ["float8_e5m2fnuz", 8],
  I16: ["int16", 16],
  U16: ["uint16", 16],
  F16: ["float16", 16],
  BF16: ["bfloat16", 16],
  I32: ["int32", 32],
  U32: ["uint32", 32],
  F32: ["float32", 32],
  C64: ["complex64", 64],
  F64: ["float64", 64],
  I64: ["int64", 64],
  U64: ["uint64", 64],
} as const;

export const storedDtypes: ReadonlyMap<string, StoredDtype> = new Map(
  Object.entries(BITS).map(([code, [name, bits]]) => [code, { name, bits }]),
);

/** How each dtype of this library is written, widest first. */
export const codes: ReadonlyMap<DType, string> = new Map<DType, string>([
  ["int64", "I64"],
  ["float64", "F64"],
  ["float32", "F32"],
  ["int32", "I32"],
  ["int16", "I16"],
  ["bfloat16", "BF16"],
  ["float16", "F16"],
  ["int8", "I8"],
  ["uint8", "U8"],
  ["bool", "BOOL"],
]);
