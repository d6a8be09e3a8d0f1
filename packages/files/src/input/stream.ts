import { FormatError } from "@flambeau/serialization";
import { FileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import { abortable } from "../runtime/signal.ts";
import type { HashCheck } from "./hash.ts";
import type { Input } from "./input.ts";
import { allocate, Collected } from "./memory.ts";

/** The chunks of a stream, and what ends it early. */
export interface Chunks {
  next(): Promise<Uint8Array | null>;
  cancel(reason?: unknown): Promise<void>;
}

/** A stream, which is read once from its beginning to its end. */
export class StreamInput implements Input {
  readonly name: string;
  readonly size: number | null;
  readonly #chunks: Chunks;
  readonly #meter: Meter;
  readonly #check: HashCheck | null;
  /** What was received and not read yet. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Where in the file it begins. */
  #at = 0;
  #received = 0;

  /** @param check - what the bytes are compared with as they pass; the end of reading throws what it finds. */
  constructor(
    name: string,
    size: number | null,
    chunks: Chunks,
    meter: Meter,
    check: HashCheck | null = null,
  ) {
    this.#check = check;
    this.name = name;
    this.size = size;
    this.#chunks = chunks;
    this.#meter = meter;
    meter.expect(size);
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (start < this.#at)
      throw new FileError(this.name, `a stream cannot go back from byte ${this.#at} to ${start}`);
    await this.#take(start - this.#at, () => {});
    const collected = new Collected(this.name, end - start);
    const missing = await this.#take(end - start, (chunk) => collected.add(chunk));
    if (missing > 0) throw new FileError(this.name, `the stream ends after ${this.#at} of ${end} bytes`);
    return collected.bytes;
  }

  async peek(count: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    do {
      chunks.push(this.#rest);
      length += this.#rest.length;
    } while (length < count && (await this.#receive()));
    this.#rest = joined(this.name, chunks, length);
    return this.#rest.subarray(0, count);
  }

  async readAll(): Promise<Uint8Array> {
    const bytes = this.size === null ? await this.#readToEnd() : await this.read(0, this.size);
    this.#check?.end();
    return bytes;
  }

  async #readToEnd(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    await this.#take(Number.POSITIVE_INFINITY, (chunk) => void chunks.push(chunk));
    return joined(this.name, chunks, this.#at);
  }

  /** Hands out so many bytes, and gives how many of them there were not. */
  async #take(count: number, use: (chunk: Uint8Array) => void): Promise<number> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#receive())) return left;
      const chunk = this.#rest.subarray(0, Math.min(left, this.#rest.length));
      this.#rest = this.#rest.subarray(chunk.length);
      this.#at += chunk.length;
      left -= chunk.length;
      use(chunk);
    }
    return 0;
  }

  /** Waits for bytes. Gives whether there are any more. */
  async #receive(): Promise<boolean> {
    const chunk = await abortable(this.#meter.signal, this.#chunks.next());
    if (chunk === null) return false;
    this.#rest = chunk;
    this.#check?.update(chunk);
    this.#received += chunk.length;
    this.#meter.reach(this.#received);
    return true;
  }

  async finish(): Promise<void> {
    while (this.#rest.length === 0) if (!(await this.#receive())) return this.#check?.end();
    throw new FormatError(`the file goes on after byte ${this.#at}, where its tensors end`);
  }

  async close(): Promise<void> {
    // A stream that failed cannot be cancelled, and has nothing to give back.
    await this.#chunks.cancel(this.#meter.signal?.reason).catch(() => {});
  }
}

function joined(name: string, chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = allocate(name, length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
