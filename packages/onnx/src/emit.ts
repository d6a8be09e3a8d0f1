/** What a lowering writes with: nodes, operands and constants of the call that is being lowered. */
import { type DType, isFloat } from "@flambeau/backend";
import { type Argument, type Call, Size, Value } from "@flambeau/graph";
import type { Attributes, Builder, Ref } from "./builder.ts";
import { OnnxError } from "./errors.ts";
import type { Memories } from "./memory.ts";
import { ELEMENT_TYPES } from "./proto/dtypes.ts";
import type { Sizes } from "./sizes.ts";

/**
 * Writes the nodes of a call and gives its results; null where it has no form for these arguments, so that the calls within it
 * are lowered instead.
 */
export type Lowering = (x: Emit, call: Call) => Ref | readonly Ref[] | null;

/** Lowerings by the name of what is called. */
export type Lowerings = Readonly<Record<string, Lowering>>;

export class Emit {
  readonly builder: Builder;
  readonly sizes: Sizes;
  readonly #memories: Memories;
  readonly #hold: (value: Value) => Ref;
  /** Values that stand for others while a view is taken of another tensor. */
  readonly #instead = new Map<Value, Ref>();
  /** The calls that are being lowered, from the outermost. */
  readonly calls: Call[] = [];

  constructor(builder: Builder, sizes: Sizes, memories: Memories, hold: (value: Value) => Ref) {
    this.builder = builder;
    this.sizes = sizes;
    this.#memories = memories;
    this.#hold = hold;
  }

  get opset(): number {
    return this.builder.opset;
  }

  node(op: string, inputs: readonly (Ref | null)[], dtype: DType, attributes: Attributes = {}): Ref {
    return this.builder.node(op, inputs, dtype, attributes);
  }

  nodes(
    op: string,
    inputs: readonly (Ref | null)[],
    dtypes: readonly DType[],
    attributes: Attributes = {},
  ): readonly Ref[] {
    return this.builder.nodes(op, inputs, dtypes, attributes);
  }

  /** The tensor of a value. */
  of(value: Argument): Ref {
    if (!(value instanceof Value)) return this.refuse("an argument is no tensor");
    return this.#instead.get(value) ?? this.#memories.get(value) ?? this.#hold(value);
  }

  /** What `make` gives where another tensor stands for a value. */
  instead<T>(value: Value, ref: Ref, make: () => T): T {
    const before = this.#instead.get(value);
    this.#instead.set(value, ref);
    try {
      return make();
    } finally {
      if (before === undefined) this.#instead.delete(value);
      else this.#instead.set(value, before);
    }
  }

  /** A tensor, a number or a size in a dtype. */
  as(value: Argument, dtype: DType): Ref {
    if (value instanceof Value) return this.cast(this.of(value), dtype);
    if (value instanceof Size) return this.cast(this.sizes.scalar(value), dtype);
    return this.scalar(value as number | bigint | boolean, dtype);
  }

  scalar(value: number | bigint | boolean, dtype: DType): Ref {
    const number = typeof value === "boolean" ? Number(value) : value;
    const held = isFloat(dtype)
      ? Number(number)
      : dtype === "bool"
        ? Number(Number(number) !== 0)
        : BigInt.asIntN(64, typeof number === "bigint" ? number : BigInt(Math.trunc(number)));
    return this.builder.constant(dtype, [], [held]);
  }

  /** A vector of int64. */
  ints(values: readonly number[]): Ref {
    return this.builder.constant("int64", [values.length], values);
  }

  cast(x: Ref, dtype: DType): Ref {
    return x.dtype === dtype ? x : this.node("Cast", [x], dtype, { to: ELEMENT_TYPES[dtype] });
  }

  reshape(x: Ref, sizes: readonly Argument[]): Ref {
    return this.node("Reshape", [x, this.sizes.vector(sizes)], x.dtype);
  }

  /** The shape of a tensor as an int64 vector. */
  shapeOf(value: Value): Ref {
    return value.shape.includes(null)
      ? this.node("Shape", [this.of(value)], "int64")
      : this.sizes.vector(value.shape as readonly Argument[]);
  }

  /**
   * Refuses the call that is being lowered.
   *
   * @throws OnnxError that names it, and where the program called it.
   */
  refuse(why: string): never {
    const call = this.calls.findLast(({ place }) => place !== "") ?? this.calls[0];
    const within = this.calls.at(-1);
    const inner = within === undefined || within === call ? "" : `, which runs ${within.name},`;
    const at = call === undefined || call.place === "" ? "" : ` at ${call.place}`;
    throw new OnnxError(`${call?.name ?? "exportOnnx"}${at}${inner} has no form in ONNX: ${why}`);
  }

  /** Refuses the call unless the opset is at least this one. */
  needs(opset: number): void {
    if (this.opset < opset) this.refuse(`it needs opset ${opset}; got ${this.opset}`);
  }
}
