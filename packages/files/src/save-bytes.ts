import type { FileParts } from "@flambeau/serialization";
import { inMemory } from "./output/in-memory.ts";
import { type SaveTarget, writerOf } from "./output/target.ts";
import { Meter } from "./progress.ts";

/**
 * Saves bytes, or parts that are made as they are written, where `save` does: whole or not at all, for packages with formats of their own.
 *
 * @param what - the function that was called, for errors.
 * @throws ArgumentError when the target is none; FileError when it cannot be written.
 * @internal
 */
export async function saveBytes(
  what: string,
  bytes: Uint8Array | FileParts,
  target: SaveTarget,
): Promise<void> {
  const { name, open } = writerOf(what, target);
  const write = await open();
  const parts = bytes instanceof Uint8Array ? inMemory(bytes) : bytes;
  await write(parts, new Meter(name, parts.size, {}));
}
