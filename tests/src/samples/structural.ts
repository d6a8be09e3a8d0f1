/** Samples of the ops with rules of their own (StructuralOps): an op that is missing here does not compile. */
import { numel } from "@flambeau/backend";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { attentionOps } from "./attention.ts";
import { between, inputs, shapes } from "./input.ts";
import { linalgOps } from "./linalg.ts";
import { recurrentOps } from "./recurrent.ts";
import {
  beside,
  type Case,
  dimOf,
  dimsOf,
  onDistinct,
  onTensor,
  onTensors,
  plain,
  type Sample,
} from "./sample.ts";
import { windowOps } from "./windows.ts";

const real = between(-2, 2);
const nonZero = between(-2, 2, [0]);

/** An integer tensor of a shape with values below `size`. */
export function indices(shape: readonly number[], size: number): fc.Arbitrary<T.Tensor> {
  const count = numel(shape);
  return fc
    .array(fc.nat(Math.max(size - 1, 0)), { minLength: count, maxLength: count })
    .map((list) => T.tensor(BigInt64Array.from(list, BigInt)).reshape(shape));
}

/** Distinct values along each line of a dimension, where order does not matter: for writes that must not collide. */
function distinct(shape: readonly number[], dim: number, size: number): fc.Arbitrary<T.Tensor> {
  return fc.nat(Math.max(size - 1, 0)).map((shift) => {
    const column = shape.map((_, i) => (i === dim ? -1 : 1));
    const line = T.tensor(
      BigInt64Array.from({ length: shape[dim] }, (_, i) => BigInt((i + shift) % Math.max(size, 1))),
    );
    return line.reshape(shape[dim] === 0 ? column.map((c) => Math.max(c, 0)) : column).expand(shape);
  });
}

const keepdims = fc.boolean();

/** A reduction over dimensions drawn, all of them, or no dimension named. */
function reduction(
  name: "sum" | "mean" | "amax" | "amin",
  empty: boolean,
  draw = onTensor,
): fc.Arbitrary<Case> {
  return draw(real, { empty }, (shape) =>
    fc
      .tuple(fc.option(fc.oneof(dimsOf(shape), dimOf(shape)), { nil: undefined }), keepdims)
      .map(([dims, keepdim]) => [
        `dims ${JSON.stringify(dims)}, keepdim ${keepdim}`,
        (x) => x[name](dims, { keepdim }),
      ]),
  );
}

/** With labels of all classes in turn. */
function crossEntropy(x: T.Tensor, dim: number): T.Tensor {
  const at = dim < 0 ? dim + x.ndim : dim;
  const shape = x.shape.map((size, d) => (d === at ? 1 : size));
  const count = shape.reduce((n, size) => n * size, 1);
  const labels = T.arange(BigInt(count), { device: x.device }).remainder(BigInt(x.shape[at] ?? 1));
  return T.logits.crossEntropy(x, labels.reshape(shape), at, 3);
}

const alongDim = (
  call: (x: T.Tensor, dim: number) => T.Tensor,
  limits = {},
  domain = real,
): fc.Arbitrary<Case> =>
  onTensor(domain, limits, (shape) => dimOf(shape).map((dim) => [`dim ${dim}`, (x) => call(x, dim)]));

/** Products of values some of which are zero take a path of their own. */
const sometimesZero = { min: -2, max: 2, kinks: [] };
function withZeros(cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc.tuple(cases, fc.array(fc.boolean(), { minLength: 27, maxLength: 27 })).map(([c, zero]) => ({
    ...c,
    inputs: c.inputs.map((input) => ({
      ...input,
      values: input.values.map((v, i) => (zero[i] && i % 3 === 0 ? 0 : v)),
    })),
  }));
}

const product = (domain = nonZero): fc.Arbitrary<Case> =>
  onTensor(domain, {}, (shape) =>
    fc
      .tuple(fc.option(dimOf(shape), { nil: undefined }), keepdims)
      .map(([dim, keepdim]) => [`dim ${dim}, keepdim ${keepdim}`, (x) => x.prod(dim, { keepdim })]),
  );

/** Shapes that multiply: vectors, matrices and batches that broadcast. */
const matrixShapes = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom("both", "left", "right", "one", "a vector", "b vector", "vectors"),
  )
  .map(([batch, m, k, n, kind]) => {
    const a = kind === "right" ? [m, k] : kind === "one" ? [...batch.map(() => 1), m, k] : [...batch, m, k];
    const b = kind === "left" ? [k, n] : [...batch, k, n];
    if (kind === "a vector") return [[k], b];
    if (kind === "b vector") return [a, [k]];
    return kind === "vectors" ? [[k], [k]] : [a, b];
  });

