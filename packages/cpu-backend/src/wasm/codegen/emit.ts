import { isBun } from "../../engine.ts";
import type { Callee, Code } from "./assembler.ts";
import type { ScalarName, Value } from "./graph.ts";
import { f32, f32x4, f64, i32x4, type Op, v128 } from "./opcodes.ts";

/** Every value that the roots need, operands before what they make. */
export function reachable(roots: readonly Value[]): Value[] {
  const seen = new Set<Value>();
  const list: Value[] = [];
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    for (const arg of value.args) visit(arg);
    list.push(value);
  };
  for (const root of roots) visit(root);
  return list;
}

/**
 * How many neighbouring vectors a body works on side by side: a processor that waits for each step of one has the others to
 * do, until there are more values than registers hold.
 */
export function copiesOf(values: readonly Value[]): number {
  return isBun ? joinedAlike(values) : 5;
}

/**
 * The same for vectors that are joined, in an order that depends on how many they are. What is not fused is the same to the
 * last bit on every engine.
 */
export function joinedCopiesOf(values: readonly Value[], isFused: boolean): number {
  return isFused ? copiesOf(values) : joinedAlike(values);
}

function joinedAlike(values: readonly Value[]): 2 | 4 {
  return values.filter(({ kind }) => kind !== "const").length > 24 ? 2 : 4;
}

/**
 * Writes a graph's values as instructions, each into a local that is free for another after the value's last use.
 *
 * A body may be written several times over, for neighbouring vectors, one instruction of each in turn: a polynomial is one
 * long chain in which each step waits for the last, and several chains side by side keep the processor busy.
 */
export class Emitter {
  readonly #code: Code;
  readonly #repairs: ReadonlyMap<string, Callee>;
  /** Values that do not change while the function's loops run. */
  readonly #fixed: Map<Value, number> = new Map();
  readonly #free: number[] = [];

  /** `repairs`: the functions of rare values. */
  constructor(code: Code, repairs: ReadonlyMap<string, Callee>) {
    this.#code = code;
    this.#repairs = repairs;
  }

  /** Puts constants into locals, to be set once: made anew in a loop they cost as much as arithmetic. */
  fixConstants(values: readonly Value[]): void {
    for (const value of values) {
      if (value.kind !== "const" || this.#fixed.has(value)) continue;
      const [a, b, c, d] = value.immediate;
      this.#code.v128([a, b, c, d]);
      this.fix(value);
    }
  }

  /** From here on a value is what lies on the stack now, which is taken off. */
  fix(value: Value): void {
    let local = this.#fixed.get(value);
    if (local === undefined) {
      local = this.#code.local("v128");
      this.#fixed.set(value, local);
    }
    this.#code.set(local);
  }

  /** Leaves a fixed value on the stack. */
  pushFixed(value: Value): void {
    this.#code.get(this.#fixed.get(value) as number);
  }

  /**
   * Computes the roots for so many neighbouring vectors and hands each one's locals to `use`, in order. `leaf` writes the
   * instructions that leave a leaf of the copy-th vector on the stack.
   */
  body(
    roots: readonly Value[],
    copies: number,
    leaf: (leaf: Value, copy: number) => void,
    use: (locals: readonly number[], copy: number) => void,
  ): void {
    const code = this.#code;
    const values = reachable(roots).filter((value) => !this.#fixed.has(value));
    const uses = new Map<Value, number>();
    const count = (value: Value): void => {
      uses.set(value, (uses.get(value) ?? 0) + 1);
    };
    roots.forEach(count);
    for (const value of values) value.args.forEach(count);
    const locals = Array.from({ length: copies }, () => new Map<Value, number>());
    const localOf = (value: Value, copy: number): number =>
      this.#fixed.get(value) ?? (locals[copy].get(value) as number);
    for (const value of values) {
      for (let copy = 0; copy < copies; copy++) {
        if (value.kind === "leaf") leaf(value, copy);
        else this.#compute(value, (arg) => localOf(arg, copy));
        const local = this.take();
        locals[copy].set(value, local);
        code.set(local);
      }
      for (const arg of value.args) {
        const left = (uses.get(arg) as number) - 1;
        uses.set(arg, left);
        if (left === 0) for (const own of locals) this.#giveBack(own.get(arg));
      }
    }
    for (let copy = 0; copy < copies; copy++) {
      use(
        roots.map((root) => localOf(root, copy)),
        copy,
      );
    }
    for (const own of locals) for (const root of new Set(roots)) this.#giveBack(own.get(root));
  }

  /** A local for a vector, until it is given back. */
  take(): number {
    return this.#free.pop() ?? this.#code.local("v128");
  }

  give(local: number): void {
    this.#free.push(local);
  }

  #giveBack(local: number | undefined): void {
    if (local !== undefined) this.give(local);
  }

  #compute({ kind, op, args, immediate }: Value, localOf: (value: Value) => number): void {
    const code = this.#code;
    if (kind === "rare") {
      code.get(localOf(args[1])).op(v128.any_true);
      code.if(
        () => {
          for (const arg of args) code.get(localOf(arg));
          code.call(this.#repairs.get(op as ScalarName) as Callee);
        },
        () => code.get(localOf(args[0])),
        "v128",
      );
      return;
    }
    for (const arg of args) code.get(localOf(arg));
    if (kind === "op") code.op(op as Op);
    else if (kind === "shift") code.i32(immediate[0]).op(op as Op);
    else if (kind === "shuffle") code.shuffle(immediate);
    else code.v128(immediate as unknown as [number, number, number, number]);
  }
}

/** Operands of each scalar function that a kernel may import. */
export const SCALAR_ARITY: Readonly<Record<ScalarName, 1 | 2>> = {
  sin: 1,
  cos: 1,
  tan: 1,
  pow: 2,
  fmod: 2,
  mod: 2,
  floordiv: 2,
  atan2: 2,
};

/** Writes the body of a function of a result, a mask and operands: the result with masked lanes from a scalar function. */
export function writeRepair(code: Code, arity: number, scalar: Callee): void {
  for (let lane = 0; lane < 4; lane++) {
    code.get(1).lane(i32x4.extract_lane, lane);
    code.if(() => {
      code.get(0);
      for (let k = 0; k < arity; k++) {
        code
          .get(2 + k)
          .lane(f32x4.extract_lane, lane)
          .op(f64.promote_f32);
      }
      code.call(scalar).op(f32.demote_f64).lane(f32x4.replace_lane, lane).set(0);
    });
  }
  code.get(0);
}
