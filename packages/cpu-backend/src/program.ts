import {
  type BinaryFn,
  type DType,
  DTypeError,
  type Expr,
  type Strided,
  type TypedArray,
  typedArray,
  type UnaryFn,
} from "@flambeau/backend";
import { castLoop, putScalar } from "./cast.ts";
import type { Loop, Loops } from "./loops.ts";
import { bigintLoops } from "./loops-bigint.ts";
import { floatLoops } from "./loops-float.ts";
import { boolLoops, intLoops } from "./loops-int.ts";
import { dataOf } from "./storage.ts";

/** Elements that a program works on at a time: its registers then stay in the processor's first cache. */
export const BLOCK: number = 1024;

/** One loop over a block; operands are slots. */
interface Instruction {
  readonly run: Loop;
  readonly out: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const COMPARISONS: ReadonlySet<string> = new Set<BinaryFn>(["eq", "ne", "lt", "le", "gt", "ge"]);

/**
 * Expressions lowered to a list of instructions, each a tight loop over a block of elements ("vectorized
 * interpretation", as in numexpr). A value is a slot: an array, an offset and a step. Inputs come first, then params,
 * constants, and results, which lie in registers. One program runs at a time; it keeps its operands' places between
 * blocks, and `next` the same kernel's program for another compute dtype.
 */
export class Program {
  readonly compute: DType;
  readonly inputs: number;
  readonly params: number;
  readonly outputs: number;
  next: Program | undefined;

  /** Where each operand's block starts, inputs first, then outputs, and how it steps; the caller moves `at`. */
  readonly at: number[] = [];
  readonly by: number[] = [];

  readonly #code: Instruction[] = [];
  readonly #roots: number[];
  /** The only result comes from the last instruction, which may write it straight to the output. */
  readonly #direct: boolean;
  readonly #comparison: boolean;
  readonly #rootRegister: TypedArray;

  readonly #data: TypedArray[] = [];
  readonly #offset: number[] = [];
  readonly #step: number[] = [];

  /** Of each input: the array read, and the loop that converts a block where its dtype is not `compute`. */
  readonly #source: TypedArray[] = [];
  readonly #load: (Loop | undefined)[] = [];
  /** Of each output: the array written, and the loop that stores into it, none where the last instruction does. */
  readonly #target: TypedArray[] = [];
  readonly #store: (Loop | undefined)[] = [];

  constructor(compute: DType, inputs: number, params: number, outputs: readonly Expr[]) {
    this.compute = compute;
    this.inputs = inputs;
    this.params = params;
    this.outputs = outputs.length;
    for (let i = 0; i < inputs; i++) this.#slot(registerArray(compute, i), 0);
    for (let i = 0; i < params; i++) this.#slot(typedArray(compute, 1), 0);
    const lowering = new Lowering(this, compute, outputs);
    this.#roots = outputs.map((expr) => lowering.lowerOutput(expr, outputs.length));
    const last = this.#code.at(-1);
    this.#direct = outputs.length === 1 && last !== undefined && last.out === this.#roots[0];
    this.#rootRegister = this.#data[this.#roots[0]];
    this.#comparison = outputs[0].kind === "binary" && COMPARISONS.has(outputs[0].fn) && compute !== "int64";
  }

  /** Whether it gives its first input back as it is. */
  get isIdentity(): boolean {
    return this.#code.length === 0 && this.#roots.length === 1 && this.#roots[0] === 0 && this.inputs > 0;
  }

