/** What a trace gives: the calls of a model in order, each with its operands, its arguments by name and its results. */
import type { DType } from "@flambeau/backend";
import type { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";

/**
 * A size that follows from the sizes of the inputs: a sum of products of them.
 *
 * @example
 * ```ts
 * import { type Size, trace, type Value } from "@flambeau/graph";
 * import { type Tensor, zeros } from "@flambeau/tensor";
 *
 * const { output } = trace((x: Tensor) => x.flatten(), [zeros([4, 3])], { axes: [{ 0: "batch" }] });
 * const size = (output as Value).shape[0] as Size;
 * console.log(size.terms, size.value, String(size));
 * // [ { factor: 3, axes: [ 'batch' ] } ] 12 3*batch
 * ```
 */
export class Size {
  /** The terms: a factor, and the names of the axes whose sizes it multiplies. One without axes is a plain number. */
  readonly terms: readonly Term[];
  /** What it was when the model was traced. */
  readonly value: number;

  constructor(terms: readonly Term[], value: number) {
    this.terms = terms;
    this.value = value;
  }

  /** As in arithmetic: `2*batch*length+1`. */
  toString(): string {
    const text = this.terms.map(({ factor, axes }) => {
      if (axes.length === 0) return String(factor);
      const product = axes.join("*");
      return factor === 1 ? product : factor === -1 ? `-${product}` : `${factor}*${product}`;
    });
    return text.join("+").replaceAll("+-", "-");
  }
}

/** A factor times the sizes of axes. */
export interface Term {
  /** An integer, which may be negative. */
  readonly factor: number;
  /** Each once, in the order in which `axes` of `trace` names them; none in a plain number. */
  readonly axes: readonly string[];
}

/** A size: a number, or one that follows from the inputs; null where it follows in no way that a sum of products can say. */
export type Extent = number | Size | null;

/**
 * A tensor in a graph.
 *
 * @example
 * ```ts
 * import { trace } from "@flambeau/graph";
 * import { nn, zeros } from "flambeau";
 *
 * const { inputs, constants } = trace(new nn.Linear(3, 2), [zeros([1, 3])]);
 * console.log([...inputs, ...constants].map(({ origin, name, shape }) => `${origin} ${name} [${shape}]`));
 * // [ 'input x [1,3]', 'parameter weight [2,3]', 'parameter bias [2]' ]
 * ```
 */
export class Value {
  /** Counts the values of a graph. */
  readonly id: number;
  /**
   * `"result"` is what a call makes. A `"constant"` is a tensor that the program holds outside its inputs, parameters and
   * buffers.
   */
  readonly origin: "input" | "parameter" | "buffer" | "constant" | "result";
  /** Of an input its name, of a parameter or buffer its key in the state dict; else "". */
  readonly name: string;
  /** Its size along each dimension. */
  readonly shape: readonly Extent[];
  /** Of its elements. */
  readonly dtype: DType;
  /** The elements, of a parameter, a buffer or a constant. */
  readonly tensor: Tensor | null;

  constructor(parts: Omit<Value, "toString">) {
    this.id = parts.id;
    this.origin = parts.origin;
    this.name = parts.name;
    this.shape = parts.shape;
    this.dtype = parts.dtype;
    this.tensor = parts.tensor;
  }

  /** `%3`, or the name. */
  toString(): string {
    return this.name === "" ? `%${this.id}` : `%${this.name}`;
  }
}

/**
 * An argument or a result: a value, a size, anything that is no tensor, or arrays and objects of these. A text whose numbers follow from the
 * sizes of the inputs, as the index `":12"`, is `{ text: ":#", sizes: [Size] }`.
 */
export type Argument = Value | Size | readonly Argument[] | { readonly [name: string]: Argument } | Plain;

/** What has no tensor in it. */
export type Plain = number | bigint | string | boolean | null | undefined | Opaque;

/** Something that is passed on as it is: a function, a generator, a typed array. */
export interface Opaque {
  /** The thing itself. */
  readonly opaque: unknown;
}

/** A call of a function, a method or a module, or a primitive op within one. */
export interface Call {
  /** Of a module its class; of a function its name: "conv2d", "add_". */
  readonly name: string;
  /** `"call"` is one of a function or method; `"op"`, `"view"` and `"write"` are primitives, within another. */
  readonly kind: "module" | "call" | "op" | "view" | "write";
  /** Arguments by name; of a module and of a primitive in order, under "0", "1", ... and what the primitive takes besides. */
  readonly args: { readonly [name: string]: Argument };
  /** Tensors among the arguments. */
  readonly inputs: readonly Value[];
  /** Tensors among the results. */
  readonly outputs: readonly Value[];
  /** What it returned. */
  readonly result: Argument;
  /** The calls within it, in order. */
  readonly inner: readonly Call[];
  /** Of a call: what tells functions of the same name apart, `"norm(A, ord?: ...)"`. */
  readonly signature: string;
  /** Of a module. */
  readonly module: Module | null;
  /** Of a module: where it stands in the model, `"encoder.layers.0"`; the model itself stands at "". */
  readonly path: string;
  /** Where the program called it, as a stack has it: `"forward (file:///model.ts:12:5)"`; "" where no stack says so. */
  readonly place: string;
}

/** The calls of a model. */
export interface Graph {
  /** The example inputs, in their order. */
  readonly inputs: readonly Value[];
  /** What the model returned. */
  readonly output: Argument;
  /** Of a module the one call of it, of a function the calls that it made. */
  readonly calls: readonly Call[];
  /** The names of the axes whose sizes are open, with their sizes when the model was traced. */
  readonly axes: Readonly<Record<string, number>>;
  /** Parameters, buffers and constants that the calls use. */
  readonly constants: readonly Value[];
}
