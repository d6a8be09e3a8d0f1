/** What programs save, as PyTorch would have it in Python. */
import { isOf, isPlainObject, kindOfArray, type Storage, ValueError } from "@flambeau/backend";
import { Parameter } from "@flambeau/nn";
import { describeValue, Tensor } from "@flambeau/tensor";
import { isWhole } from "../pickle/keys.ts";
import { op } from "../pickle/opcodes.ts";
import { PickleWriter } from "../pickle/write.ts";
import { storageClasses } from "./storage-classes.ts";

/** As deep as collections are read again. */
const MOST_DEEP = 1000;
/** Items between two marks, as Python's pickler has them. */
const BATCH = 1000;

/** Pickles an object, and collects the storages of its tensors, each once, in the order in which they are met. */
export class Pickler {
  readonly storages: Map<Storage, string> = new Map();
  readonly #writer: PickleWriter = new PickleWriter();
  /** Under which number what was written is in the memo, so that what is there twice is one object again. */
  readonly #memo: Map<object, number> = new Map();
  /** Where in the object it is, for errors. */
  readonly #path: string[] = [];

  pickle(value: unknown): Uint8Array {
    this.#write(value);
    return this.#writer.finish();
  }

  #write(value: unknown): void {
    const writer = this.#writer;
    if (value === null) writer.code(op.NONE);
    else if (typeof value === "boolean") writer.boolean(value);
    else if (typeof value === "number") writeNumber(writer, value);
    else if (typeof value === "bigint") this.#attempt(() => writer.integer(value));
    else if (typeof value === "string") this.#attempt(() => writer.text(value));
    else if (typeof value === "object") this.#writeObject(value);
    else throw this.#refusal(value);
  }

  #writeObject(value: object): void {
    const known = this.#memo.get(value);
    if (known !== undefined) {
      this.#writer.recall(known);
      return;
    }
    if (value instanceof Tensor) this.#writeTensor(value);
    else if (Array.isArray(value)) this.#writeList(value);
    else if (isOf("Map", value)) this.#writeDict(value, [...(value as Map<unknown, unknown>)]);
    else if (isOf("Set", value)) this.#writeSet([...(value as Set<unknown>)]);
    else if (kindOfArray(value) === "Uint8Array") this.#writeBytes(value as Uint8Array);
    else if (isPlainObject(value)) this.#writeDict(value, entriesOf(value));
    else throw this.#refusal(value);
    if (!this.#memo.has(value)) this.#memoize(value);
  }

  #memoize(value: object): void {
    this.#memo.set(value, this.#writer.memoize());
  }

  /** Lists and dictionaries are in the memo before their items, which may be themselves. */
  #writeList(items: readonly unknown[]): void {
    const writer = this.#writer;
    writer.code(op.EMPTY_LIST);
    this.#memoize(items);
    for (let start = 0; start < items.length; start += BATCH) {
      writer.code(op.MARK);
      for (let i = start; i < Math.min(start + BATCH, items.length); i++) this.#within(`[${i}]`, items[i]);
      writer.code(op.APPENDS);
    }
  }

  #writeDict(dict: object, entries: readonly (readonly [unknown, unknown])[]): void {
    const writer = this.#writer;
    writer.code(op.EMPTY_DICT);
    this.#memoize(dict);
    for (let start = 0; start < entries.length; start += BATCH) {
      writer.code(op.MARK);
      for (const [key, value] of entries.slice(start, start + BATCH)) {
        this.#writeKey(key);
        this.#within(`[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`, value);
      }
      writer.code(op.SETITEMS);
    }
  }

  /** Lists are no keys in Python; an array among a Map's keys was a tuple. */
  #writeKey(key: unknown): void {
    if (typeof key === "object" && key !== null && !Array.isArray(key) && kindOfArray(key) !== "Uint8Array")
      throw this.#refusal(key, " as a key");
    this.#enter(" (a key)");
    if (Array.isArray(key)) {
      this.#writer.code(op.MARK);
      for (const item of key) this.#writeKey(item);
      this.#writer.code(op.TUPLE);
    } else this.#write(key);
    this.#path.pop();
  }

  #writeSet(items: readonly unknown[]): void {
    const writer = this.#writer;
    writer.global("__builtin__", "set");
    writer.code(op.EMPTY_LIST);
    writer.code(op.MARK);
    for (const item of items) this.#writeKey(item);
    writer.code(op.APPENDS);
    writer.code(op.TUPLE1);
    writer.code(op.REDUCE);
  }

  /** Protocol 2 has no bytes: they are characters, which are encoded again when they are read. */
  #writeBytes(bytes: Uint8Array): void {
    const writer = this.#writer;
    writer.global("_codecs", "encode");
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    writer.text(text);
    writer.text("latin1");
    writer.code(op.TUPLE2);
    writer.code(op.REDUCE);
  }

  #writeTensor(x: Tensor): void {
    const writer = this.#writer;
    const isParameter = x instanceof Parameter;
    if (isParameter) {
      writer.global("torch._utils", "_rebuild_parameter");
      writer.code(op.MARK);
    }
    this.#writeData(x, !isParameter && x.requiresGrad);
    if (isParameter) {
      writer.boolean(x.requiresGrad);
      writer.orderedDict();
      writer.code(op.TUPLE);
      writer.code(op.REDUCE);
    }
  }

  #writeData(x: Tensor, requiresGrad: boolean): void {
    x.checkUsable(`savePt: ${this.#place()}`);
    const { storage } = x;
    const key = this.storages.get(storage) ?? String(this.storages.size);
    this.storages.set(storage, key);
    const writer = this.#writer;
    writer.global("torch._utils", "_rebuild_tensor_v2");
    writer.code(op.MARK);
    writer.code(op.MARK);
    writer.text("storage");
    writer.global("torch", storageClasses[x.dtype]);
    writer.text(key);
    writer.text("cpu");
    writer.integer(storage.length);
    writer.code(op.TUPLE);
    writer.code(op.BINPERSID);
    writer.integer(x.offset);
    writer.integers(x.shape);
    writer.integers(x.strides);
    writer.boolean(requiresGrad);
    writer.orderedDict();
    writer.code(op.TUPLE);
    writer.code(op.REDUCE);
  }

  #within(step: string, value: unknown): void {
    this.#enter(step);
    this.#write(value);
    this.#path.pop();
  }

  #enter(step: string): void {
    if (this.#path.push(step) > MOST_DEEP)
      throw new ValueError(`savePt: collections are nested more than ${MOST_DEEP} deep`);
  }

  /** Errors of a value with where it is. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new ValueError(`savePt: ${this.#place()}: ${error.message}`);
    }
  }

  #place(): string {
    const path = this.#path.length > 6 ? ["…", ...this.#path.slice(-6)] : this.#path;
    return path.length === 0 ? "what is to be saved" : `obj${path.join("")}`;
  }

  #refusal(value: unknown, as = ""): ValueError {
    return new ValueError(
      `savePt: ${this.#place()} is ${describeValue(value)}, which PyTorch has nothing for${as}${hintFor(value)}`,
    );
  }
}

/** As an `int` where it is whole and exact, else as a `float`. */
function writeNumber(writer: PickleWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) writer.integer(value);
  else writer.float(value);
}

/**
 * The entries of an object. JavaScript writes whole numbers among keys as texts: where all are, they were numbers, as in an optimizer's
 * state; but those of a state dict, whose values are tensors, are texts in PyTorch.
 */
function entriesOf(object: object): [unknown, unknown][] {
  const entries = Object.entries(object);
  const areNumbers =
    entries.every(([key]) => isWhole(key)) && !entries.every(([, value]) => value instanceof Tensor);
  return areNumbers ? entries.map(([key, value]) => [Number(key), value]) : entries;
}

function hintFor(value: unknown): string {
  if (typeof value === "undefined") return "; use null";
  if (kindOfArray(value) !== undefined) return "; make a tensor of it";
  const hasState =
    (typeof value === "function" || typeof value === "object") && value !== null && "stateDict" in value;
  return hasState ? "; save its stateDict()" : "";
}
