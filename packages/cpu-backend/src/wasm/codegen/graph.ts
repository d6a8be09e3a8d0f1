import { f32x4, f64x2, type Op, v128 } from "./opcodes.ts";

/** A value of one SIMD register in a kernel's body, as a node of a graph; equal nodes are one. */
export interface Value {
  readonly kind: "op" | "shift" | "shuffle" | "const" | "leaf" | "rare";
  /** The instruction; of a rare value the scalar function's name, of a leaf what it is. */
  readonly op: Op | string;
  readonly args: readonly Value[];
  /** A constant's four words, a shuffle's lanes, a shift's count, a leaf's number. */
  readonly immediate: readonly number[];
}

/** Functions of numbers that a kernel may call for the few lanes that its fast code does not cover. */
export type ScalarName = "sin" | "cos" | "tan" | "pow" | "fmod" | "mod" | "floordiv" | "atan2";

const words = new DataView(new ArrayBuffer(8));

/** Makes values, each once. */
export class Graph {
  readonly #known: Map<string, Value> = new Map();
  readonly #ids: Map<Value, number> = new Map();
  readonly #masks: Map<Value, Value> = new Map();
  readonly f32: Lanes;
  readonly f64: Lanes;

  /** `fused`: whether `a * b + c` may be rounded once. */
  constructor(fused: boolean) {
    this.f32 = lanesOf(this, f32x4, fused, (x) => this.float32(x));
    this.f64 = lanesOf(this, f64x2, fused, (x) => this.float64(x));
  }

  op(op: Op, ...args: Value[]): Value {
    return this.#make("op", op, args, []);
  }

  /** A shift of each lane by a fixed count. */
  shift(op: Op, a: Value, count: number): Value {
    return this.#make("shift", op, [a], [count]);
  }

  shuffle(lanes: readonly number[], a: Value, b: Value): Value {
    return this.#make("shuffle", "shuffle", [a, b], lanes);
  }

  /** An element of the k-th input, the k-th param, ...: what it is, its number says to whom emits it. */
  leaf(name: string, index: number): Value {
    return this.#make("leaf", name, [], [index]);
  }

  words(a: number, b: number, c: number, d: number): Value {
    return this.#make("const", "const", [], [a | 0, b | 0, c | 0, d | 0]);
  }

  i32(x: number): Value {
    return this.words(x, x, x, x);
  }

  float32(x: number): Value {
    words.setFloat32(0, x);
    return this.i32(words.getInt32(0));
  }

  float64(x: number): Value {
    words.setFloat64(0, x);
    const high = words.getInt32(0);
    const low = words.getInt32(4);
    return this.words(low, high, low, high);
  }

  /** `mask ? a : b`, bit by bit. */
  pick(mask: Value, a: Value, b: Value): Value {
    return this.op(v128.bitselect, a, b, mask);
  }

  /** `fast`, but what a scalar function says in lanes of the mask: a branch that is hardly ever taken. */
  rare(name: ScalarName, mask: Value, fast: Value, args: readonly Value[]): Value {
    return this.#make("rare", name, [fast, mask, ...args], []);
  }

  /** 1 where the mask is set, else 0, in lanes of 32 bits. */
  truth(mask: Value, one: Value): Value {
    const made = this.op(v128.and, mask, one);
    this.#masks.set(made, mask);
    return made;
  }

  /** The mask that `truth` was made from. */
  maskOf(truth: Value): Value | undefined {
    return this.#masks.get(truth);
  }

  /** A function on doubles, applied to the four floats: the low two, the high two. */
  inDouble(args: readonly Value[], f: (args: readonly Value[]) => Value): Value {
    const halves = [0, 8].map((from) => {
      const half = args.map((x) => {
        const low = from === 0 ? x : this.shuffle(HIGH_HALF, x, x);
        return this.op(f64x2.promote_low_f32x4, low);
      });
      return this.op(f32x4.demote_f64x2_zero, f(half));
    });
    return this.shuffle(JOIN_LOW, halves[0], halves[1]);
  }

  #make(kind: Value["kind"], op: Op | string, args: readonly Value[], immediate: readonly number[]): Value {
    const key = `${op}(${args.map((arg) => this.#ids.get(arg)).join()})${immediate.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made: Value = { kind, op, args, immediate };
    this.#known.set(key, made);
    this.#ids.set(made, this.#ids.size);
    return made;
  }
}

const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const JOIN_LOW = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** A number stands for itself in every lane. */
export type ValueLike = Value | number;

type Unary = "neg" | "abs" | "sqrt" | "floor" | "ceil" | "trunc" | "nearest";
type Binary = "add" | "sub" | "mul" | "div" | "min" | "max" | "pmin" | "pmax";
type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/**
 * Arithmetic on lanes of one float type, so that a formula reads as one. `min` and `max` take nan and signed zeros as
 * JavaScript does; `pmin` is `b < a ? b : a`, one instruction, so that nan in a stays.
 */
export interface Lanes
  extends Record<Unary, (a: ValueLike) => Value>,
    Record<Binary | Comparison, (a: ValueLike, b: ValueLike) => Value> {
  value(x: ValueLike): Value;
  /** `a * b + c`, in one rounding or two. */
  madd(a: ValueLike, b: ValueLike, c: ValueLike): Value;
  /** A polynomial by Horner's rule, coefficients from the constant term up. */
  poly(x: ValueLike, coefficients: readonly number[]): Value;
  pick(mask: Value, a: ValueLike, b: ValueLike): Value;
  /** a, which is positive or has the sign of b, with the sign of b. */
  copysign(a: ValueLike, b: ValueLike): Value;
}

function lanesOf(
  g: Graph,
  ops: typeof f32x4 | typeof f64x2,
  fused: boolean,
  constant: (x: number) => Value,
): Lanes {
  const value = (x: ValueLike): Value => (typeof x === "number" ? constant(x) : x);
  const made = (op: number): ((...operands: ValueLike[]) => Value) => {
    return (...operands) => g.op(op as Op, ...operands.map(value));
  };
  const arithmetic = Object.fromEntries(Object.entries(ops).map(([name, op]) => [name, made(op)]));
  const once = made(ops.relaxed_madd);
  const lanes: Lanes = {
    ...(arithmetic as unknown as Lanes),
    value,
    madd: (a, b, c) => (fused ? once(a, b, c) : lanes.add(lanes.mul(a, b), c)),
    poly: (x, coefficients) =>
      coefficients
        .slice(0, -1)
        .reduceRight<Value>((y, c) => lanes.madd(y, x, c), value(coefficients[coefficients.length - 1])),
    pick: (mask, a, b) => g.pick(mask, value(a), value(b)),
    copysign: (a, b) => g.op(v128.or, value(a), g.op(v128.and, value(b), value(-0))),
  };
  return lanes;
}
