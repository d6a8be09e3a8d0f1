import { FileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import type { Input } from "./input.ts";

/** Bytes in memory. */
export class BytesInput implements Input {
  readonly name: string;
  readonly size: number;
  readonly #bytes: Uint8Array;
  readonly #meter: Meter;

  constructor(name: string, bytes: Uint8Array, meter: Meter) {
    this.name = name;
    this.size = bytes.length;
    this.#bytes = bytes;
    this.#meter = meter;
    meter.expect(bytes.length);
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (end > this.size) throw new FileError(this.name, `it has ${this.size} bytes, where ${end} are needed`);
    this.#meter.reach(end);
    return this.#bytes.subarray(start, end);
  }

  peek(count: number): Promise<Uint8Array> {
    return this.read(0, Math.min(count, this.size));
  }

  async readAll(): Promise<Uint8Array> {
    this.#meter.reach(this.size);
    return this.#bytes;
  }

  async finish(): Promise<void> {}
  async close(): Promise<void> {}
}
