/**
 * WebAssembly's instructions, by their names in the text format: `i32.add`. Numbers from 0xfc00 on are a prefix, 0xfd for SIMD,
 * and the number after it; relaxed SIMD's are five digits long, as that number takes two bytes. The build puts the numbers
 * where the names stand.
 * Source: WebAssembly Core Specification 3.0, sections 5.4 and 7.10 (index of instructions).
 */
export const control = { return: 0x0f, drop: 0x1a, select: 0x1b } as const;

export const i32 = {
  load: 0x28,
  load8_s: 0x2c,
  load8_u: 0x2d,
  load16_s: 0x2e,
  store: 0x36,
  store8: 0x3a,
  store16: 0x3b,
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div_u: 0x6e,
  rem_u: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  wrap_i64: 0xa7,
  reinterpret_f32: 0xbc,
  trunc_sat_f64_s: 0xfc02,
  extend8_s: 0xc0,
  extend16_s: 0xc1,
} as const;

export const i64 = {
  load: 0x29,
  store: 0x37,
  eqz: 0x50,
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  gt_s: 0x55,
  le_s: 0x57,
  ge_s: 0x59,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  extend_i32_s: 0xac,
  extend_i32_u: 0xad,
  trunc_sat_f64_s: 0xfc06,
} as const;

export const f32 = {
  load: 0x2a,
  store: 0x38,
  eq: 0x5b,
  ne: 0x5c,
  lt: 0x5d,
  gt: 0x5e,
  le: 0x5f,
  ge: 0x60,
  abs: 0x8b,
  neg: 0x8c,
  ceil: 0x8d,
  floor: 0x8e,
  trunc: 0x8f,
  nearest: 0x90,
  sqrt: 0x91,
  add: 0x92,
  sub: 0x93,
  mul: 0x94,
  div: 0x95,
  min: 0x96,
  max: 0x97,
  convert_i32_s: 0xb2,
  demote_f64: 0xb6,
  reinterpret_i32: 0xbe,
} as const;

export const f64 = {
  load: 0x2b,
  store: 0x39,
  eq: 0x61,
  ne: 0x62,
  lt: 0x63,
  gt: 0x64,
  le: 0x65,
  ge: 0x66,
  abs: 0x99,
  neg: 0x9a,
  ceil: 0x9b,
  floor: 0x9c,
  trunc: 0x9d,
  nearest: 0x9e,
  sqrt: 0x9f,
  add: 0xa0,
  sub: 0xa1,
  mul: 0xa2,
  div: 0xa3,
  min: 0xa4,
  max: 0xa5,
  convert_i32_s: 0xb7,
  convert_i64_s: 0xb9,
  promote_f32: 0xbb,
} as const;

export const i8x16 = {
  swizzle: 0xfd0e,
  splat: 0xfd0f,
  eq: 0xfd23,
  ne: 0xfd24,
  narrow_i16x8_s: 0xfd65,
  narrow_i16x8_u: 0xfd66,
} as const;

export const i16x8 = {
  splat: 0xfd10,
  narrow_i32x4_s: 0xfd85,
  narrow_i32x4_u: 0xfd86,
  extend_low_i8x16_s: 0xfd87,
  extend_low_i8x16_u: 0xfd89,
} as const;

export const i32x4 = {
  splat: 0xfd11,
  extract_lane: 0xfd1b,
  replace_lane: 0xfd1c,
  eq: 0xfd37,
  ne: 0xfd38,
  lt_s: 0xfd39,
  lt_u: 0xfd3a,
  gt_s: 0xfd3b,
  le_s: 0xfd3d,
  ge_s: 0xfd3f,
  ge_u: 0xfd40,
  abs: 0xfda0,
  neg: 0xfda1,
  all_true: 0xfda3,
  bitmask: 0xfda4,
  extend_low_i16x8_s: 0xfda7,
  extend_low_i16x8_u: 0xfda9,
  shl: 0xfdab,
  shr_s: 0xfdac,
  shr_u: 0xfdad,
  add: 0xfdae,
  sub: 0xfdb1,
  mul: 0xfdb5,
  min_s: 0xfdb6,
  max_s: 0xfdb8,
  trunc_sat_f32x4_s: 0xfdf8,
} as const;

