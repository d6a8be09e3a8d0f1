// The twin of ../planes.ts for float32 alone, written by test/twins.ts, which says why. Change the original.
import type { NumberArray } from "../loops.ts";

/**
 * One element of every window of a plane, as a plane of its own: position (i, j) of it lies over the whole plane's
 * element `(top + i * down, left + j * right)`, if there is one; steps and starts tell where elements lie in memory.
 * Loops over these run straight through both planes, however small the windows are.
 */
export interface Overlay {
  /** Positions, down and right. */
  rows: number;
  columns: number;
  /** Of those, the ones that lie over the plane: from (inclusive) and to (exclusive). */
  rowFrom: number;
  rowTo: number;
  columnFrom: number;
  columnTo: number;
  /** In the plane's memory: from its start to position (0, 0), and from position to position. */
  start: number;
  down: number;
  right: number;
  /** In the memory of the positions. */
  rowStep: number;
  columnStep: number;
  /** The index, in row-major order over the plane, under position (0, 0), and its steps. */
  index: number;
  indexDown: number;
  indexRight: number;
}

/** o = x under every position, zero beside the plane. */
export function copyOverlay(p: Overlay, x: NumberArray, xi: number, o: NumberArray, oi: number): void {
  const { rows, columns, rowFrom, rowTo, columnFrom, columnTo, down, right, rowStep, columnStep } = p;
  for (let i = 0; i < rows; i++, oi += rowStep) {
    const inside = i >= rowFrom && i < rowTo;
    const from = inside ? columnFrom : columns;
    const to = inside ? columnTo : columns;
    let at = oi;
    let j = 0;
    for (; j < from; j++, at += columnStep) o[at] = 0;
    let source = xi + p.start + i * down + j * right;
    if (right === 1 && columnStep === 1) for (; j < to; j++) o[at++] = x[source++];
    else for (; j < to; j++, at += columnStep, source += right) o[at] = x[source];
    for (; j < columns; j++, at += columnStep) o[at] = 0;
  }
}

/** x under every position += o. */
export function addOverlay(p: Overlay, x: NumberArray, xi: number, o: NumberArray, oi: number): void {
  const { rowFrom, rowTo, columnFrom, columnTo, down, right, rowStep, columnStep } = p;
  for (let i = rowFrom; i < rowTo; i++) {
    let target = xi + p.start + i * down + columnFrom * right;
    let at = oi + i * rowStep + columnFrom * columnStep;
    if (right === 1 && columnStep === 1) for (let j = columnFrom; j < columnTo; j++) x[target++] += o[at++];
    else for (let j = columnFrom; j < columnTo; j++, at += columnStep, target += right) x[target] += o[at];
  }
}

/** o = x under the position and `found` its index, where x is larger than o, or nan. */
export function maxOverlay(
  p: Overlay,
  x: NumberArray,
  xi: number,
  o: NumberArray,
  oi: number,
  found: Int32Array,
  fi: number,
  foundRow: number,
  foundColumn: number,
): void {
  const { rowFrom, rowTo, columnFrom, columnTo, down, right, rowStep, columnStep, indexRight } = p;
  for (let i = rowFrom; i < rowTo; i++) {
    let source = xi + p.start + i * down + columnFrom * right;
    let at = oi + i * rowStep + columnFrom * columnStep;
    let to = fi + i * foundRow + columnFrom * foundColumn;
    let index = p.index + i * p.indexDown + columnFrom * indexRight;
    for (let j = columnFrom; j < columnTo; j++) {
      const value = x[source];
      // biome-ignore lint/suspicious/noSelfCompare: only nan differs from itself
      if (value > o[at] || value !== value) {
        o[at] = value;
        found[to] = index;
      }
      source += right;
      at += columnStep;
      to += foundColumn;
      index += indexRight;
    }
  }
}
