/**
 * The convolution and its two derivatives, which are each other's derivatives too. Sizes are the caller's to
 * check.
 *
 * Each runs as products of the weight with the windows' elements laid out in columns. Columns are large, a kernel's
 * size times the input, so they are made for a few images at a time, in memory that stays in the processor's cache,
 * and the derivative makes them again. Source of the method: Chellapilla, Puri and Simard 2006.
 *
 * @module
 * @internal
 */
import { contiguousStrides, E, input, MapKernel, type Shape, type Windows } from "@flambeau/backend";
import { provideWindows } from "@flambeau/cpu-backend";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import { contiguous } from "./copy.ts";
import { fillInto } from "./elements.ts";
import type { ConvolutionAttrs } from "./names.ts";
import { areElements } from "./windows.ts";

/** Elements of columns at a time, at least those of one image. */
const COLUMNS = 2 ** 18;

/** Windows of one element each: to unfold them is to copy planes to another layout. */
const ELEMENTS: Windows = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };

const addBias = new MapKernel("bias", 2, 0, [E.add(input(0), input(1))]);
const accumulate = new MapKernel("accumulate", 2, 0, [E.add(input(0), input(1))]);

/** The sizes of a convolution as products of matrices, one for each image and group: `[o, p] = [o, k] x [k, p]`. */
interface Sizes {
  readonly groups: number;
  readonly o: number;
  readonly k: number;
  readonly p: number;
  /** A column's shape before it is one: channels and kernel. */
  readonly columns: Shape;
}

