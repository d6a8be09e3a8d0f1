/**
 * Weights, results and checkpoints in files, pages and on servers, in every runtime. The formats are those of `@flambeau/serialization`.
 *
 * @module
 */
export { CheckpointKeeper, type KeptCheckpoint } from "./checkpoint/keeper.ts";
export { loadCheckpoint } from "./checkpoint/load.ts";
export type { Checkpointed, CheckpointParts } from "./checkpoint/parts.ts";
export { saveCheckpoint } from "./checkpoint/save.ts";
export type { CsvOptions } from "./csv/options.ts";
export type { Categories, CsvTable } from "./csv/table.ts";
export { DownloadError, FileError } from "./errors.ts";
export type { Format } from "./formats.ts";
export type { LoadSource, RemoteOptions } from "./input/open.ts";
export { type LoadOptions, load } from "./load.ts";
export { type Appender, openAppender } from "./output/append.ts";
export { type DownloadTarget, download } from "./output/download.ts";
export type { SaveTarget } from "./output/target.ts";
export { parseCsv } from "./parse-csv.ts";
export type { Progress, Watching } from "./progress.ts";
export { type ReadCsvOptions, readCsv } from "./read-csv.ts";
export { save } from "./save.ts";
export { saveBytes } from "./save-bytes.ts";
export { checkFolder, saveFolder } from "./save-folder.ts";
