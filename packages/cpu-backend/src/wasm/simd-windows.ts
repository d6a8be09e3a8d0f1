import { type Backend, isContiguous, numel, type Shape, type Strided, type Windows } from "@flambeau/backend";
import type { Overlay } from "../kernels/planes.ts";
import { type Arena, isShared } from "../memory/arena.ts";
import { getNumThreads } from "../threads/count.ts";
import { recorderOf, runEach } from "../threads/recorder.ts";
import type { Threads } from "../threads/threads.ts";
import { ModuleBuilder } from "./codegen/assembler.ts";
import { type Compiled, compile } from "./codegen/compiled.ts";
import { hasSimd } from "./codegen/features.ts";
import { addressOf, isInWasm } from "./operands.ts";
import { cut, type Planes } from "./plane-parts.ts";
import { exportPlanes, type PlaneKernels } from "./planes-module.ts";
import { exportMaxOfWindows, type MaxOfWindows } from "./pool-module.ts";

/** Bytes of a float32 and of an int32. */
const ITEM = 4;
/** Of so many neighbours in a row, a run is copied sooner between zeros than by vectors that are cut to size. */
const MANY = 48;
/** Positions that the kernels take at once. */
const AT_ONCE = 4;
/** From so many elements of windows, or of rows, on planes are split over threads. */
const SPLIT_FROM = 2 ** 16;
const PARTS_PER_THREAD = 2;

interface Kernels extends PlaneKernels {
  readonly max: MaxOfWindows;
}

/** By whether their memory is shared. */
const modules = new Map<boolean, Compiled | null>();

function moduleFor(shared: boolean): Compiled | null {
  let compiled = modules.get(shared);
  if (compiled === undefined) {
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", shared);
    exportPlanes(builder);
    exportMaxOfWindows(builder);
    compiled = compile(builder.encode());
    modules.set(shared, compiled);
  }
  return compiled;
}

/** Undefined where the module cannot be compiled. */
function instantiate(memory: WebAssembly.Memory): Kernels | undefined {
  const compiled = moduleFor(isShared(memory.buffer));
  if (compiled === null) return undefined;
  return new WebAssembly.Instance(compiled.module, { env: { memory } }).exports as unknown as Kernels;
}

/** The address of an operand's plane. */
function planeAt(operand: Strided, { image, channel }: Planes): number {
  return addressOf(operand, ITEM) + ITEM * (image * operand.strides[0] + channel * operand.strides[1]);
}

/**
 * Windows on float32 planes in one WebAssembly memory. Each method does its work and says so, or does nothing: where there
 * is no SIMD, an operand lies elsewhere, or neighbouring positions are no neighbours in memory.
 */
export class SimdWindows {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #threads: Threads;
  #kernels: Kernels | undefined;
  #isReady = false;

  constructor(device: Backend, arena: Arena, threads: Threads) {
    this.#device = device;
    this.#arena = arena;
    this.#threads = threads;
  }

