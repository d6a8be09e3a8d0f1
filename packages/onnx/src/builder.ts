/** An ONNX graph that is being written: nodes, constants and names. */
import { type DType, type TypedArray, typedArray } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { ELEMENT_TYPES } from "./proto/dtypes.ts";
import type { Message } from "./proto/messages.ts";

/** A tensor of the ONNX graph. */
export interface Ref {
  readonly name: string;
  readonly dtype: DType;
}

/** What an attribute takes; a number is an integer unless it is made with `float`. */
export type Attribute = number | string | Float | readonly number[] | readonly Float[] | readonly string[];

/** A number that is a float in ONNX. */
export interface Float {
  readonly f: number;
}

export function float(f: number): Float {
  return { f };
}

export interface Attributes {
  readonly [name: string]: Attribute | undefined;
}

interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  outputs: string[];
  readonly attributes: Attributes;
}

/** A constant: elements, or the tensor that has them. */
export interface Initializer {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TypedArray | Tensor;
}

export class Builder {
  readonly opset: number;
  /** Where nodes stand in the model: the path of a module. */
  scope = "";
  #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #made = new Map<string, readonly Ref[]>();
  readonly #names = new Map<string, number>();

  constructor(opset: number) {
    this.opset = opset;
  }

  /** A name that nothing else has. */
  unique(name: string): string {
    const count = this.#names.get(name);
    this.#names.set(name, (count ?? 0) + 1);
    return count === undefined ? name : this.unique(`${name}_${count}`);
  }

  /** A node of one output. What was computed already is not computed again. */
  node(op: string, inputs: readonly (Ref | null)[], dtype: DType, attributes: Attributes = {}): Ref {
    return this.nodes(op, inputs, [dtype], attributes)[0];
  }

  /** A node of outputs of these dtypes. */
  nodes(
    op: string,
    inputs: readonly (Ref | null)[],
    dtypes: readonly DType[],
    attributes: Attributes = {},
  ): readonly Ref[] {
    const names = inputs.map((input) => input?.name ?? "");
    while (names.at(-1) === "") names.pop();
    const key = JSON.stringify([op, names, dtypes, attributes], (_, x) => (Object.is(x, -0) ? "-0" : x));
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const outputs = this.#add(op, names, dtypes, attributes);
    this.#made.set(key, outputs);
    return outputs;
  }

  /** The same tensor under another name. */
  copy(from: string, to: string): void {
    const [{ name }] = this.#add("Identity", [from], ["float32"], {});
    this.rename(name, to);
  }

  #add(op: string, inputs: readonly string[], dtypes: readonly DType[], attributes: Attributes): Ref[] {
    const name = this.unique(this.scope === "" ? op : `${this.scope}/${op}`);
    const outputs = dtypes.map((dtype, i) => ({ name: this.unique(`${name}_output_${i}`), dtype }));
    this.#nodes.push({ name, op, inputs, outputs: outputs.map((y) => y.name), attributes });
    return outputs;
  }

  /** A constant of these elements. */
  constant(dtype: DType, dims: readonly number[], values: readonly (number | bigint)[]): Ref {
    // Elements of -0 and nan are kept apart by their text.
    const text = values.map((x) => (Object.is(x, -0) ? "-0" : String(x)));
    const key = `constant ${dtype} [${dims}] ${text}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known[0];
    const data = typedArray(dtype, values.length);
    for (const [i, x] of values.entries())
      (data as { [index: number]: number | bigint })[i] =
        dtype === "int64" ? (typeof x === "bigint" ? x : BigInt(x)) : Number(x);
    const ref = this.hold(values.length <= 1 ? `${dtype}_${text}` : "constant", dtype, dims, data);
    this.#made.set(key, [ref]);
    return ref;
  }

  /** A constant that a tensor or an array has. */
  hold(name: string, dtype: DType, dims: readonly number[], data: TypedArray | Tensor): Ref {
    const own = this.unique(name);
    this.#initializers.set(own, { name: own, dtype, dims, data });
    return { name: own, dtype };
  }

  isInitializer({ name }: Ref): boolean {
    return this.#initializers.has(name);
  }

  /** Gives a result another name; false where no node makes it. */
  rename(from: string, to: string): boolean {
    const maker = this.#nodes.find(({ outputs }) => outputs.includes(from));
    if (maker === undefined) return false;
    const swap = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
    maker.outputs = swap(maker.outputs);
    this.#nodes = this.#nodes.map((node) =>
      node.inputs.includes(from) ? { ...node, inputs: swap(node.inputs) } : node,
    );
    return true;
  }

  /** Drops nodes and constants on which these results do not depend. */
  prune(results: readonly string[]): void {
    const needed = new Set(results);
    this.#nodes = this.#nodes
      .toReversed()
      .filter(({ inputs, outputs }) => {
        const isUsed = outputs.some((y) => needed.has(y));
        if (isUsed) for (const x of inputs) needed.add(x);
        return isUsed;
      })
      .toReversed();
    for (const name of this.#initializers.keys()) if (!needed.has(name)) this.#initializers.delete(name);
  }

  get initializers(): readonly Initializer[] {
    return [...this.#initializers.values()];
  }

  /** The names of all results. */
  get results(): ReadonlySet<string> {
    return new Set(this.#nodes.flatMap(({ outputs }) => outputs));
  }

  messages(): Message[] {
    return this.#nodes.map(({ name, op, inputs, outputs, attributes }) => ({
      name,
      opType: op,
      input: inputs,
      output: outputs,
      attribute: Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined ? [] : [attributeOf(key, value)],
      ),
    }));
  }
}

/** The message of an attribute, with the number of its type in AttributeProto.AttributeType. */
function attributeOf(name: string, value: Attribute): Message {
  if (typeof value === "string") return { name, s: value, type: 3 };
  if (typeof value === "number") return { name, i: value, type: 2 };
  if ("f" in value) return { name, f: value.f, type: 1 };
  if (value.length > 0 && typeof value[0] === "object")
    return { name, floats: (value as readonly Float[]).map(({ f }) => f), type: 6 };
  if (value.length > 0 && typeof value[0] === "string")
    return { name, strings: value as readonly string[], type: 8 };
  return { name, ints: value as readonly number[], type: 7 };
}

/** The type of a graph's input, output or result. */
export function valueInfo(name: string, dtype: DType, dims: readonly (number | string)[]): Message {
  const dim = dims.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[dtype], shape: { dim } } } };
}
