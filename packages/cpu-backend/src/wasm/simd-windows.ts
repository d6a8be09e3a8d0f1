import { type Backend, isContiguous, numel, type Strided, type Windows } from "@flambeau/backend";
import { type Arena, isShared } from "../arena.ts";
import type { Overlay } from "../planes.ts";
import { hasSimd } from "./features.ts";
import { addressOf, isInWasm } from "./operands.ts";
import { type PlaneKernels, planesModule } from "./planes-module.ts";
import { type MaxOfWindows, poolModule } from "./pool-module.ts";

/** Bytes of a float32 and of an int32. */
const ITEM = 4;
/** Positions that the pooling kernel takes at once. */
const AT_ONCE = 4;

interface Kernels extends PlaneKernels {
  readonly max: MaxOfWindows;
}

/** By whether their memory is shared. */
const modules = new Map<boolean, readonly WebAssembly.Module[]>();

/** Undefined where modules may not be compiled. */
function compile(memory: WebAssembly.Memory): Kernels | undefined {
  const shared = isShared(memory.buffer);
  try {
    const compiled = modules.get(shared) ?? [
      new WebAssembly.Module(planesModule(shared)),
      new WebAssembly.Module(poolModule(shared)),
    ];
    modules.set(shared, compiled);
    const [planes, pool] = compiled.map(
      (module) => new WebAssembly.Instance(module, { env: { memory } }).exports,
    );
    return { ...planes, ...pool } as unknown as Kernels;
  } catch {
    return undefined;
  }
}

/**
 * Windows on float32 planes in one WebAssembly memory. Each method does its work and says so, or does nothing: where there
 * is no SIMD, an operand lies elsewhere, or neighbouring positions are no neighbours in memory.
 */
export class SimdWindows {
  readonly #device: Backend;
  readonly #arena: Arena;
  #kernels: Kernels | undefined;
  #isReady = false;

  constructor(device: Backend, arena: Arena) {
    this.#device = device;
    this.#arena = arena;
  }

  /** See `Backend.unfold`; an overlay of the output's positions on the input's planes for each element of a window. */
  unfold(overlays: readonly Overlay[], input: Strided, output: Strided): boolean {
    const kernels = this.#kernelsFor(output, input);
    if (kernels === undefined) return false;
    const { shape, strides } = output;
    const [images, channels, , width] = shape;
    for (let n = 0; n < images; n++) {
      const from = addressOf(input, ITEM) + ITEM * n * input.strides[0];
      const to = addressOf(output, ITEM) + ITEM * n * strides[0];
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        const p = overlays[k];
        const source = from + ITEM * (p.start + p.rowFrom * p.down + p.columnFrom * p.right);
        const target = to + ITEM * (((k - q) / width) * strides[2] + q * strides[3]);
        const inside = p.columnTo - p.columnFrom;
        const rows = p.rowTo - p.rowFrom;
        if (p.right === 1 && p.down === p.columns && p.rowStep === p.columns && rows > 0 && inside > 0)
          kernels.shift(
            channels,
            source,
            ITEM * input.strides[1],
            target,
            ITEM * strides[1],
            p.rowFrom * p.columns + p.columnFrom,
            (rows - 1) * p.columns + inside,
            (p.rows - p.rowTo) * p.columns + p.columns - p.columnTo,
            rows,
            p.columns,
            p.columns - inside,
          );
        else
          kernels.copy(
            channels,
            source,
            ITEM * input.strides[1],
            ITEM * p.down,
            ITEM * p.right,
            target,
            ITEM * strides[1],
            ITEM * p.rowStep,
            p.rows,
            p.rowFrom,
            p.rowTo,
            p.columns,
            p.columnFrom,
            p.columnTo,
          );
      }
    }
    return true;
  }

  /** See `Backend.fold`; an overlay of the input's positions on the output's planes for each element of a window. */
  fold(overlays: readonly Overlay[], input: Strided, output: Strided): boolean {
    const kernels = this.#kernelsFor(input, output);
    if (kernels === undefined || output.strides[3] !== 1) return false;
    const { shape, strides } = input;
    const [images, channels, , width] = shape;
    const [height, columns] = output.shape.slice(2);
    const plane = ITEM * output.strides[1];
    const down = ITEM * output.strides[2];
    for (let n = 0; n < images; n++) {
      const from = addressOf(input, ITEM) + ITEM * n * strides[0];
      const to = addressOf(output, ITEM) + ITEM * n * output.strides[0];
      kernels.copy(channels, 0, 0, 0, 0, to, plane, down, height, 0, 0, columns, 0, 0);
      for (let k = 0; k < overlays.length; k++) {
        const q = k % width;
        const p = overlays[k];
        kernels.add(
          channels,
          to + ITEM * (p.start + p.rowFrom * p.down + p.columnFrom * p.right),
          plane,
          ITEM * p.down,
          ITEM * p.right,
          from +
            ITEM *
              (((k - q) / width) * strides[2] +
                q * strides[3] +
                p.rowFrom * p.rowStep +
                p.columnFrom * p.columnStep),
          ITEM * strides[1],
          ITEM * p.rowStep,
          p.rowTo - p.rowFrom,
          p.columnTo - p.columnFrom,
        );
      }
    }
    return true;
  }

  /** See `Backend.maxPool`. */
  maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): boolean {
    const kernels = this.#kernelsFor(output, input);
    if (kernels === undefined || !isInWasm(indices, this.#device)) return false;
    if (input.strides[3] !== 1 || indices.strides[3] !== 1) return false;
    const { kernel, stride, padding, dilation } = windows;
    const [images, channels, rows, columns] = output.shape;
    const [, , height, width] = input.shape;
    let whole = Math.ceil(padding[1] / stride[1]);
    const lastStart = width - 1 - (kernel[1] - 1) * dilation[1] + padding[1];
    let wholeEnd = Math.min(columns, Math.floor(lastStart / stride[1]) + 1);
    if (wholeEnd - whole < AT_ONCE) whole = wholeEnd = 0;
    for (let n = 0; n < images; n++) {
      kernels.max(
        channels,
        addressOf(input, ITEM) + ITEM * n * input.strides[0],
        ITEM * input.strides[1],
        ITEM * input.strides[2],
        height,
        width,
        addressOf(output, ITEM) + ITEM * n * output.strides[0],
        ITEM * output.strides[1],
        ITEM * output.strides[2],
        addressOf(indices, ITEM) + ITEM * n * indices.strides[0],
        ITEM * indices.strides[1],
        ITEM * indices.strides[2],
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
    }
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
    const [o, x] = [addressOf(output, ITEM), addressOf(source, ITEM)];
    return kernels.scatter(rows, count, addressOf(index, ITEM), x, ITEM * count, o, ITEM * size, size) === 1;
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
      this.#kernels = compile(this.#arena.memory as WebAssembly.Memory);
      this.#isReady = true;
    }
    return this.#kernels;
  }
}
