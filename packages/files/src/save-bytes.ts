import { inMemory } from "./output/in-memory.ts";
import { type SaveTarget, writerOf } from "./output/target.ts";
import { Meter } from "./progress.ts";

/**
 * Saves bytes where `save` does, whole or not at all, for packages with formats of their own.
 *
 * @param what - the function that was called, for errors.
 * @throws ArgumentError when the target is none; FileError when it cannot be written.
 * @internal
 */
export async function saveBytes(what: string, bytes: Uint8Array, target: SaveTarget): Promise<void> {
  const { name, open } = writerOf(what, target);
  const write = await open();
  await write(inMemory(bytes), new Meter(name, bytes.length, {}));
}
