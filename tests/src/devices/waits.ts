/**
 * A device that cannot be read at once, on any machine: the CPU's kernels behind a door that opens later. What a GPU
 * refuses it refuses, too: float64, arrays that are shared with JavaScript, integers divided by zero (by the next read).
 */
import {
  type BinaryExpr,
  type BinaryFn,
  contiguousStrides,
  type DType,
  DTypeError,
  E,
  type Expr,
  FlambeauError,
  input,
  isFloat,
  MapKernel,
  numel,
  type ScatterMode,
  type Strided,
  type TypedArray,
  ValueError,
} from "@flambeau/backend";
import { CpuBackend, type CpuStorage } from "@flambeau/cpu-backend";
import { registerBackend } from "@flambeau/tensor";

const copy = new MapKernel("copy", 1, 0, [input(0)]);

const QUOTIENT = "integers cannot be divided by zero";
const REMAINDER = "integers have no remainder by zero";
const problems: { readonly [fn in BinaryFn]?: string } = {
  floordiv: QUOTIENT,
  truncdiv: QUOTIENT,
  mod: REMAINDER,
  fmod: REMAINDER,
};

/** What WebGPU has not. */
const LACKING: readonly DType[] = ["float64", "bfloat16", "int8", "int16"];

/** The divisions of integers in an expression. */
function divisionsIn(expr: Expr): BinaryExpr[] {
  if (expr.kind === "unary") return divisionsIn(expr.a);
  if (expr.kind === "select") return [expr.condition, expr.a, expr.b].flatMap(divisionsIn);
  if (expr.kind !== "binary") return [];
  return [...[expr.a, expr.b].flatMap(divisionsIn), ...(expr.fn in problems ? [expr] : [])];
}

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
    for (const name of ["downloadSync", "peek", "expose", "adopt"])
      Object.defineProperty(this, name, { value: undefined });
  }

  override supports(dtype: DType): boolean {
    return !LACKING.includes(dtype) && super.supports(dtype);
  }

  override allocate(dtype: DType, length: number): CpuStorage {
    if (!this.supports(dtype)) throw new DTypeError(`the device ${this.name} has no ${dtype}`);
    return super.allocate(dtype, length);
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

  override map(
    kernel: MapKernel,
    compute: DType,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
  ): void {
    // First, for the output may be one of the inputs.
    if (!isFloat(compute)) {
      for (const { fn, b } of kernel.outputs.flatMap(divisionsIn)) {
        const isZero = new MapKernel("isZero", kernel.inputs, kernel.params, [E.eq(b, 0)]);
        const { shape } = outputs[0];
        const storage = super.allocate("bool", numel(shape));
        const verdict = {
          storage,
          dtype: "bool",
          shape,
          strides: contiguousStrides(shape),
          offset: 0,
        } as const;
        super.map(isZero, compute, inputs, params, [verdict]);
        if ((this.#reader.downloadSync(verdict) as Uint8Array).includes(1))
          this.#failure ??= new ValueError(`${kernel.name}: ${problems[fn]}`);
      }
    }
    super.map(kernel, compute, inputs, params, outputs);
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
        const storage = this.#reader.adopt(dtype, results[i]);
        const source = { storage, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
        this.map(copy, dtype, [source], [], [output]);
      });
    });
  }

  #keepFailure(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof FlambeauError)) throw error;
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
