/** Sizes that follow from the inputs, computed in the model: once for each. */
import { type Argument, Size, type Value } from "@flambeau/graph";
import type { Builder, Ref } from "./builder.ts";

export class Sizes {
  readonly #builder: Builder;
  /** Where the size of an axis is found: an input and its dimension. */
  readonly #sources = new Map<string, readonly [input: Ref, dim: number]>();

  constructor(builder: Builder, inputs: readonly (readonly [Value, Ref])[]) {
    this.#builder = builder;
    for (const [value, ref] of inputs)
      for (const [dim, size] of value.shape.entries())
        if (size instanceof Size && size.terms.length === 1 && size.terms[0].axes.length === 1) {
          const [axis] = size.terms[0].axes;
          if (size.terms[0].factor === 1 && !this.#sources.has(axis)) this.#sources.set(axis, [ref, dim]);
        }
  }

  /** A size as an int64 vector of one element. */
  one(size: number | Size): Ref {
    const builder = this.#builder;
    if (typeof size === "number") return builder.constant("int64", [1], [size]);
    const { scope } = builder;
    builder.scope = "sizes";
    const products = size.terms.map(({ factor, axes }) => {
      const factors = axes.map((axis) => this.#axis(axis));
      const constant = factors.length === 0 || factor !== 1 ? [this.one(factor)] : [];
      return [...factors, ...constant].reduce((a, b) => builder.node("Mul", [a, b], "int64"));
    });
    const sum = products.reduce((a, b) => builder.node("Add", [a, b], "int64"));
    builder.scope = scope;
    return sum;
  }

  /** A size as a scalar. */
  scalar(size: number | Size): Ref {
    const builder = this.#builder;
    if (typeof size === "number") return builder.constant("int64", [], [size]);
    return builder.node("Squeeze", [this.one(size), this.one(0)], "int64");
  }

  /** Sizes as an int64 vector. */
  vector(sizes: readonly Argument[]): Ref {
    const builder = this.#builder;
    if (sizes.every((size) => typeof size === "number"))
      return builder.constant("int64", [sizes.length], sizes as number[]);
    const ones = sizes.map((size) => this.one(size as number | Size));
    return ones.length === 1 ? ones[0] : builder.node("Concat", ones, "int64", { axis: 0 });
  }

  #axis(axis: string): Ref {
    const [input, dim] = this.#sources.get(axis) as readonly [Ref, number];
    return this.#builder.node("Shape", [input], "int64", { start: dim, end: dim + 1 });
  }
}
