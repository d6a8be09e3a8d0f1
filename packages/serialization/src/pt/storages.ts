/**
 * Tensors of PyTorch's files: views of storages, which lie outside the pickle. Nothing is allocated before the whole pickle is read.
 *
 * @module
 */
import { checkShape, DTypeError, isFloat, numel, quote, type Shape } from "@flambeau/backend";
import { Parameter } from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";
import { type Elements, elementsOf, swapBytes } from "../elements.ts";
import { UnpicklingError } from "../pickle/error.ts";
import { Pending, PyGlobal } from "../pickle/values.ts";
import type { Place } from "../place.ts";

/** Where storages' bytes are, and what becomes of them. */
export interface StorageContext {
  /** The bytes of a storage by its key. */
  bytesOf(key: string): Uint8Array;
  readonly isBigEndian: boolean;
  readonly place: Place;
}

/** The elements of one storage, once for all tensors that are views of it. */
export class StoredStorage {
  readonly key: string;
  /** PyTorch's name of the dtype; null where the tensors have it, and `numel` counts bytes. */
  readonly dtype: string | null;
  readonly numel: number;
  readonly #context: StorageContext;
  #flat: { readonly dtype: string; readonly tensor: Tensor } | null = null;

  constructor(key: string, dtype: string | null, numel: number, context: StorageContext) {
    this.key = key;
    this.dtype = dtype;
    this.numel = numel;
    this.#context = context;
  }

  /** The elements as a tensor of one dimension. */
  flat(dtype: string): Tensor {
    this.#flat ??= { dtype, tensor: this.#read(dtype) };
    if (this.#flat.dtype === dtype) return this.#flat.tensor;
    throw new DTypeError(
      `.pt: storage ${quote(this.key)} is viewed as ${this.#flat.dtype} and as ${dtype}, which the memory of a tensor here cannot be`,
    );
  }

  #read(dtype: string): Tensor {
    const { place, isBigEndian } = this.#context;
    const elements = readable(dtype);
    const bytes = this.#context.bytesOf(this.key);
    const size = this.dtype === null ? this.numel : this.numel * elements.size;
    if (bytes.length !== size || size % elements.size !== 0)
      throw new UnpicklingError(
        `storage ${quote(this.key)} has ${bytes.length} bytes, where ${size} of ${dtype} should be`,
      );
    const ordered = isBigEndian && elements.size > 1 ? swapBytes(bytes, elements.size) : bytes;
    return place.tensor(`.pt: storage ${quote(this.key)}`, elements.dtype, elements.decode(ordered), [
      size / elements.size,
    ]);
  }
}

function readable(dtype: string): Elements {
  const elements = elementsOf(dtype);
  if (elements === undefined) throw new DTypeError(`.pt: a tensor is ${dtype}, which cannot be read here`);
  return elements;
}

/** A storage, or a view of one as old files have: what a tensor refers to. No value of its own. */
export class TypedStorage extends PyGlobal {
  readonly storage: StoredStorage;
  /** Where the view begins and how long it is, in elements. */
  readonly start: number;
  readonly length: number;

  constructor(storage: StoredStorage, start: number = 0, length: number = storage.numel) {
    super("torch.storage.TypedStorage");
    this.storage = storage;
    this.start = start;
    this.length = length;
  }
}

/** What a tensor of a file is, checked. */
export interface TensorSpec {
  readonly typed: TypedStorage;
  readonly dtype: string;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: Shape;
  readonly requiresGrad: boolean;
}

export class PendingTensor extends Pending {
  readonly #spec: TensorSpec;

  /** @throws UnpicklingError when the tensor would reach beyond its storage; DTypeError when its dtype cannot be read. */
  constructor(spec: TensorSpec) {
    super();
    this.#spec = spec;
    const { typed, dtype, offset, shape, strides } = spec;
    const { size } = readable(dtype);
    if (shape.length !== strides.length)
      throw new UnpicklingError("a tensor has not as many strides as dimensions");
    if (!Number.isSafeInteger(numel(checkShape(shape))))
      throw new UnpicklingError(`a tensor has the shape ${quote(shape)}`);
    const length = typed.storage.dtype === null ? Math.floor(typed.length / size) : typed.length;
    if (shape.includes(0)) return;
    const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i], offset);
    if (last >= length) {
      throw new UnpicklingError(
        `a tensor of shape ${quote(shape)} and strides ${quote(strides)} reaches beyond the ${length} elements of its storage`,
      );
    }
  }

  override make(): Tensor {
    const { typed, dtype, shape, strides, offset, requiresGrad } = this.#spec;
    const { storage } = typed.storage.flat(dtype);
    // An empty tensor may lie anywhere.
    const x = new Tensor(storage, shape, strides, Math.min(typed.start + offset, storage.length));
    return requiresGrad && isFloat(x.dtype) ? x.requiresGrad_() : x;
  }
}

export class PendingParameter extends Pending {
  readonly #data: Pending;
  readonly #requiresGrad: boolean;

  constructor(data: Pending, requiresGrad: boolean) {
    super();
    this.#data = data;
    this.#requiresGrad = requiresGrad;
  }

  override make(): Parameter {
    const data = (this.#data.make() as Tensor).detach();
    return new Parameter(data, { requiresGrad: this.#requiresGrad && isFloat(data.dtype) });
  }
}
