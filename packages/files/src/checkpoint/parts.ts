import { ArgumentError } from "@flambeau/backend";
import { describeValue, type Generator } from "@flambeau/tensor";

/** What has a state: a module, an optimizer, a schedule. */
interface Stateful {
  stateDict(): object;
  // biome-ignore lint/suspicious/noExplicitAny: each class has a state dict of its own
  loadStateDict(state: any): unknown;
}

/** What goes on from a checkpoint. */
export interface CheckpointParts {
  /** The model. */
  readonly model?: Stateful;
  /** The optimizer. */
  readonly optimizer?: Stateful;
  /** The schedule of the learning rate. */
  readonly scheduler?: Stateful;
  /** Random numbers: `defaultGenerator` is the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** What a checkpoint holds beside the parts. */
export interface Checkpointed {
  /** The number that was saved as `epoch`, or null. */
  readonly epoch: number | null;
  /** What was saved as `extra`, or null. */
  // biome-ignore lint/suspicious/noExplicitAny: what the program saved
  readonly extra: any;
}

export const STATEFUL = ["model", "optimizer", "scheduler"] as const;

/** @throws ArgumentError when a part that is given has no state. */
export function checkParts(what: string, parts: CheckpointParts): void {
  for (const key of STATEFUL) {
    const part = parts[key] as Partial<Stateful> | undefined;
    if (part === undefined) continue;
    if (typeof part?.stateDict !== "function" || typeof part.loadStateDict !== "function")
      throw new ArgumentError(
        `${what}: ${key} is what has stateDict() and loadStateDict(); got ${describeValue(part)}`,
      );
  }
}
