import { type GpuDevice, type GpuEncoder, usage } from "./api.ts";
import type { Block } from "./storage.ts";

/** Bytes of the error buffer: a code and up to three words that explain it. */
const BYTES = 16;

/** The error buffer in a kernel launched with `errors: true`: the binding after its own buffers. */
export const ERRORS_TYPE = "array<atomic<u32>, 4>";

/** What a message makes of the words that a kernel wrote after its error code. */
export type ErrorMaker = (words: Uint32Array) => Error;

/** Errors of data that kernels find, an index out of range say: they write them to a buffer, where the first one stays. */
export class KernelErrors {
  /** The error buffer. */
  readonly block: Block;
  readonly #codes: Map<string, number> = new Map();
  readonly #makers: ErrorMaker[] = [];

  constructor(device: GpuDevice) {
    this.block = {
      id: -1,
      bufferId: -1,
      start: 0,
      buffer: device.createBuffer({
        label: "errors",
        size: BYTES,
        usage: usage.storage | usage.copySource | usage.copyTarget,
      }),
      size: BYTES,
      usedIn: -1,
      holds: 0,
    };
  }

  /**
   * The code by which a kernel names an error it found: the kernel sets word 0 of the error buffer to it, if that is
   * still 0, and words 1 to 3 as `make` wants them. `key` tells errors apart that need another message.
   */
  code(key: string, make: ErrorMaker): number {
    let code = this.#codes.get(key);
    if (code === undefined) {
      code = this.#makers.push(make);
      this.#codes.set(key, code);
    }
    return code;
  }

  /** Clears the buffer, after it was copied: each error is met once. */
  clear(encoder: GpuEncoder): void {
    encoder.clearBuffer(this.block.buffer, 0, BYTES);
  }

  /** The error that a copy of the buffer tells of. */
  read(words: Uint32Array): Error | undefined {
    return this.#makers[words[0] - 1]?.(words.subarray(1));
  }
}
