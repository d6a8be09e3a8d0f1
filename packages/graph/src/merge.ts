/** Runs of one program on inputs of several sizes, brought together into one graph whose sizes follow from the inputs'. */
import { quote } from "@flambeau/backend";
import { TraceError } from "./errors.ts";
import { fitSize, type Runs } from "./fit.ts";
import { type Argument, type Call, type Extent, type Graph, Value } from "./graph.ts";
import { isLibrary, type Run } from "./run.ts";

/**
 * @throws TraceError when the calls are not the same in all runs, or a number among the arguments follows from the sizes in no way
 *   that a sum of products can say.
 */
export function merge(runs: Runs, made: readonly Run[]): Graph {
  const merger = new Merger(runs);
  const inputs = made[0].inputs.map((_, i) =>
    merger.value(
      made.map((run) => run.inputs[i]),
      "the inputs",
    ),
  );
  const calls = merger.calls(
    made.map((run) => run.calls),
    "the program",
  );
  const output = merger.argument(
    made.map((run) => run.output),
    "what is returned",
  );
  const axes = Object.fromEntries(runs.axes.map((axis, i) => [axis, runs.sizes[0][i]]));
  return { inputs, output, calls, axes, constants: merger.constants };
}

class Merger {
  readonly #runs: Runs;
  /** The value of the graph for each value of a run. */
  #merged = new Map<Value, Value>();
  #count = 0;
  readonly constants: Value[] = [];

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  calls(lists: readonly (readonly Call[])[], where: string): Call[] {
    const [first] = lists;
    const other = lists.find(({ length }) => length !== first.length);
    if (other !== undefined)
      throw new TraceError(
        `${where}: ${first.length} calls, but ${other.length} where the inputs have other sizes: a loop over a size cannot be left open`,
      );
    return first.map((_, i) => this.#call(lists.map((list) => list[i])));
  }

  #call(calls: readonly Call[]): Call {
    const [first] = calls;
    const where = describe(first);
    const other = calls.find(({ name, kind }) => name !== first.name || kind !== first.kind);
    if (other !== undefined)
      throw new TraceError(`${where}: it is ${describe(other)} where the inputs have other sizes`);
    const args = this.#arguments(
      calls.map((call) => call.args),
      where,
    );
    const inputs = first.inputs.map((_, i) =>
      this.value(
        calls.map((call) => call.inputs[i]),
        where,
      ),
    );
    const isOwn = first.module !== null && !isLibrary(first.module);
    const inner = isOwn
      ? this.calls(
          calls.map((call) => call.inner),
          where,
        )
      : this.#innerOfLibrary(calls, where);
    const outputs = first.outputs.map((_, i) =>
      this.value(
        calls.map((call) => call.outputs[i]),
        where,
      ),
    );
    const result = this.argument(
      calls.map((call) => call.result),
      where,
    );
    return { ...first, args, inputs, inner, outputs, result };
  }

  /** The library chooses its ways by size: calls within its own are left out where they differ. */
  #innerOfLibrary(calls: readonly Call[], where: string): Call[] {
    const before = this.#merged;
    const [count, constants] = [this.#count, this.constants.length];
    this.#merged = new Map(before);
    try {
      return this.calls(
        calls.map((call) => call.inner),
        where,
      );
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      this.#merged = before;
      this.#count = count;
      this.constants.length = constants;
      return [];
    }
  }

  #arguments(all: readonly { readonly [name: string]: Argument }[], where: string): Record<string, Argument> {
    const names = Object.keys(all[0]);
    return Object.fromEntries(
      names.map((name) => [
        name,
        this.argument(
          all.map((args) => args[name]),
          `${where}, ${name}`,
        ),
      ]),
    );
  }

  argument(all: readonly Argument[], where: string): Argument {
    const [first] = all;
    if (first instanceof Value) return this.value(all as readonly Value[], where);
    if (typeof first === "number") return this.#number(all as readonly number[], where);
    if (typeof first === "string") return this.#text(all as readonly string[], where);
    if (typeof first !== "object" || first === null) {
      if (all.some((other) => other !== first)) throw differs(where, all);
      return first;
    }
    if (Array.isArray(first)) {
      if (all.some((other) => (other as readonly Argument[]).length !== first.length))
        throw differs(where, all);
      return first.map((_, i) =>
        this.argument(
          all.map((list) => (list as readonly Argument[])[i]),
          where,
        ),
      );
    }
    if ("opaque" in first) return first;
    return this.#arguments(all as readonly { readonly [name: string]: Argument }[], where);
  }

  /** An index such as `":12"`, where 12 is a size: its text with a sign for each number, and the numbers. */
  #text(all: readonly string[], where: string): Argument {
    const [first] = all;
    if (all.every((other) => other === first)) return first;
    const text = first.replaceAll(/\d+/g, "#");
    if (all.some((other) => other.replaceAll(/\d+/g, "#") !== text)) throw differs(where, all);
    const numbers = all.map((one) => (one.match(/\d+/g) ?? []).map(Number));
    return {
      text,
      sizes: numbers[0].map((_, i) =>
        this.#number(
          numbers.map((own) => own[i]),
          where,
        ),
      ),
    };
  }

  #number(all: readonly number[], where: string): Argument {
    const size = fitSize(this.#runs, all);
    if (size === undefined) throw differs(where, all);
    return size;
  }

  value(values: readonly Value[], where: string): Value {
    const [first] = values;
    if (values.some((value) => !(value instanceof Value))) throw differs(where, values);
    const known = this.#merged.get(first);
    if (values.some((value) => this.#merged.get(value) !== known))
      throw new TraceError(`${where}: it takes other tensors where the inputs have other sizes`);
    if (known !== undefined) return known;
    const { origin, name, dtype, tensor } = first;
    const shape = first.shape.map((_, d): Extent => {
      const size = fitSize(
        this.#runs,
        values.map((value) => value.shape[d] as number),
      );
      return size === undefined ? null : size;
    });
    // What is not the same object in two runs was made in each: no call shows how.
    const isHeld = values.every((value) => value.tensor === tensor);
    const value = new Value({
      id: this.#count++,
      origin,
      name,
      shape,
      dtype,
      tensor: isHeld ? tensor : null,
    });
    for (const one of values) this.#merged.set(one, value);
    if (tensor !== null) this.constants.push(value);
    return value;
  }
}

function describe({ name, kind, path, place }: Call): string {
  const at = place === "" ? "" : ` at ${place}`;
  return kind === "module" && path !== "" ? `${name} (${path})${at}` : `${name}${at}`;
}

function differs(where: string, all: readonly unknown[]): TraceError {
  const [first, ...others] = all;
  const other = others.find((value) => !Object.is(value, first));
  const [a, b] = [first, other].map((value) => (value instanceof Value ? "a tensor" : quote(value)));
  return new TraceError(
    `${where}: ${a}, but ${b} where the inputs have other sizes, which follows from them by no sum of products`,
  );
}
