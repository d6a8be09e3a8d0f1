/** Arrays of more than six items in columns, as Node's `groupArrayElements` has them. */
import { COMPACT, LINE, MOST_ITEMS } from "./inspect.ts";

const SEPARATOR = 2;
const MOST_COLUMNS = 15;
/** How much taller than wide a character is, so that the block comes out about square. */
const CHARACTER_HEIGHT = 2.5;

/** The lines of a list's texts: the same array where columns do not pay. */
export function groupItems(texts: string[], list: ArrayLike<unknown>, indentation: number): string[] {
  // "... 20 more items" stands in no column.
  const count = texts.length > MOST_ITEMS ? texts.length - 1 : texts.length;
  const items = texts.slice(0, count);
  const longest = Math.max(...items.map((text) => text.length));
  const total = items.reduce((sum, text) => sum + text.length + SEPARATOR, 0);
  const width = longest + SEPARATOR;
  if (width * 3 + indentation >= LINE || (total / width <= 5 && longest > 6)) return texts;

  const biased = Math.max(width - 3 - Math.sqrt(width - total / texts.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(CHARACTER_HEIGHT * biased * count) / biased),
    Math.floor((LINE - indentation) / width),
    COMPACT * 4,
    MOST_COLUMNS,
  );
  if (columns <= 1) return texts;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...items.filter((_, i) => i % columns === column).map((text) => text.length)),
  );
  const isNumeric = texts.every((_, i) => typeof list[i] === "number" || typeof list[i] === "bigint");
  const rows: string[] = [];
  for (let start = 0; start < count; start += columns) {
    const row = items.slice(start, start + columns);
    const cells = row.map((text, column) => {
      const isLast = column === row.length - 1;
      const shown = isLast ? text : `${text}, `;
      const room = widths[column] + (isLast ? 0 : SEPARATOR);
      if (isNumeric) return shown.padStart(room);
      return isLast ? shown : shown.padEnd(room);
    });
    rows.push(cells.join(""));
  }
  return count < texts.length ? [...rows, texts[count]] : rows;
}
