/**
 * What batch, layer and group norm are made of.
 *
 * @module
 * @internal
 */
import {
  contiguousStrides,
  E,
  type Expr,
  input,
  isHalf,
  MapKernel,
  numel,
  param,
  ReduceKernel,
  RowKernel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { observed } from "../dispatch/observe.ts";
import { defineOp, shapeOfFirst } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import type { StandardizeAttrs } from "./names.ts";
import { eachRow, everyRow, rowsOf } from "./rows.ts";

const { add, div, mul, sub } = E;
const mean = new ReduceKernel("mean", "sum", { params: 1, finish: div(input(0), param(0)) });
const deviation = sub(input(0), input(1));
const variance = new ReduceKernel("variance", "sum", {
  inputs: 2,
  params: 1,
  prepare: mul(deviation, deviation),
  finish: div(input(0), param(0)),
});
const reciprocalRoot = new MapKernel("rstd", 1, 1, [div(1, E.sqrt(add(input(0), param(0))))]);
const standard = mul(deviation, input(2));
const scaled = mul(standard, input(3));
// By what follows the deviation: nothing, a weight, a weight and a bias.
const forward = [
  new MapKernel("standardize", 3, 0, [standard]),
  new MapKernel("standardizeScaled", 4, 0, [scaled]),
  new MapKernel("standardizeAffine", 5, 0, [add(scaled, input(4))]),
] as const;

// The same in one go over each row: its mean and reciprocal deviation come after the x, weight and bias there are.
const rowForward = [0, 1, 2].map((affine) => {
  const [m, r] = [input(affine + 1), input(affine + 2)];
  const centered = sub(input(0), m);
  const plain = mul(centered, r);
  const weighted = affine > 0 ? mul(plain, input(1)) : plain;
  return new RowKernel(
    "standardizeRows",
    affine + 1,
    2,
    [
      { combine: "sum", prepare: input(0), finish: mul(m, param(0)) },
      {
        combine: "sum",
        prepare: mul(centered, centered),
        finish: div(1, E.sqrt(add(mul(r, param(0)), param(1)))),
      },
    ],
    affine > 1 ? add(weighted, input(2)) : weighted,
  );
});

/** What `standardize` gives: the result, and the input's mean and (population) variance, reduced dimensions kept. */
export interface Standardized {
  readonly output: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Fills the mean and the deviation among the attributes, which the derivative reads. */
const standardizeOp = defineOp("standardize", {
  shape: shapeOfFirst,
  run: ([x, ...affine], attrs, output) => {
    const { dims, eps, mean: m, rstd } = attrs;
    if (alongRows(x, dims, eps, affine, output, m, rstd)) return;
    const { backend } = x.storage;
    const count = numel(x.shape) / numel(m.shape);
    const { dtype } = m;
    const v = Tensor.empty(backend, m.shape, dtype);
    attrs.variance = v;
    backend.reduce(mean, dtype, x.shape, [x], [count], m);
    backend.reduce(variance, dtype, x.shape, [x, m], [count], v);
    backend.map(reciprocalRoot, dtype, [v], [eps], [rstd]);
    backend.map(forward[affine.length], dtype, [x, m, rstd, ...affine], [], [output]);
  },
});

function keptShape(x: Tensor, dims: readonly number[]): number[] {
  return x.shape.map((size, i) => (dims.includes(i) ? 1 : size));
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias`, with mean and variance of `x` over `dims`; weight and bias (which
 * needs a weight) broadcast to `x`.
 */
export function standardize(
  x: Tensor,
  dims: readonly number[],
  eps: number,
  weight: Tensor | null,
  bias: Tensor | null,
): Standardized {
  const { backend } = x.storage;
  const kept = keptShape(x, dims);
  // Statistics of 16-bit floats are float32, as PyTorch's are.
  const dtype = isHalf(x.dtype) ? "float32" : x.dtype;
  const make = (): Tensor => Tensor.empty(backend, kept, dtype);
  const attrs: StandardizeAttrs = { dims, eps, mean: make(), rstd: make(), variance: null };
  const affine = weight === null ? [] : bias === null ? [weight] : [weight, bias];
  const output = runOp(standardizeOp, [x, ...affine], attrs);
  return {
    output,
    mean: attrs.mean,
    // Layer norm does not read it.
    get variance(): Tensor {
      return attrs.variance ?? varianceOf(x, attrs.mean);
    },
  };
}

/** Over the dimensions that the mean does not have. */
function varianceOf(x: Tensor, m: Tensor): Tensor {
  const out = Tensor.empty(x.storage.backend, m.shape, m.dtype);
  const count = numel(x.shape) / numel(m.shape);
  x.storage.backend.reduce(variance, m.dtype, x.shape, [x, m], [count], out);
  return out;
}

/** How many elements a row has if the dimensions are the last ones of a float32 tensor; 0 if not. */
function rowLength(x: Tensor, dims: readonly number[]): number {
  const first = x.ndim - dims.length;
  return x.dtype === "float32" && dims.every((d) => d >= first) ? numel(x.shape.slice(first)) : 0;
}

function alongRows(
  x: Tensor,
  dims: readonly number[],
  eps: number,
  affine: readonly Tensor[],
  output: Tensor,
  m: Tensor,
  rstd: Tensor,
): boolean {
  const { backend } = x.storage;
  const n = rowLength(x, dims);
  if (n === 0 || backend.rows === undefined) return false;
  const inputs = [rowsOf(x, dims.length), ...affine.map((y) => everyRow(y, n))];
  if (inputs.includes(undefined)) return false;
  return backend.rows(
    rowForward[affine.length],
    inputs as Strided[],
    [1 / n, eps],
    rowsOf(output, dims.length) as Strided,
    [m, rstd],
  );
}

// Inputs of all of these: x, mean, rstd, g, and then the weight or the two sums.
const g = input(3);
const sumOf = new ReduceKernel("sumG", "sum", { inputs: 4, prepare: g });
const sumOfProducts = new ReduceKernel("sumGX", "sum", { inputs: 4, prepare: mul(g, standard) });
const sumOfWeighted = new ReduceKernel("sumGW", "sum", { inputs: 5, prepare: mul(g, input(4)) });
const sumOfWeightedProducts = new ReduceKernel("sumGWX", "sum", {
  inputs: 5,
  prepare: mul(mul(g, input(4)), standard),
});
/** `rstd * (h - mean(h) - standard * mean(h * standard))`, the means given as sums and one over the count. */
const inner = (h: Expr, sum: Expr, products: Expr): Expr =>
  mul(input(2), sub(sub(h, mul(sum, param(0))), mul(standard, mul(products, param(0)))));
const backward = new MapKernel("standardizeBackward", 6, 1, [inner(g, input(4), input(5))]);
const backwardWeighted = new MapKernel("standardizeBackwardScaled", 7, 1, [
  inner(mul(g, input(4)), input(5), input(6)),
]);
const backwardOuter = new MapKernel("standardizeBackwardOuter", 7, 1, [
  mul(input(4), inner(g, input(5), input(6))),
]);

const rowBackward = [0, 1].map((weighted) => {
  const h = weighted === 1 ? mul(g, input(4)) : g;
  const [sum, products] = [input(4 + weighted), input(5 + weighted)];
  return new RowKernel(
    "standardizeBackwardRows",
    4 + weighted,
    1,
    [
      { combine: "sum", prepare: h },
      { combine: "sum", prepare: mul(h, standard) },
    ],
    inner(h, sum, products),
  );
});

function backwardAlongRows(
  inputs: readonly Tensor[],
  weight: Tensor | null,
  dims: readonly number[],
  gx: Tensor,
): boolean {
  const { backend } = gx.storage;
  const n = rowLength(gx, dims);
  if (n === 0 || backend.rows === undefined) return false;
  const [x, grad] = [inputs[0], inputs[3]].map((y) => rowsOf(y, dims.length));
  const rows = gx.numel() / n;
  const scale = weight === null ? [] : [everyRow(weight, n)];
  if (x === undefined || grad === undefined || scale.includes(undefined)) return false;
  const taken = [x, eachRow(inputs[1], rows), eachRow(inputs[2], rows), grad, ...scale] as Strided[];
  const target = rowsOf(gx, dims.length) as Strided;
  return backend.rows(rowBackward[scale.length], taken, [1 / n], target, [null, null]);
}

/**
 * The gradients of `standardize` with respect to x, weight and bias, without a graph; null where they are not wanted.
 * Source of the formula: Ioffe and Szegedy 2015, section 3.
 */
export function standardizeGradients(
  grad: Tensor,
  x: Tensor,
  weight: Tensor | null,
  attrs: StandardizeAttrs,
  wanted: Wanted,
): Gradients {
  return observed("gradient", "standardizeBackward", [grad, x], attrs, () =>
    gradientsOf(grad, x, weight, attrs, wanted),
  );
}

/** Whether the gradient of x is wanted, and the shapes of those that are of the others. */
interface Wanted {
  readonly x: boolean;
  readonly weight: Shape | null;
  readonly bias: Shape | null;
}

type Gradients = [x: Tensor | null, weight: Tensor | null, bias: Tensor | null];

function gradientsOf(
  grad: Tensor,
  x: Tensor,
  weight: Tensor | null,
  attrs: StandardizeAttrs,
  wanted: Wanted,
): Gradients {
  const { dims, mean, rstd } = attrs;
  const { backend } = x.storage;
  const kept = keptShape(x, dims);
  const share = numel(kept) / Math.max(numel(x.shape), 1);
  const inputs = [x, mean, rstd, grad];
  const sumTo = (kernel: ReduceKernel, from: readonly Tensor[], shape: Shape): Tensor => {
    const aligned = [...new Array<number>(x.ndim - shape.length).fill(1), ...shape];
    const out = Tensor.empty(backend, aligned, x.dtype);
    backend.reduce(kernel, mean.dtype, x.shape, from, [], out);
    return new Tensor(out.storage, shape, contiguousStrides(shape));
  };
  // One weight for all elements that a mean is taken of, as in batch norm, can be put before the sums.
  const outer = weight !== null && sameTail(weight.shape, kept);
  const gw = wanted.weight === null ? null : sumTo(sumOfProducts, inputs, wanted.weight);
  const gb = wanted.bias === null ? null : sumTo(sumOf, inputs, wanted.bias);
  if (!wanted.x) return [null, gw, gb];
  const gx = Tensor.empty(backend, x.shape, x.dtype);
  if (backwardAlongRows(inputs, weight, dims, gx)) return [gx, gw, gb];
  if (weight === null || outer) {
    const sums = gb !== null && outer ? gb : sumTo(sumOf, inputs, kept);
    const products = gw !== null && outer ? gw : sumTo(sumOfProducts, inputs, kept);
    const kernel = weight === null ? backward : backwardOuter;
    backend.map(
      kernel,
      mean.dtype,
      [...inputs, ...(weight === null ? [] : [weight]), sums, products],
      [share],
      [gx],
    );
  } else {
    const sums = sumTo(sumOfWeighted, [...inputs, weight], kept);
    const products = sumTo(sumOfWeightedProducts, [...inputs, weight], kept);
    backend.map(backwardWeighted, mean.dtype, [...inputs, weight, sums, products], [share], [gx]);
  }
  return [gx, gw, gb];
}

/** Whether a shape is another's but for leading ones. */
function sameTail(shape: Shape, other: Shape): boolean {
  const lead = other.length - shape.length;
  return other.every((size, i) => size === (i < lead ? 1 : shape[i - lead]));
}
