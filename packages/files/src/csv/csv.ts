/** What a page loads when it first reads comma-separated values. */
import { FormatError } from "@flambeau/serialization";
import type { CsvSettings } from "./options.ts";
import { rowsOf } from "./rows.ts";
import { CsvTable } from "./table.ts";

/** @throws FormatError when there is no table in the text. */
export function tableOf(what: string, text: string, { delimiter, header, naValues }: CsvSettings): CsvTable {
  const rows = rowsOf(what, text, { delimiter, hasHeader: header });
  if (rows.length === 0) throw new FormatError(`${what}: there is nothing in it, not even names of columns`);
  const names = header ? (rows.shift() as string[]) : rows[0].map((_, i) => String(i));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new FormatError(`${what}: two columns have the name ${JSON.stringify(twice)}`);
  return new CsvTable(names, rows, naValues);
}

/** @throws FormatError when the bytes are no UTF-8. */
export function textOf(what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError(
      `${what}: the file is no text in UTF-8; decode it, and give the text to parseCsv(new TextDecoder(encoding).decode(bytes))`,
    );
  }
}
