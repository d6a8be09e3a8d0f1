import type { Backend, DType, Strided, Windows } from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import type { Arena } from "../memory/arena.ts";
import { dataOf } from "../memory/storage.ts";
import type { Threads } from "../threads/threads.ts";
import { SimdWindows } from "../wasm/simd-windows.ts";
import { installWindows, type WindowKernels } from "./family.ts";
import * as planes32 from "./float32/planes.ts";
import type { Overlay, Spans } from "./planes.ts";
import * as planesOfOthers from "./planes.ts";

/**
 * Gives CPU devices the kernels of windows, which they have not from the start: a page whose program has neither convolution
 * nor pooling does not load them. Whoever calls `unfold`, `fold` or `maxPool` of a device calls this first.
 *
 * @example
 * ```ts
 * import { contiguousStrides, type DType } from "@flambeau/backend";
 * import { cpu, provideWindows } from "@flambeau/cpu-backend";
 *
 * provideWindows();
 * const upload = (dtype: DType, shape: number[], data: Float32Array | Int32Array) =>
 *   ({ storage: cpu.upload(dtype, data), dtype, shape, strides: contiguousStrides(shape), offset: 0 });
 *
 * const image = upload("float32", [1, 1, 2, 3], new Float32Array([1, 5, 2, 7, 3, 4]));
 * const largest = upload("float32", [1, 1, 1, 2], new Float32Array(2));
 * const places = upload("int32", [1, 1, 1, 2], new Int32Array(2));
 * cpu.maxPool(image, { kernel: [2, 2], stride: [1, 1], padding: [0, 0], dilation: [1, 1] }, largest, places);
 * console.log(await cpu.download(largest), await cpu.download(places));
 * // Float32Array(2) [ 7, 5 ] Int32Array(2) [ 3, 1 ]
 * ```
 */
export function provideWindows(): void {
  installWindows(windowKernels);
}

function windowKernels(device: Backend, arena: Arena, threads: Threads): WindowKernels {
  const simd = new SimdWindows(device, arena, threads);
  return {
    simd,
    unfold: (input, windows, output) => unfold(simd, input, windows, output),
    fold: (input, windows, output) => fold(simd, input, windows, output),
    maxPool: (input, windows, output, indices) => maxPool(simd, input, windows, output, indices),
  };
}

/** One for each element of a window, in row-major order; reused from call to call. */
const overlays: Overlay[] = [];

/** Sets `overlays` for windows on a plane; the last two dimensions of `positions` are the windows'. */
function place(plane: Strided, windows: Windows, positions: Strided): void {
  const { kernel, stride, padding, dilation } = windows;
  const [, , height, width] = plane.shape;
  const [, , rowStride, columnStride] = plane.strides;
  const last = positions.shape.length - 1;
  const [rows, columns] = [positions.shape[last - 1], positions.shape[last]];
  let k = 0;
  for (let p = 0; p < kernel[0]; p++) {
    for (let q = 0; q < kernel[1]; q++, k++) {
      const top = p * dilation[0] - padding[0];
      const left = q * dilation[1] - padding[1];
      overlays[k] = {
        rows,
        columns,
        rowFrom: firstInside(top, stride[0], rows),
        rowTo: firstInside(top - height, stride[0], rows),
        columnFrom: firstInside(left, stride[1], columns),
        columnTo: firstInside(left - width, stride[1], columns),
        start: top * rowStride + left * columnStride,
        down: stride[0] * rowStride,
        right: stride[1] * columnStride,
        rowStep: positions.strides[last - 1],
        columnStep: positions.strides[last],
      };
    }
  }
  overlays.length = k;
}

/** The first of `count` positions whose element, at `start` for the first and `step` further each, is not before 0. */
function firstInside(start: number, step: number, count: number): number {
  return start >= 0 ? 0 : Math.min(Math.ceil(-start / step), count);
}

/** Where plane `c` of image `n` begins. */
function planeAt(operand: Strided, n: number, c: number): number {
  return operand.offset + n * operand.strides[0] + c * operand.strides[1];
}

/** See `Backend.unfold`. */
function unfold(simd: SimdWindows, input: Strided, windows: Windows, output: Strided): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const { copyOverlay } = output.dtype === "float32" ? planes32 : planesOfOthers;
  const [images, channels, , width] = output.shape;
  const [, , down, right] = output.strides;
  const zero = zeroOf(output.dtype);
  place(input, windows, output);
  if (simd.unfold(overlays, input, output)) return;
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      const from = planeAt(input, n, c);
      const to = planeAt(output, n, c);
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        copyOverlay(overlays[k], x, from, o, to + ((k - q) / width) * down + q * right, zero);
      }
    }
  }
}

/** See `Backend.fold`. */
function fold(simd: SimdWindows, input: Strided, windows: Windows, output: Strided): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const { addOverlay } = output.dtype === "float32" ? planes32 : planesOfOthers;
  const [images, channels, , width] = input.shape;
  const [, , down, right] = input.strides;
  place(output, windows, input);
  if (simd.fold(overlays, input, output)) return;
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      const from = planeAt(input, n, c);
      const to = planeAt(output, n, c);
      clearPlane(output, o, to);
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        addOverlay(overlays[k], o, to, x, from + ((k - q) / width) * down + q * right);
      }
    }
  }
}

function clearPlane({ dtype, shape, strides }: Strided, o: NumberArray, at: number): void {
  const [, , rows, columns] = shape;
  const [, , down, right] = strides;
  const zero = zeroOf(dtype);
  if (right === 1 && down === columns) o.fill(zero, at, at + rows * columns);
  else for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) o[at + i * down + j * right] = zero;
}

/** Numbers and bigints are read and written by the same loops, but for what they write of their own. */
function zeroOf(dtype: DType): number {
  return (dtype === "int64" ? 0n : 0) as number;
}

/** See `Backend.maxPool`. */
function maxPool(
  simd: SimdWindows,
  input: Strided,
  windows: Windows,
  output: Strided,
  indices: Strided,
): void {
  const x = dataOf(input) as NumberArray;
  const o = dataOf(output) as NumberArray;
  const found = dataOf(indices) as Int32Array;
  if (simd.maxPool(input, windows, output, indices)) return;
  const { maxOfWindows } = output.dtype === "float32" ? planes32 : planesOfOthers;
  const [images, channels] = output.shape;
  const down = spansAlong(0, input, windows, output, indices);
  const right = spansAlong(1, input, windows, output, indices);
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      const at = planeAt(indices, n, c);
      maxOfWindows(down, right, x, planeAt(input, n, c), o, planeAt(output, n, c), found, at);
    }
  }
}

function spansAlong(axis: 0 | 1, plane: Strided, windows: Windows, output: Strided, indices: Strided): Spans {
  const size = plane.shape[axis + 2];
  const kernel = windows.kernel[axis];
  const dilation = windows.dilation[axis];
  const start = Int32Array.from(
    { length: output.shape[axis + 2] },
    (_, i) => i * windows.stride[axis] - windows.padding[axis],
  );
  const steps = {
    step: plane.strides[axis + 2],
    valueStep: output.strides[axis + 2],
    indexStep: indices.strides[axis + 2],
  };
  return {
    start,
    from: start.map((s) => firstInside(s, dilation, kernel)),
    to: start.map((s) => firstInside(s - size, dilation, kernel)),
    dilation,
    size,
    ...steps,
  };
}
