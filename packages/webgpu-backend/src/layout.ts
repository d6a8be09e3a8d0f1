import type { Shape, Strided } from "@flambeau/backend";

/** How one operand is walked: everything in row-major order, one element again and again, or by steps. */
export type Walked = "flat" | "one" | "steps";

/** How several operands are walked together. */
export interface Layout {
  /** Sizes of the dimensions left after joining, innermost first; none is 1. */
  readonly sizes: readonly number[];
  /** By operand, its steps along these. */
  readonly steps: readonly (readonly number[])[];
  readonly walked: readonly Walked[];
}

/**
 * The dimensions of a shape, with the steps of operands that broadcast to it; neighbours that every operand walks evenly
 * are joined, so that few kinds of kernels and few divisions are needed.
 */
export function layoutOf(shape: Shape, operands: readonly Pick<Strided, "shape" | "strides">[]): Layout {
  const sizes: number[] = [];
  const steps: number[][] = operands.map(() => []);
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 1) continue;
    const next = operands.map((operand) => stepAlong(operand, d - shape.length));
    const last = sizes.length - 1;
    if (last >= 0 && next.every((step, p) => step === steps[p][last] * sizes[last])) {
      sizes[last] *= shape[d];
      continue;
    }
    sizes.push(shape[d]);
    for (let p = 0; p < next.length; p++) steps[p].push(next[p]);
  }
  return { sizes, steps, walked: steps.map((own) => walkedAs(sizes, own)) };
}

/** `fromEnd` is negative: operands align at the end. */
function stepAlong({ shape, strides }: Pick<Strided, "shape" | "strides">, fromEnd: number): number {
  const d = shape.length + fromEnd;
  return d < 0 || shape[d] === 1 ? 0 : strides[d];
}

function walkedAs(sizes: readonly number[], steps: readonly number[]): Walked {
  if (steps.every((step) => step === 0)) return "one";
  let expected = 1;
  for (let d = 0; d < sizes.length; d++) {
    if (steps[d] !== expected) return "steps";
    expected *= sizes[d];
  }
  return "flat";
}
