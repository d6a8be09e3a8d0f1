import type { Shape, Strided } from "@flambeau/backend";

/**
 * How several operands are walked together: the dimensions of their common shape, innermost first, with each operand's
 * step along each (zero where it is broadcast). Neighbouring dimensions that every operand walks evenly are one.
 *
 * The arrays are reused from call to call, so that a small op allocates nothing.
 */
export class Walk {
  ndim: number = 0;
  readonly sizes: number[] = [];
  /** By operand, then dimension. */
  readonly steps: number[][] = [];
  readonly #position: number[] = [];
  #operands = 0;

  /** Starts over a shape; operands follow by `add`, then `merge`. */
  reset(shape: Shape): void {
    this.#operands = 0;
    this.ndim = 0;
    for (let d = shape.length - 1; d >= 0; d--) if (shape[d] !== 1) this.sizes[this.ndim++] = shape[d];
  }

  /** An operand whose shape broadcasts to the shape given to `reset`. */
  add(operand: Strided, shape: Shape): void {
    this.addStrides(operand.shape, operand.strides, shape);
  }

  addStrides(own: Shape, strides: Shape, shape: Shape): void {
    const steps = this.#stepsOf(this.#operands++);
    const lead = shape.length - own.length;
    let k = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      if (shape[d] === 1) continue;
      steps[k++] = d < lead || own[d - lead] === 1 ? 0 : strides[d - lead];
    }
  }

  /** An operand that steps as another does, but stays where it is along one dimension. */
  addExcept(strides: Shape, shape: Shape, except: number): void {
    const steps = this.#stepsOf(this.#operands++);
    let k = 0;
    for (let d = shape.length - 1; d >= 0; d--)
      if (shape[d] !== 1) steps[k++] = d === except ? 0 : strides[d];
  }

  /** An operand that lies in row-major order in its own, broadcast shape. */
  addRowMajor(own: Shape, shape: Shape): void {
    const steps = this.#stepsOf(this.#operands++);
    const lead = shape.length - own.length;
    let step = 1;
    let k = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      const size = d < lead ? 1 : own[d - lead];
      if (shape[d] !== 1) steps[k++] = size === 1 ? 0 : step;
      step *= size;
    }
  }

  /** A walk of `n` elements along which every operand steps alike. */
  line(operands: number, n: number, step: number): void {
    this.ndim = 1;
    this.sizes[0] = n;
    this.#operands = operands;
    this.#position[0] = 0;
    for (let p = 0; p < operands; p++) this.#stepsOf(p)[0] = step;
  }

  /** Joins dimensions where all operands permit; at least one is left. */
  merge(): void {
    const { sizes, steps } = this;
    const operands = this.#operands;
    for (let k = 0; k < this.ndim || k === 0; k++) this.#position[k] = 0;
    if (this.ndim === 0) {
      sizes[0] = 1;
      for (let p = 0; p < operands; p++) steps[p][0] = 0;
      this.ndim = 1;
      return;
    }
    let last = 0;
    for (let k = 1; k < this.ndim; k++) {
      let even = true;
      for (let p = 0; p < operands; p++) if (steps[p][k] !== steps[p][last] * sizes[last]) even = false;
      if (even) sizes[last] *= sizes[k];
      else {
        last++;
        sizes[last] = sizes[k];
        for (let p = 0; p < operands; p++) steps[p][last] = steps[p][k];
      }
    }
    this.ndim = last + 1;
  }

  /** Each operand's step along a dimension. */
  stepsAlong(dim: number, into: number[]): void {
    for (let p = 0; p < this.#operands; p++) into[p] = this.steps[p][dim];
  }

  /**
   * Moves the operands' offsets to the next index over all dimensions but `skip`, in row-major order. After the last
   * they are back where they were, and the answer is false.
   */
  next(at: number[], skip: number): boolean {
    const { sizes, steps } = this;
    const position = this.#position;
    for (let d = 0; d < this.ndim; d++) {
      if (d === skip) continue;
      const moves = ++position[d] < sizes[d] ? 1 : 1 - sizes[d];
      for (let p = 0; p < this.#operands; p++) at[p] += moves * steps[p][d];
      if (moves === 1) return true;
      position[d] = 0;
    }
    return false;
  }

  #stepsOf(operand: number): number[] {
    while (this.steps.length <= operand) this.steps.push([]);
    return this.steps[operand];
  }

  /** The dimension to run a loop along: the innermost, or the longest where the innermost is too short to pay. */
  get loopDim(): number {
    if (this.sizes[0] >= 16) return 0;
    let best = 0;
    for (let k = 1; k < this.ndim; k++) if (this.sizes[k] > this.sizes[best]) best = k;
    return best;
  }
}
