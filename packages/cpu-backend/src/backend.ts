import {
  type Backend,
  contiguousStrides,
  type DType,
  DTypeError,
  dtypeOfArray,
  type Epilogue,
  input,
  isContiguous,
  isHalf,
  localArray,
  MapKernel,
  type MemoryStats,
  numel,
  type ReduceKernel,
  type RowKernel,
  type ScatterMode,
  type Shape,
  type Storage,
  type Strided,
  type TypedArray,
  typedArray,
  UNCLONEABLE,
  type Windows,
} from "@flambeau/backend";
import { castLoop } from "./interpreter/cast.ts";
import { Families } from "./kernels/family.ts";
import { gather } from "./kernels/gather.ts";
import { inFloat32 } from "./kernels/halves.ts";
import { join } from "./kernels/join.ts";
import { map } from "./kernels/map.ts";
import { matmul } from "./kernels/matmul.ts";
import { reduce } from "./kernels/reduce.ts";
import { scan } from "./kernels/scan.ts";
import { scatter } from "./kernels/scatter.ts";
import { sort } from "./kernels/sort.ts";
import { CpuMemory } from "./memory/memory.ts";
import { CpuStorage, dataOf } from "./memory/storage.ts";
import { Threads } from "./threads/threads.ts";
import { Gemm } from "./wasm/gemm/gemm.ts";
import { Simd } from "./wasm/simd.ts";

const copy = new MapKernel("copy", 1, 0, [input(0)]);

/**
 * The CPU, without dependence on anything but the JavaScript engine; see `Backend` for what its methods do.
 *
 * @example
 * ```ts
 * import { E, input, MapKernel } from "@flambeau/backend";
 * import { cpu } from "@flambeau/cpu-backend";
 *
 * const storage = cpu.upload("float32", new Float32Array([1, 2, 3, 4]));
 * // The second column of a matrix of two rows, where it lies.
 * const column = { storage, dtype: "float32", shape: [2], strides: [2], offset: 1 } as const;
 * cpu.map(new MapKernel("double", 1, 0, [E.mul(input(0), 2)]), "float32", [column], [], [column]);
 * console.log(cpu.downloadSync({ ...column, shape: [4], strides: [1], offset: 0 }));
 * // Float32Array(4) [ 1, 4, 3, 8 ]
 * ```
 */
export class CpuBackend implements Backend {
  readonly name: string = "cpu";
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  transient: boolean = false;
  readonly #memory: CpuMemory;
  readonly #gemm: Gemm;
  /** Elementwise kernels and reductions in WebAssembly. */
  readonly simd: Simd;
  /** Kernels that not every program has. */
  readonly families: Families;
  /** What large kernels are split over. */
  readonly threads: Threads;

