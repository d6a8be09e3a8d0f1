import { ArgumentError, kindOfArray, quote, type Shape, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { localBytes } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { Place, type Placement } from "../place.ts";
import { tensorOf } from "./entry.ts";
import { type Header, LENGTH_BYTES, readHeader, readLength, type TensorEntry } from "./header.ts";

/** Where the bytes of a file come from when they are not all in memory: a file, or an address that serves ranges. */
export interface RangeSource {
  /** How many bytes there are. */
  readonly size: number;
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

/** Tensors that are read one by one. */
export interface TensorFile {
  /** The names of the tensors, in the order of the header. */
  keys(): string[];
  /** The texts that the file holds beside the tensors. */
  metadata(): Record<string, string>;
  /**
   * What a tensor is, without reading it.
   *
   * @throws ValueError when there is none of that name.
   */
  info(name: string): TensorInfo;
  /**
   * Reads one tensor, and nothing else of the file.
   *
   * @throws ValueError when there is none of that name; DTypeError as `loadSafetensors`.
   */
  getTensor(name: string): Promise<Tensor>;
}

interface Types extends Placement {
  /** The bytes of the file, or where they are read from. */
  readonly source: Uint8Array | RangeSource;
}

const SIGNATURE = "safeOpen(source: source, *, device?: string, dtype?: dtype)";

/**
 * Opens a `.safetensors` file and reads its header; tensors are read on demand, so that a file can be larger
 * than memory. {@link loadSafetensors} reads all of one at once.
 *
 * @throws FormatError when it is no such file, or `read` gives another number of bytes than there should be; ArgumentError
 *   when the source is none.
 *
 * @example
 * ```ts
 * import { safeOpen, saveSafetensors } from "@flambeau/serialization";
 * import { ones, zeros } from "@flambeau/tensor";
 *
 * const bytes = await saveSafetensors({ large: zeros([1000]), small: ones([2]) });
 * const read = (start: number, end: number) => bytes.subarray(start, end);
 * const file = await safeOpen({ size: bytes.length, read });
 * console.log(file.keys(), file.info("small"));
 * // [ 'large', 'small' ] { dtype: 'float32', shape: [ 2 ], byteLength: 8 }
 * console.log(String(await file.getTensor("small")));
 * // tensor([1., 1.])
 * ```
 */
export const safeOpen: Callable<typeof SIGNATURE, Promise<TensorFile>, Types> = callable<
  typeof SIGNATURE,
  Promise<TensorFile>,
  Types
>(SIGNATURE, async (given, options) => {
  const place = new Place("safeOpen", options);
  const source = sourceOf(given);
  const length = readLength(await read(source, 0, Math.min(LENGTH_BYTES, source.size)), source.size);
  const text = await read(source, LENGTH_BYTES, LENGTH_BYTES + length);
  return new SafetensorsFile(source, readHeader(text, source.size), place);
});

function sourceOf(given: Uint8Array | RangeSource): RangeSource {
  if (kindOfArray(given) === "Uint8Array") {
    const bytes = localBytes(given as Uint8Array);
    return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) };
  }
  const { size, read } = given as RangeSource;
  if (typeof read === "function" && Number.isSafeInteger(size) && size >= 0) return given as RangeSource;
  throw new ArgumentError(
    `safeOpen: source has size, its number of bytes, and read(start, end); got size ${quote(size)} and read ${quote(read)}`,
  );
}

async function read(source: RangeSource, start: number, end: number): Promise<Uint8Array> {
  if (start === end) return new Uint8Array(0);
  const bytes = await source.read(start, end);
  if (kindOfArray(bytes) !== "Uint8Array")
    throw new ValueError(`safeOpen: read(start, end) gives a Uint8Array; got ${quote(bytes)}`);
  if (bytes.length === end - start) return localBytes(bytes);
  throw new FormatError(
    `.safetensors: read(${start}, ${end}) gave ${bytes.length} bytes, not ${end - start}`,
  );
}

class SafetensorsFile implements TensorFile {
  readonly #source: RangeSource;
  readonly #header: Header;
  readonly #place: Place;

  constructor(source: RangeSource, header: Header, place: Place) {
    this.#source = source;
    this.#header = header;
    this.#place = place;
  }

  keys(): string[] {
    return [...this.#header.entries.keys()];
  }

  metadata(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.#header.metadata));
  }

  info(name: string): TensorInfo {
    const { dtype, shape, start, end } = this.#entry(name);
    return { dtype: dtype.name, shape: shape.slice(), byteLength: end - start };
  }

  async getTensor(name: string): Promise<Tensor> {
    const entry = this.#entry(name);
    return tensorOf(name, entry, await read(this.#source, entry.start, entry.end), this.#place);
  }

  #entry(name: string): TensorEntry {
    const entry = this.#header.entries.get(name);
    if (entry !== undefined) return entry;
    throw new ValueError(`.safetensors: the file has no tensor ${quote(name)}; it has ${quote(this.keys())}`);
  }
}
