/** How a reduction joins its elements: along runs, or row upon row. */
import {
  type DType,
  isContiguous,
  numel,
  type ReduceKernel,
  type Shape,
  type Strided,
  typedArray,
} from "@flambeau/backend";
import { type AccumulatorDType, type AnyFolds, foldsFor } from "./folds.ts";
import type { Program } from "./program.ts";
import { BLOCK } from "./registers.ts";
import { Walk } from "./walk.ts";

const kept = new Walk();
const reduced = new Walk();
const reducedShape: number[] = [];
const NONE = new Float64Array(0);

/** Accumulators of small reductions, used again; of each kind, and of positions. */
const scratch: Record<AccumulatorDType | "positions", Float64Array> = {
  float64: new Float64Array(BLOCK),
  int32: typedArray("int32", BLOCK) as unknown as Float64Array,
  int64: typedArray("int64", BLOCK) as unknown as Float64Array,
  positions: new Float64Array(BLOCK),
};

/** A reduction that runs: its accumulators, in the output's row-major order, and how it joins. */
export class Reduction {
  acc: Float64Array = NONE;
  positions: Float64Array = NONE;
  #isArg = false;
  #outputs = 0;
  #combine: "sum" | "prod" | "max" | "min" = "sum";
  #folds: AnyFolds = foldsFor("float64", "float64");
  #neutral = 0;
  /** Float64 sums carry what additions rounded off (Neumaier's form of Kahan's summation). */
  #compensated = false;

  begin(kernel: ReduceKernel, kind: AccumulatorDType, compute: DType, outputs: number): void {
    const { combine } = kernel;
    this.#isArg = combine === "argmax" || combine === "argmin";
    this.#outputs = outputs;
    this.#combine = combine === "argmax" ? "max" : combine === "argmin" ? "min" : combine;
    this.#folds = foldsFor(compute, kind);
    this.#neutral = this.#folds.neutral[this.#combine];
    this.#compensated = compute === "float64" && combine === "sum";
    const isSmall = outputs <= BLOCK;
    this.acc = isSmall ? scratch[kind] : (typedArray(kind, outputs) as Float64Array);
    for (let j = 0; j < outputs; j++) this.acc[j] = this.#neutral;
    if (!this.#isArg) return;
    this.positions = isSmall ? scratch.positions : new Float64Array(outputs);
    for (let j = 0; j < outputs; j++) this.positions[j] = 0;
  }

  /** Lets go of large accumulators. */
  end(): void {
    this.acc = NONE;
    this.positions = NONE;
  }

  run(
    program: Program,
    shape: Shape,
    elements: number,
    inputs: readonly Strided[],
    outputShape: Shape,
  ): void {
    const { at } = program;
    for (let i = 0; i < inputs.length; i++) at[i] = inputs[i].offset;
    at[inputs.length] = 0;
    if (
      this.#outputs === 1 &&
      inputs.every((x) => numel(x.shape) === elements && isContiguous(x.shape, x.strides))
    ) {
      reduced.line(inputs.length, elements, 1);
      kept.line(inputs.length + 1, 1, 0);
      this.#byRuns(program);
      return;
    }
    reducedShape.length = shape.length;
    for (let d = 0; d < shape.length; d++) reducedShape[d] = outputShape[d] === 1 ? shape[d] : 1;
    kept.reset(outputShape);
    reduced.reset(reducedShape);
    for (let i = 0; i < inputs.length; i++) {
      kept.add(inputs[i], outputShape);
      reduced.add(inputs[i], reducedShape);
    }
    kept.addRowMajor(outputShape, outputShape);
    kept.merge();
    reduced.merge();
    const row = kept.sizes[kept.loopDim];
    const run = reduced.sizes[0];
    let last = shape.length - 1;
    while (last > 0 && shape[last] === 1) last--;
    const lastIsKept = last >= 0 && outputShape[last] !== 1;
    if (lastIsKept ? row >= 16 || row >= run : run < 16 && row > run) this.#byRows(program);
    else this.#byRuns(program);
  }

  #byRuns(program: Program): void {
    const { at, by, inputs } = program;
    const length = reduced.sizes[0];
    reduced.stepsAlong(0, by);
    do {
      let value = this.#neutral;
      let lost = 0;
      let best = 0;
      let start = 0;
      do {
        for (let done = 0; done < length; ) {
          const n = Math.min(BLOCK, length - done);
          program.evaluate(n);
          const x = program.resultData(0) as Float64Array;
          const xi = program.resultOffset(0);
          const xs = program.resultStep(0);
          if (this.#isArg) {
            const found = this.#folds.argFold[this.#combine as "max"](n, x, xi, xs, value);
            if (found >= 0) {
              value = x[xi + found * xs];
              best = start + found;
            }
          } else if (this.#compensated) {
            const part = this.#folds.fold.sum(n, x, xi, xs, 0);
            const total = value + part;
            lost += Math.abs(value) >= Math.abs(part) ? value - total + part : part - total + value;
            value = total;
          } else value = this.#folds.fold[this.#combine](n, x, xi, xs, value);
          for (let i = 0; i < inputs; i++) at[i] += n * by[i];
          done += n;
          start += n;
        }
        for (let i = 0; i < inputs; i++) at[i] -= length * by[i];
      } while (reduced.next(at, 0));
      const to = at[inputs];
      this.acc[to] = lost !== 0 && Number.isFinite(value) ? value + lost : value;
      if (this.#isArg) this.positions[to] = best;
    } while (kept.next(at, -1));
  }

  #byRows(program: Program): void {
    const { at, by, inputs } = program;
    const along = kept.loopDim;
    const length = kept.sizes[along];
    kept.stepsAlong(along, by);
    const lost = this.#compensated ? new Float64Array(this.#outputs) : NONE;
    for (let done = 0; done < length; ) {
      const n = Math.min(BLOCK, length - done);
      do {
        let row = 0;
        do {
          program.evaluate(n);
          const x = program.resultData(0) as Float64Array;
          const xi = program.resultOffset(0);
          const xs = program.resultStep(0);
          if (this.#isArg) {
            const argRows = this.#folds.argRows[this.#combine as "max"];
            argRows(n, this.acc, at[inputs], by[inputs], x, xi, xs, this.positions, row);
          } else if (this.#compensated) compensatedRow(n, this.acc, lost, at[inputs], by[inputs], x, xi, xs);
          else this.#folds.rows[this.#combine](n, this.acc, at[inputs], by[inputs], x, xi, xs);
          row++;
        } while (reduced.next(at, -1));
      } while (kept.next(at, along));
      for (let i = 0; i <= inputs; i++) at[i] += n * by[i];
      done += n;
    }
    for (let j = 0; j < lost.length; j++) if (Number.isFinite(this.acc[j])) this.acc[j] += lost[j];
  }
}

function compensatedRow(
  n: number,
  acc: Float64Array,
  lost: Float64Array,
  ai: number,
  as: number,
  x: Float64Array,
  xi: number,
  xs: number,
): void {
  for (; n > 0; n--, ai += as, xi += xs) {
    const value = acc[ai];
    const part = x[xi];
    const total = value + part;
    lost[ai] += Math.abs(value) >= Math.abs(part) ? value - total + part : part - total + value;
    acc[ai] = total;
  }
}
