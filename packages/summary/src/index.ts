/**
 * What there is to see of a model: the table of its layers, and which ops it runs.
 *
 * @module
 */
export type { SummaryInput } from "./input.ts";
export type { LayerInfo } from "./layer-info.ts";
export {
  Profile,
  type ProfileAverage,
  type ProfileColumn,
  type ProfileEvent,
  profile,
} from "./profile/index.ts";
export { ModelStatistics } from "./statistics.ts";
export { type SummaryOptions, summary } from "./summary.ts";
export type { ColumnName } from "./table.ts";
