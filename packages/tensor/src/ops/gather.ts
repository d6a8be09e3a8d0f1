/**
 * Elements picked and placed by index tensors.
 *
 * @module
 */
import {
  broadcastShapes,
  DTypeError,
  formatShape,
  normalizeDim,
  type ScatterMode,
  ShapeError,
} from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { observed } from "../dispatch/observe.ts";
import { defineOp, type Op, shapeOfFirst } from "../dispatch/op.ts";
import { refuseOverlap } from "../dispatch/overlap.ts";
import { runOp, runWrite } from "../dispatch/run.ts";
import { named } from "../recorder.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { checkIndex, wrapped } from "./check-index.ts";
import { clone } from "./copy.ts";
import { copyInto, fillInto } from "./elements.ts";
import type { Attrs } from "./names.ts";
import { sliceDim } from "./slice.ts";

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

const gatherOp = defineOp("gather", {
  shape: ([x], { dim, index }) => {
    checkIndexShape("gather", x, dim, index);
    return index.shape;
  },
  run: ([x], { dim, index }, out) => {
    if (index.numel() > 0) x.storage.backend.gather(x, dim, index, out);
  },
});

const GATHER = "gather(input, dim, index)";

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
export const gather: Callable<typeof GATHER, Tensor> = callable(GATHER, (x, dim, index) => {
  const d = normalizeDim(dim, x.ndim);
  checkIndex("gather", index);
  commonBackend("gather", [x, index]);
  if (x.ndim === 0 || index.ndim === 0) {
    // A scalar on either side stands for a vector of one element.
    const out = gather(x.ndim === 0 ? x.reshape([1]) : x, 0, index.ndim === 0 ? index.reshape([1]) : index);
    return index.ndim === 0 ? out.reshape([]) : out;
  }
  return runOp(gatherOp, [x], { dim: d, index });
});

/** The scatters as they are recorded, each with what it does where several elements have one target. */
const MODES = { scatter: "set", scatterAdd: "add", scatterMul: "mul" } as const satisfies Record<
  string,
  ScatterMode
>;
type Scatter = keyof typeof MODES;

function opOf(reduce: "add" | "multiply" | undefined): Scatter {
  if (reduce === undefined) return "scatter";
  return reduce === "add" ? "scatterAdd" : "scatterMul";
}

const defineScatter = <K extends Scatter>(op: K): Op<K> =>
  defineOp<K>(op, {
    shape: shapeOfFirst,
    run: ([x, source], { dim, index }: Attrs<"scatter">, out) => {
      copyInto(out, x);
      scatterInto(op, out, dim, index, source);
    },
  });

const scatterOps = {
  scatter: defineScatter("scatter"),
  scatterAdd: defineScatter("scatterAdd"),
  scatterMul: defineScatter("scatterMul"),
};

function scatterCopy(op: Scatter, x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return runOp(scatterOps[op] as Op<"scatter">, [x, source], { dim: normalizeDim(dim, x.ndim), index });
}

function scatterInto(op: Scatter, x: Tensor, dim: number, index: Tensor, source: Tensor): number {
  const d = normalizeDim(dim, x.ndim);
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
  backend.scatter(MODES[op], x, d, index, part);
  return d;
}

function sourceLike(x: Tensor, index: Tensor, source: Tensor | Scalar): Tensor {
  checkIndex("scatter", index);
  if (typeof source === "object") return source;
  return observed("op", "full", [], { shape: index.shape, value: source }, () => {
    const out = Tensor.empty(x.storage.backend, index.shape, x.dtype);
    fillInto(out, source);
    return out;
  });
}

const SCATTER = "scatter(input, dim, index, src: operand, *, reduce?: 'add'|'multiply')";
const SCATTER_VALUE = "scatter(input, dim, index, value, *, reduce?: 'add'|'multiply')";

type Reduction = { readonly reduce: "add" | "multiply" | undefined };

function scattered(x: Tensor, dim: number, index: Tensor, source: Operand, { reduce }: Reduction): Tensor {
  const op = opOf(reduce);
  const out = scatterCopy(op, x, dim, index, sourceLike(x, index, source));
  return op === "scatter" ? named(out, `ScatterBackward${source instanceof Tensor ? 0 : 1}`) : out;
}

/**
 * A copy with `out[index[i][j]][j] = source[i][j]` for dimension 0, and likewise for the others. `source` may be a number.
 * With `reduce` elements are added to, or multiplied with, what is there; unlike PyTorch's that has a derivative.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`; ValueError when `reduce` is unknown.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).scatter(1, tensor([[2n], [0n]]), 7)));
 * // tensor([[0., 0., 7.],
 * //         [7., 0., 0.]])
 * console.log(String(zeros([3]).scatter(0, tensor([0n, 2n, 0n]), 1, { reduce: "add" })));
 * // tensor([2., 0., 1.])
 * ```
 */
export const scatter: Overloaded<[Callable<typeof SCATTER, Tensor>, Callable<typeof SCATTER_VALUE, Tensor>]> =
  overloaded(callable(SCATTER, scattered), callable(SCATTER_VALUE, scattered));

const SCATTER_ADD = "scatterAdd(input, dim, index, src)";

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
export const scatterAdd: Callable<typeof SCATTER_ADD, Tensor> = callable(
  SCATTER_ADD,
  (x, dim, index, source) => {
    return scatterCopy("scatterAdd", x, dim, index, source);
  },
);

function scatterWrite(op: Scatter, x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  refuseOverlap(`${op}_`, x);
  const d = normalizeDim(dim, x.ndim);
  return runWrite(op, [x, source], { dim: d, index }, x, () => {
    scatterInto(op, x, d, index, source.storage === x.storage ? clone(source.detach()) : source);
  });
}

const SCATTER_INPLACE = "scatter_(input, dim, index, src: operand, *, reduce?: 'add'|'multiply')";
const SCATTER_INPLACE_VALUE = "scatter_(input, dim, index, value, *, reduce?: 'add'|'multiply')";

function scatteredInto(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Operand,
  { reduce }: Reduction,
): Tensor {
  return scatterWrite(opOf(reduce), x, dim, index, sourceLike(x, index, source));
}

/**
 * `scatter` in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`, ValueError when `reduce` is unknown; nothing is written then.
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
export const scatter_: Overloaded<
  [Callable<typeof SCATTER_INPLACE, Tensor>, Callable<typeof SCATTER_INPLACE_VALUE, Tensor>]
> = overloaded(callable(SCATTER_INPLACE, scatteredInto), callable(SCATTER_INPLACE_VALUE, scatteredInto));

const SCATTER_ADD_INPLACE = "scatterAdd_(input, dim, index, src)";

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
export const scatterAdd_: Callable<typeof SCATTER_ADD_INPLACE, Tensor> = callable(
  SCATTER_ADD_INPLACE,
  (x, dim, index, source) => {
    return scatterWrite("scatterAdd", x, dim, index, source);
  },
);

const TAKE = "take(input, index)";

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
export const take: Callable<typeof TAKE, Tensor> = callable(TAKE, (x, index) => {
  const positions = wrapped(checkIndex("take", index), x.numel());
  return named(gather(x.ravel(), 0, positions.ravel()).reshape(index.shape), "Take");
});

const TAKE_ALONG_DIM = "takeAlongDim(input, indices: tensor, dim?)";

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
export const takeAlongDim: Callable<typeof TAKE_ALONG_DIM, Tensor> = callable(
  TAKE_ALONG_DIM,
  (x, index, dim) => {
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
  },
);
