/** What the page and its worker tell each other. */

export type DeviceName = "cpu" | "webgpu";

export type ToWorker =
  /** `stop` is where a stop is requested in pages that may share memory. */
  | { readonly type: "start"; readonly device: DeviceName; readonly stop?: SharedArrayBuffer }
  | { readonly type: "run"; readonly cell: number; readonly compiled: import("./compile.ts").Compiled }
  | { readonly type: "stop" };

/** Why a cell ended before its end. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Where, if it is known: a cell, counted from 0, and its line, from 1. */
  readonly cell?: number;
  readonly line?: number;
  /** What may help. */
  readonly hint?: string;
}

export type Output =
  | { readonly type: "text"; readonly text: string; readonly isWarning?: boolean }
  | { readonly type: "figure"; readonly svg: string; readonly description: string }
  /** A figure that was drawn when the site was made. */
  | {
      readonly type: "file";
      readonly path: string;
      readonly description: string;
      readonly size: readonly [number, number];
    };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "refused"; readonly reason: string }
  /** The next outputs of a cell, of which `dropped` came before these and were too many to show. */
  | {
      readonly type: "outputs";
      readonly cell: number;
      readonly outputs: readonly Output[];
      readonly dropped: number;
    }
  | { readonly type: "done"; readonly cell: number; readonly failure?: Failure };
