/**
 * The table of a model's layers.
 *
 * @module
 */
export type { SummaryInput } from "./input.ts";
export type { LayerInfo } from "./layer-info.ts";
export { ModelStatistics } from "./statistics.ts";
export { type SummaryOptions, summary } from "./summary.ts";
export type { ColumnName } from "./table.ts";
