import { FileError, fileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import { type NodeFile, node, type Stats } from "../runtime/node.ts";
import type { Input } from "./input.ts";
import { allocate } from "./memory.ts";

/** Bytes that are read at a time: between two reads progress is reported, and a signal looked at. */
const STEP = 16 * 2 ** 20;

/** A file with a path. Its memory for what is read is used again by the next read. */
export class PathInput implements Input {
  readonly name: string;
  readonly size: number;
  readonly #file: NodeFile;
  readonly #meter: Meter;
  #memory: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  private constructor(name: string, size: number, file: NodeFile, meter: Meter) {
    this.name = name;
    this.size = size;
    this.#file = file;
    this.#meter = meter;
    meter.expect(size);
  }

  /** @throws FileError when there is no such file, it may not be read, or the path is no file's. */
  static async open(path: string, meter: Meter, name: string = path): Promise<PathInput> {
    try {
      const fs = (await node("fs")).promises;
      // Before it is opened: a pipe that nobody writes to would wait for one who does.
      checkFile(name, await fs.stat(path));
      const file = await fs.open(path, "r");
      try {
        const stats = await file.stat();
        checkFile(name, stats);
        return new PathInput(name, stats.size, file, meter);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw fileError(name, error);
    }
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const length = end - start;
    if (end > this.size) throw new FileError(this.name, `it has ${this.size} bytes, where ${end} are needed`);
    if (this.#memory.length < length) this.#memory = allocate(this.name, length);
    return this.#fill(this.#memory.subarray(0, length), start);
  }

  peek(count: number): Promise<Uint8Array> {
    return this.read(0, Math.min(count, this.size));
  }

  async readAll(): Promise<Uint8Array> {
    return this.#fill(allocate(this.name, this.size), 0);
  }

  async #fill(target: Uint8Array, start: number): Promise<Uint8Array> {
    for (let at = 0; at < target.length; ) {
      const length = Math.min(STEP, target.length - at);
      const { bytesRead } = await this.#file.read(target, at, length, start + at).catch((error) => {
        throw fileError(this.name, error);
      });
      if (bytesRead === 0) throw new FileError(this.name, "it was cut off while it was read");
      at += bytesRead;
      this.#meter.reach(start + at);
    }
    return target;
  }

  async finish(): Promise<void> {}

  close(): Promise<void> {
    return this.#file.close();
  }
}

function checkFile(name: string, stats: Stats): void {
  if (stats.isDirectory()) throw new FileError(name, "it is a folder; name a file in it");
  if (!stats.isFile())
    throw new FileError(
      name,
      "it is a device, a pipe or a socket; give a stream of it, as Readable.toWeb(createReadStream(path))",
    );
}
