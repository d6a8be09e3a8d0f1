/** Archives, written file by file. */
import { typedArray } from "@flambeau/backend";
import { viewOf } from "../bytes.ts";
import type { FileParts } from "../parts.ts";
import { crc32 } from "./crc32.ts";

/** A file to be written. */
export interface ZipFile {
  readonly name: string;
  /** Its bytes in the archive. */
  readonly packed: number;
  /** Writes them into memory of that many bytes. */
  fill(target: Uint8Array): void | Promise<void>;
  /** What they are when they are deflated: the number of bytes and the checksum of the file. */
  readonly deflated?: { readonly size: number; readonly crc: number };
}

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END64_BYTES = 56;
const LOCATOR_BYTES = 20;
const END_BYTES = 22;
/** The extra field with two sizes, and with two sizes and a place. */
const SIZES64_BYTES = 20;
const ALL64_BYTES = 28;
/** What stands in a field of 32 bits whose value is in the extra field. */
const WIDE = 0xffffffff;
/** 1 January 1980, the first day that the format has. */
const DATE = 0x21;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** The extra field of padding, under PyTorch's name for it, "FB". */
const PADDING = 0x4246;

interface Placed {
  readonly file: ZipFile;
  readonly name: Uint8Array;
  readonly begin: number;
  readonly start: number;
  readonly isWide: boolean;
  crc: number;
}

/**
 * An archive, file by file. With zip64 where sizes or places need it.
 *
 * @param alignment - a power of two: the bytes of each file begin at a multiple of it.
 * @param limit - from which on sizes and places are written with 64 bits.
 */
export function zipParts(
  files: readonly ZipFile[],
  alignment: number,
  limit: number = WIDE,
): FileParts & { partsIn(whole: Uint8Array | null): AsyncGenerator<Uint8Array> } {
  let at = 0;
  const placed = files.map((file): Placed => {
    const name = new TextEncoder().encode(file.name);
    const isWide = file.packed >= limit || (file.deflated?.size ?? 0) >= limit || at >= limit;
    const begin = at;
    const bare = begin + LOCAL_BYTES + name.length + (isWide ? SIZES64_BYTES : 0);
    const start = bare + paddingOf(bare, alignment);
    at = start + file.packed;
    return { file, name, begin, start, isWide, crc: 0 };
  });
  const directory = at;
  const entries = placed.reduce(
    (sum, { name, isWide }) => sum + CENTRAL_BYTES + name.length + (isWide ? ALL64_BYTES : 0),
    0,
  );
  const isWide = directory + entries >= limit || placed.length >= 0xffff;
  const size = directory + entries + (isWide ? END64_BYTES + LOCATOR_BYTES : 0) + END_BYTES;
  async function* partsIn(whole: Uint8Array | null): AsyncGenerator<Uint8Array> {
    const memory = (begin: number, end: number): Uint8Array =>
      whole?.subarray(begin, end) ?? (typedArray("uint8", end - begin) as Uint8Array);
    for (const one of placed) {
      const { file, begin, start } = one;
      const part = memory(begin, start + file.packed);
      const target = part.subarray(start - begin);
      await file.fill(target);
      one.crc = file.deflated?.crc ?? crc32(target);
      writeLocal(part, one);
      yield part;
    }
    const part = memory(directory, size);
    let end = 0;
    for (const one of placed) end = writeCentral(part, end, one);
    writeEnd(viewOf(part), { start: directory, end: directory + end, at: end, count: placed.length, isWide });
    yield part;
  }
  return { size, partsIn, parts: () => partsIn(null) };
}

/** The bytes of an archive, written into memory of the right size. */
export async function writeZip(...args: Parameters<typeof zipParts>): Promise<Uint8Array> {
  const { size, partsIn } = zipParts(...args);
  const bytes = typedArray("uint8", size) as Uint8Array;
  for await (const _ of partsIn(bytes));
  return bytes;
}