const linearShapes = fc
  .tuple(shapes({ maxDims: 2 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
  .map(([lead, k, n, bias]) =>
    bias
      ? [[...lead, k], [n, k], [n]]
      : [
          [...lead, k],
          [n, k],
        ],
  );

/** A box inside a shape, for slice and its reverse. */
function boxIn(
  shape: readonly number[],
): fc.Arbitrary<{ starts: number[]; steps: number[]; sizes: number[] }> {
  return fc
    .tuple(...shape.map((size) => fc.tuple(fc.nat(size), fc.integer({ min: 1, max: 2 }))))
    .map((list: [number, number][]) => ({
      starts: list.map(([start], d) => Math.min(start, Math.max(shape[d] - 1, 0))),
      steps: list.map(([, step]) => step),
      sizes: list.map(([start, step], d) => {
        const from = Math.min(start, Math.max(shape[d] - 1, 0));
        return Math.max(0, Math.ceil((shape[d] - from) / step));
      }),
    }));
}

/** A tensor, an index tensor no larger in the other dimensions, and sources of the index's shape. */
function indexed(
  repeat: boolean,
  sources: number,
  call: (x: T.Tensor, dim: number, index: T.Tensor, source: T.Tensor) => T.Tensor,
): fc.Arbitrary<Case> {
  return shapes({ minDims: 1 }).chain((shape) =>
    dimOf(shape).chain((dim) => {
      const d = dim < 0 ? dim + shape.length : dim;
      const length = shape[d] === 0 ? fc.constant(0) : fc.integer({ min: 0, max: repeat ? 4 : shape[d] });
      return length.chain((size) => {
        const indexShape = shape.map((s, i) => (i === d ? size : s));
        const index = repeat ? indices(indexShape, shape[d]) : distinct(indexShape, d, shape[d]);
        const all = [
          inputs(shape, real),
          ...Array.from({ length: sources }, (_, k) => inputs(indexShape, real, k + 1)),
        ];
        return fc.tuple(index, ...all).map(([i, ...drawn]) => ({
          inputs: drawn,
          call: (x: T.Tensor, source: T.Tensor): T.Tensor => call(x, dim, beside(x, i), source),
          text: `dim ${dim}, index ${JSON.stringify(i.toArraySync(), (_, v) => (typeof v === "bigint" ? Number(v) : v))}`,
        }));
      });
    }),
  );
}

/** Ops that need no second device; those that are functions of the same name have their samples in composite.ts. */
export const structural: {
  readonly [K in Exclude<
    keyof T.StructuralOps,
    "transfer" | "split" | "unbind" | "median"
  >]: readonly fc.Arbitrary<Case>[];
} = {
  clone: [plain(real, (x) => x.clone())],
  cast: [plain(real, (x) => x.to("float32").to("float64"))],
  copy: [
    onTensors(
      [real],
      fc.constantFrom(
        [
          [2, 3],
          [2, 3],
        ],
        [[2, 3], [3]],
        [[2, 3], []],
        [[0, 3], [3]],
        [[], []],
      ),
      (x, y) => x.mul(2).copy_(y).mul(x),
    ),
  ],
  fill: [plain(real, (x) => T.cat([x.mul(2).ravel(), x.mul(2).fill_(3).mul(x).ravel()]))],

  reshape: [
    plain(real, (x) => x.reshape([x.numel()])),
    plain(real, (x) => x.reshape([1, ...x.shape, 1])),
    plain(real, (x) => x.squeeze()),
    alongDim((x, dim) => x.unsqueeze(dim)),
  ],
  permute: [
    onTensor(real, {}, (shape) =>
      fc
        .shuffledSubarray(
          Array.from(shape, (_, i) => i),
          { minLength: shape.length },
        )
        .map((dims) => [`dims ${dims}`, (x) => x.permute(dims).mul(x.permute(dims))]),
    ),
  ],
  expand: [
    onTensor(real, {}, (shape) =>
      fc.integer({ min: 0, max: 3 }).map((n) => [`to ${n} of them`, (x) => x.expand([n, ...shape])]),
    ),
    onTensor(real, { minDims: 1 }, (shape) =>
      fc
        .integer({ min: 0, max: 3 })
        .map((n) => [
          `row to ${n}`,
          (x) => x.narrow(0, 0, Math.min(1, shape[0])).expand([shape[0] === 0 ? 0 : n, ...shape.slice(1)]),
        ]),
    ),
  ],
  slice: [
    onTensor(real, { minDims: 1 }, (shape) =>
      boxIn(shape).map((box) => [JSON.stringify(box), (x) => T.slice(x, box)]),
    ),
  ],
  unslice: [
    onTensor(real, { minDims: 1 }, (shape) =>
      fc
        .tuple(...shape.map(() => fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 2 }))))
        .map((list: [number, number][]) => {
          const starts = list.map(([start]) => start);
          const steps = list.map(([, step]) => step);
          const to = shape.map((size, d) => starts[d] + Math.max(size, 1) * steps[d]);
          return [`into ${to}`, (x) => T.unslice(x, { starts, steps, sizes: shape, shape: to })];
        }),
    ),
  ],
  asStrided: [
    // Overlapping windows of a fresh copy, and of the input as it lies.
    onTensor(real, { minDims: 1, empty: false }, (shape) => {
      const n = numel(shape);
      const width = Math.max(1, Math.floor(n / 2));
      return fc.constant([`windows of ${width}`, (x) => x.clone().asStrided([n - width + 1, width], [1, 1])]);
    }),
    onTensor(real, { minDims: 1, empty: false }, (shape) =>
      fc.constant(["as it lies, twice", (x) => x.asStrided([2, ...shape], [0, ...x.stride()]).mul(x)]),
    ),
  ],

  sum: [reduction("sum", true)],
  mean: [reduction("mean", false)],
  prod: [product(), withZeros(product(sometimesZero))],
  amax: [reduction("amax", false, onDistinct)],
  amin: [reduction("amin", false, onDistinct)],
  cumsum: [alongDim((x, dim) => x.cumsum(dim))],
  cumprod: [
    alongDim((x, dim) => x.cumprod(dim), {}, nonZero),
    withZeros(alongDim((x, dim) => x.cumprod(dim), {}, sometimesZero)),
  ],

  matmul: [onTensors([real], matrixShapes, (a, b) => a.matmul(b))],
  linear: [onTensors([real], linearShapes, (x, w, b) => T.linear(x, w, b))],
  softmax: [alongDim((x, dim) => x.softmax(dim))],
  logSoftmax: [alongDim((x, dim) => x.logSoftmax(dim))],
  crossEntropy: [alongDim(crossEntropy, { empty: false })],

  gather: [indexed(true, 0, (x, dim, index) => x.gather(dim, index))],
  scatter: [
    indexed(false, 1, (x, dim, index, source) => x.scatter(dim, index, source)),
    indexed(false, 0, (x, dim, index) => x.scatter(dim, index, 3)),
  ],
  scatterAdd: [
    indexed(true, 1, (x, dim, index, source) => x.scatterAdd(dim, index, source)),
    indexed(true, 1, (x, dim, index, source) => x.scatter(dim, index, source, { reduce: "add" })),
    indexed(true, 0, (x, dim, index) => x.scatter(dim, index, 3, { reduce: "add" })),
  ],
  scatterMul: [
    indexed(true, 1, (x, dim, index, source) => x.scatter(dim, index, source, { reduce: "multiply" })),
    indexed(true, 0, (x, dim, index) => x.scatter(dim, index, 3, { reduce: "multiply" })),
  ],
  cat: [
    onTensors(
      [real],
      fc.constantFrom(
        [
          [2, 3],
          [1, 3],
        ],
        [[2], [3], [1]],
        [
          [0, 2],
          [2, 2],
        ],
        [[1], [0]],
        [[2, 2, 1]],
      ),
      (...x) => T.cat(x),
    ),
    onTensors(
      [real],
      fc.constantFrom(
        [
          [2, 3],
          [2, 1],
        ],
        [
          [2, 0],
          [2, 2],
        ],
      ),
      (...x) => T.cat(x, -1),
    ),
  ],

  ...linalgOps,
  ...attentionOps,
  ...recurrentOps,
  ...windowOps,
};

export const structuralSamples: readonly Sample[] = Object.entries(structural).flatMap(([name, list]) =>
  // A cast is linear: steps of a power of two, unlike tiny ones, lose nothing in float32.
  list.map((cases) => ({
    name,
    cases,
    smooth: true,
    step: name === "cast" ? 0.25 : undefined,
    float64: name === "cast",
  })),
);
