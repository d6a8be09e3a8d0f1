import { type Expr, input } from "./expr.ts";

let count = 0;

/**
 * An elementwise kernel: one expression per output over `inputs` tensors and `params` scalars.
 *
 * Kernels are made once, at module level or on first use, and a device keeps what it compiled of one under its `id`.
 *
 * @example
 * ```ts
 * import { E, input, MapKernel, param } from "@flambeau/backend";
 *
 * // An optimizer's step: velocity = momentum * velocity + gradient,
 * // weight = weight - lr * velocity.
 * const [weight, velocity, gradient] = [input(0), input(1), input(2)];
 * const [lr, momentum] = [param(0), param(1)];
 * const moved = E.add(E.mul(momentum, velocity), gradient);
 * const outputs = [E.sub(weight, E.mul(lr, moved)), moved];
 * const step = new MapKernel("step", 3, 2, outputs);
 * console.log(step.outputs.length);
 * // 2
 * ```
 */
export class MapKernel {
  /** Tells kernels apart: under it a device keeps what it compiled. */
  readonly id: number = count++;
  /** For messages and profiles. */
  readonly name: string;
  /** How many tensors it reads. */
  readonly inputs: number;
  /** How many scalars each call gives it. */
  readonly params: number;
  /** What each output is made of. */
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
 *
 * @example
 * ```ts
 * import { E, input, param, ReduceKernel } from "@flambeau/backend";
 * import { cpu } from "@flambeau/cpu-backend";
 *
 * // The mean of squares; how many there are is told at each call.
 * const meanSquare = new ReduceKernel("meanSquare", "sum", {
 *   params: 1,
 *   prepare: E.mul(input(0), input(0)),
 *   finish: E.div(input(0), param(0)),
 * });
 *
 * const rows = cpu.upload("float32", new Float32Array([1, 2, 3, 4]));
 * const x = { storage: rows, dtype: rows.dtype, shape: [2, 2], strides: [2, 1], offset: 0 };
 * const means = cpu.allocate("float32", 2);
 * const out = { storage: means, dtype: means.dtype, shape: [2, 1], strides: [1, 1], offset: 0 };
 * cpu.reduce(meanSquare, "float32", x.shape, [x], [2], out);
 * console.log(await cpu.download(out));
 * // Float32Array(2) [ 2.5, 12.5 ]
 * ```
 */
export class ReduceKernel {
  /** Tells kernels apart: under it a device keeps what it compiled. */
  readonly id: number = count++;
  /** For messages and profiles. */
  readonly name: string;
  /** How many tensors it reads. */
  readonly inputs: number;
  /** How many scalars each call gives it. */
  readonly params: number;
  /** What is joined of each element. */
  readonly prepare: Expr;
  /** How two values are joined. */
  readonly combine: Combine;
  /** What the joined value, its input 0, becomes. */
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
 *
 * @example
 * ```ts
 * import { E, input, RowKernel } from "@flambeau/backend";
 *
 * // Softmax: the largest of a row is subtracted first, for no exponential to overflow.
 * const [x, largest, sum, exponential] = [input(0), input(1), input(2), input(3)];
 * const softmax = new RowKernel(
 *   "softmax",
 *   1,
 *   0,
 *   [
 *     { combine: "max", prepare: x },
 *     { combine: "sum", prepare: E.exp(E.sub(x, largest)), keeps: true },
 *   ],
 *   E.div(exponential, sum),
 * );
 * console.log(softmax.steps.map(({ combine }) => combine).join(" "));
 * // max sum
 * ```
 */
export class RowKernel {
  /** Tells kernels apart: under it a device keeps what it compiled. */
  readonly id: number = count++;
  /** For messages and profiles. */
  readonly name: string;
  /** How many tensors it reads. */
  readonly inputs: number;
  /** How many scalars each call gives it. */
  readonly params: number;
  /** What each row is asked for, in order. */
  readonly steps: readonly RowStep[];
  /** What the output's elements are made of. */
  readonly output: Expr;

  constructor(name: string, inputs: number, params: number, steps: readonly RowStep[], output: Expr) {
    this.name = name;
    this.inputs = inputs;
    this.params = params;
    this.steps = steps;
    this.output = output;
  }
}
