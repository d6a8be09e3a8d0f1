import {
  contiguousStrides,
  input,
  isContiguous,
  MapKernel,
  numel,
  type Strided,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { fromDevice, toDevice } from "./elements.ts";
import { map } from "./map.ts";
import type { GpuMemory } from "./memory.ts";
import { bytesOf, type GpuStorage, storageOf } from "./storage.ts";
import type { Source, Stream } from "./stream.ts";

/** One element after the other; between dtypes it converts. */
export const copy: MapKernel = new MapKernel("copy", 1, 0, [input(0)]);

/** Elements as words that JavaScript can read: where they lie, or in a scratch storage. */
interface Words {
  readonly source: Source;
  readonly dtype: Strided["dtype"];
  readonly scratch: GpuStorage | null;
}

/** What moves between JavaScript and the GPU. */
export class Transfer {
  readonly #stream: Stream;
  readonly #memory: GpuMemory;

  constructor(stream: Stream, memory: GpuMemory) {
    this.#stream = stream;
    this.#memory = memory;
  }

  /** The elements in row-major order. */
  async download(source: Strided): Promise<TypedArray> {
    storageOf(source);
    if (numel(source.shape) === 0) return typedArray(source.dtype, 0);
    const words = this.#words(source);
    const reading = this.#stream.read(words.source);
    if (words.scratch !== null) this.#memory.release(words.scratch);
    return fromDevice(words.dtype, await reading);
  }

  /** See `Backend.onHost`. */
  onHost(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    compute: (arrays: TypedArray[]) => TypedArray[],
  ): void {
    const words = inputs.map((input) => this.#words(input));
    const targets = outputs.map((output) => this.#target(output));
    this.#stream.onHost(
      words.map(({ source }) => source),
      targets.map(({ block }) => block),
      (bytes) => {
        const arrays = compute(bytes.map((own, i) => fromDevice(words[i].dtype, own)));
        // All of them first: nothing is written when one does not fit.
        const elements = arrays.map((array, k) => toDevice(outputs[k].dtype, array));
        elements.forEach((own, k) => {
          this.#stream.write(targets[k].block, own);
        });
      },
    );
    for (const { scratch } of words) if (scratch !== null) this.#memory.release(scratch);
    targets.forEach((target, k) => {
      const output = outputs[k];
      if (target === output.storage) return;
      const { dtype, shape } = output;
      const from = { storage: target, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
      map(this.#stream, copy, dtype, [from], [], [output]);
      this.#memory.release(target);
    });
  }

  #words(source: Strided): Words {
    const { dtype, shape, strides, offset } = source;
    const storage = storageOf(source);
    const size = bytesOf(dtype);
    if (dtype !== "float16" && isContiguous(shape, strides)) {
      const source = { block: storage.block, offset: size * offset, bytes: size * numel(shape) };
      return { source, dtype, scratch: null };
    }
    const asFloat = dtype === "float16" ? "float32" : dtype;
    const scratch = this.#memory.allocate(storage.backend, asFloat, numel(shape));
    const target = { storage: scratch, dtype: asFloat, shape, strides: contiguousStrides(shape), offset: 0 };
    map(this.#stream, copy, asFloat, [source], [], [target]);
    const bytes = bytesOf(asFloat) * numel(shape);
    return { source: { block: scratch.block, offset: 0, bytes }, dtype: asFloat, scratch };
  }

  /** Where JavaScript writes an output's elements: the storage itself if they fill it, or a scratch one. */
  #target(output: Strided): GpuStorage {
    const storage = storageOf(output);
    const n = numel(output.shape);
    if (output.offset === 0 && storage.length === n && isContiguous(output.shape, output.strides))
      return storage;
    return this.#memory.allocate(storage.backend, output.dtype, n);
  }
}
