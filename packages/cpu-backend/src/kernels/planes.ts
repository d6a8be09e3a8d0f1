import type { NumberArray } from "../interpreter/loops.ts";

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
}

/** o = x under every position, beside the plane `zero`, which is that of the arrays' kind. */
export function copyOverlay(
  p: Overlay,
  x: NumberArray,
  xi: number,
  o: NumberArray,
  oi: number,
  zero: number,
): void {
  const { rows, columns, rowFrom, rowTo, columnFrom, columnTo, down, right, rowStep, columnStep } = p;
  for (let i = 0; i < rows; i++, oi += rowStep) {
    const inside = i >= rowFrom && i < rowTo;
    const from = inside ? columnFrom : columns;
    const to = inside ? columnTo : columns;
    let at = oi;
    let j = 0;
    for (; j < from; j++, at += columnStep) o[at] = zero;
    let source = xi + p.start + i * down + j * right;
    if (right === 1 && columnStep === 1) for (; j < to; j++) o[at++] = x[source++];
    else for (; j < to; j++, at += columnStep, source += right) o[at] = x[source];
    for (; j < columns; j++, at += columnStep) o[at] = zero;
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

/** Windows along one axis of a plane: of each, where it begins and which of its elements lie in the plane. */
export interface Spans {
  readonly start: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly dilation: number;
  /** The plane's elements along the axis. */
  readonly size: number;
  /** In the plane's memory, and in those of the values and of their indices. */
  readonly step: number;
  readonly valueStep: number;
  readonly indexStep: number;
}

/** The largest element of each window, and its index in the plane. */
export function maxOfWindows(
  down: Spans,
  right: Spans,
  x: NumberArray,
  xi: number,
  o: NumberArray,
  oi: number,
  found: Int32Array,
  fi: number,
): void {
  const width = right.size;
  const [rowStep, columnStep] = [down.dilation * down.step, right.dilation * right.step];
  const [nextRow, nextColumn] = [down.dilation * width, right.dilation];
  for (let i = 0; i < down.start.length; i++) {
    const rowFrom = down.from[i];
    const rowTo = down.to[i];
    // A window of nothing but padding, which callers avoid, still names an element of the plane.
    const row = Math.max(0, Math.min(down.start[i] + rowFrom * down.dilation, down.size - 1));
    for (let j = 0; j < right.start.length; j++) {
      const columnFrom = right.from[j];
      const columnTo = right.to[j];
      const column = Math.max(0, Math.min(right.start[j] + columnFrom * right.dilation, width - 1));
      let best = Number.NEGATIVE_INFINITY;
      let place = row * width + column;
      let first = xi + row * down.step + column * right.step;
      let index = place;
      for (let p = rowFrom; p < rowTo; p++, first += rowStep, index += nextRow) {
        for (
          let q = columnFrom, at = first, here = index;
          q < columnTo;
          q++, at += columnStep, here += nextColumn
        ) {
          const value = x[at];
          // Not larger and not smaller or equal: nan.
          if (value > best || !(value <= Number.POSITIVE_INFINITY)) {
            best = value;
            place = here;
          }
        }
      }
      o[oi + i * down.valueStep + j * right.valueStep] = best;
      found[fi + i * down.indexStep + j * right.indexStep] = place;
    }
  }
}
