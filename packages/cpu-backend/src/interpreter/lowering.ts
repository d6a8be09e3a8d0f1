import {
  type BinaryFn,
  type DType,
  DTypeError,
  type Expr,
  type TypedArray,
  typedArray,
  type UnaryFn,
} from "@flambeau/backend";
import { castLoop, putScalar } from "./cast.ts";
import type { Loop, Loops } from "./loops.ts";
import { bigintLoops } from "./loops-bigint.ts";
import { floatLoops } from "./loops-float.ts";
import { float32Loops } from "./loops-float32.ts";
import { boolLoops, intLoops } from "./loops-int.ts";
import type { Program } from "./program.ts";
import { register } from "./registers.ts";

/** Turns expressions into instructions, each shared node once, reusing a register after its value's last use. */
export class Lowering {
  readonly #program: Program;
  readonly #compute: DType;
  readonly #loops: Loops<TypedArray>;
  readonly #slots: Map<Expr | number, number> = new Map();
  readonly #uses: Map<Expr, number> = new Map();
  readonly #registerOf: Map<Expr, number> = new Map();
  readonly #free: number[] = [];
  #registers: number;

  constructor(program: Program, compute: DType, outputs: readonly Expr[]) {
    this.#program = program;
    this.#compute = compute;
    this.#loops = loopsFor(compute);
    this.#registers = program.inputs;
    for (const output of outputs) {
      this.#count(output);
      // Results are stored after the last instruction: their registers are never reused.
      this.#uses.set(output, Infinity);
    }
  }

  lower(expr: Expr): number {
    const known = this.#slots.get(expr);
    if (known !== undefined) return known;
    const slot = this.#lowerNew(expr);
    this.#slots.set(expr, slot);
    return slot;
  }

  /**
   * With several outputs, one that is an input as it stands is copied: what its storage holds may be overwritten by
   * another output before this one is stored.
   */
  lowerOutput(expr: Expr, outputs: number): number {
    const slot = this.lower(expr);
    if (outputs === 1 || expr.kind !== "input") return slot;
    const copy = this.#program.addSlot(register(this.#compute, this.#registers++), 1);
    this.#program.addInstruction(castLoop(this.#compute, this.#compute), copy, slot, slot, slot);
    return copy;
  }

  #lowerNew(expr: Expr): number {
    if (expr.kind === "input") return expr.index;
    if (expr.kind === "param") return this.#program.inputs + expr.index;
    if (expr.kind === "const") return this.#constant(expr.value);
    const operands = operandsOf(expr);
    const [a, b = a, c = a] = operands.map((operand) => this.lower(operand));
    for (const operand of operands) this.#use(operand);
    const place = this.#free.pop() ?? this.#registers++;
    this.#registerOf.set(expr, place);
    const out = this.#program.addSlot(register(this.#compute, place), 1);
    this.#program.addInstruction(this.#loop(expr), out, a, b, c);
    return out;
  }

  #constant(value: number): number {
    const known = this.#slots.get(value);
    // 0 and -0 are one key and two constants.
    if (known !== undefined && value !== 0) return known;
    const array = typedArray(this.#compute, 1);
    putScalar(array, 0, this.#compute, value);
    const slot = this.#program.addSlot(array, 0);
    this.#slots.set(value, slot);
    return slot;
  }

  #loop(expr: Expr): Loop {
    const loop =
      expr.kind === "unary"
        ? this.#loops.unary[expr.fn]
        : expr.kind === "binary"
          ? this.#loops.binary[expr.fn]
          : this.#loops.select;
    if (loop !== undefined) return loop;
    throw new DTypeError(`${(expr as { fn: UnaryFn | BinaryFn }).fn} is not defined for ${this.#compute}`);
  }

  #count(expr: Expr): void {
    const uses = this.#uses.get(expr) ?? 0;
    this.#uses.set(expr, uses + 1);
    if (uses === 0) for (const operand of operandsOf(expr)) this.#count(operand);
  }

  #use(expr: Expr): void {
    const uses = (this.#uses.get(expr) as number) - 1;
    this.#uses.set(expr, uses);
    const place = this.#registerOf.get(expr);
    if (uses === 0 && place !== undefined) this.#free.push(place);
  }
}

function operandsOf(expr: Expr): readonly Expr[] {
  if (expr.kind === "unary") return [expr.a];
  if (expr.kind === "binary") return [expr.a, expr.b];
  return expr.kind === "select" ? [expr.condition, expr.a, expr.b] : [];
}

function loopsFor(dtype: DType): Loops<TypedArray> {
  return LOOPS[dtype] as unknown as Loops<TypedArray>;
}

const LOOPS = {
  bool: boolLoops,
  uint8: intLoops,
  int8: intLoops,
  int16: intLoops,
  int32: intLoops,
  int64: bigintLoops,
  float16: float32Loops,
  bfloat16: float32Loops,
  float32: float32Loops,
  float64: floatLoops,
} as const satisfies Record<DType, unknown>;
