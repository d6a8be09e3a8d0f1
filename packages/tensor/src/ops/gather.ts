/**
 * Elements picked and placed by index tensors.
 *
 * @module
 */
import {
  broadcastShapes,
  DTypeError,
  formatShape,
  IndexError,
  normalizeDim,
  type ScatterMode,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { checkTensor, commonBackend, refuseOverlap } from "../elementwise.ts";
import { named, record, writeInPlace } from "../recorder.ts";
import { type Scalar, Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { clone, copyInto, fillInto } from "./copy.ts";
import { sliceDim } from "./views.ts";

function checkIndex(what: string, index: unknown): Tensor {
  if (
    index instanceof Tensor &&
    (index.dtype === "int64" || index.dtype === "int32" || index.dtype === "uint8")
  ) {
    return index;
  }
  const got = index instanceof Tensor ? `a ${index.dtype} tensor` : `a ${typeof index}`;
  throw new DTypeError(`${what} takes an integer tensor as its index; got ${got}`);
}

/** Every size of `index` but that of `dim` is at most that of `x`. */
function checkIndexShape(what: string, x: Tensor, dim: number, index: Tensor): void {
  // An index of no elements asks for nothing, whatever its shape.
  if (index.numel() === 0) return;
  const fits = index.ndim === x.ndim && index.shape.every((size, i) => i === dim || size <= x.shape[i]);
  if (!fits) {
    throw new ShapeError(
      `${what}: an index of shape ${formatShape(index.shape)} does not fit a tensor of shape ${formatShape(x.shape)} along dimension ${dim}`,
    );
  }
}

/**
 * `out[i][j] = x[index[i][j]][j]` for dimension 0, and likewise for the others; the result has the index's shape.
 *
 * @throws IndexError when an index is out of range; ShapeError when the index has other dimensions than `x`;
 *   DTypeError when it is no integer tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(String(x.gather(1, tensor([[0n, 0n], [1n, 0n]]))));
 * // tensor([[1., 1.],
 * //         [4., 3.]])
 * ```
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  checkIndex("gather", index);
  const backend = commonBackend("gather", [x, index]);
  if (x.ndim === 0 || index.ndim === 0) {
    // A scalar on either side stands for a vector of one element.
    const out = gather(x.ndim === 0 ? x.reshape([1]) : x, 0, index.ndim === 0 ? index.reshape([1]) : index);
    return index.ndim === 0 ? out.reshape([]) : out;
  }
  checkIndexShape("gather", x, d, index);
  const out = Tensor.empty(backend, index.shape, x.dtype);
  if (index.numel() > 0) backend.gather(x, d, index, out);
  return record("gather", [x], { dim: d, index }, out);
}

function scatterCopy(
  op: "scatter" | "scatterAdd",
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): Tensor {
  const out = clone(x.detach());
  const d = scatterInto(op, out, dim, index, source);
  return record(op, [x, source], { dim: d, index }, out);
}

function scatterInto(
  op: "scatter" | "scatterAdd",
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): number {
  const d = normalizeDim(dim, x.ndim);
  checkTensor(op, source);
  const backend = commonBackend(op, [x, checkIndex(op, index), source]);
  if (x.ndim * index.ndim * source.ndim === 0) {
    // A scalar on any side stands for a vector of one element.
    const [to, at, from] = [x, index, source].map((t) => (t.ndim === 0 ? t.detach().reshape([1]) : t));
    if (to !== x || at !== index || from !== source) return scatterInto(op, to, d, at, from);
  }
  checkIndexShape(op, x, d, index);
  if (source.dtype !== x.dtype) {
    throw new DTypeError(
      `${op}: the source is ${source.dtype} and the tensor ${x.dtype}; they have to be the same`,
    );
  }
  if (index.numel() === 0) return d;
  const covers = source.ndim === index.ndim && index.shape.every((size, i) => size <= source.shape[i]);
  if (!covers) {
    throw new ShapeError(
      `${op}: a source of shape ${formatShape(source.shape)} is smaller than the index of shape ${formatShape(index.shape)}`,
    );
  }
  let part = source.detach();
  for (let i = 0; i < index.ndim; i++) {
    if (part.shape[i] !== index.shape[i]) part = sliceDim(part, i, 0, index.shape[i]);
  }
  const mode: ScatterMode = op === "scatter" ? "set" : "add";
  backend.scatter(mode, x, d, index, part);
  return d;
}

function sourceLike(x: Tensor, index: Tensor, source: Tensor | Scalar): Tensor {
  checkIndex("scatter", index);
  if (typeof source === "object" || source === undefined) {
    checkTensor("scatter", source);
    return source;
  }
  const out = Tensor.empty(x.storage.backend, index.shape, x.dtype);
  fillInto(out, source);
  return out;
}

/**
 * A copy with `out[index[i][j]][j] = source[i][j]` for dimension 0, and likewise for the others. `source` may be a number.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).scatter(1, tensor([[2n], [0n]]), 7)));
 * // tensor([[0., 0., 7.],
 * //         [7., 0., 0.]])
 * ```
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: Tensor | Scalar): Tensor {
  const out = scatterCopy("scatter", x, dim, index, sourceLike(x, index, source));
  return named(out, `ScatterBackward${source instanceof Tensor ? 0 : 1}`);
}

/**
 * As `scatter`, adding to what is there.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([3]).scatterAdd(0, tensor([0n, 2n, 0n]), tensor([1, 2, 3]))));
 * // tensor([4., 0., 2.])
 * ```
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scatterCopy("scatterAdd", x, dim, index, source);
}

function scatterWrite(
  op: "scatter" | "scatterAdd",
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): Tensor {
  refuseOverlap(`${op}_`, x);
  checkTensor(`${op}_`, source);
  const d = normalizeDim(dim, x.ndim);
  return writeInPlace(op, [x, source], { dim: d, index }, x, () => {
    scatterInto(op, x, d, index, source.storage === x.storage ? clone(source.detach()) : source);
  });
}

/**
 * `scatter` in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * const x = zeros([2, 3]);
 * x.scatter_(1, tensor([[2n], [0n]]), 7);
 * console.log(String(x));
 * // tensor([[0., 0., 7.],
 * //         [7., 0., 0.]])
 * ```
 */
export function scatter_(x: Tensor, dim: number, index: Tensor, source: Tensor | Scalar): Tensor {
  return scatterWrite("scatter", x, dim, index, sourceLike(x, index, source));
}

/**
 * `scatterAdd` in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * const x = zeros([3]);
 * x.scatterAdd_(0, tensor([0n, 2n, 0n]), tensor([1, 2, 3]));
 * console.log(String(x));
 * // tensor([4., 0., 2.])
 * ```
 */
export function scatterAdd_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scatterWrite("scatterAdd", x, dim, index, source);
}

/** The index of `dim` alone, stretched over the other dimensions of `like`. */
function along(what: string, like: Tensor, dim: number, index: Tensor): Tensor {
  checkIndex(what, index);
  if (index.ndim > 1)
    throw new ShapeError(`${what} takes a vector as its index; got shape ${formatShape(index.shape)}`);
  const column = like.shape.map((_, i) => (i === dim ? -1 : 1));
  const shape = like.shape.map((size, i) => (i === dim ? index.numel() : size));
  return index
    .detach()
    .reshape(index.numel() === 0 ? column.map((s) => Math.max(s, 0)) : column)
    .expand(shape);
}

/**
 * The slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError when an index is out of range.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).indexSelect(1, tensor([1n, 0n]))));
 * // tensor([[2., 1.],
 * //         [4., 3.]])
 * ```
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  if (x.ndim === 0) throw new IndexError("indexSelect: a scalar has no dimensions to choose from");
  const d = normalizeDim(dim, x.ndim);
  return named(gather(x, d, along("indexSelect", x, d, index)), "IndexSelect");
}

/** As many slices as positions, and of the tensor's own sizes: a rest of either would be left out in silence. */
function checkSlices(what: string, x: Tensor, dim: number, index: Tensor, source: Tensor): void {
  const wanted = x.shape.map((size, i) => (i === dim ? index.numel() : size));
  if (source instanceof Tensor && !sameShape(source.shape, wanted) && x.ndim + source.ndim > 1) {
    throw new ShapeError(
      `${what}: ${index.numel()} positions in dimension ${dim} take a source of shape ${formatShape(wanted)}; got ${formatShape(source.shape)}`,
    );
  }
}

/** Options of `indexAdd`. */
export interface IndexAddOptions {
  /** What the source is multiplied by first. Default 1. */
  readonly alpha?: Scalar;
}

function scaled(source: Tensor, { alpha = 1 }: IndexAddOptions): Tensor {
  return alpha === 1 ? source : mul(source, alpha);
}

/**
 * Adds the slices of `source` (times `alpha`) to the slices `index[0]`, `index[1]`, ... of a dimension, in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * const x = zeros([2, 2]);
 * x.indexAdd_(0, tensor([1n, 1n]), tensor([[1, 2], [3, 4]]));
 * console.log(String(x));
 * // tensor([[0., 0.],
 * //         [4., 6.]])
 * ```
 */
export function indexAdd_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexAdd_", x, d, index);
  checkSlices("indexAdd_", x, d, index, source);
  return scatterAdd_(x, d, positions, scaled(source, options));
}

