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
