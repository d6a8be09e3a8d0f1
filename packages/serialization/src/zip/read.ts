/**
 * Archives as PyTorch and NumPy write them: stored or deflated entries, with the extension for large files (zip64).
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10.
 *
 * @module
 */
import { quote } from "@flambeau/backend";
import { decodeUtf8, viewOf } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { crc32 } from "./crc32.ts";
import { findDirectory } from "./directory.ts";
import { inflate } from "./inflate.ts";

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const ZIP64 = 1;
const UNKNOWN = 0xffffffff;
/** Deflate makes no more of a byte. */
const MOST = 1032;

/** One file of an archive. */
interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Bytes in the archive, and of the file. */
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins, and its bytes. */
  readonly begin: number;
  readonly start: number;
}

/** How an archive is read. */
export interface ZipOptions {
  /** The format, for messages. */
  readonly what: string;
  /** Bytes that deflated entries may come to, all together. */
  readonly maxBytes: number;
  /** Whether checksums are compared. PyTorch can write archives without them, and does not compare them. */
  readonly checksums: boolean;
}

/** An archive in memory. Opening one checks its structure; nothing is inflated. */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #options: ZipOptions;
  readonly #entries: Map<string, Entry> = new Map();
  #left: number;

  /** @throws FormatError when it is no archive, or is one with entries that overlap, stand twice, or are encrypted. */
  constructor(bytes: Uint8Array, options: ZipOptions) {
    this.#bytes = bytes;
    this.#options = options;
    this.#left = options.maxBytes;
    const view = viewOf(bytes);
    const { start, end, count } = findDirectory(bytes, view, options.what);
    let at = start;
    for (let i = 0; i < count; i++) {
      if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL)
        throw this.#failure("its directory is cut off");
      at = this.#readEntry(view, at, end, start);
    }
    this.#checkOverlap();
  }

  /** The names of the entries, in the order of the directory. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Bytes of an entry. */
  sizeOf(name: string): number | undefined {
    return this.#entries.get(name)?.size;
  }

  /**
   * The bytes of an entry: a view of the archive's where it is stored.
   *
   * @throws FormatError when there is none of that name, or it is damaged, or inflates to more than is left of `maxBytes`.
   */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw this.#failure(`it has no ${quote(name)}`);
    const packed = this.#bytes.subarray(entry.start, entry.start + entry.packed);
    const bytes = entry.isDeflated ? this.#inflated(entry, packed) : packed;
    if (this.#options.checksums && crc32(bytes) !== entry.crc)
      throw this.#failure(`${quote(name)} is damaged: its checksum is another one`);
    return bytes;
  }

  #inflated({ name, size }: Entry, packed: Uint8Array): Uint8Array {
    if (size > this.#left) {
      const { maxBytes } = this.#options;
      throw this.#failure(
        `its entries inflate to more than ${maxBytes} bytes; give a larger maxBytes if they should`,
      );
    }
    this.#left -= size;
    return inflate(`${this.#options.what}: ${quote(name)}`, packed, size);
  }

  /** Reads an entry of the directory, and gives where the next one begins. */
  #readEntry(view: DataView, at: number, end: number, directory: number): number {
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const extra = at + CENTRAL_BYTES + nameLength;
    const next = extra + extraLength + view.getUint16(at + 32, true);
    if (next > end) throw this.#failure("its directory is cut off");
    const name = nameOf(this.#bytes.subarray(at + CENTRAL_BYTES, extra));
    if (this.#entries.has(name)) throw this.#failure(`it has ${quote(name)} twice`);
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & 1) throw this.#failure(`${quote(name)} is encrypted`);
    if (method !== 0 && method !== 8)
      throw this.#failure(
        `${quote(name)} is compressed by method ${method}; 0 (stored) and 8 (deflated) can be read`,
      );
    const fields = [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    const [size, packed, begin] = this.#widened(name, fields, view, extra, extra + extraLength);
    const start = this.#startOf(view, name, begin, directory);
    if (start + packed > directory) throw this.#failure(`${quote(name)} is cut off`);
    if (method === 0 ? size !== packed : size > MOST * packed)
      throw this.#failure(`${quote(name)} cannot have ${size} bytes, which are ${packed} in the archive`);
    this.#entries.set(name, {
      name,
      isDeflated: method === 8,
      crc: view.getUint32(at + 16, true),
      packed,
      size,
      begin,
      start,
    });
    return next;
  }

  /** Sizes and a place, of which those that do not fit in 32 bits are in the extra field. */
  #widened(name: string, fields: readonly number[], view: DataView, from: number, end: number): number[] {
    if (!fields.includes(UNKNOWN)) return [...fields];
    for (let at = from; at + 4 <= end; ) {
      let value = at + 4;
      const next = value + view.getUint16(at + 2, true);
      if (next > end) break;
      if (view.getUint16(at, true) === ZIP64) {
        const wide = fields.map((field) => {
          if (field !== UNKNOWN) return field;
          value += 8;
          return value <= next ? Number(view.getBigUint64(value - 8, true)) : Number.POSITIVE_INFINITY;
        });
        if (wide.every((field) => field <= this.#bytes.length * MOST)) return wide;
        break;
      }
      at = next;
    }
    throw this.#failure(`${quote(name)} has no size that a file of ${this.#bytes.length} bytes can hold`);
  }

  /** Where the bytes of the entry whose local header is at `begin` start. */
  #startOf(view: DataView, name: string, begin: number, directory: number): number {
    if (begin + LOCAL_BYTES > directory || view.getUint32(begin, true) !== LOCAL)
      throw this.#failure(`${quote(name)} does not lie where the directory has it`);
    const nameEnd = begin + LOCAL_BYTES + view.getUint16(begin + 26, true);
    if (nameEnd > directory || nameOf(this.#bytes.subarray(begin + LOCAL_BYTES, nameEnd)) !== name)
      throw this.#failure(`${quote(name)} has another name where its bytes are`);
    return nameEnd + view.getUint16(begin + 28, true);
  }

  /** Entries that share bytes make a small archive inflate to any size. Source: Fifield, "A better zip bomb" (2019). */
  #checkOverlap(): void {
    let [end, last] = [0, ""];
    for (const entry of [...this.#entries.values()].sort((a, b) => a.begin - b.begin)) {
      if (entry.begin < end) throw this.#failure(`${quote(entry.name)} and ${quote(last)} overlap`);
      [end, last] = [entry.start + entry.packed, entry.name];
    }
  }

  #failure(message: string): FormatError {
    return new FormatError(`${this.#options.what}: the zip archive cannot be read: ${message}`);
  }
}

/** UTF-8, or, where it is none, a character for each byte. */
function nameOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? String.fromCharCode(...bytes);
}
