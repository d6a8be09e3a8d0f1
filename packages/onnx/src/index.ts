/**
 * Models as ONNX files.
 *
 * @module
 */
export { OnnxError } from "./errors.ts";
export { exportOnnx } from "./export.ts";
export type { DynamicAxes, OnnxOptions } from "./options.ts";
export { type SaveOnnxOptions, saveOnnx } from "./save.ts";
