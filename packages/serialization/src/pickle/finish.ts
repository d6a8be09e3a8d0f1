import { UnpicklingError } from "./error.ts";
import { isWhole } from "./keys.ts";
import { Pending, PyDict, PyGlobal, PySet, PyTuple } from "./values.ts";

/** As deep as collections may be nested: programs go through them by recursion. Python's own pickler stops sooner. */
const MOST_DEEP = 1000;

type Result = unknown[] | Map<unknown, unknown> | Set<unknown> | Record<string, unknown>;

/** A collection that is being finished. */
interface Frame {
  readonly node: object;
  readonly children: readonly unknown[];
  next: number;
  /** Of the collections in it. */
  height: number;
}

/**
 * What a pickle holds as JavaScript has it: dictionaries are plain objects or Maps, tuples and lists arrays. What is there twice is one object,
 * and what holds itself still does. Without recursion, so that no pickle fills the stack.
 *
 * @throws UnpicklingError when collections are nested more than 1000 deep, or a class stands where a value should.
 */
export function finish(root: unknown): unknown {
  /** What becomes of each collection, from when it is first seen. */
  const results = new Map<object, Result>();
  const made = new Map<Pending, unknown>();
  const heights = new Map<object, number>();
  const frames: Frame[] = [];

  const resolve = (value: unknown): unknown => {
    if (value instanceof PyGlobal)
      throw new UnpicklingError(`the pickle has ${value.name} where a value should be`, value.name);
    if (value instanceof Pending) {
      if (!made.has(value)) made.set(value, value.make());
      return made.get(value);
    }
    return isCollection(value) ? results.get(value) : value;
  };
  const enter = (node: object): void => {
    results.set(node, resultOf(node));
    frames.push({ node, children: childrenOf(node), next: 0, height: 0 });
    if (frames.length > MOST_DEEP) throw tooDeep();
  };
  if (isCollection(root)) enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next < frame.children.length) {
      const child = frame.children[frame.next++];
      if (!isCollection(child)) continue;
      if (!results.has(child)) enter(child);
      // One that is still open holds itself, and is as deep as it likes.
      else frame.height = Math.max(frame.height, heights.get(child) ?? 0);
      continue;
    }
    const { node, height } = frame;
    if (height >= MOST_DEEP) throw tooDeep();
    heights.set(node, height + 1);
    fill(node, results.get(node) as Result, resolve);
    frames.pop();
    const outer = frames.at(-1);
    if (outer !== undefined) outer.height = Math.max(outer.height, height + 1);
  }
  return resolve(root);
}

function tooDeep(): UnpicklingError {
  return new UnpicklingError(`the pickle nests collections more than ${MOST_DEEP} deep`);
}

function isCollection(value: unknown): value is object {
  return (
    Array.isArray(value) || value instanceof PyDict || value instanceof PyTuple || value instanceof PySet
  );
}

function childrenOf(node: object): readonly unknown[] {
  if (Array.isArray(node)) return node;
  return node instanceof PyDict ? [...node.entries].flat() : (node as PyTuple | PySet).items;
}

/** What a collection becomes, still empty. */
function resultOf(node: object): Result {
  if (Array.isArray(node)) return node;
  if (node instanceof PyTuple) return node.items;
  if (node instanceof PySet) return new Set();
  return isRecord((node as PyDict).entries) ? {} : new Map();
}

/**
 * Whether a dictionary is a plain object. JavaScript's objects have texts and whole numbers as keys, and do not tell "1" from 1: one is
 * taken to have whole numbers if it has nothing else, but for a dictionary of tensors by "0", "1" and so on, which is the state of a
 * module. A dictionary that it would not be written as again is a Map.
 */
function isRecord(entries: ReadonlyMap<unknown, unknown>): boolean {
  const keys = [...entries.keys()];
  if (keys.length === 0) return true;
  const isState = [...entries.values()].every((value) => value instanceof Pending);
  if (keys.every((key) => typeof key === "string")) return isState || !keys.every(isWhole);
  return !isState && keys.every((key) => typeof key === "number" && isWhole(String(key)));
}

function fill(node: object, result: Result, resolve: (value: unknown) => unknown): void {
  if (Array.isArray(result)) {
    for (let i = 0; i < result.length; i++) result[i] = resolve(result[i]);
  } else if (result instanceof Set) {
    for (const item of (node as PySet).items) result.add(resolve(item));
  } else {
    for (const [key, value] of (node as PyDict).entries) {
      if (result instanceof Map) result.set(resolve(key), resolve(value));
      // Not an assignment, which for "__proto__" sets the prototype.
      else
        Object.defineProperty(result, key as string, {
          value: resolve(value),
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
  }
}