/** Padding is a field of its own, which takes 4 bytes at least. */
function paddingOf(at: number, alignment: number): number {
  const missing = (alignment - (at % alignment)) % alignment;
  return missing === 0 || missing >= 4 ? missing : missing + Math.max(alignment, 4);
}

function writeLocal(bytes: Uint8Array, one: Placed): void {
  const { file, name, isWide } = one;
  const view = viewOf(bytes);
  const start = one.start - one.begin;
  view.setUint32(0, 0x04034b50, true);
  writeCommon(view, 4, one);
  view.setUint16(28, start - LOCAL_BYTES - name.length, true);
  bytes.set(name, LOCAL_BYTES);
  let extra = LOCAL_BYTES + name.length;
  if (isWide) extra = writeWide(view, extra, [file.deflated?.size ?? file.packed, file.packed]);
  if (extra === start) return;
  view.setUint16(extra, PADDING, true);
  view.setUint16(extra + 2, start - extra - 4, true);
  bytes.fill(0x5a, extra + 4, start);
}

function writeCentral(bytes: Uint8Array, at: number, one: Placed): number {
  const { file, name, begin, isWide } = one;
  const view = viewOf(bytes);
  view.setUint32(at, 0x02014b50, true);
  view.setUint16(at + 4, isWide ? 45 : 20, true);
  writeCommon(view, at + 6, one);
  view.setUint16(at + 30, isWide ? ALL64_BYTES : 0, true);
  view.setUint32(at + 42, isWide ? WIDE : begin, true);
  bytes.set(name, at + CENTRAL_BYTES);
  const extra = at + CENTRAL_BYTES + name.length;
  return isWide ? writeWide(view, extra, [file.deflated?.size ?? file.packed, file.packed, begin]) : extra;
}

/** The 24 bytes that both headers of a file have. */
function writeCommon(view: DataView, at: number, { file, name, isWide, crc }: Placed): void {
  view.setUint16(at, isWide ? 45 : 20, true);
  view.setUint16(at + 2, FLAGS, true);
  view.setUint16(at + 4, file.deflated === undefined ? 0 : 8, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, isWide ? WIDE : file.packed, true);
  view.setUint32(at + 18, isWide ? WIDE : (file.deflated?.size ?? file.packed), true);
  view.setUint16(at + 22, name.length, true);
}

function writeWide(view: DataView, at: number, values: readonly number[]): number {
  view.setUint16(at, 1, true);
  view.setUint16(at + 2, 8 * values.length, true);
  values.forEach((value, i) => {
    view.setBigUint64(at + 4 + 8 * i, BigInt(value), true);
  });
  return at + 4 + 8 * values.length;
}

/** Where the directory lies in the archive, and where what follows it is written. */
interface Directory {
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly count: number;
  readonly isWide: boolean;
}

function writeEnd(view: DataView, { start, end, count, isWide, ...directory }: Directory): void {
  let { at } = directory;
  if (isWide) {
    view.setUint32(at, 0x06064b50, true);
    view.setBigUint64(at + 4, BigInt(END64_BYTES - 12), true);
    view.setUint16(at + 12, 45, true);
    view.setUint16(at + 14, 45, true);
    view.setBigUint64(at + 24, BigInt(count), true);
    view.setBigUint64(at + 32, BigInt(count), true);
    view.setBigUint64(at + 40, BigInt(end - start), true);
    view.setBigUint64(at + 48, BigInt(start), true);
    view.setUint32(at + END64_BYTES, 0x07064b50, true);
    view.setBigUint64(at + END64_BYTES + 8, BigInt(end), true);
    view.setUint32(at + END64_BYTES + 16, 1, true);
    at += END64_BYTES + LOCATOR_BYTES;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, isWide ? 0xffff : count, true);
  view.setUint16(at + 10, isWide ? 0xffff : count, true);
  view.setUint32(at + 12, isWide ? WIDE : end - start, true);
  view.setUint32(at + 16, isWide ? WIDE : start, true);
}
