/**
 * The header of a GGUF file: metadata, and where each tensor lies.
 * Source: ggml, docs/gguf.md, versions 2 and 3.
 *
 * @module
 */
import { numel, quote } from "@flambeau/backend";
import { decodeUtf8, viewOf } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { type BlockType, nameOfType, typeOf } from "./types.ts";

/** A value of a file's metadata. */
export type GgufValue = number | bigint | boolean | string | readonly GgufValue[];

export interface GgufEntry {
  /** Null where it cannot be read here. */
  readonly type: BlockType | null;
  /** ggml's name of the type. */
  readonly typeName: string;
  readonly shape: readonly number[];
  /** Where its bytes begin, counted from the first byte of the file, and end; of a type that cannot be read the end is not known. */
  readonly start: number;
  readonly end: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly entries: ReadonlyMap<string, GgufEntry>;
}

const MAGIC = 0x46554747;
const ALIGNMENT = 32;
/** ggml's tensors have 4 dimensions at most; other programs may write more. */
const MOST_DIMS = 8;
/** Arrays in arrays. */
const MOST_LEVELS = 8;
/** Values of all arrays together: a vocabulary has some hundred thousand. */
const MOST_VALUES = 2 ** 24;

/** The header goes on after the bytes that are there. */
export class Short extends Error {}

/**
 * Reads a header from the first bytes of a file.
 *
 * @throws Short when it takes more bytes; FormatError when it is damaged.
 */
export function readHeader(bytes: Uint8Array, fileSize: number): GgufHeader {
  const cursor = new Cursor(bytes, fileSize);
  if (cursor.uint32() !== MAGIC) throw failure('the file does not begin with "GGUF"');
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    const isSwapped = version === 0x03000000 || version === 0x02000000;
    throw failure(
      isSwapped ? "the file is big-endian" : `the file is of version ${version}; 2 and 3 can be read`,
    );
  }
  // A tensor takes 24 bytes of the header, an entry of the metadata 13.
  const tensors = cursor.count(24, "tensors");
  const pairs = cursor.count(13, "entries of metadata");
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < pairs; i++) {
    const key = cursor.text();
    if (metadata.has(key)) throw failure(`the metadata have ${quote(key)} twice`);
    metadata.set(key, cursor.value(cursor.uint32()));
  }
  const infos = Array.from({ length: tensors }, () => readInfo(cursor));
  const alignment = metadata.get("general.alignment") ?? ALIGNMENT;
  if (typeof alignment !== "number" || !Number.isInteger(alignment) || alignment < 1 || alignment > 2 ** 20)
    throw failure(`the alignment is ${quote(alignment)}`);
  const begin = Math.ceil(cursor.at / alignment) * alignment;
  return { metadata, entries: laidOut(infos, begin, alignment, fileSize) };
}

interface Info {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly offset: number;
}

function readInfo(cursor: Cursor): Info {
  const name = cursor.text();
  const dims = cursor.uint32();
  if (dims > MOST_DIMS) throw failure(`tensor ${quote(name)} has ${dims} dimensions`);
  // The last dimension comes first.
  const shape = Array.from({ length: dims }, () => cursor.size(`tensor ${quote(name)}`)).reverse();
  return { name, shape, type: cursor.uint32(), offset: cursor.size(`tensor ${quote(name)}`) };
}

