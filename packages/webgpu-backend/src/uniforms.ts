import { type GpuBuffer, type GpuDevice, type GpuQueue, usage } from "./api.ts";

/** Bytes of a kernel's uniforms that its binding shows. */
export const WINDOW = 4096;
/** Bytes of uniforms in one batch. */
const CAPACITY = 256 * 1024;

/**
 * The uniforms of a batch of launches in one buffer, written once before the batch is submitted. The queue keeps
 * order, so the next batch may use the same buffer.
 */
export class Uniforms {
  readonly buffer: GpuBuffer;
  readonly #words: Uint32Array = new Uint32Array(CAPACITY / 4);
  readonly #alignment: number;
  #end = 0;

  constructor(device: GpuDevice) {
    this.#alignment = device.limits.minUniformBufferOffsetAlignment;
    this.buffer = device.createBuffer({
      label: "uniforms",
      size: CAPACITY + WINDOW,
      usage: usage.uniform | usage.copyTarget,
    });
  }

  /** Whether so many words more fit in this batch. */
  fits(words: number): boolean {
    return this.#end + words * 4 <= CAPACITY;
  }

  /** Adds a launch's words; the answer is their offset in bytes. */
  add(words: readonly number[]): number {
    const start = this.#end;
    const at = start / 4;
    for (let i = 0; i < words.length; i++) this.#words[at + i] = words[i];
    const align = this.#alignment;
    this.#end = Math.ceil((start + words.length * 4) / align) * align;
    return start;
  }

  /** Writes the batch's words and starts over. */
  flush(queue: GpuQueue): void {
    if (this.#end > 0)
      queue.writeBuffer(this.buffer, 0, this.#words.buffer as ArrayBuffer, 0, Math.min(this.#end, CAPACITY));
    this.#end = 0;
  }
}
