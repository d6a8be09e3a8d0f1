/** Sizes that follow from the inputs, read from the shapes of tensors. */
import { Size, type Term, type Value, valuesIn } from "@flambeau/graph";
import { ExportError } from "../errors.ts";
import type { Hole } from "../hole.ts";
import { numberOf } from "../python/literals.ts";
import { type Expr, holesOf } from "../python/tree.ts";
import type { Step } from "./steps.ts";

/** Dimension `dim` of a tensor. */
export interface Dimension {
  readonly value: Value;
  readonly dim: number;
}

/** Where each axis of a body is read, and how often. */
export class SizePlan {
  /** The dimension that has a size, by the size's text. */
  readonly #sources = new Map<string, Dimension>();
  readonly #uses = new Map<string, number[]>();
  readonly #inputs: readonly Value[];
  readonly #steps: readonly Step[];

  constructor(inputs: readonly Value[], steps: readonly Step[]) {
    this.#inputs = inputs;
    this.#steps = steps;
    steps.forEach((step, i) => {
      const exprs = step.assigned === null ? [step.expr] : [step.expr, step.assigned];
      for (const hole of exprs.flatMap((expr) => holesOf<Hole>(expr)))
        if (hole instanceof Size) this.#need(hole, i);
    });
  }

  /** The sizes that have to be read, with the steps that need them. */
  *needed(): IterableIterator<[size: string, source: Dimension, uses: readonly number[]]> {
    for (const [size, source] of this.#sources) yield [size, source, this.#uses.get(size) ?? []];
  }

  /** A size in terms of what is read: `nameOf` gives the expression of each. */
  expr(size: Size, nameOf: (size: string) => Expr): Expr {
    if (this.#sources.has(String(size))) return nameOf(String(size));
    return size.terms.map((term) => termExpr(term, nameOf)).reduce(sum);
  }

  /** Whether a size is read from a value, which has to have a name then. */
  reads(value: Value): boolean {
    return [...this.#sources.values()].some((source) => source.value === value);
  }

  #need(size: Size, step: number): void {
    const axes = [...new Set(size.terms.flatMap((term) => term.axes))].map(
      (axis) => new Size([{ factor: 1, axes: [axis] }], 0),
    );
    const results = this.#steps.slice(0, step).flatMap(({ result }) => valuesIn(result));
    for (const values of [this.#inputs, results]) {
      if (this.#find([size], values, step) || this.#find(axes, values, step)) return;
    }
    const { name } = this.#steps[step].call;
    throw new ExportError(`${name} takes the size ${size}, which no tensor at hand has in its shape`);
  }

  /** Finds dimensions of all these sizes in the shapes of values. */
  #find(sizes: readonly Size[], values: readonly Value[], step: number): boolean {
    const found = sizes.map((size): [string, Dimension | undefined] => {
      const text = String(size);
      const known = this.#sources.get(text);
      const value = known?.value ?? values.find(({ shape }) => shape.some((s) => String(s) === text));
      const dim = value?.shape.findIndex((s) => String(s) === text) ?? -1;
      return [text, value === undefined ? undefined : { value, dim }];
    });
    if (found.some(([, source]) => source === undefined)) return false;
    for (const [text, source] of found) {
      this.#sources.set(text, source as Dimension);
      this.#uses.set(text, [...(this.#uses.get(text) ?? []), step]);
    }
    return true;
  }
}

function termExpr({ factor, axes }: Term, nameOf: (size: string) => Expr): Expr {
  const names = axes.map(nameOf);
  const factors = factor === 1 && names.length > 0 ? names : [numberOf(factor), ...names];
  return factors.reduce((left, right) => ({ kind: "binary", operator: "*", left, right }));
}

function sum(left: Expr, right: Expr): Expr {
  return { kind: "binary", operator: "+", left, right };
}
