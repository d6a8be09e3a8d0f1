import type { Callee, Code } from "./assembler.ts";
import type { ScalarName, Value } from "./graph.ts";
import type { LaneOp, Op } from "./opcodes.ts";

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
 * Writes a graph's values as instructions. A value used once stays on the stack; one used again is kept in a local,
 * which is free for another after its last use.
 */
export class Emitter {
  readonly #code: Code;
  readonly #repairs: ReadonlyMap<string, Callee>;
  /** Values that do not change while the function's loops run. */
  readonly #fixed: Map<Value, number> = new Map();
  readonly #kept: Map<Value, number> = new Map();
  readonly #uses: Map<Value, number> = new Map();
  readonly #free: number[] = [];
  #leaf: (leaf: Value) => void = () => {};

  /** `repairs`: the functions of rare values, from `repairFunction`. */
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

  /** Begins a body: `leaf` writes the instructions that leave a leaf's value on the stack. */
  begin(roots: readonly Value[], leaf: (leaf: Value) => void): void {
    this.#leaf = leaf;
    this.#uses.clear();
    this.#kept.clear();
    const use = (value: Value): void => {
      this.#uses.set(value, (this.#uses.get(value) ?? 0) + 1);
    };
    for (const root of roots) use(root);
    for (const value of reachable(roots)) for (const arg of value.args) use(arg);
  }

  /** Leaves a value on the stack. */
  push(value: Value): void {
    const code = this.#code;
    const fixed = this.#fixed.get(value);
    if (fixed !== undefined) {
      code.get(fixed);
      return;
    }
    const uses = (this.#uses.get(value) as number) - 1;
    this.#uses.set(value, uses);
    const kept = this.#kept.get(value);
    if (kept !== undefined) {
      code.get(kept);
      if (uses === 0) this.give(kept);
      return;
    }
    this.#compute(value);
    if (uses === 0) return;
    const local = this.take();
    this.#kept.set(value, local);
    code.tee(local);
  }

  /** A local for a vector, until it is given back. */
  take(): number {
    return this.#free.pop() ?? this.#code.local("v128");
  }

  give(local: number): void {
    this.#free.push(local);
  }

  #compute(value: Value): void {
    const code = this.#code;
    const { kind, op, args, immediate } = value;
    if (kind === "leaf") {
      this.#leaf(value);
      return;
    }
    if (kind === "rare") {
      this.#rare(value);
      return;
    }
    for (const arg of args) this.push(arg);
    if (kind === "op") code.op(op as Op);
    else if (kind === "shift") code.i32(immediate[0]).op(op as Op);
    else if (kind === "shuffle") code.shuffle(immediate);
    else code.v128(immediate as unknown as [number, number, number, number]);
  }

  #rare({ op, args }: Value): void {
    const code = this.#code;
    // All operands are computed before the branch: what an arm computes, the code after it would lack.
    const locals = args.map((arg) => {
      this.push(arg);
      const local = this.take();
      code.set(local);
      return local;
    });
    code.get(locals[1]).op("v128.any_true");
    code.if(
      () => {
        for (const local of locals) code.get(local);
        code.call(this.#repairs.get(op) as Callee);
      },
      () => code.get(locals[0]),
      "v128",
    );
    for (const local of locals) this.give(local);
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
    code.get(1).lane("i32x4.extract_lane", lane);
    code.if(() => {
      code.get(0);
      for (let k = 0; k < arity; k++) {
        code
          .get(2 + k)
          .lane("f32x4.extract_lane" satisfies LaneOp, lane)
          .op("f64.promote_f32");
      }
      code.call(scalar).op("f32.demote_f64").lane("f32x4.replace_lane", lane).set(0);
    });
  }
  code.get(0);
}