  /**
   * `wasmLimit`: bytes of WebAssembly memory that large storages may fill, 512 MiB unless told; past it they are
   * ordinary arrays. It is rounded down to a power of two.
   */
  constructor(options: { wasmLimit?: number } = {}) {
    this.#memory = new CpuMemory(options.wasmLimit ?? 2 ** 29);
    this.threads = new Threads(this.#memory.arena);
    this.#gemm = new Gemm(this, this.#memory.arena, this.threads);
    this.simd = new Simd(this, this.#memory.arena, this.threads);
    this.families = new Families(this, this.#memory.arena, this.threads);
  }

  supports(_dtype: DType): boolean {
    return true;
  }

  allocate(dtype: DType, length: number): CpuStorage {
    return this.#memory.allocate(this, dtype, length);
  }

  upload(dtype: DType, data: TypedArray): CpuStorage {
    const n = data.length;
    const storage = this.allocate(dtype, n);
    if (isHalf(dtype))
      castLoop(dtype, dtypeOfArray(data))(n, storage.data, 0, 1, data, 0, 1, data, 0, 0, data, 0, 0);
    else storage.data.set(data as Uint8Array & BigInt64Array);
    return storage;
  }

  /** 16-bit floats are stored as bits, so that theirs are copied. */
  adopt(dtype: DType, data: TypedArray): CpuStorage {
    if (isHalf(dtype)) return this.upload(dtype, data);
    return new CpuStorage(this, dtype, data.length, localArray(data), "own", -1);
  }

  downloadSync(source: Strided): TypedArray {
    const { shape, strides, offset } = source;
    const isBits = isHalf(source.dtype);
    const dtype = isBits ? "float32" : source.dtype;
    const data = dataOf(source);
    const n = numel(shape);
    if (!isBits && isContiguous(shape, strides)) {
      // Not `slice`, which keeps a user's subclass of the array.
      const out = typedArray(dtype, n);
      out.set(data.subarray(offset, offset + n) as Uint8Array & BigInt64Array);
      return out;
    }
    const out = this.adopt(dtype, typedArray(dtype, n));
    map(
      copy,
      dtype,
      [source],
      [],
      [{ storage: out, dtype, shape, strides: contiguousStrides(shape), offset: 0 }],
    );
    return out.data;
  }

  peek(source: Strided): TypedArray {
    const { dtype, shape, strides, offset } = source;
    if (isHalf(dtype) || !isContiguous(shape, strides)) return this.downloadSync(source);
    return dataOf(source).subarray(offset, offset + numel(shape));
  }

  async download(source: Strided): Promise<TypedArray> {
    const data = this.downloadSync(source);
    if (this.#memory.turn !== null) await this.#memory.turn;
    return data;
  }

  /** @throws DTypeError for 16-bit floats, which no array of JavaScript holds. */
  expose(storage: Storage): TypedArray {
    if (isHalf(storage.dtype))
      throw new DTypeError(
        `JavaScript has no array of ${storage.dtype} whose memory could be shared; use data(), which is a Float32Array, or float()`,
      );
    return this.#memory.expose(storage as CpuStorage);
  }

  release(storage: Storage): void {
    this.#memory.release(storage as CpuStorage);
  }

  synchronize(): Promise<void> {
    return Promise.resolve();
  }

  memory(): MemoryStats {
    return this.#memory.stats();
  }

  onHost(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    compute: (arrays: TypedArray[]) => TypedArray[],
  ): void {
    const results = compute(inputs.map((input) => this.downloadSync(input)));
    outputs.forEach((output, k) => {
      const { shape } = output;
      const dtype = isHalf(output.dtype) ? "float32" : output.dtype;
      const storage = this.adopt(dtype, results[k]);
      const strides = contiguousStrides(shape);
      map(copy, dtype, [{ storage, dtype, shape, strides, offset: 0 }], [], [output]);
    });
  }

  map(
    kernel: MapKernel,
    compute: DType,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
  ): void {
    if (this.#memory.hasHomeless) this.#memory.house(this, inputs);
    map(kernel, compute, inputs, params, outputs);
  }

  reduce(
    kernel: ReduceKernel,
    compute: DType,
    shape: Shape,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    output: Strided,
  ): void {
    if (this.#memory.hasHomeless) this.#memory.house(this, inputs);
    reduce(kernel, compute, shape, inputs, params, output);
  }

  rows(
    kernel: RowKernel,
    inputs: readonly Strided[],
    params: readonly number[],
    output: Strided,
    results: readonly (Strided | null)[],
  ): boolean {
    if (this.#memory.hasHomeless) this.#memory.house(this, inputs);
    return this.simd.rows.run(kernel, inputs, params, output, results);
  }

  join(inputs: readonly Strided[], dim: number, output: Strided): boolean {
    return join(inputs, dim, output);
  }

  scan(combine: "sum" | "prod", input: Strided, dim: number, output: Strided): void {
    if (isHalf(output.dtype)) {
      inFloat32(this, [input], [output], ([x], [y]) => this.scan(combine, x, dim, y));
      return;
    }
    scan(combine, input, dim, output);
  }

  matmul(a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
    if (isHalf(output.dtype)) {
      inFloat32(this, [a, b], [output], ([x, y], [z]) => this.matmul(x, y, z, epilogue));
      return;
    }
    if (this.#memory.hasHomeless) this.#memory.house(this, [a, b]);
    matmul(this, this.#gemm, a, b, output, epilogue);
  }

  unfold(input: Strided, windows: Windows, output: Strided): void {
    if (isHalf(output.dtype)) {
      inFloat32(this, [input], [output], ([x], [y]) => this.unfold(x, windows, y));
      return;
    }
    if (this.#memory.hasHomeless) this.#memory.house(this, [input]);
    this.families.needWindows().unfold(input, windows, output);
  }

  fold(input: Strided, windows: Windows, output: Strided): void {
    if (isHalf(output.dtype)) {
      inFloat32(this, [input], [output], ([x], [y]) => this.fold(x, windows, y));
      return;
    }
    if (this.#memory.hasHomeless) this.#memory.house(this, [input]);
    this.families.needWindows().fold(input, windows, output);
  }

  maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): void {
    if (isHalf(output.dtype)) {
      inFloat32(this, [input], [output], ([x], [y]) => this.maxPool(x, windows, y, indices));
      return;
    }
    if (this.#memory.hasHomeless) this.#memory.house(this, [input]);
    this.families.needWindows().maxPool(input, windows, output, indices);
  }

  gather(input: Strided, dim: number, index: Strided, output: Strided): void {
    if (this.#memory.hasHomeless) this.#memory.house(this, [input, index]);
    gather(input, dim, index, output);
  }

  scatter(mode: ScatterMode, output: Strided, dim: number, index: Strided, source: Strided): void {
    scatter(this.families.windows?.simd, mode, output, dim, index, source);
  }

  sort(input: Strided, dim: number, descending: boolean, values: Strided, indices: Strided): void {
    if (isHalf(values.dtype)) {
      inFloat32(this, [input], [values], ([x], [y]) => this.sort(x, dim, descending, y, indices));
      return;
    }
    sort(input, dim, descending, values, indices);
  }
}
