/** Tensors by name that are read one after the other. */
import type { Tensor } from "@flambeau/tensor";
import type { Input } from "../input/input.ts";

export function sourceOf(input: Input): {
  size: number | null;
  read(start: number, end: number): Promise<Uint8Array>;
} {
  return { size: input.size, read: (start, end) => input.read(start, end) };
}

interface Tensors {
  keys(): string[];
  entries(): AsyncGenerator<[name: string, tensor: Tensor]>;
}

/** The tensors in the order of the header, read in the order in which they lie. */
export async function tensorsOf(
  file: Tensors,
  input: Input,
  isWanted: (name: string) => boolean = () => true,
): Promise<Record<string, Tensor>> {
  const read = new Map<string, Tensor>();
  try {
    for await (const [name, x] of file.entries()) {
      if (isWanted(name)) read.set(name, x);
      else x.dispose();
    }
    await input.finish();
  } catch (error) {
    // They are not returned; on a GPU their memory would wait for a collection.
    for (const x of read.values()) x.dispose();
    throw error;
  }
  const names = file.keys().filter((name) => read.has(name));
  return Object.fromEntries(names.map((name) => [name, read.get(name) as Tensor]));
}
