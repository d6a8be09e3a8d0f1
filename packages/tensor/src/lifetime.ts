/**
 * Memory that goes back by name because all who can read it are known. What users hold is the garbage
 * collector's.
 *
 * @module
 * @internal
 */
import type { Storage } from "@flambeau/backend";
import type { Tensor } from "./tensor.ts";

/** Who keeps a storage (a recorded op for its derivative, the backward pass) will `forget` it once. */
export function keep(storage: Storage): void {
  storage.keepers = (storage.keepers ?? 0) + 1;
}

/** The last one to forget an abandoned storage gives its memory back. */
export function forget(storage: Storage): void {
  const keepers = (storage.keepers as number) - 1;
  storage.keepers = keepers;
  if (keepers === 0 && storage.abandoned && !storage.released) storage.backend.release(storage);
}

/** Whether anybody keeps the elements of a tensor. */
export function isKept({ storage }: Tensor): boolean {
  return (storage.keepers ?? 0) > 0;
}

/**
 * The caller made a tensor that no user has seen, and lets go of it and of all its views: its memory goes back when nobody
 * keeps it, which may be now.
 */
export function abandon({ storage }: Tensor): void {
  storage.abandoned = true;
  if ((storage.keepers ?? 0) === 0 && !storage.released) storage.backend.release(storage);
}

/** An abandoned tensor gets into a user's hands after all. */
export function show({ storage }: Tensor): void {
  if (storage.abandoned) storage.abandoned = false;
}

/** Whether the one who keeps an abandoned tensor is alone with it, and may write to it. */
export function isSole({ storage, shape, strides }: Tensor): boolean {
  if (!storage.abandoned || storage.keepers !== 1) return false;
  for (let d = 0; d < shape.length; d++) if (strides[d] === 0 && shape[d] > 1) return false;
  return true;
}
