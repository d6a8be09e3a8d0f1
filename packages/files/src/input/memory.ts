import { FormatError } from "@flambeau/serialization";

/** Bytes that are allocated because a file claims them, which systems give on first use; more only as they come. */
const MOST_CLAIMED = 2 ** 28;

/** @throws FormatError when the runtime has no array of so many bytes. */
export function allocate(name: string, length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(`${name}: ${length} bytes are needed at once, for which the runtime has no memory`);
  }
}

/** Collects bytes of which so many are said to come: beyond the first, its memory is at most twice what came. */
export class Collected {
  readonly #name: string;
  readonly #length: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(name: string, length: number) {
    this.#name = name;
    this.#length = length;
    this.#bytes = allocate(name, Math.min(length, MOST_CLAIMED));
  }

  add(chunk: Uint8Array): void {
    const needed = this.#filled + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = allocate(this.#name, Math.min(Math.max(needed, 2 * this.#bytes.length), this.#length));
      larger.set(this.#bytes.subarray(0, this.#filled));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#filled);
    this.#filled = needed;
  }

  /** What came. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled);
  }
}
