/** One model in several files, and the index that says which tensor is in which. */
import { ArgumentError, isPlainObject, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { FormatError } from "../errors.ts";
import { Place, type Placement } from "../place.ts";
import type { RangeSource, TensorInfo } from "../ranges.ts";
import { safeOpen, type TensorFile } from "./safe-open.ts";

/** What `model.safetensors.index.json` holds. */
export interface ShardIndex {
  /** The file of each tensor. */
  readonly weight_map: Readonly<Record<string, string>>;
  /** What else is said of the model: `total_size`, the bytes of all tensors. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Tensors of several files. */
export interface ShardedFile {
  /** The names of the tensors, in the order of the index. */
  keys(): string[];
  /** What the index says of the model. */
  metadata(): Record<string, unknown>;
  /** What a tensor is; opens its file if that is not open yet. */
  info(name: string): Promise<TensorInfo>;
  /** Reads one tensor; opens its file if that is not open yet. */
  getTensor(name: string): Promise<Tensor>;
}

interface Types extends Placement {
  /** The index: the object, or its JSON text. */
  readonly index: ShardIndex | string;
  /** The bytes of a file, or where they are read from, by the name that the index has for it. Called once a file. */
  readonly open: (file: string) => Uint8Array | RangeSource | Promise<Uint8Array | RangeSource>;
}

const SIGNATURE = "openSharded(index: any, open: function, *, device?: string, dtype?: dtype)";

/**
 * Opens a model that is split over several `.safetensors` files, as Hugging Face stores large ones, by its index
 * (`model.safetensors.index.json`). A file is opened when the first of its tensors is read.
 *
 * @throws FormatError when the index is none, or a file lacks a tensor that the index has in it; and as {@link safeOpen}.
 *
 * @example
 * ```ts
 * import { openSharded, saveSafetensors } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const files = new Map([
 *   ["model-00001-of-00002.safetensors", await saveSafetensors({ a: tensor([1]) })],
 *   ["model-00002-of-00002.safetensors", await saveSafetensors({ b: tensor([2]) })],
 * ]);
 * const [first, second] = files.keys();
 * const model = openSharded({ weight_map: { a: first, b: second } }, (file) => files.get(file)!);
 * console.log(model.keys(), String(await model.getTensor("b")));
 * // [ 'a', 'b' ] tensor([2.])
 * ```
 */
export const openSharded: Callable<typeof SIGNATURE, ShardedFile, Types> = callable<
  typeof SIGNATURE,
  ShardedFile,
  Types
>(SIGNATURE, (index, open, options) => {
  // Refuses a device that is not ready now, not with the first tensor.
  new Place("openSharded", options);
  return new Shards(readIndex(index), open, options);
});

function readIndex(given: ShardIndex | string): ShardIndex {
  let index: unknown = given;
  if (typeof given === "string") {
    try {
      index = JSON.parse(given);
    } catch (error) {
      throw new FormatError(`openSharded: the index is no JSON (${(error as Error).message})`);
    }
  }
  if (!isPlainObject(index))
    throw new ArgumentError(
      `openSharded: index is an object with a weight_map, or its JSON; got ${quote(given)}`,
    );
  const { weight_map: map, metadata } = index as Partial<ShardIndex>;
  if (!isPlainObject(map)) throw new FormatError("openSharded: the index has no weight_map");
  for (const [name, file] of Object.entries(map as object)) {
    if (typeof file !== "string")
      throw new FormatError(`openSharded: ${quote(name)} is in ${quote(file)}, no file`);
  }
  return { weight_map: map as ShardIndex["weight_map"], metadata: isPlainObject(metadata) ? metadata : {} };
}

class Shards implements ShardedFile {
  readonly #index: ShardIndex;
  readonly #open: Types["open"];
  readonly #options: Placement;
  readonly #files: Map<string, Promise<TensorFile>> = new Map();

  constructor(index: ShardIndex, open: Types["open"], options: Placement) {
    this.#index = index;
    this.#open = open;
    this.#options = options;
  }

  keys(): string[] {
    return Object.keys(this.#index.weight_map);
  }

  metadata(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.#index.metadata ?? {}));
  }

  async info(name: string): Promise<TensorInfo> {
    return (await this.#fileOf(name)).info(name);
  }

  async getTensor(name: string): Promise<Tensor> {
    return (await this.#fileOf(name)).getTensor(name);
  }

  async #fileOf(name: string): Promise<TensorFile> {
    const { weight_map: map } = this.#index;
    if (!Object.hasOwn(map, name))
      throw new ValueError(
        `openSharded: the index has no tensor ${quote(name)}; it has ${quote(this.keys())}`,
      );
    const path = map[name];
    let opening = this.#files.get(path);
    if (opening === undefined) {
      opening = this.#opened(path);
      this.#files.set(path, opening);
      // A file that could not be opened is tried again next time.
      opening.catch(() => this.#files.delete(path));
    }
    const file = await opening;
    if (!file.keys().includes(name))
      throw new FormatError(`openSharded: the index has ${quote(name)} in ${quote(path)}, which has it not`);
    return file;
  }

  async #opened(path: string): Promise<TensorFile> {
    return safeOpen(await this.#open(path), this.#options);
  }
}
