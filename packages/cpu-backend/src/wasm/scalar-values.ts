/** Elements of every dtype as WebAssembly's numbers: how they are read, written, converted and computed with. */
import { type BinaryFn, type DType, typedArray, type UnaryFn } from "@flambeau/backend";
import { putScalar } from "../interpreter/cast.ts";
import type { Code, ValueType } from "./codegen/assembler.ts";
import { control, f32, f64, i32, i64, type MemoryOp, type Op } from "./codegen/opcodes.ts";

/** The dtypes that scalar code reads and writes, in the order of their numbers in a kernel's form. */
export type ScalarDType = Exclude<DType, "float16" | "bfloat16">;
export const DTYPES: readonly ScalarDType[] = [
  ...(["float32", "float64", "int64", "int32", "uint8", "bool", "int8", "int16"] as const),
];

interface Layout {
  readonly type: "i32" | "i64" | "f32" | "f64";
  readonly size: number;
  readonly load: MemoryOp;
  readonly store: MemoryOp;
}

const byte = { type: "i32", size: 1, load: i32.load8_u, store: i32.store8 } as const;

export const layouts: Readonly<Record<ScalarDType, Layout>> = {
  float32: { type: "f32", size: 4, load: f32.load, store: f32.store },
  float64: { type: "f64", size: 8, load: f64.load, store: f64.store },
  int64: { type: "i64", size: 8, load: i64.load, store: i64.store },
  int32: { type: "i32", size: 4, load: i32.load, store: i32.store },
  uint8: byte,
  bool: byte,
  int8: { type: "i32", size: 1, load: i32.load8_s, store: i32.store8 },
  int16: { type: "i32", size: 2, load: i32.load16_s, store: i32.store16 },
};

const OPS = { i32, i64, f32, f64 };

/** Writes a number, which is converted as elements are. */
export function constant(code: Code, dtype: ScalarDType, value: number): void {
  const { type } = layouts[dtype];
  const element = typedArray(dtype, 1);
  putScalar(element, 0, dtype, value);
  if (type === "i64") code.i64(element[0] as bigint);
  else code[type](element[0] as number);
}

/** Turns what is on the stack into 0 or 1, an i32: whether it is not 0. nan is not. */
export function truth(code: Code, dtype: ScalarDType): void {
  const { type } = layouts[dtype];
  if (type === "i64") code.op(i64.eqz).op(i32.eqz);
  else code[type](0).op(OPS[type].ne);
}

/** Turns 0 or 1, an i32 on the stack, into a dtype. */
export function fromTruth(code: Code, dtype: ScalarDType): void {
  const { type } = layouts[dtype];
  if (type === "i64") code.op(i64.extend_i32_u);
  else if (type !== "i32") code.op(OPS[type].convert_i32_s);
}

/** Converts the element on the stack, as the loops of cast.ts do. `spare` gives a local. */
export function convert(
  code: Code,
  from: ScalarDType,
  to: ScalarDType,
  spare: (type: ValueType) => number,
): void {
  if (from === to) return;
  const source = layouts[from].type;
  const target = layouts[to].type;
  const isFloat = source === "f32" || source === "f64";
  if (to === "bool") truth(code, from);
  else if (target === "f32" || target === "f64") {
    if (source === "i64") code.op(f64.convert_i64_s);
    if (isFloat || source === "i64") {
      if (target === "f32") code.op(f32.demote_f64);
      else if (source === "f32") code.op(f64.promote_f32);
    } else code.op(OPS[target].convert_i32_s);
  } else if (isFloat) {
    if (source === "f32") code.op(f64.promote_f32);
    const x = spare("f64");
    code.set(x);
    truncated(code, x, to);
  } else if (target === "i64") code.op(i64.extend_i32_s);
  else if (source === "i64") code.op(i32.wrap_i64);
  if (from !== "bool") narrowed(code, to);
}

/** Brings the i32 on the stack back into the range of a dtype of fewer bits; nothing for other dtypes. */
function narrowed(code: Code, dtype: ScalarDType): void {
  if (dtype === "uint8") code.i32(255).op(i32.and);
  else if (dtype === "int8") code.op(i32.extend8_s);
  else if (dtype === "int16") code.op(i32.extend16_s);
}

/** A double as an integer. What does not fit gives the least one, as C's conversion does on x86; and 0 as a byte. */
function truncated(code: Code, x: number, to: ScalarDType): void {
  const bound = (limit: number): Code => code.get(x).f64(limit).op(f64.lt).op(control.select);
  if (to !== "int64" && to !== "uint8") {
    code
      .get(x)
      .op(i32.trunc_sat_f64_s)
      .i32(-(2 ** 31));
    bound(2 ** 31);
    return;
  }
  code
    .get(x)
    .op(i64.trunc_sat_f64_s)
    .i64(-(2n ** 63n));
  bound(2 ** 63);
  if (to === "uint8") code.op(i32.wrap_i64);
}

