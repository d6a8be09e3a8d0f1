/**
 * Models, training and data as a PyTorch project, and what it trained back.
 *
 * @module
 */
export { type EmitOptions, type EmittedModel, ExportError, emitModel, type Loss } from "./code/index.ts";
export type { Rows, RowsByNumber } from "./data.ts";
export { exportPyTorch, pyTorchProject } from "./export.ts";
export { type Imported, importPyTorch } from "./import.ts";
export type { Training } from "./plan.ts";
export type { Schedule } from "./schedule.ts";
