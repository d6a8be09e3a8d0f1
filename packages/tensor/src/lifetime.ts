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
  abandonStorage(storage);
}

function abandonStorage(storage: Storage): void {
  storage.abandoned = true;
  if ((storage.keepers ?? 0) === 0 && !storage.released) storage.backend.release(storage);
}

/** What was taken since the outermost `tidy` that is running began: so many, and so many of these run. */
const running: (Storage | null)[] = [];
let count = 0;
let depth = 0;

/** Counts memory that was just allocated among what the running `tidy` has taken. */
export function taken<S extends Storage>(storage: S): S {
  if (depth > 0) running[count++] = storage;
  return storage;
}

/**
 * Runs a function of the library's own, of whose tensors nobody sees any but its result, a tensor or a list of them or null: all
 * others are abandoned. Of any other result nothing is known, and nothing is abandoned.
 */
export function tidy<T>(run: () => T): T {
  const start = count;
  depth++;
  let result: T | undefined;
  try {
    result = run();
    return result;
  } finally {
    depth--;
    // Most make one tensor, their result.
    const isPlain = count === start + 1 && running[start] === (result as Partial<Tensor> | null)?.storage;
    if (!isPlain) abandonFrom(start, result);
    if (depth === 0) while (count > 0) running[--count] = null;
  }
}

/** Abandons what was taken from number `start` on and is not the memory of a result, which stays among what was taken. */
function abandonFrom(start: number, result: unknown): void {
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  const shown = list.map((x) => (x === null ? null : (x as Partial<Tensor> | undefined)?.storage));
  if (shown.includes(undefined)) return;
  let end = start;
  for (let i = start; i < count; i++) {
    const storage = running[i] as Storage;
    if (shown.includes(storage)) running[end++] = storage;
    else if (!storage.abandoned) abandonStorage(storage);
  }
  while (count > end) running[--count] = null;
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
