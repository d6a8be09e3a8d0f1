import { type Callable, callable } from "@flambeau/tensor";
import { type CsvOptions, settingsOf } from "./csv/options.ts";
import type { CsvTable } from "./csv/table.ts";
import { type LoadSource, openSource, type RemoteOptions } from "./input/open.ts";
import { Meter, type Watching } from "./progress.ts";
import { located } from "./read/located.ts";
import { checkSignal } from "./runtime/signal.ts";

interface Types extends CsvOptions, Watching, RemoteOptions {
  /** Where it is read from, as in {@link load}. */
  readonly source: LoadSource;
}

/** What `readCsv` takes beside the source. */
export type ReadCsvOptions = Omit<Types, "source">;

const SIGNATURE =
  "readCsv(source: file, *, delimiter?: string, header = true, naValues?: array, cache?: bool|string, sha256?: string, headers?: object, endpoint?: string, token?: string, onProgress?: function, progress = false, signal?: object)";

/**
 * Reads a file of comma-separated values in UTF-8 from where {@link load} reads files, as {@link parseCsv} does its text. It is read whole.
 *
 * @throws ArgumentError when the source is none; FileError when it cannot be read, DownloadError when it cannot be downloaded; FormatError when it is
 *   no UTF-8 or no table; ValueError when an option is none of this source's; the signal's reason when that is aborted.
 *
 * @example
 * ```ts
 * import { readCsv } from "@flambeau/files";
 *
 * const table = await readCsv(new Blob(["x,y\n1,2\n3,4\n"]));
 * console.log(table.columns, String(table.numeric(["y"])));
 * // [ 'x', 'y' ] tensor([[2.],
 * //         [4.]])
 * ```
 */
export const readCsv: Callable<typeof SIGNATURE, Promise<CsvTable>, Types> = callable<
  typeof SIGNATURE,
  Promise<CsvTable>,
  Types
>(SIGNATURE, async (source, { delimiter, header, naValues, ...options }) => {
  checkSignal(options.signal);
  const settings = settingsOf("readCsv", { delimiter, header, naValues });
  const title = typeof source === "string" ? source.slice(-60) : "";
  const meter = new Meter(title, null, options);
  try {
    const { input } = await openSource("readCsv", source, options, meter);
    try {
      const bytes = await input.readAll();
      const { tableOf, textOf } = await import("./csv/csv.ts");
      return await located(input.name, async () => tableOf("readCsv", textOf("readCsv", bytes), settings));
    } finally {
      await input.close();
    }
  } finally {
    meter.end();
  }
});
