/** One run of a program, whose calls are written down with the sizes that they had. */

import * as nn from "@flambeau/nn";
import { Module } from "@flambeau/nn";
import { type ModuleCall, type OpCall, registerOpHook, Tensor } from "@flambeau/tensor";
import { TraceError } from "./errors.ts";
import { type Argument, type Call, Value } from "./graph.ts";
import { isRecord } from "./inputs.ts";
import { callerPlace } from "./place.ts";

/** What one run made. */
export interface Run {
  readonly inputs: readonly Value[];
  readonly output: Argument;
  readonly calls: readonly Call[];
}

/** Tensors that have names: those of the inputs, and of parameters and buffers. */
export interface Names {
  readonly inputs: ReadonlyMap<Tensor, string>;
  readonly parameters: ReadonlyMap<Tensor, string>;
  readonly buffers: ReadonlyMap<Tensor, string>;
  readonly modules: ReadonlyMap<object, string>;
}

const library: ReadonlySet<unknown> = new Set(Object.values(nn));

/**
 * Whether a module's class is one of `@flambeau/nn`. What the `forward` of such a module reads is its own affair.
 *
 * @example
 * ```ts
 * import { isLibrary } from "@flambeau/graph";
 * import { nn } from "flambeau";
 *
 * class Net extends nn.Sequential {}
 * console.log(isLibrary(new nn.Linear(2, 3)), isLibrary(new Net()));
 * // true false
 * ```
 */
export function isLibrary(module: object): boolean {
  return library.has(module.constructor);
}

/** A call that has not returned yet. */
interface Open {
  readonly inner: Call[];
  /** Whether its body is the program's: a function's or a module's of its own. */
  readonly isOwn: boolean;
  /** Whether elements were read within it. */
  reads: boolean;
}

/**
 * Runs `program` and writes down what it calls.
 *
 * @throws TraceError when it reads elements, or runs a backward pass.
 */
export function runOnce(program: () => unknown, names: Names): Run {
  const recorder = new Recorder(names);
  const inputs = [...names.inputs.keys()].map((x) => recorder.valueOf(x));
  const handle = registerOpHook((call, execute) => recorder.see(call, execute), { calls: true });
  try {
    const output = program();
    return { inputs, output: recorder.argumentOf(output), calls: recorder.calls };
  } finally {
    handle.remove();
  }
}

