/**
 * The calls of a model as a graph, for exporters.
 *
 * @module
 */
export { isNamed, replaceValues, valuesIn } from "./argument.ts";
export { TraceError } from "./errors.ts";
export {
  type Argument,
  type Call,
  type Extent,
  type Graph,
  type Opaque,
  type Plain,
  Size,
  SizedText,
  type Term,
  Value,
} from "./graph.ts";
export type { OpenDims } from "./inputs.ts";
export { checkOptions } from "./options.ts";
export { restoring } from "./restoring.ts";
export { isLibrary } from "./run.ts";
export { graphText } from "./text.ts";
export { inputNames, type Traceable, type TraceOptions, trace } from "./trace.ts";
