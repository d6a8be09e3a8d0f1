import { type Callable, callable } from "@flambeau/tensor";
import { type CsvOptions, settingsOf } from "./csv/options.ts";
import type { CsvTable } from "./csv/table.ts";

interface Types extends CsvOptions {
  /** The text. */
  readonly text: string;
}

const SIGNATURE = "parseCsv(text: string, *, delimiter?: string, header = true, naValues?: array)";

/**
 * Reads a text of comma-separated values, quoted as RFC 4180 has it; empty lines are passed over, and line ends within quotes are "\n".
 * Papa Parse splits the cells.
 *
 * Missing values are the cells of pandas' list; `naValues` replaces the list. They are nan among numbers and -1 among codes; `dropna` leaves
 * their rows out.
 *
 * @throws FormatError when the text has nothing in it, a quote does not close, rows have more or fewer cells than the first, or two columns
 *   have one name; ValueError when the delimiter is none.
 *
 * @example
 * ```ts
 * import { parseCsv } from "@flambeau/files";
 *
 * const table = await parseCsv("length;width;species\n5.1;3.5;setosa\n6.2;2.9;versicolor\n", { delimiter: ";" });
 * console.log(String(table.numeric(["length", "width"])));
 * // tensor([[5.1000, 3.5000],
 * //         [6.2000, 2.9000]])
 * console.log(table.categories("species").values);
 * // [ 'setosa', 'versicolor' ]
 * ```
 */
export const parseCsv: Callable<typeof SIGNATURE, Promise<CsvTable>, Types> = callable<
  typeof SIGNATURE,
  Promise<CsvTable>,
  Types
>(SIGNATURE, async (text, options) => {
  const settings = settingsOf("parseCsv", options);
  const { tableOf } = await import("./csv/csv.ts");
  return tableOf("parseCsv", text, settings);
});