export const i64x2 = {
  splat: 0xfd12,
  shl: 0xfdcb,
  shr_s: 0xfdcc,
  shr_u: 0xfdcd,
  add: 0xfdce,
  sub: 0xfdd1,
  eq: 0xfdd6,
} as const;

export const f32x4 = {
  splat: 0xfd13,
  extract_lane: 0xfd1f,
  replace_lane: 0xfd20,
  eq: 0xfd41,
  ne: 0xfd42,
  lt: 0xfd43,
  gt: 0xfd44,
  le: 0xfd45,
  ge: 0xfd46,
  demote_f64x2_zero: 0xfd5e,
  ceil: 0xfd67,
  floor: 0xfd68,
  trunc: 0xfd69,
  nearest: 0xfd6a,
  abs: 0xfde0,
  neg: 0xfde1,
  sqrt: 0xfde3,
  add: 0xfde4,
  sub: 0xfde5,
  mul: 0xfde6,
  div: 0xfde7,
  min: 0xfde8,
  max: 0xfde9,
  pmin: 0xfdea,
  pmax: 0xfdeb,
  convert_i32x4_s: 0xfdfa,
  relaxed_madd: 0xfd105,
  relaxed_nmadd: 0xfd106,
} as const;

export const f64x2 = {
  splat: 0xfd14,
  extract_lane: 0xfd21,
  replace_lane: 0xfd22,
  eq: 0xfd47,
  ne: 0xfd48,
  lt: 0xfd49,
  gt: 0xfd4a,
  le: 0xfd4b,
  ge: 0xfd4c,
  promote_low_f32x4: 0xfd5f,
  ceil: 0xfd74,
  floor: 0xfd75,
  trunc: 0xfd7a,
  nearest: 0xfd94,
  abs: 0xfdec,
  neg: 0xfded,
  sqrt: 0xfdef,
  add: 0xfdf0,
  sub: 0xfdf1,
  mul: 0xfdf2,
  div: 0xfdf3,
  min: 0xfdf4,
  max: 0xfdf5,
  pmin: 0xfdf6,
  pmax: 0xfdf7,
  convert_low_i32x4_s: 0xfdfe,
  relaxed_madd: 0xfd107,
  relaxed_nmadd: 0xfd108,
} as const;

export const v128 = {
  load: 0xfd00,
  load8_splat: 0xfd07,
  load32_splat: 0xfd09,
  load64_splat: 0xfd0a,
  store: 0xfd0b,
  not: 0xfd4d,
  and: 0xfd4e,
  andnot: 0xfd4f,
  or: 0xfd50,
  xor: 0xfd51,
  bitselect: 0xfd52,
  any_true: 0xfd53,
  load8_lane: 0xfd54,
  load32_lane: 0xfd56,
  load64_lane: 0xfd57,
  store8_lane: 0xfd58,
  store16_lane: 0xfd59,
  store32_lane: 0xfd5a,
  store64_lane: 0xfd5b,
  load32_zero: 0xfd5c,
  load64_zero: 0xfd5d,
} as const;

type Table =
  | typeof control
  | typeof i32
  | typeof i64
  | typeof f32
  | typeof f64
  | typeof i8x16
  | typeof i16x8
  | typeof i32x4
  | typeof i64x2
  | typeof f32x4
  | typeof f64x2
  | typeof v128;

/** The instructions whose names are such. */
type Named<T, Pattern extends string> = T extends unknown
  ? { [K in keyof T]: K extends Pattern ? T[K] : never }[keyof T]
  : never;

/** Loads and stores of one lane. */
export type LaneMemoryOp = Named<Table, `${"load" | "store"}${string}_lane`>;
/** Instructions on one lane, whose number is an immediate. */
export type LaneOp = Named<Table, "extract_lane" | "replace_lane">;
/** Loads and stores. */
export type MemoryOp = Exclude<Named<Table, `${"load" | "store"}${string}`>, LaneMemoryOp>;
/** Instructions without immediates. */
export type Op = Exclude<Named<Table, string>, LaneMemoryOp | LaneOp | MemoryOp>;
