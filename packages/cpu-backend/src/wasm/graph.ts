import type { Op } from "./opcodes.ts";

/** A value of one SIMD register in a kernel's body, as a node of a graph; equal nodes are one. */
export interface Value {
  readonly kind: "op" | "shift" | "shuffle" | "const" | "leaf" | "rare";
  /** The instruction; of a rare value the scalar function's name. */
  readonly op: string;
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
  /** Whether `a * b + c` may be rounded once. */
  readonly #fused: boolean;
  readonly f32: Lanes = new Lanes(this, "f32x4");
  readonly f64: Lanes = new Lanes(this, "f64x2");

  constructor(fused: boolean) {
    this.#fused = fused;
  }

  op(op: Op, ...args: Value[]): Value {
    return this.#make("op", op, args, []);
  }

  /** A shift of each lane by a fixed count. */
  shift(op: Op, a: Value, count: number): Value {
    return this.#make("shift", op, [a], [count]);
  }

  shuffle(lanes: readonly number[], a: Value, b: Value): Value {
    return this.#make("shuffle", "i8x16.shuffle", [a, b], lanes);
  }

  /** An element of the k-th input, the k-th param, ...: what it is, its number says to whom emits it. */
  leaf(name: string, index: number): Value {
    return this.#make("leaf", name, [], [index]);
  }

  words(a: number, b: number, c: number, d: number): Value {
    return this.#make("const", "v128.const", [], [a | 0, b | 0, c | 0, d | 0]);
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

  madd(lanes: "f32x4" | "f64x2", a: Value, b: Value, c: Value): Value {
    if (this.#fused) return this.op(`${lanes}.relaxed_madd`, a, b, c);
    return this.op(`${lanes}.add`, this.op(`${lanes}.mul`, a, b), c);
  }

  /** `mask ? a : b`, bit by bit. */
  pick(mask: Value, a: Value, b: Value): Value {
    return this.op("v128.bitselect", a, b, mask);
  }

  /** `fast`, but what a scalar function says in lanes of the mask: a branch that is hardly ever taken. */
  rare(name: ScalarName, mask: Value, fast: Value, args: readonly Value[]): Value {
    return this.#make("rare", name, [fast, mask, ...args], []);
  }

  /** 1 where the mask is set, else 0, in lanes of 32 bits. */
  truth(mask: Value, one: Value): Value {
    const made = this.op("v128.and", mask, one);
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
        return this.op("f64x2.promote_low_f32x4", low);
      });
      return this.op("f32x4.demote_f64x2_zero", f(half));
    });
    return this.shuffle(JOIN_LOW, halves[0], halves[1]);
  }

  #make(kind: Value["kind"], op: string, args: readonly Value[], immediate: readonly number[]): Value {
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

type LaneOps<Name extends string> = Op & `${"f32x4" | "f64x2"}.${Name}`;

/** Arithmetic on lanes of one float type, so that a formula reads as one. */
export class Lanes {
  readonly g: Graph;
  readonly type: "f32x4" | "f64x2";

  constructor(g: Graph, type: "f32x4" | "f64x2") {
    this.g = g;
    this.type = type;
  }

  value(x: ValueLike): Value {
    if (typeof x !== "number") return x;
    return this.type === "f32x4" ? this.g.float32(x) : this.g.float64(x);
  }

  add(a: ValueLike, b: ValueLike): Value {
    return this.#two("add", a, b);
  }
  sub(a: ValueLike, b: ValueLike): Value {
    return this.#two("sub", a, b);
  }
  mul(a: ValueLike, b: ValueLike): Value {
    return this.#two("mul", a, b);
  }
  div(a: ValueLike, b: ValueLike): Value {
    return this.#two("div", a, b);
  }
  /** nan and signed zeros as in JavaScript. */
  min(a: ValueLike, b: ValueLike): Value {
    return this.#two("min", a, b);
  }
  max(a: ValueLike, b: ValueLike): Value {
    return this.#two("max", a, b);
  }
  /** `b < a ? b : a`: one instruction, and nan in a stays. */
  pmin(a: ValueLike, b: ValueLike): Value {
    return this.#two("pmin", a, b);
  }
  pmax(a: ValueLike, b: ValueLike): Value {
    return this.#two("pmax", a, b);
  }
  eq(a: ValueLike, b: ValueLike): Value {
    return this.#two("eq", a, b);
  }
  ne(a: ValueLike, b: ValueLike): Value {
    return this.#two("ne", a, b);
  }
  lt(a: ValueLike, b: ValueLike): Value {
    return this.#two("lt", a, b);
  }
  le(a: ValueLike, b: ValueLike): Value {
    return this.#two("le", a, b);
  }
  gt(a: ValueLike, b: ValueLike): Value {
    return this.#two("gt", a, b);
  }
  ge(a: ValueLike, b: ValueLike): Value {
    return this.#two("ge", a, b);
  }
  neg(a: ValueLike): Value {
    return this.#one("neg", a);
  }
  abs(a: ValueLike): Value {
    return this.#one("abs", a);
  }
  sqrt(a: ValueLike): Value {
    return this.#one("sqrt", a);
  }
  floor(a: ValueLike): Value {
    return this.#one("floor", a);
  }
  ceil(a: ValueLike): Value {
    return this.#one("ceil", a);
  }
  trunc(a: ValueLike): Value {
    return this.#one("trunc", a);
  }
  nearest(a: ValueLike): Value {
    return this.#one("nearest", a);
  }

  /** `a * b + c`, in one rounding or two. */
  madd(a: ValueLike, b: ValueLike, c: ValueLike): Value {
    return this.g.madd(this.type, this.value(a), this.value(b), this.value(c));
  }

  /** A polynomial by Horner's rule, coefficients from the constant term up. */
  poly(x: ValueLike, coefficients: readonly number[]): Value {
    let y = this.value(coefficients[coefficients.length - 1]);
    for (let i = coefficients.length - 2; i >= 0; i--) y = this.madd(y, x, coefficients[i]);
    return y;
  }

  pick(mask: Value, a: ValueLike, b: ValueLike): Value {
    return this.g.pick(mask, this.value(a), this.value(b));
  }

  /** a, which is positive or has the sign of b, with the sign of b. */
  copysign(a: ValueLike, b: ValueLike): Value {
    return this.g.op("v128.or", this.value(a), this.g.op("v128.and", this.value(b), this.value(-0)));
  }

  #one(name: "neg" | "abs" | "sqrt" | "floor" | "ceil" | "trunc" | "nearest", a: ValueLike): Value {
    return this.g.op(`${this.type}.${name}` satisfies LaneOps<typeof name>, this.value(a));
  }

  #two(
    name:
      | ("add" | "sub" | "mul" | "div" | "min" | "max" | "pmin" | "pmax")
      | ("eq" | "ne" | "lt" | "le" | "gt" | "ge"),
    a: ValueLike,
    b: ValueLike,
  ): Value {
    return this.g.op(`${this.type}.${name}` satisfies LaneOps<typeof name>, this.value(a), this.value(b));
  }
}
