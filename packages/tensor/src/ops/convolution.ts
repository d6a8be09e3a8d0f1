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
import { E, type Epilogue, input, MapKernel, type Windows } from "@flambeau/backend";
import { provideWindows } from "@flambeau/cpu-backend";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import {
  asElements,
  asImages,
  Beside,
  chunkOf,
  images,
  part,
  type Sizes,
  sizesOf,
} from "./convolution-columns.ts";
import { contiguous } from "./copy.ts";
import { fillInto } from "./elements.ts";
import type { ConvolutionAttrs } from "./names.ts";
import { areElements } from "./windows.ts";

/**
 * Where an image has fewer positions than this, the images' columns lie beside each other and are one product: a product of so
 * few columns for each image fills no tile.
 */
const FEW = 32;

/** Windows of one element each: to unfold them is to copy planes to another layout. */
const ELEMENTS: Windows = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };

const addBias = new MapKernel("bias", 2, 0, [E.add(input(0), input(1))]);
const accumulate = new MapKernel("accumulate", 2, 0, [E.add(input(0), input(1))]);

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
    const w = contiguous(weight.detach()).view([s.groups, s.o, s.k]);
    const b = bias === undefined ? null : contiguous(bias.detach()).view([s.groups, s.o, 1]);
    const epilogue = b === null ? undefined : { kernel: addBias, inputs: [b], params: [] };
    if (s.p < FEW && x.shape[0] > 1) return convolveBeside(x, w, epilogue, s, attrs, out);
    const source = areElements(attrs.windows) ? inRows(x) : x;
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
    const w = contiguous(weight.detach()).view([s.groups, s.o, s.k]).mT;
    if (s.p < FEW && g.shape[0] > 1) return convolveInputBeside(g, w, s, attrs, out);
    const source = inRows(g);
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

function convolveBeside(
  x: Tensor,
  w: Tensor,
  epilogue: Epilogue | undefined,
  s: Sizes,
  attrs: ConvolutionAttrs,
  out: Tensor,
): void {
  const { backend } = out.storage;
  const count = x.shape[0];
  const room = new Beside(x, count, s, attrs);
  for (let start = 0; start < count; start += room.chunk) {
    const n = Math.min(room.chunk, count - start);
    backend.unfold(images(x, start, n), attrs.windows, room.windows(n));
    backend.matmul(w, room.columns(n), room.rows(n), epilogue);
    backend.unfold(asImages(room.planes(n)), ELEMENTS, asElements(images(out, start, n)));
  }
  room.release();
}

function convolveInputBeside(g: Tensor, w: Tensor, s: Sizes, attrs: ConvolutionAttrs, out: Tensor): void {
  const { backend } = out.storage;
  const count = g.shape[0];
  const room = new Beside(g, count, s, attrs);
  for (let start = 0; start < count; start += room.chunk) {
    const n = Math.min(room.chunk, count - start);
    backend.unfold(images(g, start, n), ELEMENTS, room.planes(n));
    backend.matmul(w, room.rows(n), room.columns(n));
    backend.fold(room.windows(n), attrs.windows, images(out, start, n));
  }
  room.release();
}

function weightInto(x: Tensor, g: Tensor, attrs: ConvolutionAttrs, out: Tensor): void {
  const { backend } = x.storage;
  const { groups, windows } = attrs;
  const s = sizesOf(out.shape, attrs);
  const sum = out.withLayout([groups, s.o, s.k], [s.o * s.k, s.k, 1]);
  const count = x.shape[0];
  if (count * s.p === 0) {
    fillInto(out, 0);
    return;
  }
  const room = new Beside(x, count, s, attrs);
  // Images lie beside each other, so that one product sums over them and their positions.
  for (let start = 0; start < count; start += room.chunk) {
    const n = Math.min(room.chunk, count - start);
    backend.unfold(images(x, start, n), windows, room.windows(n));
    backend.unfold(images(g, start, n), ELEMENTS, room.planes(n));
    const [a, b] = [room.rows(n), room.columnsTransposed(n)];
    if (start === 0) backend.matmul(a, b, sum);
    else {
      const more = Tensor.empty(backend, sum.shape, x.dtype);
      backend.matmul(a, b, more);
      backend.map(accumulate, x.dtype, [sum, more], [], [sum]);
      backend.release(more.storage);
    }
  }
  room.release();
}
