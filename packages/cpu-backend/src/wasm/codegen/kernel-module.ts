/** What modules of maps and of reductions share: imports, operands' pointers, loads and stores of whole and partial vectors. */
import { type Callee, type Code, ModuleBuilder, type ValueType } from "./assembler.ts";
import { Emitter, reachable, SCALAR_ARITY, writeRepair } from "./emit.ts";
import type { ScalarName, Value } from "./graph.ts";
import { f32x4, i32, i32x4, v128 } from "./opcodes.ts";

/** How an input moves along a row: from element to element, or not at all. */
export type Mode = "each" | "one";

/** An input of a SIMD kernel: the code of its dtype (see `readable`) and its mode. */
export interface InputForm {
  readonly kind: number;
  readonly mode: Mode;
}

/** Bytes of an element, by the code of its dtype. */
export const BYTES: readonly number[] = [4, 1, 4];

/** The scalar functions that the values call, imported, and the functions that call them for single lanes. */
function importRepairs(module: ModuleBuilder, roots: readonly Value[]): Map<string, Callee> {
  const names = new Set(
    reachable(roots).flatMap(({ kind, op }) => (kind === "rare" ? [op as ScalarName] : [])),
  );
  const scalars = [...names].map((name) => {
    const doubles: ValueType[] = SCALAR_ARITY[name] === 1 ? ["f64"] : ["f64", "f64"];
    return { name, arity: doubles.length, scalar: module.importFunction("scalar", name, doubles, ["f64"]) };
  });
  return new Map(
    scalars.map(({ name, arity, scalar }) => {
      const vectors: ValueType[] = ["v128", "v128", ...new Array<ValueType>(arity).fill("v128")];
      const repair = module.function(vectors, ["v128"]);
      writeRepair(repair, arity, scalar);
      return [name, repair];
    }),
  );
}

/** Functions that read and write fewer than four elements, 1 to 3; made when first asked for. */
class Partial {
  readonly #module: ModuleBuilder;
  #loadWords: Code | undefined;
  #loadBytes: Code | undefined;
  #storeWords: Code | undefined;
  #storeBytes: Code | undefined;

  constructor(module: ModuleBuilder) {
    this.#module = module;
  }

