import type { DType, TypedArray } from "./dtype.ts";
import type { FusedKernels } from "./fused.ts";
import type { MapKernel, ReduceKernel } from "./kernel.ts";
import type { Shape } from "./shape.ts";

/** A device's memory for the elements of a tensor and its views. */
export interface Storage {
  /** The device whose memory it is. */
  readonly backend: Backend;
  /** What the elements are. */
  readonly dtype: DType;
  /** Elements. */
  readonly length: number;
  /** Counts in-place writes; every view shares it, so a saved tensor that was overwritten is noticed. */
  version: number;
  /** Whether the memory was given back; nothing may read or write it any more. */
  readonly released: boolean;
  /** How many recorded ops keep it for their derivatives; none if missing. */
  keepers?: number;
  /** Whether only those know of it, so that the memory goes when the last one has forgotten it. */
  abandoned?: boolean;
}

/** Elements of a storage in some layout: element (i, j, ...) lies at `offset + i * strides[0] + j * strides[1] + ...`. */
export interface Strided {
  /** The memory they lie in. */
  readonly storage: Storage;
  /** What they are, as in the storage. */
  readonly dtype: DType;
  /** How many there are along each dimension. */
  readonly shape: Shape;
  /** In elements; zero repeats one element along a dimension. */
  readonly strides: Shape;
  /** Where the first element lies, in elements. */
  readonly offset: number;
}

/** How `scatter` joins a source element with what lies at its target. */
export type ScatterMode = "set" | "add" | "mul";

/**
 * How windows lie on planes of two dimensions: element (p, q) of the window at position (i, j) is the plane's element
 * `(i * stride[0] + p * dilation[0] - padding[0], j * stride[1] + q * dilation[1] - padding[1])`, or padding where the
 * plane has none. How much padding follows the plane is left open: it reaches as far as there are positions.
 */
export interface Windows {
  /** How many elements a window has. */
  readonly kernel: readonly [height: number, width: number];
  /** How far apart windows lie. */
  readonly stride: readonly [down: number, right: number];
  /** How much padding comes before the plane. */
  readonly padding: readonly [top: number, left: number];
  /** How far apart the elements of one window lie. */
  readonly dilation: readonly [down: number, right: number];
}

/** What `stats()` tells of a device's memory, in bytes. */
export interface MemoryStats {
  /** Held by storages that are alive (or dropped and not yet collected). */
  readonly used: number;
  /** Kept for reuse. */
  readonly pooled: number;
}

/**
 * What a device must do. Everything else in the library is written over these kernel families. {@link registerBackend}
 * makes a device known and has an example of one; {@link E}, {@link MapKernel} and {@link ReduceKernel} show what
 * kernels are made of. {@link FusedKernels} are what a device may do besides.
 *
 * Callers have validated shapes and dtypes, resolved broadcasting of output shapes and promotion, and allocated the
 * outputs; a kernel writes every element of its outputs. Inputs and outputs may have any strides. An output may be one
 * of the inputs with the very same layout (an in-place op); otherwise outputs overlap no input.
 */
export interface Backend extends Partial<FusedKernels> {
  /** The device's name, as in `tensor.device`: "cpu", "webgpu". */
  readonly name: string;
  /**
   * Whether what is allocated now will soon be given back by name, as gradients on their way are. A device whose storages
   * otherwise wait for the garbage collector may lend more memory meanwhile; others leave it out.
   */
  transient?: boolean;
  /** Whether a dtype can be stored and computed with. */
  supports(dtype: DType): boolean;

  /** Memory with undefined contents. */
  allocate(dtype: DType, length: number): Storage;
  /** Memory holding a copy of `data`, whose array kind is that of `dtype`. */
  upload(dtype: DType, data: TypedArray): Storage;
  /** Memory that is `data` itself, where the device can work on JavaScript's own arrays. */
  adopt?(dtype: DType, data: TypedArray): Storage;
  /** The elements in row-major order, as a fresh array. */
  download(source: Strided): Promise<TypedArray>;
  /** The same at once, on devices that can. */
  downloadSync?(source: Strided): TypedArray;
  /**
   * The elements in row-major order, to be read before the device is called again and not to be written: the device's own
   * memory where it can lend it, else a copy. On devices that can read at once.
   */
  peek?(source: Strided): TypedArray;
  /** The storage's own elements as a live array that stays valid as long as it is held, on devices that can. */
  expose?(storage: Storage): TypedArray;
  /** Gives memory back now; the caller knows that nobody reads it again. */
  release(storage: Storage): void;
  /**
   * Resolves when all work issued so far is done. On a device that works on its own time this, like `download`, rejects
   * with what its kernels found wrong since the last time: an index out of range, say.
   */
  synchronize(): Promise<void>;
  /** How much memory the device holds. */
  memory(): MemoryStats;

