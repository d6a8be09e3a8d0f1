/** Files of which parts are read. */
import { ArgumentError, kindOfArray, quote, type Shape, ValueError } from "@flambeau/backend";
import { localBytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";

/** Where the bytes of a file come from when they are not all in memory: a file, or an address that serves ranges. */
export interface RangeSource {
  /** How many bytes there are; null where that is not known yet, as of a stream: where the file ends is not checked then. */
  readonly size: number | null;
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array>;
}

/** What is said of a tensor without reading it. */
export interface TensorInfo {
  /** The dtype in the file, by PyTorch's name: "float32", "bfloat16". */
  readonly dtype: string;
  /** The sizes of the dimensions. */
  readonly shape: Shape;
  /** How many bytes it takes in the file. */
  readonly byteLength: number;
}

/** @throws ArgumentError when it is none. */
export function sourceOf(what: string, given: Uint8Array | RangeSource): RangeSource {
  if (kindOfArray(given) === "Uint8Array") {
    const bytes = localBytes(given as Uint8Array);
    return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) };
  }
  const { size, read } = given as RangeSource;
  const isSize = size === null || (Number.isSafeInteger(size) && size >= 0);
  if (typeof read === "function" && isSize) return given as RangeSource;
  throw new ArgumentError(
    `${what}: source has size, its number of bytes, and read(start, end); got size ${quote(size)} and read ${quote(read)}`,
  );
}

/** Exactly the bytes of a range. @throws FormatError when the source gives another number of them. */
export async function readRange(
  what: string,
  source: RangeSource,
  start: number,
  end: number,
): Promise<Uint8Array> {
  if (start === end) return new Uint8Array(0);
  const bytes = await source.read(start, end);
  if (kindOfArray(bytes) !== "Uint8Array")
    throw new ValueError(`${what}: read(start, end) gives a Uint8Array; got ${quote(bytes)}`);
  if (bytes.length === end - start) return localBytes(bytes);
  throw new FormatError(`${what}: read(${start}, ${end}) gave ${bytes.length} bytes, not ${end - start}`);
}
