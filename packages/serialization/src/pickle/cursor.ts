import { decodeUtf8, viewOf } from "../bytes.ts";
import { UnpicklingError } from "./error.ts";

/** Reads a pickle's bytes from the front; past the end is an error. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.at = at;
  }

  /** Where the next `count` bytes begin, which are read then. */
  #take(count: number): number {
    const { at } = this;
    if (count > this.#bytes.length - at)
      throw new UnpicklingError(`the pickle is cut off at byte ${at}: ${count} bytes should follow`);
    this.at = at + count;
    return at;
  }

  uint8(): number {
    return this.#bytes[this.#take(1)];
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A length of 8 bytes. Past 2^53 it is rounded, and past the end of any file anyway. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  text(count: number): string {
    const { at } = this;
    const text = decodeUtf8(this.bytes(count));
    if (text === null) throw new UnpicklingError(`the pickle has a text at byte ${at} that is no UTF-8`);
    return text;
  }

  /** A text up to the next line feed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new UnpicklingError(`the pickle is cut off at byte ${this.at}: a line should follow`);
    const line = this.text(end - this.at);
    this.at++;
    return line;
  }

  /** An integer of so many bytes, in two's complement. */
  long(count: number): number | bigint {
    const bytes = this.bytes(count);
    if (count === 0) return 0;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
    const value = BigInt.asIntN(8 * count, BigInt(`0x${digits.reverse().join("")}`));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}
