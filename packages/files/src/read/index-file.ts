import { quote } from "@flambeau/backend";
import { FormatError, safeOpen } from "@flambeau/serialization";
import type { Tensor } from "@flambeau/tensor";
import { sibling } from "../address.ts";
import { FileError } from "../errors.ts";
import type { Input } from "../input/input.ts";
import { located } from "./located.ts";
import type { Placing } from "./place.ts";
import { sourceOf, tensorsOf } from "./tensors.ts";

/** Bytes of an index at most: a million tensors have 100 MB. */
const MOST = 100_000_000;

/** The tensors of a model that lies in several files, file by file, by its index. */
export async function loadIndex(
  index: Input,
  address: string | null,
  { device, dtype }: Placing,
  open: (address: string) => Promise<{ input: Input }>,
): Promise<Record<string, Tensor>> {
  if (address === null)
    throw new FileError(
      index.name,
      "an index has no files beside it here; give its path or address, or use openSharded",
    );
  if (index.size !== null && index.size > MOST)
    throw new FormatError(`an index of ${index.size} bytes; ${MOST} are read`);
  const map = filesOf(await index.readAll());
  const read = new Map<string, Tensor>();
  try {
    for (const file of new Set(map.values())) {
      const { input } = await open(sibling(address, file));
      try {
        await located(input.name, async () => {
          const opened = await safeOpen(sourceOf(input), { device, dtype });
          const has = new Set(opened.keys());
          for (const [name, where] of map) {
            if (where === file && !has.has(name))
              throw new FormatError(`the index has ${quote(name)} in this file, which has it not`);
          }
          for (const [name, x] of Object.entries(
            await tensorsOf(opened, input, (key) => map.get(key) === file),
          ))
            read.set(name, x);
        });
      } finally {
        await input.close();
      }
    }
  } catch (error) {
    for (const x of read.values()) x.dispose();
    throw error;
  }
  return Object.fromEntries([...map.keys()].map((name) => [name, read.get(name) as Tensor]));
}

/** The file of each tensor. Files lie beside the index: other paths are refused. */
function filesOf(bytes: Uint8Array): Map<string, string> {
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new FormatError(`the index is no JSON (${(error as Error).message})`);
  }
  const map = (index as { readonly weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw new FormatError("the index has no weight_map");
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== "string" || !/^[^/\\:?#]+$/.test(file) || file === "." || file === "..")
      throw new FormatError(`the index has ${quote(name)} in ${quote(file)}, which is no file beside it`);
  }
  return new Map(Object.entries(map as Record<string, string>));
}
