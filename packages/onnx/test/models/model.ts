import type { OpenDims } from "@flambeau/graph";
import type { nn, Tensor } from "flambeau";
import type { Program } from "../runtime.ts";

/** A model, its inputs for two sizes of batches and sequences, and which of their dimensions those are. */
export interface Model {
  readonly make: () => nn.Module;
  readonly inputs: (batch: number, time: number) => readonly Tensor[];
  readonly axes: readonly (OpenDims | undefined)[];
  readonly tolerance?: number;
}

export type Models = Readonly<Record<string, Model>>;

export function program(model: nn.Module): Program {
  return model as unknown as Program;
}

/** Open in the first dimension, and in the second. */
export const BATCH: OpenDims = { 0: "batch" };
export const SEQUENCE: OpenDims = { 0: "batch", 1: "time" };
