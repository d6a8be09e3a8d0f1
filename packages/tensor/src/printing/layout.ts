import type { ElementFormat, PrintValue } from "./formatter.ts";
import type { PrintSettings } from "./options.ts";

/** The indices shown along one dimension, in order; null stands for those left out. */
type Shown = readonly (number | null)[];

/** Which indices of each dimension are shown: all, or both ends of the long ones when the tensor is summarised. */
export function shownIndices(shape: readonly number[], summarise: boolean, edgeitems: number): Shown[] {
  return shape.map((size) => {
    const all = (length: number, start: number): number[] => Array.from({ length }, (_, i) => start + i);
    if (!summarise || size <= 2 * edgeitems) return all(size, 0);
    return [...all(edgeitems, 0), null, ...all(edgeitems, size - edgeitems)];
  });
}

/** Reads the shown elements, each once, in the order in which they are written. */
export function readShown(
  shape: readonly number[],
  shown: readonly Shown[],
  at: (flatIndex: number) => PrintValue,
): PrintValue[] {
  const values: PrintValue[] = [];
  const visit = (dim: number, offset: number): void => {
    if (dim === shape.length) {
      values.push(at(offset));
      return;
    }
    for (const index of shown[dim]) if (index !== null) visit(dim + 1, offset * shape[dim] + index);
  };
  visit(0, 0);
  return values;
}

/**
 * Nested brackets around the shown elements: a row breaks at the line width, and d dimensions are set apart by d - 1
 * line breaks. The rules are those of `_vector_str` and `_tensor_str_with_formatter` in PyTorch's torch/_tensor_str.py.
 */
export function layOut(
  values: readonly PrintValue[],
  shown: readonly Shown[],
  format: ElementFormat,
  indent: number,
  settings: PrintSettings,
): string {
  let next = 0;
  const write = (dim: number, column: number): string => {
    if (dim === shown.length) return format.format(values[next++]);
    const innermost = dim === shown.length - 1;
    const gap = innermost && settings.edgeitems > 0 ? " ..." : "...";
    const items = shown[dim].map((index) => (index === null ? gap : write(dim + 1, column + 1)));
    const margin = " ".repeat(column + 1);
    if (!innermost) return `[${items.join(`,${"\n".repeat(shown.length - dim - 1)}${margin}`)}]`;
    const perLine = Math.max(1, Math.floor((settings.linewidth - column) / (format.width + 2)));
    return `[${inLines(items, perLine).join(`,\n${margin}`)}]`;
  };
  return write(0, indent);
}

function inLines(items: readonly string[], perLine: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(", "));
  return lines;
}
