// A declaration of Symbol.dispose for users whose "lib" has none yet.
/// <reference lib="esnext.disposable" preserve="true" />
import {
  ArgumentError,
  AutogradError,
  type Backend,
  contiguousStrides,
  DeviceError,
  type DType,
  IndexError,
  isContiguous,
  markClass,
  normalizeDim,
  numel,
  type Shape,
  type Storage,
  type Strided,
} from "@flambeau/backend";
import { COPY } from "./copy.ts";
import { taken } from "./lifetime.ts";
import type { Methods } from "./methods.ts";
import { type GradFn, type GradHook, type HookHandle, type Recorder, track } from "./recorder.ts";

/** A plain JavaScript value where a tensor could stand. */
export type Scalar = number | bigint | boolean;

/** What an elementwise op takes. */
export type Operand = Tensor | Scalar;

/**
 * An n-dimensional array on a device, whose operations can be recorded for differentiation.
 *
 * A tensor is a view of a storage: a shape, strides and an offset. Views (`reshape`, `permute`, `at` with ranges) share
 * their storage, so a write through one is seen by all. Make tensors with `tensor`, `zeros`, `rand` and their siblings;
 * every op of this package is a function and a method: `exp(x)` is `x.exp()`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(x.shape, x.dtype, x.device);
 * // [ 2, 2 ] float32 cpu
 * x.at(0).mul_(10);
 * console.log(String(x.add(1)));
 * // tensor([[11., 21.],
 * //         [ 4.,  5.]])
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the ops become methods in methods.ts, which defines each one declared here
export class Tensor implements Strided {
  /** Behind `shape`, which is an accessor so that an assignment is refused. */
  private sizes: Shape;
  /** How far apart neighbours along each dimension lie in the storage, in elements. */
  readonly strides: Shape;
  /** Where in the storage the first element lies, in elements. */
  readonly offset: number;
  /** The memory the elements lie in, which views share. */
  readonly storage: Storage;
  /** The tensor this one is a view of, or null. */
  readonly base: Tensor | null;
  #recorder: Recorder | null = null;

  /**
   * Users make tensors with `tensor` and its siblings.
   *
   * @internal
   */
  constructor(storage: Storage, shape: Shape, strides?: Shape, offset = 0, base: Tensor | null = null) {
    // PyTorch's torch.Tensor([1, 2]) and torch.Tensor(2, 3) in the hands of JavaScript.
    if (typeof shape !== "object" || shape === null)
      throw new ArgumentError("Tensor: tensors are made by tensor([1, 2]), zeros([2, 3]) and their siblings");
    this.storage = storage;
    this.sizes = shape;
    this.strides = strides ?? contiguousStrides(shape);
    this.offset = offset;
    this.base = base;
  }

  /**
   * The slot of the recorder: null while no gradient is asked for.
   *
   * @internal
   */
  get recorder(): Recorder | null {
    if (this.#recorder !== null || this.base === null || this.base.#recorder === null) return this.#recorder;
    // The base got a recorder after the view was made: with what was written into it, the view is part of the graph.
    this.#recorder = this.base.#recorder.ofView(this);
    return this.#recorder;
  }

  /** @internal */
  set recorder(value: Recorder | null) {
    this.#recorder = value;
  }

  /**
   * A tensor of undefined contents.
   *
   * @internal
   */
  static empty(backend: Backend, shape: Shape, dtype: DType): Tensor {
    return new Tensor(taken(backend.allocate(dtype, numel(shape))), shape);
  }

  /**
   * A view of the same storage.
   *
   * @internal
   */
  withLayout(shape: Shape, strides: Shape, offset: number = this.offset): Tensor {
    return new Tensor(this.storage, shape, strides, offset, this.base ?? this);
  }

  /** The sizes of the dimensions; `[]` of a scalar. */
  get shape(): Shape {
    return this.sizes;
  }

  /** What the elements are. */
  get dtype(): DType {
    return this.storage.dtype;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.sizes.length;
  }

  /** The first size: PyTorch's `len(x)`. Undefined for a tensor without dimensions. */
  get length(): number {
    return this.sizes[0];
  }

  /** The name of the device the elements are on: "cpu", "webgpu". */
  get device(): string {
    return this.storage.backend.name;
  }

  /** The number of dimensions, as `ndim`. */
  dim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  numel(): number {
    return numel(this.shape);
  }

  /** The number of elements, as `numel`. */
  nelement(): number {
    return this.numel();
  }

  size(): Shape;
  size(dim: number): number;
  /**
   * The shape, or the size of one dimension.
   *
   * @throws IndexError when there is no such dimension.
   */
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : this.#along(this.shape, dim);
  }

  stride(): Shape;
  stride(dim: number): number;
  /**
   * The strides in elements: how far apart neighbours of each dimension lie; or the stride of one dimension.
   *
   * @throws IndexError when there is no such dimension.
   */
  stride(dim?: number): Shape | number {
    return dim === undefined ? this.strides : this.#along(this.strides, dim);
  }

  #along(numbers: Shape, dim: number): number {
    if (this.ndim === 0) throw new IndexError(`dimension ${dim}: a scalar has no dimensions`);
    return numbers[normalizeDim(dim, this.ndim)];
  }

  /** Whether the elements lie in row-major order without gaps. */
  isContiguous(): boolean {
    return isContiguous(this.shape, this.strides);
  }

  /** Whether ops on this tensor are recorded for `backward`. */
  get requiresGrad(): boolean {
    return this.recorder?.requiresGrad ?? false;
  }

  /** As `requiresGrad_(value)`. */
  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }

  /**
   * Starts (or stops) collecting the gradient of this leaf.
   *
   * @throws AutogradError when the dtype is no float, or when stopping a tensor that an op made (use `detach`).
   */
  requiresGrad_(value = true): this {
    if (value !== this.requiresGrad) {
      if (this.recorder === null) this.recorder = track(this);
      this.recorder.setRequiresGrad(this, value);
    }
    return this;
  }

  /** The gradient that `backward` has collected, or null. */
  get grad(): Tensor | null {
    return this.recorder?.grad ?? null;
  }

  /** Sets the gradient; null forgets it. */
  set grad(value: Tensor | null) {
    if (value === null && this.recorder === null) return;
    if (this.recorder === null) this.recorder = track(this);
    this.recorder.setGrad(this, value);
  }

  /** Whether no recorded op made this tensor. */
  get isLeaf(): boolean {
    return this.recorder?.isLeaf ?? true;
  }

  /**
   * The node of the recorded op that made this tensor, or null. Its `name` is the printed one ("MulBackward0"), its
   * `nextFunctions` are the nodes of the inputs.
   */
  get gradFn(): GradFn | null {
    return this.recorder?.gradFn ?? null;
  }

  /** The same elements, cut off from the graph; shares the storage. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.strides, this.offset);
  }

  /**
   * Cuts this very tensor off from the graph: it is a leaf without a gradient then. What was computed from it stays
   * recorded.
   *
   * @throws AutogradError when it is a recorded view, whose base would remember it; use `detach()`.
   */
  detach_(): this {
    if (this.isLeaf) return this.requiresGrad_(false);
    if (this.base !== null) throw new AutogradError("detach_: this tensor is a view; use detach()");
    this.recorder = null;
    return this;
  }

  /**
   * For modules that move: this tensor becomes a view of another's elements, whatever their dtype and device,
   * and stays the same object with the same recorder. The caller answers for what was recorded of it.
   *
   * @internal
   */
  setData_(other: Tensor, base: Tensor | null = other.base): this {
    const self = this as {
      -readonly [K in "storage" | "strides" | "offset" | "base"]: this[K];
    };
    self.storage = other.storage;
    this.sizes = other.sizes;
    self.strides = other.strides;
    self.offset = other.offset;
    self.base = base;
    return this;
  }

  /**
   * Keeps the gradient of a tensor that an op made; leaves keep theirs anyway.
   *
   * @throws AutogradError when no gradient is required.
   */
  retainGrad(): void {
    (this.recorder ?? track(this)).retainGrad();
  }

  /**
   * Calls `hook` with this tensor's gradient each time one is computed; a tensor it returns replaces the gradient.
   *
   * @returns a function that removes the hook.
   * @throws AutogradError when no gradient is required.
   */
  registerHook(hook: GradHook): HookHandle {
    return (this.recorder ?? track(this)).registerHook(hook);
  }

  /**
   * Gives the memory back now instead of when the garbage collector finds it. Never needed; views share the memory and
   * become unusable too.
   */
  dispose(): void {
    if (!this.storage.released) this.storage.backend.release(this.storage);
  }

  /** Disposes at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * Refuses a tensor whose memory was given back.
   *
   * @internal
   */
  checkUsable(what: string): void {
    if (this.storage.released) throw new DeviceError(`${what}: this tensor was disposed`);
  }
}
markClass(Tensor.prototype, "Tensor", COPY);

export interface Tensor extends Methods {}
