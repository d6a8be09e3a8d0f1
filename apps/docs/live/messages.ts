/** What a page and the worker that trains tell each other. */
import type { DeviceName } from "./link.ts";
import type { Settings } from "./slider.ts";

export type ProgramName = "moons" | "digits" | "gpt";

/** `life` counts the models of a page: what the worker says of an earlier one is out of date. */
export type ToWorker =
  | {
      readonly type: "make";
      readonly life: number;
      readonly program: ProgramName;
      readonly settings: Settings;
      readonly device: DeviceName;
    }
  /** Train up to this step. */
  | { readonly type: "train"; readonly until: number }
  | { readonly type: "pause" }
  | { readonly type: "set"; readonly settings: Settings }
  | { readonly type: "ask"; readonly question: unknown };

export type FromWorker = { readonly life: number } & (
  | { readonly type: "made" }
  /** The steps so far, and the loss of each that is new. */
  | { readonly type: "losses"; readonly step: number; readonly losses: readonly number[] }
  | { readonly type: "shown"; readonly step: number; readonly piece: unknown }
  | { readonly type: "answered"; readonly answer: unknown }
  /** At the last step that was wanted, or where a pause came. */
  | { readonly type: "paused"; readonly step: number }
  | { readonly type: "failed"; readonly reason: string; readonly isDevice: boolean }
);
