import { AutogradError, formatShape, type Storage } from "@flambeau/backend";
import { lifetime, type Tensor } from "@flambeau/tensor";

/** A tensor kept for the backward pass, with the version it had. */
export class Saved {
  readonly tensor: Tensor;
  readonly version: number;
  /** The memory it had: a tensor that takes other data (`p.data = x`) has another. */
  readonly storage: Storage;

  constructor(tensor: Tensor, version: number) {
    this.tensor = tensor;
    this.version = version;
    this.storage = tensor.storage;
    lifetime.keep(this.storage);
  }

  get(op: string): Tensor {
    const { storage, shape } = this.tensor;
    if (storage.version !== this.version) {
      throw new AutogradError(
        `a tensor of shape ${formatShape(shape)} that the gradient of ${op} needs was overwritten in place: it is at version ${storage.version}, expected ${this.version}; use the op that makes a new tensor, or clone() first`,
      );
    }
    if (storage.released) throw new AutogradError(`a tensor that the gradient of ${op} needs was disposed`);
    return this.tensor;
  }
}

/** Releases saved tensors; the memory of temporaries is freed with the last reference. */
export function forgetAll(saved: readonly (Saved | null)[] | null): null {
  if (saved !== null) for (const s of saved) if (s !== null) lifetime.forget(s.storage);
  return null;
}

export function releasedError(op: string): AutogradError {
  return new AutogradError(
    `the graph of ${op} was already run backward and its saved tensors were released; give { retainGraph: true } to the first backward() to run it again`,
  );
}