  /** From an address and a count: 32-bit elements, then zeros. */
  get loadWords(): Code {
    if (this.#loadWords !== undefined) return this.#loadWords;
    const code = this.#module.function(["i32", "i32"], ["v128"]);
    code.get(1).i32(1).op(i32.eq);
    code.if(
      () => code.get(0).memory(v128.load32_zero),
      () => {
        code.get(1).i32(2).op(i32.eq);
        code.if(
          () => code.get(0).memory(v128.load64_zero),
          () => code.get(0).get(0).memory(v128.load64_zero).laneMemory(v128.load32_lane, 2, 8),
          "v128",
        );
      },
      "v128",
    );
    this.#loadWords = code;
    return code;
  }

  /** Bytes in the lowest lane. */
  get loadBytes(): Code {
    if (this.#loadBytes !== undefined) return this.#loadBytes;
    const code = this.#module.function(["i32", "i32"], ["v128"]);
    const word = code.local("i32");
    code.get(0).memory(i32.load8_u).set(word);
    for (let k = 1; k < 3; k++) {
      code.get(1).i32(k).op(i32.gt_s);
      code.if(() => {
        code
          .get(0)
          .memory(i32.load8_u, k)
          .i32(8 * k)
          .op(i32.shl)
          .get(word)
          .op(i32.or)
          .set(word);
      });
    }
    code.get(word).op(i32x4.splat);
    this.#loadBytes = code;
    return code;
  }

  /** To an address, of a vector, so many elements. */
  get storeWords(): Code {
    if (this.#storeWords !== undefined) return this.#storeWords;
    const code = this.#module.function(["i32", "v128", "i32"], []);
    code.get(2).i32(1).op(i32.eq);
    code.if(
      () => code.get(0).get(1).laneMemory(v128.store32_lane, 0),
      () => {
        code.get(0).get(1).laneMemory(v128.store64_lane, 0);
        code.get(2).i32(3).op(i32.eq);
        code.if(() => code.get(0).get(1).laneMemory(v128.store32_lane, 2, 8));
      },
    );
    this.#storeWords = code;
    return code;
  }

  get storeBytes(): Code {
    if (this.#storeBytes !== undefined) return this.#storeBytes;
    const code = this.#module.function(["i32", "v128", "i32"], []);
    code.get(0).get(1).laneMemory(v128.store8_lane, 0);
    for (let k = 1; k < 3; k++) {
      code.get(2).i32(k).op(i32.gt_s);
      code.if(() => code.get(0).get(1).laneMemory(v128.store8_lane, k, k));
    }
    this.#storeBytes = code;
    return code;
  }
}

/**
 * The inputs of a kernel function: an address and a distance between rows each, as two parameters from `first` on, and
 * the elements under them.
 */
export class Inputs {
  readonly #code: Code;
  readonly #first: number;
  readonly #forms: readonly InputForm[];
  readonly #partial: Partial;
  readonly #cursors: number[];

  constructor(code: Code, first: number, forms: readonly InputForm[], partial: Partial) {
    this.#code = code;
    this.#first = first;
    this.#forms = forms;
    this.#partial = partial;
    this.#cursors = forms.map(() => code.local("i32"));
  }

  /** At the start of a row: sets the cursors, and the values of inputs that stay the same along it. */
  beginRow(emitter: Emitter, used: readonly Value[]): void {
    const code = this.#code;
    for (let k = 0; k < this.#forms.length; k++) code.get(this.#pointer(k)).set(this.#cursors[k]);
    for (const leaf of used) {
      if (leaf.kind !== "leaf" || leaf.op === "param") continue;
      const k = leaf.immediate[0];
      if (this.#forms[k]?.mode !== "one") continue;
      code.get(this.#pointer(k)).memory(this.#forms[k].kind === 1 ? v128.load8_splat : v128.load32_splat);
      emitter.fix(leaf);
    }
  }

  /** Four elements `vector` vectors from the cursor. */
  load(leaf: Value, vector: number): void {
    const k = leaf.immediate[0];
    const { kind } = this.#forms[k];
    const code = this.#code.get(this.#cursors[k]);
    if (kind === 1) code.memory(v128.load32_zero, 4 * vector);
    else code.memory(v128.load, 16 * vector);
  }

  /** Four elements, or as many as `rest` says. */
  loadRest(leaf: Value, rest: number): void {
    const code = this.#code;
    const k = leaf.immediate[0];
    const { kind } = this.#forms[k];
    code.get(rest).i32(4).op(i32.ge_s);
    code.if(
      () => this.load(leaf, 0),
      () => {
        code.get(this.#cursors[k]).get(rest);
        code.call(kind === 1 ? this.#partial.loadBytes : this.#partial.loadWords);
      },
      "v128",
    );
  }

  /** Moves the cursors by so many elements. */
  advance(elements: number): void {
    this.#forms.forEach(({ kind, mode }, k) => {
      if (mode === "one") return;
      const cursor = this.#cursors[k];
      this.#code.advance(cursor, elements * BYTES[kind]);
    });
  }

  /** At the top of a strip of columns: sets the cursors to the first row's element in a column. */
  beginColumn(column: number): void {
    const code = this.#code;
    this.#forms.forEach(({ kind, mode }, k) => {
      code.get(this.#pointer(k));
      if (mode === "each") code.get(column).i32(BYTES[kind]).op(i32.mul).op(i32.add);
      code.set(this.#cursors[k]);
    });
  }

  /** Four elements from the cursor on, or the row's one element four times. */
  loadInStrip(leaf: Value, vector: number, rest?: number): void {
    const k = leaf.immediate[0];
    const { kind, mode } = this.#forms[k];
    if (mode === "one")
      this.#code.get(this.#cursors[k]).memory(kind === 1 ? v128.load8_splat : v128.load32_splat);
    else if (rest === undefined) this.load(leaf, vector);
    else this.loadRest(leaf, rest);
  }

  /** Moves the cursors one row down. */
  nextRowOfStrip(): void {
    this.#forms.forEach((_, k) => {
      const cursor = this.#cursors[k];
      this.#code.advanceBy(cursor, this.#pointer(k) + 1);
    });
  }

  /** Moves the addresses to the next row. */
  nextRow(): void {
    this.#forms.forEach((_, k) => {
      const pointer = this.#pointer(k);
      this.#code.advanceBy(pointer, pointer + 1);
    });
  }

  #pointer(k: number): number {
    return this.#first + 2 * k;
  }
}

/** What the function of a kernel is written with. */
export interface Opening {
  readonly module: ModuleBuilder;
  readonly code: Code;
  readonly emitter: Emitter;
  readonly inputs: Inputs;
  readonly partial: Partial;
  /** All that the roots need. */
  readonly values: readonly Value[];
}

/**
 * A module and the beginning of its function `run`, whose integer parameters end with the inputs', from `first` on, and
 * are followed by float params: constants and params are put into locals.
 */
export function open(
  roots: readonly Value[],
  form: { readonly inputs: readonly InputForm[]; readonly params: number; readonly shared: boolean },
  first: number,
  constants: readonly Value[] = [],
): Opening {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", form.shared);
  const repairs = importRepairs(module, roots);
  const end = first + 2 * form.inputs.length;
  const parameters: ValueType[] = [...Array(end).fill("i32"), ...Array(form.params).fill("f32")];
  const code = module.function(parameters, []);
  module.export("run", code);
  const partial = new Partial(module);
  const emitter = new Emitter(code, repairs);
  const inputs = new Inputs(code, first, form.inputs, partial);
  const values = reachable(roots);
  emitter.fixConstants([...values, ...constants]);
  fixParams(code, emitter, values, end);
  return { module, code, emitter, inputs, partial, values };
}

/** Puts params, float parameters from `first` on, into vectors. */
function fixParams(code: Code, emitter: Emitter, used: readonly Value[], first: number): void {
  for (const leaf of used) {
    if (leaf.kind !== "leaf" || leaf.op !== "param") continue;
    code.get(first + leaf.immediate[0]).op(f32x4.splat);
    emitter.fix(leaf);
  }
}

/** Repeats `turn`, which takes `elements` off `rest`, for as long as so many are left. */
export function whileLeft(code: Code, rest: number, elements: number, turn: () => void): void {
  code.block(() => {
    code.get(rest).i32(elements).op(i32.lt_s).brIf(0);
    code.loop(() => {
      turn();
      code.get(rest).i32(elements).op(i32.ge_s).brIf(0);
    });
  });
}

/**
 * Computes the root along a row, of which `rest` elements are left: `use` gets its locals for neighbouring vectors, or for
 * the last one that is not whole. `advance` goes on in what is not an input.
 */
export function alongRow(
  { code, emitter, inputs }: Opening,
  root: Value,
  copies: number,
  rest: number,
  use: (locals: readonly number[], isPartial: boolean) => void,
  advance?: (elements: number) => void,
): void {
  const whole = (vectors: number): void => {
    whileLeft(code, rest, 4 * vectors, () => {
      const made: number[] = [];
      emitter.body(
        [root],
        vectors,
        (leaf, copy) => inputs.load(leaf, copy),
        ([value]) => {
          if (made.push(value) === vectors) use(made, false);
        },
      );
      inputs.advance(4 * vectors);
      code.advance(rest, -4 * vectors);
      advance?.(4 * vectors);
    });
  };
  whole(copies);
  if (copies === 8) whole(4);
  whole(1);
  code.get(rest).i32(0).op(i32.gt_s);
  code.if(() => {
    emitter.body(
      [root],
      1,
      (leaf) => inputs.loadRest(leaf, rest),
      (locals) => use(locals, true),
    );
  });
}
