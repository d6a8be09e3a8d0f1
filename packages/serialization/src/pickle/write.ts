/**
 * Writes pickles of protocol 2, with the opcodes that PyTorch's `weights_only` unpickler takes.
 * Source: Python's Lib/pickletools.py; PyTorch's torch/_weights_only_unpickler.py.
 *
 * @module
 */
import { ValueError } from "@flambeau/backend";
import { op } from "./opcodes.ts";

/** Bytes that grow as they are written. */
export class PickleWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer as ArrayBuffer);
  #length = 0;
  /** Under which number texts and names are in the memo. */
  readonly #texts: Map<string, number> = new Map();
  #memos = 0;

  constructor() {
    this.code(op.PROTO);
    this.#uint8(2);
  }

  /** The pickle, whose value is what was written last. */
  finish(): Uint8Array {
    this.code(op.STOP);
    return this.#bytes.subarray(0, this.#length);
  }

  code(code: number): void {
    this.#uint8(code);
  }

  /** Puts what was written last into the memo, and gives its number there. */
  memoize(): number {
    const index = this.#memos++;
    if (index < 256) {
      this.code(op.BINPUT);
      this.#uint8(index);
    } else {
      this.code(op.LONG_BINPUT);
      this.#uint32(index);
    }
    return index;
  }

  recall(index: number): void {
    if (index < 256) {
      this.code(op.BINGET);
      this.#uint8(index);
    } else {
      this.code(op.LONG_BINGET);
      this.#uint32(index);
    }
  }

  boolean(value: boolean): void {
    this.code(value ? op.NEWTRUE : op.NEWFALSE);
  }

  float(value: number): void {
    this.code(op.BINFLOAT);
    const at = this.#grow(8);
    this.#view.setFloat64(at, value, false);
  }

  /** @throws ValueError for an integer that takes more than 255 bytes. */
  integer(value: number | bigint): void {
    if (value >= 0 && value < 256) {
      this.code(op.BININT1);
      this.#uint8(Number(value));
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.code(op.BININT);
      const at = this.#grow(4);
      this.#view.setInt32(at, Number(value), true);
    } else this.#long(BigInt(value));
  }

  #long(value: bigint): void {
    // One bit more than the digits need, for the sign.
    const bits = (value < 0n ? -value - 1n : value).toString(2).length + 1;
    const count = Math.ceil(bits / 8);
    if (count > 255) throw new ValueError(`an integer of ${count} bytes: PyTorch reads 255`);
    this.code(op.LONG1);
    this.#uint8(count);
    const hex = BigInt.asUintN(8 * count, value)
      .toString(16)
      .padStart(2 * count, "0");
    for (let i = count - 1; i >= 0; i--) this.#uint8(Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  }

  /** A text, in the memo from the first time on. */
  text(value: string): void {
    this.#once(`"${value}`, () => {
      if (!value.isWellFormed())
        throw new ValueError("a text has half a surrogate pair, which is no character");
      const bytes = new TextEncoder().encode(value);
      this.code(op.BINUNICODE);
      this.#uint32(bytes.length);
      this.#put(bytes);
    });
  }

  /** A class or function of Python's. */
  global(module: string, name: string): void {
    this.#once(`${module}\n${name}`, () => {
      this.code(op.GLOBAL);
      this.#put(new TextEncoder().encode(`${module}\n${name}\n`));
    });
  }

  /** An empty `collections.OrderedDict`. */
  orderedDict(): void {
    this.global("collections", "OrderedDict");
    this.code(op.EMPTY_TUPLE);
    this.code(op.REDUCE);
  }

  integers(values: readonly number[]): void {
    this.code(op.MARK);
    for (const value of values) this.integer(value);
    this.code(op.TUPLE);
  }

  #once(key: string, write: () => void): void {
    const known = this.#texts.get(key);
    if (known !== undefined) {
      this.recall(known);
      return;
    }
    write();
    this.#texts.set(key, this.memoize());
  }

  #uint8(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  #uint32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  #put(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Room for `count` more bytes, and where it begins. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