  /**
   * Computes in JavaScript: `compute` gets the inputs' elements, each in row-major order, and gives the outputs'. A device
   * that cannot be read at once does it when the data is there, before anything issued later; what `compute`
   * throws is then thrown by the next read instead. Nothing is written when it throws.
   */
  onHost(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    compute: (arrays: TypedArray[]) => TypedArray[],
  ): void;

  /**
   * Elementwise: evaluates the kernel's expressions in dtype `compute` at every element of the outputs, which have one
   * shape; inputs broadcast to it. Inputs are converted to `compute` when read, results to the output's dtype when
   * written (float to integer truncates, anything to bool tests for non-zero). Without inputs it is a fill, with the
   * identity a copy or cast.
   *
   * On a device that cannot be read at once, the next read throws a ValueError when an integer was divided by a zero that
   * is no param: elsewhere the caller has looked for zeros.
   */
  map(
    kernel: MapKernel,
    compute: DType,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
  ): void;

  /**
   * Reduction: inputs broadcast to `shape`; `output` has as many dimensions, of size one where it is reduced. An empty
   * reduction gives the neutral element (the caller refuses those of max, min, argmax, argmin). Floats are summed in
   * a way whose error does not grow with the number of elements (pairwise, or in double precision). Positions
   * (argmax, argmin) count in row-major order over the reduced dimensions; the output is then int64.
   */
  reduce(
    kernel: ReduceKernel,
    compute: DType,
    shape: Shape,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    output: Strided,
  ): void;

  /** Running sum or product along `dim`; same shapes and dtypes. */
  scan(combine: "sum" | "prod", input: Strided, dim: number, output: Strided): void;

  /**
   * Matrix product over the last two dimensions: a `[..., m, k]`, b `[..., k, n]`, output `[..., m, n]`, all of one
   * dtype; leading dimensions of a and b broadcast to the output's. With an epilogue, each element of the product
   * is input 0 of its kernel, and `inputs` (which broadcast to the output's shape) are inputs 1 and up.
   */
  matmul(a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void;

  /**
   * The elements of every window of the planes `[n, c, height, width]`, zero where they are padding: output
   * `[n, c, kernel height, kernel width, positions down, positions right]`. One float dtype. With `matmul` this is
   * convolution; with `reduce`, average pooling.
   */
  unfold(input: Strided, windows: Windows, output: Strided): void;

  /** The adjoint of `unfold`, from its output's shape to its input's: each element is added where it came from. */
  fold(input: Strided, windows: Windows, output: Strided): void;

  /**
   * The largest element of every window of the planes `[n, c, height, width]`, and where it lies in its plane, counted
   * in row-major order: both outputs `[n, c, positions down, positions right]`, indices int32. The first of equal
   * elements; nan counts as largest, and then the last nan. Padding is not looked at.
   */
  maxPool(input: Strided, windows: Windows, output: Strided, indices: Strided): void;

  /**
   * `output[i][j] = input[index[i][j]][j]` for dim 0, and likewise for any: as torch.gather. Index is an integer
   * tensor with the output's shape; where it differs from `dim`, input's sizes are at least the output's.
   *
   * @throws IndexError when an index is not within 0 and the size of `dim`; nothing has been written then.
   */
  gather(input: Strided, dim: number, index: Strided, output: Strided): void;

  /**
   * `output[index[i][j]][j] (=|+=|*=) source[i][j]` for dim 0, and likewise for any: as torch.scatter and scatter_add.
   * Where several elements have one target, "set" keeps the last in row-major order.
   *
   * @throws IndexError as `gather`; nothing has been written then.
   */
  scatter(mode: ScatterMode, output: Strided, dim: number, index: Strided, source: Strided): void;

  /**
   * Stable sort along `dim`; nan counts as greatest. `indices` (int64) are where the values were. Both may be shorter along `dim` than
   * the input: then they are the first of the order.
   */
  sort(input: Strided, dim: number, descending: boolean, values: Strided, indices: Strided): void;
}

/** What `matmul` does with each element before it is stored: a bias, an activation. */
export interface Epilogue {
  /** Its input 0 is the product's element; it has one output. */
  readonly kernel: MapKernel;
  /** Its inputs 1 and up, which broadcast to the output's shape. */
  readonly inputs: readonly Strided[];
  /** Its scalars. */
  readonly params: readonly (number | bigint)[];
}
