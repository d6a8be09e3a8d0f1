/**
 * The columns of a convolution: how large they are, and how images' columns lie in memory.
 *
 * @module
 * @internal
 */
import { contiguousStrides, type Shape } from "@flambeau/backend";
import { Tensor } from "../tensor.ts";
import type { ConvolutionAttrs } from "./names.ts";

/** Elements of columns at a time, at least those of one image. */
const COLUMNS = 2 ** 18;

/** The sizes of a convolution as products of matrices, one for each image and group: `[o, p] = [o, k] x [k, p]`. */
export interface Sizes {
  readonly groups: number;
  readonly o: number;
  readonly k: number;
  readonly p: number;
  /** A column's shape before it is one: channels and kernel. */
  readonly columns: Shape;
}

export function sizesOf(weight: Shape, attrs: ConvolutionAttrs): Sizes {
  const { groups, positions } = attrs;
  return {
    groups,
    o: weight[0] / groups,
    k: weight[1] * weight[2] * weight[3],
    p: positions[0] * positions[1],
    columns: [weight[1] * groups, weight[2], weight[3], ...positions],
  };
}

/** Images from `start` on, cut off from any graph. */
export function part(x: Tensor, start: number, count: number, shape: Shape, strides: Shape): Tensor {
  return new Tensor(
    x.storage,
    [count, ...shape],
    [x.strides[0], ...strides],
    x.offset + start * x.strides[0],
  );
}

export function images(x: Tensor, start: number, count: number): Tensor {
  return part(x, start, count, x.shape.slice(1), x.strides.slice(1));
}

/** How many images' columns are made at a time, so that each time there are as many, but for a few. */
export function chunkOf(count: number, s: Sizes): number {
  const size = s.groups * s.k * s.p;
  const most = Math.max(1, Math.floor(COLUMNS / Math.max(size, 1)));
  return Math.ceil(count / Math.ceil(Math.max(count, 1) / most));
}

/** Images' columns, and as many rows of results, beside each other: what few images at a time need. */
export class Beside {
  readonly chunk: number;
  readonly #s: Sizes;
  readonly #attrs: ConvolutionAttrs;
  readonly #columns: Tensor;
  readonly #rows: Tensor;

  constructor(like: Tensor, count: number, s: Sizes, attrs: ConvolutionAttrs) {
    const { backend } = like.storage;
    this.chunk = chunkOf(count, s);
    this.#s = s;
    this.#attrs = attrs;
    this.#columns = Tensor.empty(backend, [this.chunk * s.groups * s.k * s.p], like.dtype);
    this.#rows = Tensor.empty(backend, [this.chunk * s.groups * s.o * s.p], like.dtype);
  }

  /** `[n, groups * c, ...kernel, ...positions]`: what windows are unfolded into or folded from. */
  windows(n: number): Tensor {
    return beside(this.#columns, n, this.#s.columns);
  }

  /** The same as matrices `[groups, k, n * p]`. */
  columns(n: number): Tensor {
    return inMatrices(this.#columns, this.#s.groups, this.#s.k, n * this.#s.p);
  }

  /** The same, transposed: `[groups, n * p, k]`. */
  columnsTransposed(n: number): Tensor {
    const { groups, k, p } = this.#s;
    return this.#columns.withLayout([groups, n * p, k], [k * n * p, 1, n * p]);
  }

  /** `[n, groups * o, 1, 1, ...positions]`. */
  planes(n: number): Tensor {
    return beside(this.#rows, n, [this.#s.groups * this.#s.o, 1, 1, ...this.#attrs.positions]);
  }

  /** The same as matrices `[groups, o, n * p]`. */
  rows(n: number): Tensor {
    return inMatrices(this.#rows, this.#s.groups, this.#s.o, n * this.#s.p);
  }

  release(): void {
    const { backend } = this.#columns.storage;
    backend.release(this.#columns.storage);
    backend.release(this.#rows.storage);
  }
}

function inMatrices(memory: Tensor, groups: number, rows: number, columns: number): Tensor {
  return memory.withLayout([groups, rows, columns], [rows * columns, columns, 1]);
}

/** Planes laid out by `beside`, `[n, c, 1, 1, h, w]`, as the images that they are. */
export function asImages(planes: Tensor): Tensor {
  const { shape, strides } = planes;
  return planes.withLayout(
    [shape[0], shape[1], shape[4], shape[5]],
    [strides[0], strides[1], strides[4], strides[5]],
  );
}

/** Images `[n, c, h, w]` as what windows of one element each are unfolded into. */
export function asElements(x: Tensor): Tensor {
  const { shape, strides } = x;
  return part(
    x,
    0,
    shape[0],
    [shape[1], 1, 1, shape[2], shape[3]],
    [strides[1], 1, 1, strides[2], strides[3]],
  );
}

/** Memory for planes `[n, c, ..., height, width]` in which the planes of a channel's images follow on each other. */
function beside(memory: Tensor, n: number, shape: Shape): Tensor {
  const strides = contiguousStrides(shape);
  const p = shape[shape.length - 2] * shape[shape.length - 1];
  for (let d = 0; d < shape.length - 2; d++) strides[d] *= n;
  return memory.withLayout([n, ...shape], [p, ...strides]);
}
