import { quote, ValueError } from "@flambeau/backend";
import { type Literal, parseLiteral } from "./literal.ts";

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** NumPy's type string ("<f4"). */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
const ALIGNMENT = 64;
/** NumPy leaves room for the first dimension to grow in place to this many digits. */
const GROWTH_DIGITS = 21;
/** No plain array's header comes near this; reading a hostile one must not exhaust memory. */
const MAX_LENGTH = 2 ** 20;
const KEYS = ["descr", "fortran_order", "shape"];

/**
 * A header with its magic bytes, version and padding, as `numpy.save` writes it (numpy/lib/format.py): version 1.0, or
 * 2.0 where the text is too long for it.
 */
export function writeHeader({ descr, fortranOrder, shape }: NpyHeader): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const order = fortranOrder ? "True" : "False";
  const growing = shape.length === 0 ? 0 : GROWTH_DIGITS - String(shape.at(fortranOrder ? -1 : 0)).length;
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }${" ".repeat(growing)}`;
  return frame(text, 2) ?? (frame(text, 4) as Uint8Array);
}

/** The header text behind a length of 2 (version 1.0) or 4 bytes (2.0); null where 2 bytes cannot count it. */
function frame(text: string, lengthBytes: 2 | 4): Uint8Array | null {
  const start = MAGIC.length + 2 + lengthBytes;
  // A header that already fits gains a whole block of padding: NumPy's arithmetic, kept so that the bytes agree.
  const padding = ALIGNMENT - ((start + text.length + 1) % ALIGNMENT);
  const length = text.length + padding + 1;
  if (lengthBytes === 2 && length > 0xffff) return null;
  const bytes = new Uint8Array(start + length);
  bytes.set([...MAGIC, lengthBytes / 2, 0]);
  const view = new DataView(bytes.buffer);
  if (lengthBytes === 2) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  bytes.set(new TextEncoder().encode(`${text}${" ".repeat(padding)}\n`), start);
  return bytes;
}

/**
 * Reads the header of versions 1.0, 2.0 and 3.0.
 *
 * @returns the header, and where the elements begin.
 * @throws ValueError when the bytes are no .npy file, are cut off, or describe something other than a plain array.
 */
export function readHeader(bytes: Uint8Array): { header: NpyHeader; dataStart: number } {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    throw new ValueError(
      `not a .npy file: it does not begin with "\\x93NUMPY"${zip ? " (it looks like a zip or .npz archive)" : ""}`,
    );
  }
  if (bytes.length < 8) throw cutOff(bytes);
  const [major, minor] = [bytes[6], bytes[7]];
  if (minor !== 0 || major < 1 || major > 3) {
    throw new ValueError(`.npy format version ${major}.${minor} is not known; versions 1.0, 2.0 and 3.0 are`);
  }
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw cutOff(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_LENGTH)
    throw new ValueError(`a .npy header of ${length} bytes is too long to be an array's`);
  const dataStart = start + length;
  if (bytes.length < dataStart) throw cutOff(bytes);
  // Version 3.0 exists for field names in UTF-8, which no plain array has; before, the text was Latin-1.
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, dataStart));
  return { header: interpret(parseLiteral(text)), dataStart };
}

function interpret(literal: Literal): NpyHeader {
  if (!(literal instanceof Map)) throw new ValueError(".npy header: expected a dict");
  const keys = [...literal.keys()].sort();
  if (keys.join() !== KEYS.join()) {
    throw new ValueError(
      `.npy header: expected the keys ${KEYS.join(", ")}, got ${keys.length === 0 ? "none" : quote(keys)}`,
    );
  }
  const descr = literal.get("descr") as Literal;
  const fortranOrder = literal.get("fortran_order") as Literal;
  if (Array.isArray(descr))
    throw new ValueError(".npy header: a structured array (with named fields) is no tensor");
  if (typeof descr !== "string") throw new ValueError(".npy header: descr is not a string");
  if (typeof fortranOrder !== "boolean")
    throw new ValueError(".npy header: fortran_order is neither True nor False");
  return { descr, fortranOrder, shape: interpretShape(literal.get("shape") as Literal) };
}

function interpretShape(literal: Literal): number[] {
  const sizes = typeof literal === "object" && literal !== null && "tuple" in literal ? literal.tuple : null;
  if (sizes === null) throw new ValueError(".npy header: shape is not a tuple");
  return sizes.map((size) => {
    if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
    throw new ValueError(`.npy header: a dimension must be an integer from 0 on, got ${quote(size)}`);
  });
}

function cutOff(bytes: Uint8Array): ValueError {
  return new ValueError(`the .npy file is cut off inside its header, after ${bytes.length} bytes`);
}
