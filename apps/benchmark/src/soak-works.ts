/** What `npm run bench:soak` runs, and what a run reports. */

/** How far a run has come. */
export interface SoakMark {
  readonly step: number;
  /** Seconds since the first step. */
  readonly seconds: number;
  /** Bytes of the process in main memory, the mean over the hundredth of the run that ends here: a collector has teeth. */
  readonly resident: number;
  /** Bytes of tensors in WebAssembly memory, dropped ones included until they are collected. */
  readonly used: number;
}

/** The works, with the steps of a full run. */
export const soakWorks = {
  "train, await item()": 10_000,
  "train, itemSync()": 10_000,
  "add 1e6, synchronous": 100_000,
} as const;

export type SoakName = keyof typeof soakWorks;
