import { quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { Place, type Placement } from "../place.ts";
import { type RangeSource, readRange, sourceOf, type TensorInfo } from "../ranges.ts";
import { tensorOf } from "./entry.ts";
import { type Header, LENGTH_BYTES, readHeader, readLength, type TensorEntry } from "./header.ts";

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
  /** Reads all tensors, one after the other as they lie in the file, so that a source that only goes forward will do. */
  entries(): AsyncGenerator<[name: string, tensor: Tensor]>;
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
  const source = sourceOf("safeOpen", given);
  const first = await readRange(
    ".safetensors",
    source,
    0,
    Math.min(LENGTH_BYTES, source.size ?? LENGTH_BYTES),
  );
  const length = readLength(first, source.size);
  const text = await readRange(".safetensors", source, LENGTH_BYTES, LENGTH_BYTES + length);
  return new SafetensorsFile(source, readHeader(text, source.size), place);
});

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
    return tensorOf(
      name,
      entry,
      await readRange(".safetensors", this.#source, entry.start, entry.end),
      this.#place,
    );
  }

  async *entries(): AsyncGenerator<[name: string, tensor: Tensor]> {
    const inOrder = [...this.#header.entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
    for (const [name] of inOrder) yield [name, await this.getTensor(name)];
  }

  #entry(name: string): TensorEntry {
    const entry = this.#header.entries.get(name);
    if (entry !== undefined) return entry;
    throw new ValueError(`.safetensors: the file has no tensor ${quote(name)}; it has ${quote(this.keys())}`);
  }
}
