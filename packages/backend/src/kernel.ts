import { type Expr, input } from "./expr.ts";

let count = 0;

/**
 * An elementwise kernel: one expression per output over `inputs` tensors and `params` scalars.
 *
 * Kernels are made once, at module level or on first use, and a device keeps what it compiled of one under its `id`.
 */
export class MapKernel {
  readonly id: number = count++;
  readonly name: string;
  readonly inputs: number;
  readonly params: number;
  readonly outputs: readonly Expr[];

  constructor(name: string, inputs: number, params: number, outputs: readonly Expr[]) {
    this.name = name;
    this.inputs = inputs;
    this.params = params;
    this.outputs = outputs;
  }
}

/** How a reduction joins two values. `argmax` and `argmin` give the first position; nan counts as the extreme. */
export type Combine = "sum" | "prod" | "max" | "min" | "argmax" | "argmin";

/**
 * A reduction kernel: `prepare` maps the inputs' elements, `combine` joins them, `finish` maps the joined value
 * (its input 0) once at the end. Both expressions see the same params. `mean` of squares is one such kernel.
 */
export class ReduceKernel {
  readonly id: number = count++;
  readonly name: string;
  readonly inputs: number;
  readonly params: number;
  readonly prepare: Expr;
  readonly combine: Combine;
  readonly finish: Expr;

  constructor(
    name: string,
    combine: Combine,
    options: { inputs?: number; params?: number; prepare?: Expr; finish?: Expr } = {},
  ) {
    this.name = name;
    this.combine = combine;
    this.inputs = options.inputs ?? 1;
    this.params = options.params ?? 0;
    this.prepare = options.prepare ?? input(0);
    this.finish = options.finish ?? input(0);
  }
}

/** A step of a `RowKernel`: what one number of each row is made of. */
export interface RowStep {
  /** How the row's prepared values are joined; a nan may get lost in a maximum. */
  readonly combine: "sum" | "max";
  /** Of an element. */
  readonly prepare: Expr;
  /** Of the joined value, which is this step's own result here; the result is what comes out. */
  readonly finish?: Expr;
  /** Writes the prepared values to the output, where later expressions find them as the last input. */
  readonly keeps?: true;
}

/**
 * Several passes over rows, each row from beginning to end while it lies in the cache: steps that each make one number of
 * it, then the output's elements from all that is known. Softmax is one.
 *
 * In its expressions, inputs 0 and up are the inputs, then come the results of the steps up to here, and after those of
 * all steps what a step kept.
 */
export class RowKernel {
  readonly id: number = count++;
  readonly name: string;
  readonly inputs: number;
  readonly params: number;
  readonly steps: readonly RowStep[];
  readonly output: Expr;

  constructor(name: string, inputs: number, params: number, steps: readonly RowStep[], output: Expr) {
    this.name = name;
    this.inputs = inputs;
    this.params = params;
    this.steps = steps;
    this.output = output;
  }
}
