import { itemSize, numel, type Strided, type TypedArray, ValueError } from "@flambeau/backend";

/** Bytes of elements, all together, that a writer copies when it is called. */
const MOST_COPIED = 2 ** 29;

/** Gives the elements of one tensor or storage, in row-major order. */
export type Reading = () => Promise<TypedArray>;

/**
 * Reads tensors for a writer that works on while the program does. Up to `most` bytes are copied before this function returns, on the GPU in the
 * order of its commands, so that a later step of an optimizer changes nothing of the file. More is copied when it is
 * written, and a change before that is an error.
 *
 * @returns a reading for each source. It throws ValueError when the elements were changed after this call.
 */
export function snapshot(what: string, sources: readonly Strided[], most: number = MOST_COPIED): Reading[] {
  const bytes = sources.reduce((sum, { dtype, shape }) => sum + numel(shape) * itemSize(dtype), 0);
  return sources.map(bytes <= most ? copied : (source) => unchanged(what, source));
}

function copied(source: Strided): Reading {
  const elements = source.storage.backend.download(source);
  // An error is the writer's when it comes to this tensor; it may have ended before.
  elements.catch(() => {});
  return () => elements;
}

function unchanged(what: string, source: Strided): Reading {
  const { storage } = source;
  const { version } = storage;
  return () => {
    if (storage.version === version) return storage.backend.download(source);
    throw new ValueError(
      `${what}: a tensor was changed before it was written; wait for the end of saving, or save copies (clone()). Only what is smaller than ${MOST_COPIED / 2 ** 20} MiB is copied when saving begins`,
    );
  };
}
