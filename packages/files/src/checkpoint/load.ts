import { isPlainObject, quote, ValueError } from "@flambeau/backend";
import { FormatError } from "@flambeau/serialization";
import { type Callable, callable, Tensor } from "@flambeau/tensor";
import type { LoadSource, RemoteOptions } from "../input/open.ts";
import { load } from "../load.ts";
import type { Watching } from "../progress.ts";
import { type Checkpointed, type CheckpointParts, checkParts, STATEFUL } from "./parts.ts";

interface Types extends CheckpointParts, Watching, RemoteOptions {
  /** Where it is read from, as in {@link load}. */
  readonly source: LoadSource;
  /** The device that the checkpoint's tensors are on until the parts have taken them. Default "cpu". */
  readonly device?: string;
  /** PyTorch's name of `device`. */
  readonly mapLocation?: string;
}

const SIGNATURE =
  "loadCheckpoint(source: file, *, model?: any, optimizer?: any, scheduler?: any, generator?: generator, device?: string, mapLocation?: string, cache?: bool|string, sha256?: string, headers?: object, endpoint?: string, token?: string, onProgress?: function, progress = false, signal?: object)";

/**
 * Lets the parts that are given go on from a checkpoint that {@link saveCheckpoint} wrote, or a program in PyTorch with the same keys. When
 * one of them does not fit, all stay as they were.
 *
 * @returns `epoch` and `extra`.
 * @throws FormatError when the file is no checkpoint; ValueError when it lacks a part that is given; as their `loadStateDict`, and as {@link load}.
 *
 * @example
 * ```ts
 * import { loadCheckpoint } from "@flambeau/files";
 * import { nn, savePt } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const bytes = await savePt({ epoch: 7, model: model.stateDict() });
 * const { epoch } = await loadCheckpoint(bytes, { model });
 * console.log(epoch);
 * // 7
 * ```
 */
export const loadCheckpoint: Callable<typeof SIGNATURE, Promise<Checkpointed>, Types> = callable<
  typeof SIGNATURE,
  Promise<Checkpointed>,
  Types
>(SIGNATURE, async (source, { model, optimizer, scheduler, generator, ...options }) => {
  const parts = defined({ model, optimizer, scheduler, generator }) as CheckpointParts;
  checkParts("loadCheckpoint", parts);
  const saved = await load(source, { format: "pt", ...defined(options) });
  if (!isPlainObject(saved))
    throw new FormatError("loadCheckpoint: the file is no checkpoint, which is a dictionary");
  const object = saved as Saved;
  for (const key of Object.keys(parts)) {
    if (!Object.hasOwn(object, key))
      throw new ValueError(
        `loadCheckpoint: the checkpoint has no ${key}; it has ${quote(Object.keys(object))}`,
      );
  }
  return restore(object, parts, await stateOf(object.generator, parts));
});

type Saved = Readonly<Record<string, unknown>>;

/** Those of an object's entries that are not undefined. */
function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function restore(object: Saved, parts: CheckpointParts, state: Uint8Array | null): Checkpointed {
  const undo: (() => void)[] = [];
  try {
    const { generator } = parts;
    if (generator !== undefined && state !== null) {
      const before = generator.getState();
      generator.setState(state);
      undo.push(() => generator.setState(before));
    }
    // The model last: its loading changes all or nothing, and needs no copy to go back to.
    for (const key of STATEFUL.toReversed()) {
      const part = parts[key];
      if (part === undefined) continue;
      const before = part.stateDict();
      part.loadStateDict(object[key]);
      undo.push(() => part.loadStateDict(before));
    }
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  }
  const { epoch, extra } = object;
  return { epoch: typeof epoch === "number" ? epoch : null, extra: extra ?? null };
}

/** The generator's state, where there is one to go on, from whatever device it was read to. */
async function stateOf(given: unknown, { generator }: CheckpointParts): Promise<Uint8Array | null> {
  if (generator === undefined) return null;
  if (given instanceof Tensor && given.dtype === "uint8") return given.data<Uint8Array>();
  throw new FormatError("loadCheckpoint: the checkpoint's generator is no state: a uint8 tensor");
}
