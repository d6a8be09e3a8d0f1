import type { NumberArray } from "../../interpreter/loops.ts";

/** A matrix in an array: where it starts and its steps, in elements. */
export interface Layout {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly row: number;
  readonly column: number;
}

/** Elements from the first to the last. */
function spanOf({ rows, columns, row, column }: Layout): number {
  return (rows - 1) * row + (columns - 1) * column + 1;
}

/** Whether to copy everything from the first element to the last, gaps and all, as it lies. */
function isDense(layout: Layout): boolean {
  return spanOf(layout) <= 1.5 * layout.rows * layout.columns;
}

/** Elements that `stageIn` writes. */
export function stagedLength(layout: Layout): number {
  return isDense(layout) ? spanOf(layout) : layout.rows * layout.columns;
}

/** Copies a matrix to `heap[at...]`; the answer is its steps there. */
export function stageIn(heap: NumberArray, at: number, data: NumberArray, layout: Layout): [number, number] {
  const { offset, rows, columns, row, column } = layout;
  if (isDense(layout)) {
    heap.set(data.subarray(offset, offset + spanOf(layout)), at);
    return [row, column];
  }
  if (column !== 1 && row === 1) {
    const turned = { offset, rows: columns, columns: rows, row: column, column: row };
    copyRows(heap, at, rows, data, turned);
    return [1, rows];
  }
  copyRows(heap, at, columns, data, layout);
  return [columns, 1];
}

function copyRows(to: NumberArray, at: number, step: number, data: NumberArray, layout: Layout): void {
  const { offset, rows, columns, row, column } = layout;
  for (let i = 0; i < rows; i++) {
    let from = offset + i * row;
    let t = at + i * step;
    for (let j = 0; j < columns; j++, from += column) to[t++] = data[from];
  }
}

/** Copies a product from `heap`, its rows `step` elements apart, to where it belongs. */
export function stageOut(
  heap: NumberArray,
  at: number,
  step: number,
  data: NumberArray,
  layout: Layout,
): void {
  const { offset, rows, columns, row, column } = layout;
  for (let i = 0; i < rows; i++) {
    let to = offset + i * row;
    let t = at + i * step;
    if (column === 1 && columns >= 64) data.set(heap.subarray(t, t + columns), to);
    else for (let j = 0; j < columns; j++, to += column) data[to] = heap[t++];
  }
}