type Emit = (code: Code, a: number, b: number) => void;

/** One instruction on its operands. */
const plain =
  (op: Op): Emit =>
  (code, a, b) => {
    code.get(a).get(b).op(op);
  };
const only =
  (op: Op): Emit =>
  (code, a) => {
    code.get(a).op(op);
  };
const itself: Emit = (code, a) => {
  code.get(a);
};

type Formulas = { readonly [fn in UnaryFn | BinaryFn]?: Emit };

/** Functions of floats that are one instruction, or a few; the rest is left to JavaScript. */
function floats(dtype: "float32" | "float64"): Formulas {
  const { type } = layouts[dtype];
  const ops = OPS[type as "f32" | "f64"];
  return {
    neg: only(ops.neg),
    abs: only(ops.abs),
    floor: only(ops.floor),
    ceil: only(ops.ceil),
    trunc: only(ops.trunc),
    round: only(ops.nearest),
    sqrt: only(ops.sqrt),
    sign: (code, a) => {
      const zero = (op: Op): Code => code.get(a)[type as "f32" | "f64"](0).op(op);
      zero(ops.gt);
      zero(ops.lt).op(i32.sub).op(ops.convert_i32_s);
    },
    add: plain(ops.add),
    sub: plain(ops.sub),
    mul: plain(ops.mul),
    div: plain(ops.div),
    min: plain(ops.min),
    max: plain(ops.max),
  };
}

/** Functions of integers but for divisions and powers. */
function integers(dtype: "int64" | "int32" | "int16" | "int8" | "uint8"): Formulas {
  const type = layouts[dtype].type as "i32" | "i64";
  const ops = OPS[type];
  const isByte = dtype === "uint8";
  const zero = (code: Code): Code => (type === "i64" ? code.i64(0n) : code.i32(0));
  const wrapping =
    (op: Op): Emit =>
    (code, a, b) => {
      code.get(a).get(b).op(op);
      narrowed(code, dtype);
    };
  const negated = (code: Code, a: number): void => {
    zero(code).get(a).op(ops.sub);
    narrowed(code, dtype);
  };
  const chosen =
    (op: Op): Emit =>
    (code, a, b) => {
      code.get(a).get(b).get(a).get(b).op(op).op(control.select);
    };
  return {
    neg: negated,
    abs: isByte
      ? itself
      : (code, a) => {
          negated(code, a);
          zero(code.get(a).get(a)).op(ops.lt_s).op(control.select);
        },
    sign: (code, a) => {
      zero(code.get(a)).op(ops.gt_s);
      zero(code.get(a)).op(ops.lt_s).op(i32.sub);
      if (type === "i64") code.op(i64.extend_i32_s);
    },
    bitnot: (code, a) => {
      if (isByte) code.get(a).i32(255).op(i32.xor);
      else (type === "i64" ? code.get(a).i64(-1n) : code.get(a).i32(-1)).op(ops.xor);
    },
    floor: itself,
    ceil: itself,
    trunc: itself,
    round: itself,
    add: wrapping(ops.add),
    sub: wrapping(ops.sub),
    mul: wrapping(ops.mul),
    min: chosen(ops.lt_s),
    max: chosen(ops.gt_s),
    bitand: plain(ops.and),
    bitor: plain(ops.or),
    bitxor: plain(ops.xor),
  };
}

const bools: Formulas = {
  neg: itself,
  abs: itself,
  sign: itself,
  floor: itself,
  ceil: itself,
  trunc: itself,
  round: itself,
  bitnot: only(i32.eqz),
  add: plain(i32.or),
  sub: plain(i32.xor),
  mul: plain(i32.and),
  min: plain(i32.and),
  max: plain(i32.or),
  bitand: plain(i32.and),
  bitor: plain(i32.or),
  bitxor: plain(i32.xor),
};

/** What is written for each function of a dtype; a function that is not there is JavaScript's. */
export const formulas: Readonly<Record<ScalarDType, Formulas>> = {
  float32: floats("float32"),
  float64: floats("float64"),
  int64: integers("int64"),
  int32: integers("int32"),
  uint8: integers("uint8"),
  int8: integers("int8"),
  int16: integers("int16"),
  bool: bools,
};

/** The comparison of a function's name, which leaves 0 or 1, an i32; undefined for other functions. */
export function comparisonOf(dtype: ScalarDType, fn: string): Op | undefined {
  const { type } = layouts[dtype];
  if (type === "i32" || type === "i64") {
    const { eq, ne, lt_s: lt, le_s: le, gt_s: gt, ge_s: ge } = OPS[type];
    return ({ eq, ne, lt, le, gt, ge } as Record<string, Op | undefined>)[fn];
  }
  const { eq, ne, lt, le, gt, ge } = OPS[type];
  return ({ eq, ne, lt, le, gt, ge } as Record<string, Op | undefined>)[fn];
}
