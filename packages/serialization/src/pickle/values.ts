/**
 * What a pickle holds until all of it is read, where JavaScript has no counterpart that can be filled later.
 *
 * @module
 */
import { describeValue } from "@flambeau/tensor";

/** A dictionary: a plain object or a Map, which its keys decide. */
export class PyDict {
  readonly entries: Map<unknown, unknown> = new Map();
}

export class PyTuple {
  readonly items: unknown[];
  constructor(items: unknown[]) {
    this.items = items;
  }
}

export class PySet {
  readonly items: unknown[];
  constructor(items: unknown[]) {
    this.items = items;
  }
}

/** A function or class of the allow-list. None of it is Python's: `call` makes what Python's would. */
export class PyGlobal {
  readonly name: string;
  /** Undefined for what can only be named. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;
  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** Something whose value is made when the whole pickle was read without a fault. */
export abstract class Pending {
  abstract make(): unknown;
}

/** How many items a value has. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof PyTuple || value instanceof PySet) return value.items.length;
  return value instanceof PyDict ? value.entries.size : 0;
}

/** What a value of the machine is, for messages. */
export function nameOf(value: unknown): string {
  if (value instanceof PyGlobal) return value.name;
  if (value instanceof PyDict) return "a dictionary";
  if (value instanceof PyTuple) return "a tuple";
  if (value instanceof PySet) return "a set";
  if (Array.isArray(value)) return "a list";
  return describeValue(value);
}
