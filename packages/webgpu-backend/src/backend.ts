import {
  type Backend,
  type DType,
  DTypeError,
  type Epilogue,
  type LabelRows,
  type MapItem,
  type MapKernel,
  type MemoryStats,
  type ReduceKernel,
  type ScatterMode,
  type Shape,
  type Storage,
  type Strided,
  type TypedArray,
  UNCLONEABLE,
  type Windows,
  widerOf,
} from "@flambeau/backend";
import { toDevice } from "./elements.ts";
import { gather } from "./gather.ts";
import { labelGradient, labelLosses } from "./label-loss.ts";
import { longMatmul } from "./long-matmul.ts";
import { map } from "./map.ts";
import { mapMany } from "./map-many.ts";
import { matmul } from "./matmul.ts";
import { GpuMemory } from "./memory.ts";
import { reduce } from "./reduce.ts";
import { scan } from "./scan.ts";
import { scatter } from "./scatter.ts";
import { sort } from "./sort.ts";
import type { GpuStorage } from "./storage.ts";
import type { Stream, StreamStats } from "./stream.ts";
import { Transfer } from "./transfer.ts";
import { fold, maxPool, unfold } from "./windows.ts";

/**
 * A GPU by WebGPU; see `Backend` for what its methods do. Commands are recorded and run in order; only reading waits for
 * them. bool and uint8 take 32 bits each; float16 exists where the GPU has it.
 */
export class WebGpuBackend implements Backend {
  readonly name: string = "webgpu";
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  readonly #stream: Stream;
  readonly #memory: GpuMemory;
  readonly #transfer: Transfer;

  /** For `init`, which opens the stream. */
  constructor(stream: Stream, options: { readonly memoryPerTurn?: number } = {}) {
    this.#stream = stream;
    this.#memory = new GpuMemory(stream, options.memoryPerTurn);
    this.#transfer = new Transfer(stream, this.#memory);
  }

  supports(dtype: DType): boolean {
    return dtype === "float16"
      ? this.#stream.hasFloat16
      : dtype !== "float64" && widerOf(dtype) === undefined;
  }

  /**
   * @throws DTypeError for float64, and for float16 where the GPU has none; DeviceError past the GPU's limits, past
   *   `memoryPerTurn` in one turn of the event loop, or when the device was lost.
   */
  allocate(dtype: DType, length: number): GpuStorage {
    this.#check(dtype);
    return this.#memory.allocate(this, dtype, length);
  }

  /** @throws DTypeError and DeviceError as `allocate`. */
  upload(dtype: DType, data: TypedArray): GpuStorage {
    this.#check(dtype);
    const elements = toDevice(dtype, data);
    const storage = this.#memory.allocate(this, dtype, data.length, true);
    this.#stream.write(storage.block, elements);
    return storage;
  }

  async download(source: Strided): Promise<TypedArray> {
    const data = await this.#transfer.download(source);
    if (this.#memory.turn !== null) await this.#memory.turn;
    return data;
  }

  release(storage: Storage): void {
    this.#memory.release(storage as GpuStorage);
  }

  synchronize(): Promise<void> {
    return this.#stream.synchronize();
  }

  memory(): MemoryStats {
    return this.#memory.stats();
  }

  /** Counts of what the GPU was given to do, and the bytes of all its buffers. */
  stats(): StreamStats {
    return this.#stream.stats();
  }

  onHost(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    compute: (arrays: TypedArray[]) => TypedArray[],
  ): void {
    this.#transfer.onHost(inputs, outputs, compute);
  }

  map(
    kernel: MapKernel,
    compute: DType,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
  ): void {
    map(this.#stream, kernel, compute, inputs, params, outputs);
  }

  mapMany(
    kernel: MapKernel,
    compute: DType,
    items: readonly MapItem[],
    params: readonly (number | bigint)[],
  ): void {
    mapMany(this.#stream, kernel, compute, items, params);
  }

  reduce(
    kernel: ReduceKernel,
    compute: DType,
    shape: Shape,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    output: Strided,
  ): void {
    reduce(this.#stream, kernel, compute, shape, inputs, params, output);
  }

  labelLosses(x: Strided, rows: LabelRows, losses: Strided): boolean {
    return labelLosses(this.#stream, x, rows, losses);
  }

  labelGradient(g: Strided, rows: LabelRows, divisor: Strided, output: Strided): boolean {
    return labelGradient(this.#stream, g, rows, divisor, output);
  }

  scan(combine: "sum" | "prod", input: Strided, dim: number, output: Strided): void {
    scan(this.#stream, combine, input, dim, output);
  }

  matmul(a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
    if (!longMatmul(this, a, b, output, epilogue)) matmul(this.#stream, a, b, output, epilogue);
  }

  unfold(input: Strided, windows: Windows, output: Strided): void {
    unfold(this.#stream, input, windows, output);
  }

  fold(input: Strided, windows: Windows, output: Strided): void {
    fold(this.#stream, input, windows, output);
  }

  maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): void {
    maxPool(this.#stream, input, windows, output, indices);
  }

  gather(input: Strided, dim: number, index: Strided, output: Strided): void {
    gather(this.#stream, input, dim, index, output);
  }

  scatter(mode: ScatterMode, output: Strided, dim: number, index: Strided, source: Strided): void {
    scatter(this.#stream, mode, output, dim, index, source);
  }

  sort(input: Strided, dim: number, descending: boolean, values: Strided, indices: Strided): void {
    sort(this.#stream, input, dim, descending, values, indices);
  }

  #check(dtype: DType): void {
    if (this.supports(dtype)) return;
    throw new DTypeError(
      dtype === "float16"
        ? "this GPU has no float16; use float32"
        : `the GPU has no ${dtype}; use ${widerOf(dtype) ?? "float32"}, or the CPU`,
    );
  }
}