/**
 * A copy with the slices of `source` (times `alpha`) added to the slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexAdd(0, tensor([1n, 1n]), tensor([[1, 2], [3, 4]]))));
 * // tensor([[0., 0.],
 * //         [4., 6.]])
 * ```
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexAdd", x, d, index);
  checkSlices("indexAdd", x, d, index, source);
  return named(scatterAdd(x, d, positions, scaled(source, options)), "IndexAdd");
}

/** One value in all the slices, negative positions counted from the end. */
function filling(
  what: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  value: Tensor | Scalar,
): { d: number; positions: Tensor; source: Tensor } {
  const d = normalizeDim(dim, x.ndim);
  const positions = along(what, x, d, wrapped(checkIndex(what, index), x.shape[d] ?? 1));
  if (!(value instanceof Tensor)) return { d, positions, source: sourceLike(x, positions, value) };
  if (value.ndim > 0)
    throw new ShapeError(`${what} takes one value; got a tensor of shape ${formatShape(value.shape)}`);
  return { d, positions, source: value.to(x.dtype).expand(positions.shape) };
}

/** Positions counted from the front, of such as may count from the end. */
function wrapped(index: Tensor, size: number): Tensor {
  const positions = index.detach().long();
  return positions.add(positions.lt(0n).long().mul(BigInt(size)));
}

