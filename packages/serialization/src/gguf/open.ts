import { quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { FormatError } from "../errors.ts";
import { Place, type Placement } from "../place.ts";
import { type RangeSource, readRange, sourceOf, type TensorInfo } from "../ranges.ts";
import { ggufTensor } from "./entry.ts";
import { type GgufEntry, type GgufHeader, type GgufValue, readHeader, Short } from "./header.ts";

/** Tensors of a `.gguf` file that are read one by one. */
export interface GgufFile {
  /** The names of the tensors, in the order of the header. */
  keys(): string[];
  /** What the file says of the model: numbers, texts, and arrays of them. */
  metadata(): Record<string, GgufValue>;
  /**
   * What a tensor is, without reading it. The dtype of a quantized one is ggml's name: "Q4_K".
   *
   * @throws ValueError when there is none of that name.
   */
  info(name: string): TensorInfo;
  /**
   * Reads one tensor, and nothing else of the file.
   *
   * @throws ValueError when there is none of that name; DTypeError as {@link loadGguf}.
   */
  getTensor(name: string): Promise<Tensor>;
  /** Reads all tensors, one after the other as they lie in the file, so that a source that only goes forward will do. */
  entries(): AsyncGenerator<[name: string, tensor: Tensor]>;
}

interface Types extends Placement {
  /** The bytes of the file, or where they are read from. */
  readonly source: Uint8Array | RangeSource;
}

const SIGNATURE = "openGguf(source: source, *, device?: string, dtype?: dtype)";
/** Bytes that are read for the header at first. */
const FIRST = 2 ** 16;
/** Bytes that a header takes at most: a vocabulary of a million words has 30 MB. */
const MOST = 2 ** 28;

/**
 * Opens a `.gguf` file, as llama.cpp stores models, and reads its header; tensors are read on demand. What becomes of types is in
 * {@link loadGguf}.
 *
 * @throws FormatError when it is no such file; ArgumentError when the source is none.
 *
 * @example
 * ```ts
 * import { openGguf } from "@flambeau/serialization";
 *
 * // A file with one entry of metadata and no tensor, as it is written.
 * const head = [0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...new Array(8).fill(0), 1, ...new Array(7).fill(0)];
 * const entry = [1, ...new Array(7).fill(0), 0x61, 0, 0, 0, 0, 42];
 * const file = await openGguf(Uint8Array.from([...head, ...entry]));
 * console.log(file.keys(), file.metadata());
 * // [] { a: 42 }
 * ```
 */
export const openGguf: Callable<typeof SIGNATURE, Promise<GgufFile>, Types> = callable<
  typeof SIGNATURE,
  Promise<GgufFile>,
  Types
>(SIGNATURE, async (given, options) => {
  const place = new Place("openGguf", options);
  const source = sourceOf("openGguf", given);
  const { size } = source;
  if (size === null)
    throw new ValueError("openGguf: the source has no size, against which tensors are checked");
  let head: Uint8Array = new Uint8Array(0);
  for (let want = Math.min(FIRST, size); ; want = Math.min(2 * want, size)) {
    head = joined(head, await readRange(".gguf", source, head.length, want));
    try {
      const header = readHeader(head, size);
      return new GgufTensors(header, (start, end) => readBehind(head, source, start, end), place);
    } catch (error) {
      if (!(error instanceof Short)) throw error;
      if (want >= MOST) throw new FormatError(`.gguf: a header of more than ${MOST} bytes`);
    }
  }
});

/** A copy: a source may use its memory again. */
function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** What was read for the header is not read again. */
async function readBehind(
  head: Uint8Array,
  source: RangeSource,
  start: number,
  end: number,
): Promise<Uint8Array> {
  if (start >= head.length) return readRange(".gguf", source, start, end);
  if (end <= head.length) return head.subarray(start, end);
  return joined(head.subarray(start), await readRange(".gguf", source, head.length, end));
}

class GgufTensors implements GgufFile {
  readonly #header: GgufHeader;
  readonly #read: (start: number, end: number) => Promise<Uint8Array>;
  readonly #place: Place;

  constructor(header: GgufHeader, read: (start: number, end: number) => Promise<Uint8Array>, place: Place) {
    this.#header = header;
    this.#read = read;
    this.#place = place;
  }

  keys(): string[] {
    return [...this.#header.entries.keys()];
  }

  metadata(): Record<string, GgufValue> {
    return Object.fromEntries(this.#header.metadata);
  }

  info(name: string): TensorInfo {
    const { type, typeName, shape, start, end } = this.#entry(name);
    return { dtype: type?.name ?? typeName, shape: shape.slice(), byteLength: end - start };
  }

  async getTensor(name: string): Promise<Tensor> {
    const entry = this.#entry(name);
    return ggufTensor(name, entry, await this.#read(entry.start, entry.end), this.#place);
  }

  async *entries(): AsyncGenerator<[name: string, tensor: Tensor]> {
    const inOrder = [...this.#header.entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
    for (const [name] of inOrder) yield [name, await this.getTensor(name)];
  }

  #entry(name: string): GgufEntry {
    const entry = this.#header.entries.get(name);
    if (entry !== undefined) return entry;
    throw new ValueError(`.gguf: the file has no tensor ${quote(name)}; it has ${quote(this.keys())}`);
  }
}
