import { FormatError } from "../errors.ts";

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;

/** Where the directory of an archive is, and how many entries it has. */
export interface Directory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/**
 * Finds the directory by the record at the end of the archive, which a comment may follow.
 *
 * @throws FormatError when there is none.
 */
export function findDirectory(bytes: Uint8Array, view: DataView, what: string): Directory {
  const failure = (message: string): FormatError =>
    new FormatError(`${what}: the zip archive cannot be read: ${message}`);
  const record = findEnd(bytes, view);
  if (record < 0) throw failure("it has no directory at its end (is the file cut off?)");
  let count = view.getUint16(record + 10, true);
  let size = view.getUint32(record + 12, true);
  let start = view.getUint32(record + 16, true);
  let end = record;
  const locator = record - LOCATOR_BYTES;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR) {
    const at = Number(view.getBigUint64(locator + 8, true));
    if (at + END64_BYTES > locator || view.getUint32(at, true) !== END64)
      throw failure("its directory is not found");
    count = Number(view.getBigUint64(at + 32, true));
    size = Number(view.getBigUint64(at + 40, true));
    start = Number(view.getBigUint64(at + 48, true));
    end = at;
  }
  if (start + size > end) throw failure("its directory is cut off");
  return { start, end: start + size, count };
}

/** Where the record is: its comment goes on to the end of the file. -1 where there is none. */
function findEnd(bytes: Uint8Array, view: DataView): number {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (bytes[at] !== 0x50 || view.getUint32(at, true) !== END) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) === bytes.length) return at;
  }
  return -1;
}
