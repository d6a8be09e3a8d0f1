import { ArgumentError, quote, ValueError } from "@flambeau/backend";

/** How a text of comma-separated values is read. */
export interface CsvOptions {
  /** What stands between cells. Default ",". */
  readonly delimiter?: string;
  /** Whether the first row has the columns' names; without it they are "0", "1" and so on. Default true. */
  readonly header?: boolean;
  /** The cells that stand for a missing value. Default: pandas' list, with "", "NA", "NaN" and "null". */
  readonly naValues?: readonly string[];
}

/** With the defaults. */
export interface CsvSettings {
  readonly delimiter: string;
  readonly header: boolean;
  readonly naValues: ReadonlySet<string>;
}

/** pandas' `STR_NA_VALUES`. */
const MISSING: readonly string[] = [
  ...["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>"],
  ...["N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"],
];

/** @throws ValueError when the delimiter is empty or ends lines or quotes; ArgumentError when `naValues` is no array of strings. */
export function settingsOf(
  what: string,
  {
    delimiter = ",",
    header = true,
    naValues = MISSING,
  }: { [K in keyof CsvOptions]: CsvOptions[K] | undefined },
): CsvSettings {
  if (delimiter === "" || /[\r\n"\ufeff]/.test(delimiter))
    throw new ValueError(
      `${what}: delimiter is what stands between cells, such as ";"; got ${quote(delimiter)}`,
    );
  const other = naValues.find((value) => typeof value !== "string");
  if (other !== undefined)
    throw new ArgumentError(`${what}: naValues is an array of strings; it has ${quote(other)}`);
  return { delimiter, header, naValues: new Set(naValues) };
}
