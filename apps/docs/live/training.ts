import type { Tensor } from "flambeau";
import type { Settings } from "./slider.ts";

/** A model in training: what each program of these pages gives the worker. */
export interface Training {
  /** Takes a step. The loss is read later, for many steps at once. */
  step(): Tensor;
  /** Takes settings that do not need a new model. */
  set(settings: Settings): void;
  /** After how many steps there is something to show. */
  readonly showEvery: number;
  /** What to show, in pieces: between two of them the worker reads its messages. */
  show(): AsyncGenerator<unknown, void, undefined>;
  /** Answers the page, where it has something to ask. */
  answer?(question: unknown): Promise<unknown>;
}

/** Makes a model and its data. */
export type MakeTraining = (settings: Settings, device: string) => Promise<Training>;
