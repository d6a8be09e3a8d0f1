/** What a program is run with: its device and length, and where its losses, lines and figures go. */

import type { Figure } from "@flambeau/plot";
import type { nn, Tensor } from "flambeau";

/** What a program goes on from. The default generator is kept beside it. */
export interface Parts {
  readonly model?: nn.Module;
  readonly optimizer?: { stateDict(): object; loadStateDict(state: never): void };
  readonly scheduler?: { stateDict(): object; loadStateDict(state: never): void };
  /** Numbers, texts, collections and tensors. */
  readonly extra?: unknown;
}

/** Where a program goes on. */
export interface Start {
  /** Epochs or steps that are done. */
  readonly done: number;
  /** What was saved as `extra`. */
  readonly extra: unknown;
}

export interface Run {
  /** Where the tensors are: "cpu" or "webgpu". */
  readonly device: string;
  /** Epochs or steps to take, whichever the program counts: its own number unless the command line has another. */
  length(own: number): number;
  /** Lets the parts go on from the last checkpoint, where there is one and the command line says `--resume`. */
  resume(parts: Parts): Promise<Start>;
  /** Saves a checkpoint. */
  save(done: number, parts: Parts): Promise<void>;
  /** The numbers from `first` up to `end`, with a line that shows how far the loop is. */
  steps(first: number, end: number): Iterable<number>;
  /** The batches of a loader, with such a line. */
  batches<T>(loader: AsyncIterable<T> | Iterable<T>, description: string): AsyncIterable<T>;
  /** Notes the loss of a step: for the line and for the curve. */
  loss(value: Tensor | number): Promise<void>;
  /** Prints a line. */
  print(line: string): void;
  /** Writes a picture beside the loss curve. */
  figure(name: string, figure: Figure): Promise<void>;
}

/** A program, as its main.ts exports it. */
export interface Program {
  main(run: Run): Promise<void>;
}