/** Where tensors lie: within the file, and none over another. */
function laidOut(
  infos: readonly Info[],
  begin: number,
  alignment: number,
  fileSize: number,
): Map<string, GgufEntry> {
  const entries = new Map<string, GgufEntry>();
  for (const { name, shape, type: number, offset } of infos) {
    const what = `tensor ${quote(name)}`;
    if (entries.has(name)) throw failure(`${what} is there twice`);
    if (offset % alignment !== 0) throw failure(`${what} begins at ${offset}, no multiple of ${alignment}`);
    const type = typeOf(number) ?? null;
    const start = begin + offset;
    const typeName = nameOfType(number);
    let end = start;
    if (type !== null) {
      const row = shape.length === 0 ? 1 : shape[shape.length - 1];
      const count = numel(shape);
      if (row % type.elements !== 0 || !Number.isSafeInteger(count))
        throw failure(
          `${what} is ${typeName} of shape ${quote(shape)}, which are no whole blocks of ${type.elements}`,
        );
      end = start + (count / type.elements) * type.bytes;
    }
    if (start > fileSize || end > fileSize)
      throw failure(`${what} ends at byte ${end} of a file of ${fileSize}`);
    entries.set(name, { type, typeName, shape, start, end });
  }
  let [end, last] = [begin, ""];
  for (const [name, entry] of [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (entry.start < end) throw failure(`tensors ${quote(last)} and ${quote(name)} overlap`);
    [end, last] = [entry.end, name];
  }
  return entries;
}

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fileSize: number;
  #values = 0;
  at = 0;

  constructor(bytes: Uint8Array, fileSize: number) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#fileSize = fileSize;
  }

  /** Where the next `count` bytes begin, which are read then. */
  #take(count: number): number {
    const { at } = this;
    if (count > this.#fileSize - at)
      throw failure(`the header is cut off at byte ${at}: ${count} bytes should follow`);
    if (count > this.#bytes.length - at) throw new Short();
    this.at = at + count;
    return at;
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A number of 64 bits that has to be exact as a number. */
  size(what: string): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value <= 2n ** 47n) return Number(value);
    throw failure(`${what} has ${value} for a size`);
  }

  /** How many things follow, each of which takes so many bytes at least. */
  count(bytes: number, what: string): number {
    const count = this.size(what);
    if (count * bytes > this.#fileSize - this.at)
      throw failure(
        `${count} ${what} should follow, for which the file of ${this.#fileSize} bytes has no room`,
      );
    return count;
  }

  text(): string {
    const length = this.count(1, "bytes of a text");
    const start = this.#take(length);
    const text = decodeUtf8(this.#bytes.subarray(start, start + length));
    if (text === null) throw failure(`the text at byte ${start} is no UTF-8`);
    return text;
  }

  value(type: number, level = 0): GgufValue {
    const view = this.#view;
    switch (type) {
      case 0:
        return view.getUint8(this.#take(1));
      case 1:
        return view.getInt8(this.#take(1));
      case 2:
        return view.getUint16(this.#take(2), true);
      case 3:
        return view.getInt16(this.#take(2), true);
      case 4:
        return this.uint32();
      case 5:
        return view.getInt32(this.#take(4), true);
      case 6:
        return view.getFloat32(this.#take(4), true);
      case 7: {
        const byte = view.getUint8(this.#take(1));
        if (byte > 1) throw failure(`a bool is ${byte}`);
        return byte === 1;
      }
      case 8:
        return this.text();
      case 9:
        return this.#array(level + 1);
      case 10:
        return narrowed(view.getBigUint64(this.#take(8), true));
      case 11:
        return narrowed(view.getBigInt64(this.#take(8), true));
      case 12:
        return view.getFloat64(this.#take(8), true);
      default:
        throw failure(`a value of metadata is of type ${type}, which the format has not`);
    }
  }

  #array(level: number): GgufValue[] {
    if (level > MOST_LEVELS) throw failure(`metadata are nested more than ${MOST_LEVELS} deep`);
    const type = this.uint32();
    const count = this.count(type === 8 || type >= 10 ? 8 : 1, "values");
    this.#values += count;
    if (this.#values > MOST_VALUES) throw failure(`the metadata have more than ${MOST_VALUES} values`);
    const values: GgufValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(type, level));
    return values;
  }
}

/** A number where it is exact as one. */
function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function failure(message: string): FormatError {
  return new FormatError(`.gguf: ${message}`);
}
