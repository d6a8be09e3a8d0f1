/**
 * What the benchmark and a library's process say to each other, a line of JSON each.
 *
 * @module
 */
import type { Contents } from "./arrays.ts";
import type { Work } from "./work.ts";

export type Request =
  | {
      readonly do: "prepare";
      readonly work: string;
      readonly torch: Work["torch"];
      /** The file of inputs, what lies in it, and where the results shall go. */
      readonly inputs: string;
      readonly contents: Contents;
      readonly results: string;
    }
  /** Spend so many milliseconds, and tell how many a call takes. */
  | { readonly do: "warm"; readonly milliseconds: number }
  | { readonly do: "time"; readonly calls: number }
  | { readonly do: "release" };

/** What a process says first. */
export interface Greeting {
  readonly version: string;
  readonly threads: number;
  readonly runtime: string;
  readonly adapter?: string;
}

export type Answer =
  | Greeting
  | { readonly failed: string }
  | { readonly contents: Contents }
  | { readonly milliseconds: number }
  | Record<string, never>;
