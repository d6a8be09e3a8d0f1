import { FormatError } from "@flambeau/serialization";
import Papa from "papaparse";

/**
 * The rows of a text, each of as many cells as the first. Empty lines are passed over.
 *
 * @throws FormatError when quotes do not close, or a row has more or fewer cells.
 */
export function rowsOf(
  what: string,
  text: string,
  { delimiter, hasHeader }: { readonly delimiter: string; readonly hasHeader: boolean },
): string[][] {
  // The parser takes one kind of line end, and programs on different systems append to one file.
  const lines = text.replace(/\r\n?/g, "\n");
  const { data, errors } = Papa.parse(lines, { delimiter, newline: "\n", skipEmptyLines: true });
  // The parser tries to go on after them.
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken !== undefined)
    throw new FormatError(`${what}: line ${lineOf(lines, broken.index ?? 0)}: ${wordsOf(broken.message)}`);
  const width = data[0]?.length;
  const ragged = data.findIndex((row) => row.length !== width);
  if (ragged >= 0)
    throw new FormatError(
      `${what}: row ${ragged - Number(hasHeader)} has ${data[ragged].length} cells, ${hasHeader ? "the header" : "row 0"} ${width}; is the delimiter ${JSON.stringify(delimiter)}?`,
    );
  return data;
}

function lineOf(lines: string, index: number): number {
  return lines.slice(0, index).split("\n").length;
}

function wordsOf(message: string): string {
  return /unterminated/i.test(message)
    ? "a quote is opened and never closed"
    : "a quote is closed before the end of its cell";
}
