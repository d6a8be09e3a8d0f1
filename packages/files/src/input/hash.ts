import { type DownloadError, FileError } from "../errors.ts";
import type { Input } from "./input.ts";
import { Sha256 } from "./sha256.ts";

/** Bytes that are hashed at a time. */
const STEP = 4 * 2 ** 20;

/** Compares what is read with a SHA-256, in hexadecimal of small letters. */
export class HashCheck {
  /** What is read, for messages. */
  readonly name: string;
  readonly #hash: Sha256 = new Sha256();
  readonly #wanted: string;
  readonly #Class: typeof FileError | typeof DownloadError;

  constructor(name: string, wanted: string, Class: typeof FileError | typeof DownloadError = FileError) {
    this.name = name;
    this.#wanted = wanted;
    this.#Class = Class;
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** @throws FileError, of a download DownloadError, when it is another hash. */
  end(): void {
    const got = this.#hash.digest();
    if (got === this.#wanted) return;
    throw new this.#Class(
      this.name,
      `its SHA-256 is ${got} instead of ${this.#wanted}: it was damaged on the way, or is another file`,
    );
  }
}

/** Reads a file that can be read again, and compares its hash before anything of it is used. */
export async function checkInput(input: Input, size: number, check: HashCheck): Promise<void> {
  for (let at = 0; at < size; at += STEP) check.update(await input.read(at, Math.min(at + STEP, size)));
  check.end();
}