function sizesOf(weight: Shape, attrs: ConvolutionAttrs): Sizes {
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
function part(x: Tensor, start: number, count: number, shape: Shape, strides: Shape): Tensor {
  return new Tensor(
    x.storage,
    [count, ...shape],
    [x.strides[0], ...strides],
    x.offset + start * x.strides[0],
  );
}

function images(x: Tensor, start: number, count: number): Tensor {
  return part(x, start, count, x.shape.slice(1), x.strides.slice(1));
}

/** Images `[n, c, h, w]` without gaps as matrices, one for each group: `[n, groups, c / groups, h * w]`. */
function matrices(x: Tensor, start: number, count: number, s: Sizes, rows: number): Tensor {
  return part(x, start, count, [s.groups, rows, s.p], [rows * s.p, s.p, 1]);
}

/** Planes `[n, c, h, w]` that can be read as rows `[n, c, h * w]`. */
function inRows(x: Tensor): Tensor {
  const { shape, strides } = x;
  const rows = shape[1] * strides[3] * shape[2] * shape[3];
  const dense =
    strides[3] === 1 && strides[2] === shape[3] && (shape[1] === 1 || strides[1] * shape[1] === rows);
  return dense ? x.detach() : contiguous(x.detach());
}

/** How many images' columns are made at a time, so that each time there are as many, but for a few. */
function chunkOf(count: number, s: Sizes): number {
  const size = s.groups * s.k * s.p;
  const most = Math.max(1, Math.floor(COLUMNS / Math.max(size, 1)));
  return Math.ceil(count / Math.ceil(Math.max(count, 1) / most));
}

/** Runs `body` over the images, a few at a time, each with memory for their columns. */
function byColumns(
  like: Tensor,
  count: number,
  s: Sizes,
  attrs: ConvolutionAttrs,
  body: (start: number, count: number, columns: Tensor | null) => void,
): void {
  const { backend } = like.storage;
  const chunk = chunkOf(count, s);
  const scratch = areElements(attrs.windows)
    ? null
    : Tensor.empty(backend, [chunk, ...s.columns], like.dtype);
  for (let start = 0; start < count; start += chunk) {
    const n = Math.min(chunk, count - start);
    body(start, n, scratch === null ? null : images(scratch, 0, n));
  }
  if (scratch !== null) backend.release(scratch.storage);
}

/** The windows of some images as matrices `[n, groups, k, p]`. */
function columnsOf(
  x: Tensor,
  start: number,
  n: number,
  s: Sizes,
  attrs: ConvolutionAttrs,
  into: Tensor | null,
): Tensor {
  if (into === null) return matrices(x, start, n, s, s.k);
  x.storage.backend.unfold(images(x, start, n), attrs.windows, into);
  return matrices(into, 0, n, s, s.k);
}

const convolutionOp = defineOp("convolution", {
  shape: ([x, weight], { positions }) => [x.shape[0], weight.shape[0], ...positions],
  run: ([x, weight, bias], attrs, out) => {
    const { backend } = out.storage;
    const s = sizesOf(weight.shape, attrs);
    const source = areElements(attrs.windows) ? inRows(x) : x;
    const w = contiguous(weight.detach()).view([s.groups, s.o, s.k]);
    const b = bias === undefined ? null : contiguous(bias.detach()).view([s.groups, s.o, 1]);
    const epilogue = b === null ? undefined : { kernel: addBias, inputs: [b], params: [] };
    byColumns(x, x.shape[0], s, attrs, (start, n, columns) => {
      const elements = columnsOf(source, start, n, s, attrs, columns);
      backend.matmul(w, elements, matrices(out, start, n, s, s.o), epilogue);
    });
  },
});

/**
 * Cross-correlation: x `[n, c, ...plane]`, weight `[o, c / groups, ...kernel]`, bias `[o]` or none, to
 * `[n, o, ...positions]`.
 */
export function convolve(x: Tensor, weight: Tensor, bias: Tensor | null, attrs: ConvolutionAttrs): Tensor {
  provideWindows();
  return runOp(convolutionOp, bias === null ? [x, weight] : [x, weight, bias], attrs);
}

const convolutionInputOp = defineOp("convolutionInput", {
  shape: ([g, weight], { groups, plane }) => [g.shape[0], weight.shape[1] * groups, ...plane],
  run: ([g, weight], attrs, out) => {
    const { backend } = out.storage;
    const s = sizesOf(weight.shape, attrs);
    const source = inRows(g);
    const w = contiguous(weight.detach()).view([s.groups, s.o, s.k]).mT;
    byColumns(g, g.shape[0], s, attrs, (start, n, columns) => {
      const target = columns === null ? matrices(out, start, n, s, s.k) : matrices(columns, 0, n, s, s.k);
      backend.matmul(w, matrices(source, start, n, s, s.o), target);
      if (columns !== null) backend.fold(columns, attrs.windows, images(out, start, n));
    });
  },
});

/** The derivative by the input: g `[n, o, ...positions]` and weight to `[n, c, ...plane]`. */
export function convolveInput(g: Tensor, weight: Tensor, attrs: ConvolutionAttrs): Tensor {
  provideWindows();
  return runOp(convolutionInputOp, [g, weight], attrs);
}

const convolutionWeightOp = defineOp("convolutionWeight", {
  shape: ([x, g], { groups, windows }) => [g.shape[1], x.shape[1] / groups, ...windows.kernel],
  run: ([x, g], attrs, out) => weightInto(x, g, attrs, out),
});

/** The derivative by the weight: x `[n, c, ...plane]` and g `[n, o, ...positions]` to `[o, c / groups, ...kernel]`. */
export function convolveWeight(x: Tensor, g: Tensor, attrs: ConvolutionAttrs): Tensor {
  provideWindows();
  return runOp(convolutionWeightOp, [x, g], attrs);
}

function weightInto(x: Tensor, g: Tensor, attrs: ConvolutionAttrs, out: Tensor): void {
  const { backend } = x.storage;
  const { groups, windows } = attrs;
  const s = sizesOf(out.shape, attrs);
  const sum = out.withLayout([groups, s.o, s.k], [s.o * s.k, s.k, 1]);
  const count = x.shape[0];
  if (count * s.p === 0) fillInto(out, 0);
  const chunk = chunkOf(count, s);
  const columns = Tensor.empty(backend, [chunk * s.groups * s.k * s.p], x.dtype);
  const gradients = Tensor.empty(backend, [chunk * s.groups * s.o * s.p], x.dtype);
  // Images lie beside each other, so that one product sums over them and their positions.
  for (let start = 0; start < count && s.p > 0; start += chunk) {
    const n = Math.min(chunk, count - start);
    const elements = beside(columns, n, s.columns);
    backend.unfold(images(x, start, n), windows, elements);
    const gs = beside(gradients, n, [s.groups * s.o, 1, 1, ...attrs.positions]);
    backend.unfold(images(g, start, n), ELEMENTS, gs);
    const a = gradients.withLayout([groups, s.o, n * s.p], [s.o * n * s.p, n * s.p, 1]);
    const b = columns.withLayout([groups, n * s.p, s.k], [s.k * n * s.p, 1, n * s.p]);
    if (start === 0) backend.matmul(a, b, sum);
    else {
      const more = Tensor.empty(backend, sum.shape, x.dtype);
      backend.matmul(a, b, more);
      backend.map(accumulate, x.dtype, [sum, more], [], [sum]);
      backend.release(more.storage);
    }
  }
  backend.release(columns.storage);
  backend.release(gradients.storage);
}

/** Memory for planes `[n, c, ..., height, width]` in which the planes of a channel's images follow on each other. */
function beside(memory: Tensor, n: number, shape: Shape): Tensor {
  const strides = contiguousStrides(shape);
  const p = shape[shape.length - 2] * shape[shape.length - 1];
  for (let d = 0; d < shape.length - 2; d++) strides[d] *= n;
  return memory.withLayout([n, ...shape], [p, ...strides]);
}
