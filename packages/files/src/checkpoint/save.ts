import { type Callable, callable, tensor } from "@flambeau/tensor";
import type { SaveTarget } from "../output/target.ts";
import type { Watching } from "../progress.ts";
import { save } from "../save.ts";
import { type CheckpointParts, checkParts, STATEFUL } from "./parts.ts";

/** What a checkpoint is made of. */
export interface Checkpoint extends CheckpointParts {
  /** How far training is. */
  readonly epoch?: number;
  /** What else the program goes on from: numbers, texts, collections and tensors. */
  readonly extra?: unknown;
}

interface Types extends Checkpoint, Watching {
  /** Where it is written, as in {@link save}; without an ending it is a `.pt` file. */
  readonly target: SaveTarget;
}

const SIGNATURE =
  "saveCheckpoint(target: file, *, epoch?: number, model?: any, optimizer?: any, scheduler?: any, generator?: generator, extra?: any, onProgress?: function, progress = false, signal?: object)";

/**
 * Saves what training goes on from as one `.pt` file: a dictionary with `epoch`, the state dicts of `model`, `optimizer` and `scheduler`, the
 * state of `generator` (a uint8 tensor, as PyTorch's `get_rng_state` gives it) and `extra`, of those that are given. `torch.load` reads it.
 * The file is written whole or not at all, as by {@link save}.
 *
 * @throws ArgumentError when a part has no state; and as {@link save}.
 *
 * @example
 * ```ts
 * import { loadCheckpoint, saveCheckpoint } from "@flambeau/files";
 * import { nn, optim } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters(), 0.1);
 * const { readable, writable } = new TransformStream();
 * const [{ epoch, extra }] = await Promise.all([
 *   loadCheckpoint(readable, { model, optimizer }),
 *   saveCheckpoint(writable, { epoch: 3, model, optimizer, extra: { loss: 0.25 } }),
 * ]);
 * console.log(epoch, extra);
 * // 3 { loss: 0.25 }
 * ```
 */
export const saveCheckpoint: Callable<typeof SIGNATURE, Promise<void>, Types> = callable<
  typeof SIGNATURE,
  Promise<void>,
  Types
>(SIGNATURE, async (target, { onProgress, progress, signal, ...checkpoint }) => {
  const watching = {
    progress: progress ?? false,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  };
  await save(objectOf("saveCheckpoint", checkpoint), target, { format: "pt", ...watching });
});

/** The dictionary of a checkpoint. */
export function objectOf(what: string, checkpoint: Checkpoint): Record<string, unknown> {
  checkParts(what, checkpoint);
  const { epoch, generator, extra } = checkpoint;
  const object: Record<string, unknown> = {};
  if (epoch !== undefined) object.epoch = epoch;
  for (const key of STATEFUL) if (checkpoint[key] !== undefined) object[key] = checkpoint[key].stateDict();
  if (generator !== undefined) object.generator = tensor(generator.getState());
  if (extra !== undefined) object.extra = extra;
  return object;
}
