/**
 * Elements repeated, and diagonals.
 *
 * @module
 */
import {
  checkShape,
  checkSizes,
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  normalizeDim,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { taken } from "../lifetime.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";
import { clone } from "./copy.ts";
import { unslice } from "./slice.ts";
import { needsElements } from "./unreadable.ts";
import { asStrided } from "./views.ts";

const REPEAT = "repeat(input, repeats: ints)";

/**
 * The whole tensor repeated `repeats[i]` times along dimension i; more numbers than dimensions add dimensions in front.
 *
 * @throws ShapeError when there are fewer numbers than dimensions, or one is negative or no integer.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).repeat([2, 2])));
 * // tensor([[1., 2., 1., 2.],
 * //         [1., 2., 1., 2.]])
 * ```
 */
export const repeat: Callable<typeof REPEAT, Tensor> = callable(REPEAT, (x, repeats) => {
  checkShape(repeats);
  const lead = repeats.length - x.ndim;
  if (lead < 0) {
    throw new ShapeError(
      `repeat: ${formatShape(repeats)} has fewer numbers than the shape ${formatShape(x.shape)} has sizes`,
    );
  }
  const sizes = repeats.map((_, i) => (i < lead ? 1 : x.shape[i - lead]));
  const out = x
    .reshape(sizes.flatMap((size) => [1, size]))
    .expand(sizes.flatMap((size, i) => [repeats[i], size]))
    .reshape(sizes.map((size, i) => size * repeats[i]));
  return named(out, "Repeat");
});

const TILE = "tile(input, dims)";

/**
 * As `repeat`, where numbers left out are those of the first dimensions and count as 1.
 *
 * @throws ShapeError when a number is negative or no integer.
 *
 * @example
 * ```ts
 * import { tensor, tile } from "@flambeau/tensor";
 *
 * console.log(String(tile(tensor([1, 2]), [2])));
 * // tensor([1., 2., 1., 2.])
 * ```
 */
export const tile: Callable<typeof TILE, Tensor> = callable(TILE, (x, repeats) => {
  checkShape(repeats);
  const missing = Math.max(0, x.ndim - repeats.length);
  return repeat(x, [...new Array<number>(missing).fill(1), ...repeats]);
});

const REPEAT_INTERLEAVE = "repeatInterleave(input, repeats: int|tensor, dim?)";

/**
 * Each element (or slice of dimension `dim`) repeated before the next one comes.
 *
 * `repeats` may be an integer tensor with a number for each slice.
 *
 * @throws ShapeError when a number is negative or no integer, or there are not as many as slices; IndexError when there
 *   is no such dimension; DeviceError when `repeats` is on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).repeatInterleave(3)));
 * // tensor([1., 1., 1., 2., 2., 2.])
 * ```
 */
export const repeatInterleave: Callable<typeof REPEAT_INTERLEAVE, Tensor> = callable(
  REPEAT_INTERLEAVE,
  (x, repeats, dim) => {
    if (dim === undefined) return repeatInterleave(x.reshape([-1]), repeats, 0);
    const d = normalizeDim(dim, x.ndim);
    if (x.ndim === 0) throw new IndexError("repeatInterleave: a scalar has no dimension; leave it out");
    if (repeats instanceof Tensor)
      return x.indexSelect(d, repeatedPositions(repeats, x.shape[d]).to({ device: x.device }));
    checkShape([repeats]);
    const stretched = [...x.shape.slice(0, d + 1), repeats, ...x.shape.slice(d + 1)];
    const out = x
      .unsqueeze(d + 1)
      .expand(stretched)
      .reshape(x.shape.map((size, i) => (i === d ? size * repeats : size)));
    return named(out, "IndexSelect");
  },
);

/** Each position as often as its number says. */
function repeatedPositions(repeats: Tensor, size: number): Tensor {
  if (isFloat(repeats.dtype) || repeats.dtype === "bool")
    throw new DTypeError(`repeatInterleave: how often is told by integers; got ${repeats.dtype}`);
  if (repeats.ndim > 1 || (repeats.numel() !== 1 && repeats.numel() !== size)) {
    throw new ShapeError(
      `repeatInterleave: repeats of shape ${formatShape(repeats.shape)} do not go with ${size} slices`,
    );
  }
  needsElements(
    "repeatInterleave",
    repeats,
    "how many results there are depends on the repeats",
    "x.repeatInterleave(await repeats.cpu())",
  );
  const counts = Array.from(repeats.dataSync(), Number);
  checkSizes(counts);
  const positions: bigint[] = [];
  for (let i = 0; i < size; i++) {
    for (let k = counts[counts.length === 1 ? 0 : i]; k > 0; k--) positions.push(BigInt(i));
  }
  return new Tensor(taken(repeats.storage.backend.upload("int64", BigInt64Array.from(positions))), [
    positions.length,
  ]);
}

const DIAGONAL = "diagonal(input, offset = 0, dim1: int = 0, dim2 = 1)";

/**
 * The diagonal of the matrices that two dimensions form, as a view whose last dimension runs along it; `offset` counts
 * above it (or below, if negative).
 *
 * @throws ShapeError when the two dimensions are one; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * x.diagonal().zero_();
 * console.log(String(x));
 * // tensor([[0., 2.],
 * //         [3., 0.]])
 * ```
 */
export const diagonal: Callable<typeof DIAGONAL, Tensor> = callable(DIAGONAL, (x, offset, dim1, dim2) => {
  if (x.ndim < 2) throw new IndexError(`diagonal takes two dimensions; the shape is ${formatShape(x.shape)}`);
  const a = normalizeDim(dim1, x.ndim);
  const b = normalizeDim(dim2, x.ndim);
  if (a === b) throw new ShapeError(`diagonal: dimensions ${dim1} and ${dim2} are the same`);
  if (!Number.isInteger(offset))
    throw new ValueError(`diagonal: the offset is an integer; got ${quote(offset)}`);
  const down = Math.max(-offset, 0);
  const right = Math.max(offset, 0);
  const size = Math.max(0, Math.min(x.shape[a] - down, x.shape[b] - right));
  const others = Array.from(x.shape, (_, i) => i).filter((i) => i !== a && i !== b);
  const start = size === 0 ? x.offset : x.offset + down * x.strides[a] + right * x.strides[b];
  const view = asStrided(
    x,
    [...others.map((i) => x.shape[i]), size],
    [...others.map((i) => x.strides[i]), x.strides[a] + x.strides[b]],
    start,
  );
  return named(view, "Diagonal");
});

const DIAG = "diag(input, diagonal = 0)";

/**
 * The diagonal of a matrix as a copy, or the matrix of zeros that has a vector as its diagonal.
 *
 * @throws ShapeError when it is neither vector nor matrix.
 *
 * @example
 * ```ts
 * import { diag, tensor } from "@flambeau/tensor";
 *
 * console.log(String(diag(tensor([1, 2]))));
 * // tensor([[1., 0.],
 * //         [0., 2.]])
 * ```
 */
export const diag: Callable<typeof DIAG, Tensor> = callable(DIAG, (x, offset) => {
  if (x.ndim === 2) return named(clone(diagonal(x, offset)), "Diag");
  checkNdims("diag takes a vector or a matrix", x, 1);
  if (!Number.isInteger(offset)) throw new ValueError(`diag: the offset is an integer; got ${quote(offset)}`);
  const side = x.shape[0] + Math.abs(offset);
  const start = offset >= 0 ? offset : -offset * side;
  const attrs = { starts: [start], steps: [side + 1], sizes: x.shape, shape: [side * side] };
  return named(unslice(x, attrs).reshape([side, side]), "Diag");
});
