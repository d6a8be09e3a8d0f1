import type { Expr } from "@flambeau/backend";
import { type Code, ModuleBuilder, type ValueType } from "./codegen/assembler.ts";
import { control, type Op } from "./codegen/opcodes.ts";
import {
  comparisonOf,
  constant,
  convert,
  formulas,
  fromTruth,
  layouts,
  type ScalarDType,
  truth,
} from "./scalar-values.ts";

/** An operand of scalar code. `step`: whether it stays, goes to the next element, or by a distance given at each call. */
export interface ScalarOperand {
  readonly dtype: ScalarDType;
  readonly step: "stay" | "next" | "given";
}

/** What a scalar map's module is made for. */
export interface ScalarForm {
  readonly compute: ScalarDType;
  readonly outputs: readonly ScalarOperand[];
  readonly inputs: readonly ScalarOperand[];
  readonly params: number;
  readonly shared: boolean;
}

/** Parameters of an operand: its address, its distance in bytes from element to element, and from row to row. */
export const OPERAND = 3;

/**
 * A module whose `run(rows, n, outputs, inputs, params)` evaluates expressions element by element, in a dtype of its own, over
 * operands of any dtype and any steps. Undefined when a function has no such code.
 */
export function scalarModule(
  outputs: readonly Expr[],
  form: ScalarForm,
): Uint8Array<ArrayBuffer> | undefined {
  const { compute } = form;
  const operands = [...form.outputs, ...form.inputs];
  const end = 2 + OPERAND * operands.length;
  const { type } = layouts[compute];
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", form.shared);
  const parameters: ValueType[] = [
    ...new Array<ValueType>(end).fill("i32"),
    ...new Array<ValueType>(form.params).fill(type),
  ];
  const code = module.function(parameters, []);
  module.export("run", code);
  const [rows, n] = [0, 1];
  const left = code.local("i32");
  const cursors = operands.map(() => code.local("i32"));
  const spares = new Map<ValueType, number>();
  const spare = (of: ValueType): number => {
    const known = spares.get(of) ?? code.local(of);
    spares.set(of, known);
    return known;
  };

  const first = form.outputs.length;
  const inputs = form.inputs.map(() => code.local(type));
  const load = (k: number): void => {
    const { dtype } = form.inputs[k];
    code.get(cursors[first + k]).memory(layouts[dtype].load);
    convert(code, dtype, compute, spare);
    code.set(inputs[k]);
  };
  const scalars = new Scalars(code, compute, inputs, end);

  code.loop(() => {
    operands.forEach((_, p) => {
      code.get(2 + OPERAND * p).set(cursors[p]);
    });
    form.inputs.forEach(({ step }, k) => {
      if (step === "stay") load(k);
    });
    code.get(n).set(left);
    code.loop(() => {
      form.inputs.forEach(({ step }, k) => {
        if (step !== "stay") load(k);
      });
      // All are computed before the first is stored: an output may be an input too.
      const results = outputs.map((e, k) =>
        form.outputs[k].dtype === "bool" ? scalars.truth(e) : scalars.value(e),
      );
      form.outputs.forEach(({ dtype }, k) => {
        code.get(cursors[k]).get(results[k]);
        if (dtype !== "bool") convert(code, compute, dtype, spare);
        code.memory(layouts[dtype].store);
      });
      operands.forEach(({ dtype, step }, p) => {
        if (step === "next") code.advance(cursors[p], layouts[dtype].size);
        else if (step === "given") code.advanceBy(cursors[p], 3 + OPERAND * p);
      });
      code.countDown(left);
    });
    operands.forEach((_, p) => {
      code.advanceBy(2 + OPERAND * p, 4 + OPERAND * p);
    });
    code.countDown(rows);
  });
  return scalars.isWhole ? module.encode() : undefined;
}

/** Writes expressions, each node once, into locals. */
class Scalars {
  readonly #code: Code;
  readonly #compute: ScalarDType;
  readonly #inputs: readonly number[];
  readonly #params: number;
  readonly #values: Map<Expr, number> = new Map();
  readonly #truths: Map<Expr, number> = new Map();
  /** Whether every function that was met has such code. */
  isWhole: boolean = true;

  /** `inputs`: the locals of the inputs' elements; `params`: the first of the params' parameters. */
  constructor(code: Code, compute: ScalarDType, inputs: readonly number[], params: number) {
    this.#code = code;
    this.#compute = compute;
    this.#inputs = inputs;
    this.#params = params;
  }

  /** The local of an expression's value. */
  value(e: Expr): number {
    if (e.kind === "input") return this.#inputs[e.index];
    if (e.kind === "param") return this.#params + e.index;
    return this.#once(this.#values, e, layouts[this.#compute].type, () => this.#write(e));
  }

  /** The local of 0 or 1, an i32: whether an expression's value is not 0. */
  truth(e: Expr): number {
    return this.#once(this.#truths, e, "i32", () => {
      const comparison = this.#comparisonOf(e);
      if (comparison === undefined) {
        this.#code.get(this.value(e));
        truth(this.#code, this.#compute);
      } else if (e.kind === "binary") {
        const [a, b] = [this.value(e.a), this.value(e.b)];
        this.#code.get(a).get(b).op(comparison);
      }
    });
  }

  #write(e: Expr): void {
    const code = this.#code;
    if (e.kind === "const") constant(code, this.#compute, e.value);
    else if (e.kind === "select") {
      const [condition, a, b] = [this.truth(e.condition), this.value(e.a), this.value(e.b)];
      code.get(a).get(b).get(condition).op(control.select);
    } else if (this.#comparisonOf(e) !== undefined) {
      code.get(this.truth(e));
      fromTruth(code, this.#compute);
    } else if (e.kind === "unary" || e.kind === "binary") {
      const a = this.value(e.a);
      const b = e.kind === "binary" ? this.value(e.b) : a;
      const formula = formulas[this.#compute][e.fn];
      if (formula === undefined) this.isWhole = false;
      formula?.(code, a, b);
    }
  }

  #comparisonOf(e: Expr): Op | undefined {
    return e.kind === "binary" ? comparisonOf(this.#compute, e.fn) : undefined;
  }

  #once(known: Map<Expr, number>, e: Expr, type: ValueType, write: () => void): number {
    let local = known.get(e);
    if (local === undefined) {
      write();
      local = this.#code.local(type);
      this.#code.set(local);
      known.set(e, local);
    }
    return local;
  }
}
