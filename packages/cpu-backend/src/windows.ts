import type { Strided, Windows } from "@flambeau/backend";
import * as planes32 from "./float32/planes.ts";
import type { NumberArray } from "./loops.ts";
import * as planesOfOthers from "./planes.ts";
import { dataOf } from "./storage.ts";

const overlay: planesOfOthers.Overlay = {
  rows: 0,
  columns: 0,
  rowFrom: 0,
  rowTo: 0,
  columnFrom: 0,
  columnTo: 0,
  start: 0,
  down: 0,
  right: 0,
  rowStep: 0,
  columnStep: 0,
  index: 0,
  indexDown: 0,
  indexRight: 0,
};

/** Sets `overlay` to element (p, q) of all windows of a plane; the last two dimensions of `positions` are theirs. */
function place(plane: Strided, windows: Windows, positions: Strided, p: number, q: number): void {
  const { stride, padding, dilation } = windows;
  const [, , height, width] = plane.shape;
  const [, , rowStride, columnStride] = plane.strides;
  const last = positions.shape.length - 1;
  const top = p * dilation[0] - padding[0];
  const left = q * dilation[1] - padding[1];
  overlay.rows = positions.shape[last - 1];
  overlay.columns = positions.shape[last];
  overlay.rowFrom = firstInside(top, stride[0], overlay.rows);
  overlay.rowTo = firstInside(top - height, stride[0], overlay.rows);
  overlay.columnFrom = firstInside(left, stride[1], overlay.columns);
  overlay.columnTo = firstInside(left - width, stride[1], overlay.columns);
  overlay.start = top * rowStride + left * columnStride;
  overlay.down = stride[0] * rowStride;
  overlay.right = stride[1] * columnStride;
  overlay.rowStep = positions.strides[last - 1];
  overlay.columnStep = positions.strides[last];
  overlay.index = top * width + left;
  overlay.indexDown = stride[0] * width;
  overlay.indexRight = stride[1];
}

/** The first of `count` positions whose element, `start` for the first and `step` further for each, is not negative. */
function firstInside(start: number, step: number, count: number): number {
  return start >= 0 ? 0 : Math.min(Math.ceil(-start / step), count);
}

/** See `Backend.unfold`. */
export function unfold(input: Strided, windows: Windows, output: Strided): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const copy = output.dtype === "float32" ? planes32.copyOverlay : planesOfOthers.copyOverlay;
  const [images, channels, height, width] = output.shape;
  for (let p = 0; p < height; p++) {
    for (let q = 0; q < width; q++) {
      place(input, windows, output, p, q);
      const from = output.offset + p * output.strides[2] + q * output.strides[3];
      for (let n = 0; n < images; n++) {
        for (let c = 0; c < channels; c++) copy(overlay, x, planeAt(input, n, c), o, from + step(output, n, c));
      }
    }
  }
}

/** See `Backend.fold`. */
export function fold(input: Strided, windows: Windows, output: Strided): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const add = output.dtype === "float32" ? planes32.addOverlay : planesOfOthers.addOverlay;
  const [images, channels, height, width] = input.shape;
  clear(output, o);
  for (let p = 0; p < height; p++) {
    for (let q = 0; q < width; q++) {
      place(output, windows, input, p, q);
      const from = input.offset + p * input.strides[2] + q * input.strides[3];
      for (let n = 0; n < images; n++) {
        for (let c = 0; c < channels; c++) add(overlay, o, planeAt(output, n, c), x, from + step(input, n, c));
      }
    }
  }
}

/** See `Backend.maxPool`. */
export function maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const found = dataOf(indices) as Int32Array;
  const max = output.dtype === "float32" ? planes32.maxOverlay : planesOfOthers.maxOverlay;
  const [images, channels] = output.shape;
  begin(input, windows, output, o, indices, found);
  for (let p = 0; p < windows.kernel[0]; p++) {
    for (let q = 0; q < windows.kernel[1]; q++) {
      place(input, windows, output, p, q);
      for (let n = 0; n < images; n++) {
        for (let c = 0; c < channels; c++) {
          const [, , foundRow, foundColumn] = indices.strides;
          const at = planeAt(indices, n, c);
          max(overlay, x, planeAt(input, n, c), o, planeAt(output, n, c), found, at, foundRow, foundColumn);
        }
      }
    }
  }
}

function step(operand: Strided, n: number, c: number): number {
  return n * operand.strides[0] + c * operand.strides[1];
}

function planeAt(operand: Strided, n: number, c: number): number {
  return operand.offset + step(operand, n, c);
}

function clear(output: Strided, o: NumberArray): void {
  const [images, channels, rows, columns] = output.shape;
  const [, , rowStep, columnStep] = output.strides;
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      const plane = planeAt(output, n, c);
      if (columnStep === 1 && rowStep === columns) o.fill(0, plane, plane + rows * columns);
      else
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) o[plane + i * rowStep + j * columnStep] = 0;
    }
  }
}

/** Every maximum -inf, at the first element of its window that lies in the plane. */
function begin(
  input: Strided,
  windows: Windows,
  output: Strided,
  o: NumberArray,
  indices: Strided,
  found: Int32Array,
): void {
  const [images, channels, rows, columns] = output.shape;
  const [, , height, width] = input.shape;
  const firstRows = firsts(windows, 0, rows, height);
  const firstColumns = firsts(windows, 1, columns, width);
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      const [to, at] = [planeAt(output, n, c), planeAt(indices, n, c)];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          o[to + i * output.strides[2] + j * output.strides[3]] = Number.NEGATIVE_INFINITY;
          found[at + i * indices.strides[2] + j * indices.strides[3]] = firstRows[i] * width + firstColumns[j];
        }
      }
    }
  }
}

function firsts({ stride, padding, dilation }: Windows, axis: 0 | 1, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride[axis] - padding[axis];
    return Math.min(start + dilation[axis] * firstInside(start, dilation[axis], size), size - 1);
  });
}
