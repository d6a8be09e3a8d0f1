/**
 * A line that shows how far a loop is, as Python's tqdm.
 *
 * @module
 */
export { type Loop, type Postfix, ProgressBar, type ProgressOptions, progress } from "./progress.ts";
export type { Writer } from "./writer.ts";