  setParams(params: readonly (number | bigint)[]): void {
    for (let i = 0; i < this.params; i++) putScalar(this.#data[this.inputs + i], 0, this.compute, params[i]);
  }

  bindInput(i: number, operand: Strided): void {
    const data = dataOf(operand);
    this.#source[i] = data;
    if (operand.dtype === this.compute) {
      this.#load[i] = undefined;
      this.#data[i] = data;
    } else {
      this.#load[i] = castLoop(this.compute, operand.dtype);
      this.#data[i] = registerArray(this.compute, i);
      this.#offset[i] = 0;
    }
  }

  bindOutput(k: number, operand: Strided): void {
    const data = dataOf(operand);
    const dtype = operand.dtype;
    this.#target[k] = data;
    if (this.#direct && (dtype === this.compute || (this.#comparison && dtype === "bool"))) {
      this.#store[k] = undefined;
      this.#data[this.#roots[k]] = data;
    } else {
      this.#store[k] = castLoop(dtype, this.compute);
      if (this.#direct) this.#resetRoot();
    }
  }

  /** Where the k-th result of the last block lies: read by reductions, which store it themselves. */
  resultData(k: number): TypedArray {
    return this.#data[this.#roots[k]];
  }

  resultOffset(k: number): number {
    return this.#offset[this.#roots[k]];
  }

  resultStep(k: number): number {
    return this.#step[this.#roots[k]];
  }

  /** Evaluates one block of `n` elements, at most `BLOCK`, where `at` points. */
  run(n: number): void {
    this.evaluate(n);
    for (let k = 0; k < this.#roots.length; k++) {
      const store = this.#store[k];
      if (store === undefined) continue;
      const root = this.#roots[k];
      const data = this.#data[root];
      store(n, this.#target[k], this.at[this.inputs + k], this.by[this.inputs + k], data, this.#offset[root], this.#step[root], data, 0, 0, data, 0, 0);
    }
  }

  /** The same without storing results that lie in registers. */
  evaluate(n: number): void {
    const data = this.#data;
    const offset = this.#offset;
    const step = this.#step;
    for (let i = 0; i < this.inputs; i++) {
      const load = this.#load[i];
      const by = this.by[i];
      if (load === undefined) {
        offset[i] = this.at[i];
        step[i] = by;
      } else {
        const source = this.#source[i];
        load(by === 0 ? 1 : n, data[i], 0, 1, source, this.at[i], by, source, 0, 0, source, 0, 0);
        step[i] = by === 0 ? 0 : 1;
      }
    }
    if (this.#direct && this.#store.length > 0 && this.#store[0] === undefined) {
      const root = this.#roots[0];
      offset[root] = this.at[this.inputs];
      step[root] = this.by[this.inputs];
    }
    const code = this.#code;
    for (let i = 0; i < code.length; i++) {
      const { run, out, a, b, c } = code[i];
      run(n, data[out], offset[out], step[out], data[a], offset[a], step[a], data[b], offset[b], step[b], data[c], offset[c], step[c]);
    }
  }

  /** Lets go of the operands, so that a program does not keep large arrays alive. */
  unbind(): void {
    for (let i = 0; i < this.inputs; i++) this.#source[i] = this.#data[i] = registerArray(this.compute, i);
    for (let k = 0; k < this.#target.length; k++) {
      this.#target[k] = registerArray(this.compute, 0);
      if (this.#store[k] === undefined) this.#resetRoot();
    }
  }

  /** Back to its register, after the last instruction wrote straight into an output. */
  #resetRoot(): void {
    const root = this.#roots[0];
    this.#data[root] = this.#rootRegister;
    this.#offset[root] = 0;
    this.#step[root] = 1;
  }

  /** Adds a slot with its array; used while lowering. */
  addSlot(data: TypedArray, step: number): number {
    return this.#slot(data, step);
  }

  addInstruction(run: Loop, out: number, a: number, b: number, c: number): void {
    this.#code.push({ run, out, a, b, c });
  }

  #slot(data: TypedArray, step: number): number {
    this.#data.push(data);
    this.#offset.push(0);
    this.#step.push(step);
    return this.#data.length - 1;
  }
}

/** Turns expressions into instructions, each shared node once, reusing a register after its value's last use. */
class Lowering {
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
    const copy = this.#program.addSlot(registerArray(this.#compute, this.#registers++), 1);
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
    const register = this.#free.pop() ?? this.#registers++;
    this.#registerOf.set(expr, register);
    const out = this.#program.addSlot(registerArray(this.#compute, register), 1);
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
    const register = this.#registerOf.get(expr);
    if (uses === 0 && register !== undefined) this.#free.push(register);
  }
}

function operandsOf(expr: Expr): readonly Expr[] {
  if (expr.kind === "unary") return [expr.a];
  if (expr.kind === "binary") return [expr.a, expr.b];
  return expr.kind === "select" ? [expr.condition, expr.a, expr.b] : [];
}

function loopsFor(dtype: DType): Loops<TypedArray> {
  if (dtype === "int64") return bigintLoops as unknown as Loops<TypedArray>;
  const loops = dtype === "bool" ? boolLoops : dtype === "float32" || dtype === "float64" ? floatLoops : intLoops;
  return loops as unknown as Loops<TypedArray>;
}

const registers: { [dtype in DType]?: TypedArray[] } = {};

/** The k-th register of a dtype; all programs share them, as one runs at a time. */
function registerArray(dtype: DType, k: number): TypedArray {
  const known = (registers[dtype] ??= []);
  return (known[k] ??= typedArray(dtype, BLOCK));
}
