import {
  type BinaryFn,
  type DType,
  type Expr,
  type Strided,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { dataOf } from "../memory/storage.ts";
import { castLoop, putScalar } from "./cast.ts";
import type { Loop } from "./loops.ts";
import { Lowering } from "./lowering.ts";
import { register } from "./registers.ts";

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
    for (let i = 0; i < inputs; i++) this.#slot(register(compute, i), 0);
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
      this.#data[i] = register(this.compute, i);
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
      store(
        n,
        this.#target[k],
        this.at[this.inputs + k],
        this.by[this.inputs + k],
        data,
        this.#offset[root],
        this.#step[root],
        data,
        0,
        0,
        data,
        0,
        0,
      );
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
      run(
        n,
        data[out],
        offset[out],
        step[out],
        data[a],
        offset[a],
        step[a],
        data[b],
        offset[b],
        step[b],
        data[c],
        offset[c],
        step[c],
      );
    }
  }

  /** Lets go of the operands, so that a program does not keep large arrays alive. */
  unbind(): void {
    for (let i = 0; i < this.inputs; i++) this.#source[i] = this.#data[i] = register(this.compute, i);
    for (let k = 0; k < this.#target.length; k++) {
      this.#target[k] = register(this.compute, 0);
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