/**
 * A copy with one value in the slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError when an index is out of range; ShapeError when the value is a tensor with dimensions.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).indexFill(1, tensor([0n, 2n]), 7)));
 * // tensor([[7., 0., 7.],
 * //         [7., 0., 7.]])
 * ```
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
  const { d, positions, source } = filling("indexFill", x, dim, index, value);
  return named(scatter(x, d, positions, source), "IndexFill");
}

/**
 * `indexFill` in place.
 *
 * @throws IndexError, ShapeError as `indexFill`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).indexFill_(1, tensor([1n]), 7)));
 * // tensor([[0., 7., 0.],
 * //         [0., 7., 0.]])
 * ```
 */
export function indexFill_(x: Tensor, dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
  const { d, positions, source } = filling("indexFill_", x, dim, index, value);
  return scatter_(x, d, positions, source);
}

/**
 * A copy with the slices of `source` in the places `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError, ShapeError, DTypeError as `scatter`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexCopy(0, tensor([1n]), tensor([[1, 2]]))));
 * // tensor([[0., 0.],
 * //         [1., 2.]])
 * ```
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexCopy", x, d, index);
  checkSlices("indexCopy", x, d, index, source);
  return named(scatter(x, d, positions, source), "IndexCopy");
}

/**
 * `indexCopy` in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `scatter`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexCopy_(0, tensor([1n]), tensor([[1, 2]]))));
 * // tensor([[0., 0.],
 * //         [1., 2.]])
 * ```
 */
export function indexCopy_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexCopy_", x, d, index);
  checkSlices("indexCopy_", x, d, index, source);
  return scatter_(x, d, positions, source);
}

/**
 * The elements at positions of the flattened tensor; negative ones count from the end. The result has the index's shape.
 *
 * @throws IndexError when a position is out of range; DTypeError when the index is no integer tensor.
 *
 * @example
 * ```ts
 * import { take, tensor } from "@flambeau/tensor";
 *
 * console.log(String(take(tensor([[1, 2], [3, 4]]), tensor([0n, -1n]))));
 * // tensor([1., 4.])
 * ```
 */
export function take(x: Tensor, index: Tensor): Tensor {
  const positions = wrapped(checkIndex("take", index), x.numel());
  return named(gather(x.ravel(), 0, positions.ravel()).reshape(index.shape), "Take");
}

/**
 * As `gather`, but sizes of one in either tensor are stretched to the other's; without a dimension, of the flattened
 * tensor. Undoes `argsort`.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[3, 1, 2]]);
 * console.log(String(x.takeAlongDim(x.argsort(1), 1)));
 * // tensor([[1., 2., 3.]])
 * ```
 */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number): Tensor {
  if (dim === undefined) return gather(x.ravel(), 0, checkIndex("takeAlongDim", index).ravel());
  const d = normalizeDim(dim, x.ndim);
  checkIndex("takeAlongDim", index);
  if (index.ndim !== x.ndim) {
    throw new ShapeError(
      `takeAlongDim: shapes ${formatShape(x.shape)} and ${formatShape(index.shape)} differ in dimensions`,
    );
  }
  const without = (shape: readonly number[]): number[] => shape.map((size, i) => (i === d ? 1 : size));
  const common = broadcastShapes(without(x.shape), without(index.shape));
  const to = (size: number): number[] => common.map((other, i) => (i === d ? size : other));
  return gather(x.expand(to(x.shape[d])), d, index.expand(to(index.shape[d])));
}

/**
 * For the derivative of slice: zeros of a shape with `x` in the box.
 *
 * @internal
 */
export function unslice(
  x: Tensor,
  attrs: {
    starts: readonly number[];
    steps: readonly number[];
    sizes: readonly number[];
    shape: readonly number[];
  },
): Tensor {
  const out = Tensor.empty(x.storage.backend, attrs.shape, x.dtype);
  fillInto(out, 0);
  let offset = 0;
  const strides = new Array<number>(out.ndim);
  for (let i = 0; i < out.ndim; i++) {
    offset += attrs.starts[i] * out.strides[i];
    strides[i] = out.strides[i] * attrs.steps[i];
  }
  copyInto(new Tensor(out.storage, attrs.sizes, strides, offset), x);
  return record("unslice", [x], attrs, out);
}
