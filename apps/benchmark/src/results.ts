/**
 * What a run found out: the contents of the JSON file.
 *
 * @module
 */
import type { Device, LibraryId } from "./libraries.ts";
import { median } from "./statistics.ts";
import type { GrowthPanel } from "./work.ts";

/** A library's figures for a work, one a round, or the reason why it has none. */
export type Entry =
  | { readonly samples: readonly number[]; readonly median: number; readonly distance?: number }
  | { readonly excluded: string };

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly unit: "ms" | "kB";
  /** The threads of each library; 0 where threads have no part in it. */
  readonly threads: number;
  /** Where it was not the CPU. */
  readonly device?: Device;
  readonly flop?: number;
  readonly growth?: { readonly panel: GrowthPanel; readonly curve: string; readonly size: number };
  readonly entries: Readonly<Partial<Record<LibraryId, Entry>>>;
}

export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly system: string;
  /** Version and runtime of each library that ran. */
  readonly versions: Readonly<Partial<Record<LibraryId, string>>>;
  readonly command: string;
  readonly device: Device;
  readonly rounds: number;
  /** Things a reader has to know of this run. */
  readonly remarks: readonly string[];
  readonly results: readonly Result[];
}

/** The library's median, if it has one. */
export function medianOf(result: Result, library: LibraryId): number | undefined {
  const entry = result.entries[library];
  return entry !== undefined && "median" in entry ? entry.median : undefined;
}

/** How many times this library is as fast (or as small) as another: their figure over ours. */
export function ratio(result: Result, library: LibraryId): number | undefined {
  const ours = medianOf(result, "flambeau");
  const theirs = medianOf(result, library);
  return ours === undefined || theirs === undefined ? undefined : theirs / ours;
}

export function entryOf(samples: readonly number[], distance?: number): Entry {
  return { median: median(samples), samples, ...(distance === undefined ? {} : { distance }) };
}