class Recorder {
  readonly #names: Names;
  readonly #values = new Map<Tensor, Value>();
  /** Tensors that the program itself has seen, not only the library within a call. */
  readonly #own = new Set<Tensor>();
  /** The memory and the layout that a tensor had when it got its value. */
  readonly #layouts = new Map<Tensor, { readonly storage: Tensor["storage"]; readonly layout: string }>();
  #open: Open = { inner: [], isOwn: true, reads: false };
  #count = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  get calls(): readonly Call[] {
    return this.#open.inner;
  }

  see(call: OpCall, execute: () => readonly Tensor[]): void {
    const outer = this.#open;
    if (call.kind === "read") {
      this.#read(call);
      execute();
      return;
    }
    if (call.kind === "gradient")
      throw new TraceError(
        `${call.name} runs within what is traced: a graph has no backward pass and no optimizer step`,
      );
    const place = outer.isOwn ? callerPlace() : "";
    const parts = this.#partsOf(call);
    const module = parts.module;
    this.#open = { inner: [], isOwn: module !== null && !isLibrary(module), reads: false };
    const own = this.#open;
    let outputs: readonly Tensor[];
    try {
      outputs = execute();
      // The elements decided what it returned, which is no tensor.
      if (own.reads && outputs.length === 0 && call.kind === "call") this.#refuseRead(call.name, place);
    } finally {
      this.#open = outer;
    }
    if (call.kind === "write") for (const y of outputs) this.#values.delete(y);
    // What a module returns was made within it, if by nothing that shows: `detach`.
    if (call.kind === "group") for (const y of outputs) if (!this.#values.has(y)) this.#twinOf(y);
    const made = outputs.map((y) => this.#madeValue(y));
    if (outer.isOwn) for (const x of [...call.inputs, ...outputs]) if (x instanceof Tensor) this.#own.add(x);
    const isCall = call.kind === "call" || call.kind === "group";
    outer.inner.push({
      ...parts,
      outputs: made,
      result: isCall ? this.argumentOf(call.result) : made,
      reads: own.reads,
      inner: own.inner,
      place,
    });
  }

  #read(call: OpCall): void {
    this.#open.reads = true;
    if (this.#open.isOwn) this.#refuseRead(call.name, callerPlace());
  }

  #refuseRead(name: string, place: string): never {
    const where = place === "" ? "" : ` at ${place}`;
    throw new TraceError(
      `${name} reads elements${where}: what follows may depend on them, which no graph can say; compute with tensors (where, masks)`,
    );
  }

  #partsOf(call: OpCall): Omit<Call, "outputs" | "result" | "reads" | "inner" | "place"> {
    const { name, kind, signature = "", formula = null } = call;
    if (kind === "group") {
      const { module, args } = call.attributes as ModuleCall;
      const given = this.argumentsOf({ ...args });
      const inputs = call.inputs.filter((x) => x instanceof Tensor).map((x) => this.valueOf(x));
      const path = this.#names.modules.get(module) ?? "";
      return {
        name,
        kind: "module",
        args: given,
        inputs,
        signature,
        formula,
        module: module instanceof Module ? module : null,
        path,
      };
    }
    const inputs = call.inputs.filter((x) => x instanceof Tensor).map((x) => this.valueOf(x));
    const none = { signature, formula, module: null, path: "" };
    if (kind === "call")
      return { name, kind, args: this.argumentsOf(call.attributes as object), inputs, ...none };
    const operands = this.argumentsOf({ ...call.inputs });
    // Scratch memory among the attributes is no operand.
    const attributes = this.argumentsOf(call.attributes ?? {}, true);
    return { name, kind: kind as "op", args: { ...operands, ...attributes }, inputs, ...none };
  }

  argumentsOf(values: object, isKnown = false): Record<string, Argument> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, this.argumentOf(value, isKnown)]),
    );
  }

  /** An argument or a result in a graph. `isKnown` leaves out tensors that the graph does not have yet. */
  argumentOf(value: unknown, isKnown = false): Argument {
    if (value instanceof Tensor) return isKnown && !this.#values.has(value) ? undefined : this.valueOf(value);
    if (Array.isArray(value)) return value.map((x) => this.argumentOf(x, isKnown));
    if (typeof value !== "object" && typeof value !== "function")
      return value as number | bigint | string | boolean | undefined;
    if (value === null) return null;
    return isRecord(value) ? this.argumentsOf(value, isKnown) : { opaque: value };
  }

  /** The value of a tensor that has one, whose memory and shape are still those that it had. */
  #knownValue(x: Tensor): Value | undefined {
    const value = this.#values.get(x);
    const was = this.#layouts.get(x);
    if (value !== undefined && (was?.storage !== x.storage || was.layout !== layoutOf(x)))
      throw new TraceError(
        `a tensor of shape [${value.shape}] has another layout or other memory since it was made: unsqueeze_, t_, assignments to x.data and their like are in no graph; take new tensors (unsqueeze, t)`,
      );
    return value;
  }

  /** The value of a tensor. One that is new is what the program holds, or the same elements as another one's. */
  valueOf(x: Tensor): Value {
    const known = this.#knownValue(x) ?? this.#twinOf(x);
    if (known !== undefined) return known;
    const { inputs, parameters, buffers } = this.#names;
    const [origin, name] = inputs.has(x)
      ? (["input", inputs.get(x)] as const)
      : parameters.has(x)
        ? (["parameter", parameters.get(x)] as const)
        : buffers.has(x)
          ? (["buffer", buffers.get(x)] as const)
          : (["constant", ""] as const);
    return this.#add(x, origin, name ?? "");
  }

  /** Of a detached tensor, or of another object that shows the same memory in the same layout. */
  #twinOf(x: Tensor): Value | undefined {
    const isSame = ([other]: readonly [Tensor, Value]): boolean =>
      other.storage === x.storage && other.dtype === x.dtype && layoutOf(other) === layoutOf(x);
    const same = [...this.#values].filter(isSame);
    // The last, where the memory was written over meanwhile.
    const [, value] = same.findLast(([other]) => this.#own.has(other)) ?? same.at(-1) ?? [];
    if (value !== undefined) this.#set(x, value);
    return value;
  }

  /** The value of what a call returned: its own, or that of a call within it. */
  #madeValue(y: Tensor): Value {
    return this.#knownValue(y) ?? this.#add(y, "result", "");
  }

  #add(x: Tensor, origin: Value["origin"], name: string): Value {
    const value = new Value({
      id: this.#count++,
      origin,
      name,
      shape: x.shape,
      dtype: x.dtype,
      tensor: origin === "input" || origin === "result" ? null : x,
    });
    this.#set(x, value);
    return value;
  }

  #set(x: Tensor, value: Value): void {
    this.#values.set(x, value);
    this.#layouts.set(x, { storage: x.storage, layout: layoutOf(x) });
  }
}

function layoutOf({ shape, strides, offset }: Tensor): string {
  return `[${shape}] [${strides}] ${offset}`;
}
