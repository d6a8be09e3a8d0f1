import { quote } from "@flambeau/backend";
import { UnpicklingError } from "../pickle/error.ts";
import { PyTuple } from "../pickle/values.ts";
import { StorageClass } from "./names.ts";
import { type StorageContext, StoredStorage, TypedStorage } from "./storages.ts";

/** The storages that a file's pickle refers to, each once. */
export class StorageTable {
  readonly #context: StorageContext;
  readonly #storages: Map<string, StoredStorage> = new Map();

  constructor(context: StorageContext) {
    this.#context = context;
  }

  /**
   * What `("storage", class, key, location, number of elements)` stands for; in the legacy form `(key, offset, length)` of a view follows.
   *
   * @throws UnpicklingError when it is none.
   */
  find(id: unknown): TypedStorage {
    const [kind, type, key, , numel, view] = id instanceof PyTuple ? id.items : [];
    if (kind === "module")
      throw new UnpicklingError(
        "the file has a whole module; save its state_dict(), in Python: torch.save(model.state_dict(), path)",
      );
    if (kind !== "storage" || !(type instanceof StorageClass) || typeof key !== "string" || !isCount(numel))
      throw new UnpicklingError(`the pickle refers to ${quote(kind)}, which is no storage`);
    let storage = this.#storages.get(key);
    if (storage === undefined) {
      storage = new StoredStorage(key, type.dtype, numel, this.#context);
      this.#storages.set(key, storage);
    } else if (storage.numel !== numel || storage.dtype !== type.dtype) {
      throw new UnpicklingError(`the pickle has storage ${quote(key)} as two of different sizes or dtypes`);
    }
    if (view === undefined || view === null) return new TypedStorage(storage);
    const [, start, length] = view instanceof PyTuple ? view.items : [];
    if (!isCount(start) || !isCount(length) || start + length > numel)
      throw new UnpicklingError(`the pickle has a view of storage ${quote(key)} that reaches beyond it`);
    return new TypedStorage(storage, start, length);
  }

  /** A storage that the pickle refers to. */
  get(key: string): StoredStorage | undefined {
    return this.#storages.get(key);
  }
}

function isCount(x: unknown): x is number {
  return Number.isSafeInteger(x) && (x as number) >= 0;
}
