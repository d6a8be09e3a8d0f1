import { FileError, fileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import type { BlobLike } from "../runtime/api.ts";
import { abortable } from "../runtime/signal.ts";
import type { Input } from "./input.ts";

/** A `Blob` or `File`: one that was chosen or dropped, or lies in the page's private files. */
export class BlobInput implements Input {
  readonly name: string;
  readonly size: number;
  readonly #blob: BlobLike;
  readonly #meter: Meter;

  constructor(name: string, blob: BlobLike, meter: Meter) {
    this.name = name;
    this.size = blob.size;
    this.#blob = blob;
    this.#meter = meter;
    meter.expect(blob.size);
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (end > this.size) throw new FileError(this.name, `it has ${this.size} bytes, where ${end} are needed`);
    const { signal } = this.#meter;
    const buffer = await abortable(signal, this.#blob.slice(start, end).arrayBuffer()).catch((error) => {
      throw signal?.aborted ? error : fileError(this.name, error);
    });
    this.#meter.reach(end);
    return new Uint8Array(buffer);
  }

  peek(count: number): Promise<Uint8Array> {
    return this.read(0, Math.min(count, this.size));
  }

  readAll(): Promise<Uint8Array> {
    return this.read(0, this.size);
  }

  async finish(): Promise<void> {}
  async close(): Promise<void> {}
}