  /** See `Backend.unfold`; an overlay of the output's positions on the input's planes for each element of a window. */
  unfold(overlays: readonly Overlay[], input: Strided, output: Strided): boolean {
    const kernels = this.#kernelsFor(output, input);
    if (kernels === undefined) return false;
    const { shape, strides } = output;
    const width = shape[3];
    const memory = (this.#arena.memory as WebAssembly.Memory).buffer.byteLength;
    const [xImage, xPlane] = input.strides;
    const [oImage, oPlane] = strides;
    this.#run(kernels, shape, numel(shape), (by, planes) => {
      const { images, channels } = planes;
      const from = planeAt(input, planes);
      const to = planeAt(output, planes);
      const lastPlane = from + ITEM * ((images - 1) * xImage + (channels - 1) * xPlane);
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        const p = overlays[k];
        // Under the first position, inside or not, of the first row that is inside.
        const row = p.start + p.rowFrom * p.down;
        const source = from + ITEM * (row + p.columnFrom * p.right);
        const target = to + ITEM * (((k - q) / width) * strides[2] + q * strides[3]);
        const inside = p.columnTo - p.columnFrom;
        const rows = p.rowTo - p.rowFrom;
        if (p.right === 1 && p.down === p.columns && p.rowStep === p.columns && rows > 0 && inside > 0)
          by.shift(
            images,
            ITEM * xImage,
            ITEM * oImage,
            channels,
            source,
            ITEM * xPlane,
            target,
            ITEM * oPlane,
            p.rowFrom * p.columns + p.columnFrom,
            (rows - 1) * p.columns + inside,
            (p.rows - p.rowTo) * p.columns + p.columns - p.columnTo,
            rows,
            p.columns,
            p.columns - inside,
          );
        else {
          const end = row + (rows - 1) * p.down + (p.columns - 1) * p.right + 1;
          const wide =
            p.columns >= AT_ONCE &&
            (p.right === 2 || (p.right === 1 && p.columns < MANY)) &&
            from + ITEM * row >= 0 &&
            lastPlane + ITEM * end <= memory;
          by.copy(
            images,
            ITEM * xImage,
            ITEM * oImage,
            channels,
            source,
            ITEM * xPlane,
            target,
            ITEM * oPlane,
            ITEM * p.down,
            ITEM * p.right,
            ITEM * p.rowStep,
            p.rows,
            p.rowFrom,
            p.rowTo,
            p.columns,
            p.columnFrom,
            p.columnTo,
            wide ? 1 : 0,
          );
        }
      }
    });
    return true;
  }

  /** See `Backend.fold`; an overlay of the input's positions on the output's planes for each element of a window. */
  fold(overlays: readonly Overlay[], input: Strided, output: Strided): boolean {
    const kernels = this.#kernelsFor(input, output);
    if (kernels === undefined || output.strides[3] !== 1) return false;
    const { shape, strides } = input;
    const width = shape[3];
    const [height, columns] = output.shape.slice(2);
    const [xImage, xPlane, down] = output.strides.map((stride) => ITEM * stride);
    const [oImage, oPlane] = strides.map((stride) => ITEM * stride);
    this.#run(kernels, shape, numel(shape), (by, planes) => {
      const { images, channels } = planes;
      const from = planeAt(input, planes);
      const to = planeAt(output, planes);
      by.copy(images, 0, xImage, channels, 0, 0, to, xPlane, 0, 0, down, height, 0, 0, columns, 0, 0, 0);
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        const p = overlays[k];
        by.add(
          images,
          xImage,
          oImage,
          channels,
          to + ITEM * (p.start + p.rowFrom * p.down + p.columnFrom * p.right),
          xPlane,
          from +
            ITEM *
              (((k - q) / width) * strides[2] +
                q * strides[3] +
                p.rowFrom * p.rowStep +
                p.columnFrom * p.columnStep),
          oPlane,
          ITEM * p.down,
          ITEM * p.right,
          ITEM * p.rowStep,
          p.rowTo - p.rowFrom,
          p.columnTo - p.columnFrom,
        );
      }
    });
    return true;
  }

  /** See `Backend.maxPool`. */
  maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): boolean {
    const kernels = this.#kernelsFor(output, input);
    if (kernels === undefined || !isInWasm(indices, this.#device)) return false;
    if (input.strides[3] !== 1 || indices.strides[3] !== 1) return false;
    const { kernel, stride, padding, dilation } = windows;
    const [, , rows, columns] = output.shape;
    const [, , height, width] = input.shape;
    let whole = Math.ceil(padding[1] / stride[1]);
    const lastStart = width - 1 - (kernel[1] - 1) * dilation[1] + padding[1];
    let wholeEnd = Math.min(columns, Math.floor(lastStart / stride[1]) + 1);
    if (wholeEnd - whole < AT_ONCE) whole = wholeEnd = 0;
    const elements = numel(output.shape) * kernel[0] * kernel[1];
    this.#run(kernels, output.shape, elements, (by, planes) => {
      by.max(
        planes.images,
        ITEM * input.strides[0],
        ITEM * output.strides[0],
        planes.channels,
        planeAt(input, planes),
        ITEM * input.strides[1],
        planeAt(output, planes),
        ITEM * output.strides[1],
        planeAt(indices, planes),
        ITEM * indices.strides[0],
        ITEM * indices.strides[1],
        ITEM * input.strides[2],
        ITEM * output.strides[2],
        ITEM * indices.strides[2],
        height,
        width,
        rows,
        columns,
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1],
        whole,
        wholeEnd,
      );
    });
    return true;
  }

  /** See `Backend.scatter`: addition along the last dimension, without gaps. An index out of range is left to others. */
  scatterAdd(output: Strided, index: Strided, source: Strided): boolean {
    const last = index.shape.length - 1;
    const kernels = this.#kernelsFor(output, source);
    if (kernels === undefined || index.dtype !== "int32" || !isInWasm(index, this.#device)) return false;
    for (let d = 0; d < last; d++) if (index.shape[d] !== output.shape[d]) return false;
    if (![index, output, source].every((x) => isContiguous(x.shape, x.strides))) return false;
    const count = index.shape[last];
    const size = output.shape[last];
    const rows = count === 0 ? 0 : numel(index.shape) / count;
    const [i, x, o] = [index, source, output].map((operand) => addressOf(operand, ITEM));
    if (kernels.check(rows * count, i, size) === 0) return false;
    const own = ITEM * count;
    const row = ITEM * size;
    // Rows as the channels of one image.
    this.#run(kernels, [1, rows], rows * count, (by, { channel, channels }) => {
      by.scatter(channels, count, i + channel * own, x + channel * own, own, o + channel * row, row);
    });
    return true;
  }

  /**
   * Makes the calls of `body` for all planes `[images, channels, ...]`, on several threads where there are so many
   * `elements` that it gains.
   */
  #run(
    kernels: Kernels,
    [images, channels]: Shape,
    elements: number,
    body: (by: Kernels, planes: Planes) => void,
  ): void {
    const pool = elements >= SPLIT_FROM ? this.#threads.pool : undefined;
    if (pool !== undefined) {
      const by = recorderOf(pool, kernels, (moduleFor(true) as Compiled).bytes);
      const parts = cut(images, channels, PARTS_PER_THREAD * getNumThreads());
      if (by !== undefined && runEach(pool, parts, (planes) => body(by as Kernels, planes))) return;
    }
    body(kernels, { image: 0, images, channel: 0, channels });
  }

  /** The kernels for positions that are neighbours in memory, beside another operand. */
  #kernelsFor(positions: Strided, other: Strided): Kernels | undefined {
    if (positions.dtype !== "float32" || positions.strides[positions.strides.length - 1] !== 1)
      return undefined;
    return isInWasm(positions, this.#device) && isInWasm(other, this.#device) ? this.#compiled() : undefined;
  }

  #compiled(): Kernels | undefined {
    if (!hasSimd()) return undefined;
    if (!this.#isReady) {
      this.#kernels = instantiate(this.#arena.memory as WebAssembly.Memory);
      this.#isReady = true;
    }
    return this.#kernels;
  }
}
