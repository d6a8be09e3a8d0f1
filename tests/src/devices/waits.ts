/**
 * A device that cannot be read at once, on any machine: the CPU's kernels behind a door that opens later. What a GPU
 * refuses it refuses, too: float64, int64 beyond 32 bits, arrays that are shared with JavaScript.
 */
import {
  type DType,
  DTypeError,
  IndexError,
  input,
  MapKernel,
  type ScatterMode,
  type Strided,
  type TypedArray,
  ValueError,
} from "@flambeau/backend";
import { CpuBackend, type CpuStorage } from "@flambeau/cpu-backend";
import { registerBackend } from "@flambeau/tensor";

const copy = new MapKernel("copy", 1, 0, [input(0)]);

class Waits extends CpuBackend {
  override readonly name: string = "waits";
  /** How often something was read, for tests that count. */
  reads = 0;
  /** What a kernel or a computation on the host found wrong, for the next read. */
  #failure: Error | null = null;
  /** Reads where this device must not. */
  readonly #reader: CpuBackend = new CpuBackend();

  constructor() {
    super();
    for (const name of ["downloadSync", "expose", "adopt"])
      Object.defineProperty(this, name, { value: undefined });
  }

  override supports(dtype: DType): boolean {
    return dtype !== "float64" && super.supports(dtype);
  }

  override allocate(dtype: DType, length: number): CpuStorage {
    if (dtype === "float64") throw new DTypeError(`the device ${this.name} has no float64`);
    return super.allocate(dtype, length);
  }

  override upload(dtype: DType, data: TypedArray): CpuStorage {
    if (data instanceof BigInt64Array && data.some((x) => BigInt.asIntN(32, x) !== x))
      throw new ValueError(`the device ${this.name} keeps int64 in 32 bits`);
    return super.upload(dtype, data);
  }

  override async download(source: Strided): Promise<TypedArray> {
    this.reads++;
    const data = this.#reader.downloadSync(source);
    await Promise.resolve();
    this.#tell();
    return data;
  }

  override async synchronize(): Promise<void> {
    this.#tell();
  }

  override gather(x: Strided, dim: number, index: Strided, output: Strided): void {
    this.#keepFailure(() => super.gather(x, dim, index, output));
  }

  override scatter(mode: ScatterMode, output: Strided, dim: number, index: Strided, source: Strided): void {
    this.#keepFailure(() => super.scatter(mode, output, dim, index, source));
  }

  override onHost(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    compute: (arrays: TypedArray[]) => TypedArray[],
  ): void {
    this.#keepFailure(() => {
      const results = compute(inputs.map((x) => this.#reader.downloadSync(x)));
      outputs.forEach((output, i) => {
        const { dtype, shape } = output;
        const strides = shape.map((_, d) => shape.slice(d + 1).reduce((n, size) => n * size, 1));
        const storage = this.#reader.adopt(dtype, results[i]);
        this.map(copy, dtype, [{ storage, dtype, shape, strides, offset: 0 }], [], [output]);
      });
    });
  }

  #keepFailure(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof IndexError || error instanceof ValueError)) throw error;
      this.#failure ??= error;
    }
  }

  #tell(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}

/** The device, ready as "waits". */
export const waits: Waits = new Waits();
registerBackend(waits);
