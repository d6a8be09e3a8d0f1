/**
 * Samples of the public functions and methods that are made of recorded ops: a line each, under the name of the function
 * or method. The completeness test fails when a name is neither here nor an op nor in `withoutGradient`.
 */
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { callableParts, opParts } from "../records/internal.ts";
import { between, type ShapeLimits } from "./input.ts";
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
import { indices } from "./structural.ts";
import { maxPool } from "./windows.ts";

const real = between(-2, 2);
const nonZero = between(-2, 2, [0]);
type Cases = fc.Arbitrary<Case>;

/** Elements that rise along the last dimension, whatever these small ones are. */
const rising = (x: T.Tensor): T.Tensor =>
  x.mul(0.1).add(T.arange(x.shape[x.ndim - 1], { dtype: x.dtype, device: x.device }));

const ordered = (limits: ShapeLimits, make: Parameters<typeof onTensor>[2]): Cases =>
  onDistinct(real, { ...limits, empty: false, maxDims: 2 }, make);

const along = (
  call: (x: T.Tensor, dim: number) => T.Tensor | readonly T.Tensor[],
  limits: { minDims?: number; empty?: boolean } = {},
  domain = real,
): Cases =>
  onTensor(domain, limits, (shape) => dimOf(shape).map((dim) => [`dim ${dim}`, (x) => call(x, dim)]));

const orderedAlong = (
  call: (x: T.Tensor, dim: number) => T.Tensor | readonly T.Tensor[],
  minDims = 0,
): Cases => ordered({ minDims }, (shape) => dimOf(shape).map((dim) => [`dim ${dim}`, (x) => call(x, dim)]));

/** Over dimensions, with at least two different elements in each so that deviations are not zero. */
const spreadOver = (call: (x: T.Tensor, dims: number[] | undefined, keepdim: boolean) => T.Tensor): Cases =>
  onDistinct(real, { minDims: 1, empty: false, minSize: 2 }, (shape) =>
    fc
      .tuple(fc.option(dimsOf(shape), { nil: undefined }), fc.boolean())
      .map(([dims, keepdim]) => [`dims ${dims}, keepdim ${keepdim}`, (x) => call(x, dims, keepdim)]),
  );

const matrices = (call: Case["call"], ...all: number[][]): Cases => onTensors([real], fc.constant(all), call);

const maskOf = (shape: readonly number[]): fc.Arbitrary<T.Tensor> =>
  fc
    .array(fc.boolean(), {
      minLength: shape.reduce((n, s) => n * s, 1),
      maxLength: shape.reduce((n, s) => n * s, 1),
    })
    .map((list) => T.tensor(Uint8Array.from(list, Number), { dtype: "bool" }).reshape(shape));

const text = (x: T.Tensor): string => `${x.dtype} ${JSON.stringify([...x.dataSync()].map(Number))}`;
/** `move`: whether the mask goes to the input's device, or stays on the CPU, which some calls need. */
const masked = (call: (x: T.Tensor, mask: T.Tensor) => T.Tensor, move = true): Cases =>
  onTensor(real, {}, (shape) =>
    maskOf(shape).map((mask) => [`mask ${text(mask)}`, (x) => call(x, move ? beside(x, mask) : mask)]),
  );

/** A dimension, a vector of positions in it, and a source of that many slices. */
function slices(
  repeat: boolean,
  call: (x: T.Tensor, dim: number, index: T.Tensor, source: T.Tensor) => T.Tensor,
): Cases {
  return fc.tuple(fc.constantFrom([3], [2, 3], [3, 2]), fc.boolean()).chain(([shape, last]) => {
    const dim = last ? -1 : 0;
    const d = last ? shape.length - 1 : 0;
    const count = repeat ? 4 : shape[d] - 1;
    const index = repeat
      ? indices([count], shape[d])
      : fc.constant(T.tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(shape[d] - 1 - i))));
    const source = shape.map((size, i) => (i === d ? count : size));
    return index.chain((i) =>
      onTensors(
        [real],
        fc.constant([shape, source]),
        (x, s) => call(x, dim, beside(x, i), s),
        `dim ${dim}, index ${text(i)}`,
      ),
    );
  });
}

const long = (...list: number[]): T.Tensor => T.tensor(BigInt64Array.from(list, BigInt));
const grid = long(0, 2, 1, -1).reshape([2, 2]);
/** Every form an index of a [3, 3] tensor can have. */
export const indexForms: Readonly<Record<string, readonly T.Index[]>> = {
  position: [1],
  "negative position": [-1],
  "two positions": [0, 2],
  range: ["1:3"],
  "range with a step": ["::2"],
  everything: [":"],
  "nothing named": ["..."],
  "empty range": ["2:1"],
  column: [":", 0],
  "last after dots": ["...", -1],
  "new dimension": [null, ":", null],
  list: [[2, 0]],
  "list with repeats": [[0, 0, 2]],
  "index tensor": [long(2, -3)],
  "index matrix": [grid],
  "index tensor of a column": [":", long(0, 2)],
  "two index tensors": [long(0, 2), long(1, 1)],
  "index tensors apart": [long(0, 1), null, long(2, 2)],
  "range and index": ["1:", long(0, 2, 0)],
  "position and index": [1, long(0, 2)],
  mask: [
    T.tensor([
      [true, false, true],
      [false, false, true],
      [true, false, false],
    ]),
  ],
  "mask of rows": [T.tensor([true, false, true])],
  "mask of columns": [":", T.tensor([false, true, true])],
  "mask of nothing": [T.tensor([false, false, false])],
};

/** Forms that name an element more than once cannot be checked as the target of a write: which value wins is free. */
const repeating = new Set([
  "list with repeats",
  "two index tensors",
  "index tensors apart",
  "range and index",
  "index matrix",
]);

const reads: Cases[] = Object.entries(indexForms).map(([form, index]) =>
  onTensors([real], fc.constant([[3, 3]]), (x) => x.at(...index), form),
);
const writes: Cases[] = Object.entries(indexForms)
  .filter(([form]) => !repeating.has(form))
  .flatMap(([form, index]) => {
    const { shape } = T.zeros([3, 3]).at(...index);
    const write = (x: T.Tensor, value: T.Operand): T.Tensor => {
      const target = x.mul(2);
      const before = target.mul(3);
      target.set(index, value);
      return before.add(target.square());
    };
    return [
      // To the value and to the base, with a value of the selection's shape, a scalar tensor and a number.
      onTensors(
        [real],
        fc.constantFrom([[3, 3], shape], [[3, 3], []]),
        (x, value) => write(x, value),
        `set ${form}`,
      ),
      onTensors([real], fc.constant([[3, 3]]), (x) => write(x, 7), `set ${form} to a number`),
    ];
  });

const samples: Readonly<Record<string, readonly Cases[]>> = {
  at: reads,
  set: writes,

  // Views.
  view: [plain(real, (x) => x.contiguous().view([x.numel()]))],
  viewAs: [matrices((x) => x.contiguous().viewAs(T.zeros([3, 2])), [2, 3])],
  transpose: [
    onTensor(real, {}, (s) =>
      fc.tuple(dimOf(s), dimOf(s)).map(([a, b]) => [`${a}, ${b}`, (x) => x.transpose(a, b)]),
    ),
  ],
  t: [plain(real, (x) => x.t(), { maxDims: 2 })],
  T: [plain(real, (x) => x.T)],
  mT: [plain(real, (x) => x.mT, { minDims: 2 })],
  movedim: [
    onTensor(real, {}, (s) =>
      fc.tuple(dimOf(s), dimOf(s)).map(([a, b]) => [`${a}, ${b}`, (x) => x.movedim(a, b)]),
    ),
    onTensor(real, {}, (s) => {
      const all = fc.shuffledSubarray(
        Array.from(s, (_, i) => i),
        { minLength: s.length },
      );
      return fc
        .tuple(all, all, fc.nat(s.length))
        .map(([a, b, n]) => [
          `[${a.slice(0, n)}], [${b.slice(0, n)}]`,
          (x) => x.movedim(a.slice(0, n), b.slice(0, n)),
        ]);
    }),
  ],
  squeeze: [plain(real, (x) => x.squeeze()), along((x, dim) => x.squeeze(dim))],
  unsqueeze: [along((x, dim) => x.unsqueeze(dim))],
  expandAs: [matrices((x) => x.expandAs(T.zeros([2, 3])), [3])],
  broadcastTo: [matrices((x) => x.broadcastTo([2, 3]), [2, 1])],
  flatten: [plain(real, (x) => x.flatten()), matrices((x) => x.flatten(1), [2, 2, 2])],
  ravel: [plain(real, (x) => x.ravel())],
  unflatten: [matrices((x) => x.unflatten(-1, [2, -1]), [2, 4])],
  narrow: [
    along((x, dim) => x.narrow(dim, 0, Math.min(2, x.size(dim))), { minDims: 1 }),
    matrices((x) => x.narrow(1, T.tensor(-2n), 2), [2, 3]),
  ],
  select: [along((x, dim) => x.select(dim, -1), { minDims: 1, empty: false })],
  unbind: [along((x, dim) => x.unbind(dim), { minDims: 1, empty: false })],
  split: [along((x, dim) => x.split(2, dim), { minDims: 1 }), matrices((x) => x.split([1, 3], 1), [2, 4])],
  chunk: [along((x, dim) => x.chunk(2, dim), { minDims: 1 })],
  diagonal: [
    onTensor(real, { minDims: 2 }, () =>
      fc.integer({ min: -2, max: 2 }).map((k) => [`offset ${k}`, (x) => x.diagonal(k)]),
    ),
  ],
  contiguous: [plain(real, (x) => x.contiguous().mul(x))],

  // Reductions.
  max: [
    ordered({}, () => fc.constant(["", (x) => x.max()])),
    orderedAlong((x, dim) => x.max(dim).values),
    matrices((x, y) => x.max(y), [2, 3], [3]),
  ],
  min: [
    ordered({}, () => fc.constant(["", (x) => x.min()])),
    orderedAlong((x, dim) => x.min(dim, { keepdim: true }).values),
    matrices((x, y) => x.min(y), [2, 3], [3]),
  ],
  median: [
    ordered({}, () => fc.constant(["", (x) => x.median()])),
    orderedAlong((x, dim) => x.median(dim).values),
  ],
  var: [
    spreadOver((x, dims, keepdim) => T.var(x, dims, { keepdim })),
    spreadOver((x, dims) => T.var(x, dims, { unbiased: false })),
  ],
  std: [spreadOver((x, dims, keepdim) => x.std(dims, { keepdim }))],
  logsumexp: [
    onTensor(real, { empty: false }, (s) =>
      dimsOf(s).map((dims) => [`dims ${dims}`, (x) => x.logsumexp(dims)]),
    ),
    onTensor(real, { empty: false }, (s) =>
      dimsOf(s).map((dims) => [`dims ${dims}`, (x) => x.logsumexp(dims, { keepdim: true })]),
    ),
  ],
  norm: [2, 1, 3, 0.5, 1.5, -1, 0].map((p) =>
    onTensor(nonZero, { empty: false }, (s) =>
      fc
        .option(dimsOf(s), { nil: undefined })
        .map((dims) => [`p ${p}, dims ${dims}`, (x) => x.norm(p, dims)]),
    ),
  ),
  nansum: [along((x, dim) => T.cat([x, x.detach().mul(Number.NaN)], dim).nansum(dim), { minDims: 1 })],
  nanmean: [
    along((x, dim) => T.cat([x, x.detach().mul(Number.NaN)], dim).nanmean(dim), { minDims: 1, empty: false }),
  ],
  trace: [matrices((x) => x.trace(), [3, 2]), matrices((x) => x.trace(), [2, 2])],

  // Products.
  mm: [matrices((a, b) => a.mm(b), [2, 3], [3, 2])],
  bmm: [matrices((a, b) => a.bmm(b), [2, 2, 3], [2, 3, 1])],
  mv: [matrices((a, b) => a.mv(b), [2, 3], [3])],
  dot: [matrices((a, b) => a.dot(b), [3], [3])],
  outer: [matrices((a, b) => a.outer(b), [2], [3])],
  addmm: [
    matrices((x, a, b) => x.addmm(a, b, { alpha: 0.5, beta: -2 }), [3], [2, 3], [3, 3]),
    matrices((x, a, b) => x.addmm(a, b), [2, 1], [2, 3], [3, 3]),
  ],

  einsum: [
    matrices((a, b) => T.einsum("ij,jk->ki", a, b), [2, 3], [3, 2]),
    matrices((a, b) => T.einsum("...ij,...kj->...i", a, b), [2, 2, 3], [2, 1]),
    matrices((a, b, c) => T.einsum("ii,ij,k", a, b, c), [3, 3], [3, 2], [2]),
  ],
  tensordot: [
    matrices((a, b) => T.tensordot(a, b), [2, 2, 3], [2, 3, 2]),
    matrices((a, b) => T.tensordot(a, b, [[0], [-1]]), [2, 3], [3, 2]),
  ],
  inner: [matrices((a, b) => T.inner(a, b), [2, 3], [2, 3]), matrices((a, b) => T.inner(a, b), [], [2])],
  kron: [matrices((a, b) => T.kron(a, b), [2, 2], [3])],
  cdist: [
    matrices((a, b) => T.cdist(a, b.add(9)), [2, 3], [3, 3]),
    matrices((a, b) => T.cdist(a, b.add(9), 3), [2, 2], [1, 2]),
    matrices((a, b) => T.cdist(a, b.add(9), 0.5), [2, 2], [1, 2]),
    matrices((a, b) => T.cdist(a, b.add(9), 0), [2, 2], [1, 2]),
  ],

  // Elementwise ops with options.
  rsub: [matrices((a, b) => T.rsub(a, b, { alpha: -2 }), [2, 3], [3])],
  logit: [plain(between(0.02, 0.98, [0.1, 0.9]), (x) => x.logit({ eps: 0.1 }))],
  addcmul: [matrices((a, b, c) => T.addcmul(a, b, c, { value: -2 }), [2, 3], [3], [2, 1])],

  // Statistics.
  kthvalue: [
    orderedAlong((x, dim) => T.kthvalue(x, 1, dim).values),
    orderedAlong((x, dim) => T.kthvalue(x, x.ndim > 0 ? x.size(dim) : 1, dim, { keepdim: true }).values),
  ],
  quantile: [
    ordered({}, () => fc.constant(["", (x) => T.quantile(x, [0.1, 0.5, 0.85])])),
    orderedAlong((x, dim) => T.quantile(x, 0.3, dim)),
    orderedAlong((x, dim) => T.quantile(x, 0.7, dim, { keepdim: true, interpolation: "nearest" })),
    // Of 5 elements, between ranks.
    matrices((x, q) => T.quantile(rising(x), q.mul(0.04).add(0.35), 0), [5], [3]),
    matrices((x, q) => T.quantile(rising(x), q.mul(0.04).add(0.35), -1, { keepdim: true }), [2, 5], []),
  ],
  varMean: [
    spreadOver((x, dims, keepdim) => T.cat(T.varMean(x, dims, { keepdim }).map((part) => part.ravel()))),
  ],
  stdMean: [
    spreadOver((x, dims, keepdim) => T.cat(T.stdMean(x, dims, { keepdim }).map((part) => part.ravel()))),
  ],
  aminmax: [orderedAlong((x, dim) => T.aminmax(x, { dim }).min.add(T.aminmax(x, { dim }).max.mul(2)))],
  cov: [
    matrices((x) => T.cov(x), [2, 3]),
    matrices((x) => T.cov(x, { correction: 0 }), [3]),
    matrices((x, a) => T.cov(x, { aweights: a.square().add(0.5) }), [2, 3], [3]),
    matrices(
      (x, a) =>
        T.cov(x, { correction: 0, fweights: beside(x, long(1, 2, 1)), aweights: a.square().add(0.5) }),
      [2, 3],
      [3],
    ),
  ],
  corrcoef: [
    onDistinct(real, { minDims: 1, maxDims: 1, minSize: 3, empty: false }, () =>
      fc.constant(["", (x) => T.corrcoef(T.stack([x, x.exp()]))]),
    ),
  ],
  nanToNum: [
    plain(real, (x) => T.nanToNum(T.cat([x.ravel(), x.detach().ravel().div(0)]), { posinf: 2, neginf: -2 }), {
      empty: false,
    }),
  ],

  // Rearranged.
  fliplr: [plain(real, (x) => T.fliplr(x), { minDims: 2 })],
  flipud: [plain(real, (x) => T.flipud(x), { minDims: 1 })],
  rot90: [1, 2, -1].map((k) => plain(real, (x) => T.rot90(x, k), { minDims: 2 })),
  columnStack: [matrices((a, b) => T.columnStack([a, b]), [2], [2, 2])],
  dstack: [matrices((a, b) => T.dstack([a, b]), [3], [1, 3])],
  diff: [
    along((x, dim) => T.diff(x, 1, dim), { minDims: 1 }),
    matrices((x) => T.diff(x, 2, 0), [4, 2]),
    matrices((x, a, b) => T.diff(x, 2, 0, { prepend: a, append: b }), [3, 2], [1, 2], [2, 2]),
  ],

  // Order and places.
  sort: [
    orderedAlong((x, dim) => x.sort(dim).values),
    orderedAlong((x, dim) => x.sort(dim, { descending: true }).values),
  ],
  topk: [
    orderedAlong((x, dim) => x.topk(1, dim).values),
    orderedAlong((x, dim) => x.topk(x.ndim > 0 ? x.size(dim) : 1, dim, { largest: false }).values),
  ],
  flip: [onTensor(real, {}, (s) => dimsOf(s).map((dims) => [`dims ${dims}`, (x) => x.flip(dims)]))],
  roll: [
    along((x, dim) => x.roll(1, dim), { minDims: 1 }),
    along((x, dim) => x.roll(-5, dim), { minDims: 1 }),
  ],
  indexSelect: [
    slices(true, (x, dim, index) => x.indexSelect(dim, index)),
    matrices((x) => x.indexSelect(0, beside(x, long(0))), []),
  ],
  indexAdd: [
    slices(true, (x, dim, index, s) => x.indexAdd(dim, index, s)),
    slices(true, (x, dim, index, s) => x.indexAdd(dim, index, s, { alpha: -2 })),
  ],
  indexCopy: [slices(false, (x, dim, index, s) => x.indexCopy(dim, index, s))],
  indexFill: [
    slices(true, (x, dim, index) => x.indexFill(dim, index, 2)),
    slices(false, (x, dim, index, s) => x.indexFill(dim, index, s.sum())),
  ],
  take: [matrices((x) => x.take(beside(x, grid)), [2, 3])],
  takeAlongDim: [
    matrices((x) => x.takeAlongDim(beside(x, long(1, 0, 1).reshape([1, 3])), 0), [2, 3]),
    matrices((x) => x.takeAlongDim(beside(x, long(5, 0))), [2, 3]),
  ],
  maskedSelect: [masked((x, mask) => x.maskedSelect(mask), false)],
  maskedFill: [masked((x, mask) => x.maskedFill(mask, 3)), masked((x, mask) => x.maskedFill(mask, x.sum()))],
  tril: [plain(real, (x) => x.tril(), { minDims: 2 }), plain(real, (x) => x.tril(-1), { minDims: 2 })],
  triu: [plain(real, (x) => x.triu(), { minDims: 2 }), plain(real, (x) => x.triu(1), { minDims: 2 })],
  diag: [
    matrices((x) => x.diag(), [3, 2]),
    matrices((x) => x.diag(1), [3]),
    matrices((x) => x.diag(-1), [2]),
  ],
  repeat: [matrices((x) => x.repeat([2, 1, 2]), [2, 2])],
  tile: [matrices((x) => x.tile([2]), [2, 2])],
  repeatInterleave: [
    matrices((x) => x.repeatInterleave(2), [2, 2]),
    matrices((x) => x.repeatInterleave(3, 1), [2, 2]),
    matrices((x) => x.repeatInterleave(long(2, 0, 1), 0), [3, 2]),
  ],

  maxPool,

  // Several made one.
  stack: [
    matrices((a, b) => T.stack([a, b]), [2, 3], [2, 3]),
    matrices((a, b) => T.stack([a, b], -1), [2], [2]),
  ],
  hstack: [
    matrices((a, b) => T.hstack([a, b]), [2, 3], [2, 1]),
    matrices((a, b) => T.hstack([a, b]), [], [2]),
  ],
  vstack: [matrices((a, b) => T.vstack([a, b]), [2, 3], [3])],
  meshgrid: [
    matrices((a, b) => T.meshgrid([a, b]), [2], [3]),
    matrices((a, b) => T.meshgrid([a, b], { indexing: "xy" }), [2], [3]),
  ],

  // Conversions that keep the gradient.
  to: [plain(real, (x) => x.to({ copy: true }))],
  double: [plain(real, (x) => x.double().mul(2))],
  typeAs: [plain(real, (x) => x.typeAs(T.zeros([1], { dtype: "float64" })).mul(2))],

  // In place, of a tensor that an op made, and all that depends on what was there before.
  addmm_: [matrices((x, a, b) => x.mul(2).addmm_(a, b, { alpha: 0.5, beta: -2 }), [2, 2], [2, 3], [3, 2])],
  cumsum_: [along((x, dim) => x.mul(2).cumsum_(dim))],
  cumprod_: [along((x, dim) => x.mul(2).cumprod_(dim), {}, nonZero)],
  nanToNum_: [plain(real, (x) => x.mul(2).nanToNum_())],
  tril_: [plain(real, (x) => x.mul(2).tril_(), { minDims: 2 })],
  triu_: [plain(real, (x) => x.mul(2).triu_(), { minDims: 2 })],
  squeeze_: [
    plain(real, (x) => x.mul(2).squeeze_()),
    matrices((x) => x.mul(2).squeeze_(0).mul_(3).square(), [1, 3]),
  ],
  unsqueeze_: [along((x, dim) => x.mul(2).unsqueeze_(dim).square())],
  t_: [matrices((x) => x.mul(2).t_().square(), [2, 3])],
  transpose_: [
    matrices((x) => x.mul(2).transpose_(0, 1).square(), [2, 3]),
    // A view that becomes another, of a base that is written to afterwards.
    matrices(
      (x) => {
        const base = x.mul(2);
        const part = base.at("1:").transpose_(0, 1);
        base.mul_(3);
        return T.cat([part.square().ravel(), base.ravel()]);
      },
      [3, 2],
    ),
  ],
  copy_: [matrices((x, y) => T.cat([x.square(), x.mul(2).copy_(y).square()]), [2, 3], [3])],
  fill_: [
    matrices((x, y) => T.cat([x.square(), x.mul(2).fill_(y).mul(x)]), [2, 3], []),
    matrices((x) => x.mul(2).fill_(3).mul(x), [2, 3]),
  ],
  zero_: [matrices((x) => x.mul(2).zero_().add(x), [2, 3])],
  maskedFill_: [
    masked((x, mask) => x.mul(2).maskedFill_(mask, 3)),
    masked((x, mask) => x.mul(2).maskedFill_(mask, x.sum())),
  ],
  scatter_: [slices(false, (x, dim, index, s) => x.mul(2).scatter_(dim, wide(x, dim, index), s))],
  scatterAdd_: [slices(true, (x, dim, index, s) => x.mul(2).scatterAdd_(dim, wide(x, dim, index), s))],
  indexAdd_: [slices(true, (x, dim, index, s) => x.mul(2).indexAdd_(dim, index, s))],
  indexCopy_: [slices(false, (x, dim, index, s) => x.mul(2).indexCopy_(dim, index, s))],
  indexFill_: [
    slices(true, (x, dim, index) => x.mul(2).indexFill_(dim, index, 2)),
    slices(false, (x, dim, index, s) => x.mul(2).indexFill_(dim, index, s.sum())),
  ],
};

/** A vector index stretched over the other dimensions, as scatter takes it. */
function wide(x: T.Tensor, dim: number, index: T.Tensor): T.Tensor {
  const d = dim < 0 ? dim + x.ndim : dim;
  return index
    .reshape(x.shape.map((_, i) => (i === d ? -1 : 1)))
    .expand(x.shape.map((size, i) => (i === d ? index.numel() : size)));
}

export const compositeSamples: readonly Sample[] = Object.entries(samples).flatMap(([name, list]) =>
  list.map((cases) => ({ name, cases, smooth: true, float64: name === "double" || name === "typeAs" })),
);

/** Public functions and methods that compute on the device, and have no gradient. Devices test each one of them. */
export const computing: readonly string[] = [
  ...["eq", "ne", "lt", "le", "gt", "ge", "isnan", "isinf", "isfinite", "isclose"],
  ...["logicalAnd", "logicalOr", "logicalXor", "logicalNot"],
  ...["bitwiseAnd", "bitwiseOr", "bitwiseXor", "bitwiseNot"],
  ...["any", "all", "countNonzero", "argmax", "argmin", "argsort"],
  ...["int", "long", "bool", "byte", "float"],
  ...["isin", "searchsorted", "bucketize"],
];

/** Public functions and methods whose results have no gradient, by what they are. */
export const withoutGradient: ReadonlySet<string> = new Set([
  ...computing,
  // Their results, or the results' sizes, depend on the elements: they take a device that can be read at once.
  ...["allclose", "equal", "nonzero", "unique", "uniqueAll", "bincount"],
  ...[
    "tensor",
    "fromNumpy",
    "asTensor",
    "empty",
    "full",
    "zeros",
    "ones",
    "arange",
    "linspace",
    "logspace",
    "eye",
    "scalarTensor",
    "trilIndices",
    "triuIndices",
  ],
  ...[
    "zerosLike",
    "onesLike",
    "fullLike",
    "emptyLike",
    ...["newTensor", "newEmpty", "newFull", "newZeros", "newOnes"],
    ...["FloatTensor", "DoubleTensor", "LongTensor", "IntTensor", "ByteTensor", "BoolTensor"],
    "rand",
    "randn",
    "randint",
    "randperm",
    "randLike",
    "randnLike",
    "randintLike",
  ],
  ...[
    "bernoulli",
    "binomial",
    "multinomial",
    "normal",
    "poisson",
    "uniform_",
    "normal_",
    "exponential_",
    "random_",
    "bernoulli_",
  ],
  ...["logNormal_", "geometric_", "cauchy_"],
  ...[
    "dataSync",
    "item",
    "itemSync",
    "toArray",
    "toArraySync",
    "tolist",
    "numpy",
    "toString",
    "toStringAsync",
    "toJSON",
    "toNpy",
    "fromNpy",
  ],
  // What is compared has no gradient; that nothing passes to what it overwrites is tested in packages/autograd.
  ...["eq_", "ne_", "lt_", "le_", "gt_", "ge_", "logicalAnd_", "logicalOr_", "logicalXor_", "logicalNot_"],
  ...["bitwiseAnd_", "bitwiseOr_", "bitwiseXor_", "bitwiseNot_"],
  ...[
    "detach",
    "detach_",
    "dim",
    "numel",
    "nelement",
    "elementSize",
    "isFloatingPoint",
    "isTensor",
    "size",
    "stride",
    "isContiguous",
    // A promise; its gradient is tested in tests/src/devices.
    "cpu",
    // Too coarse for numerical derivatives, and of no device but the CPU; their gradients are in tests/fixtures/ops.json.
    ...["half", "bfloat16", "char", "short"],
    "checkUsable",
    "dispose",
    "withLayout",
    "setData_",
  ],
  // The recorder's own, tested in packages/autograd.
  ...[
    "requiresGrad_",
    "backward",
    "retainGrad",
    "registerHook",
    "record",
    "registerOpHook",
    "track",
    "installTracker",
    "hookHandle",
    ...opParts,
    "named",
  ],
  ...[
    "getDefaultDType",
    "getNumThreads",
    "setDefaultDType",
    "setNumThreads",
    "backendOf",
    "registerBackend",
    "unregisterBackend",
  ],
  ...["describeValue", "commonBackend", "kernelOf", "kernelParam", "sliceDim", "resultType", "like"],
  ...callableParts,
  ...["installDevtoolsFormatters", "isForeign", "showAs"],
  // Of bytes.
  ...["decodeNpy", "encodeNpy"],
  ...[
    "getPrintOptions",
    "setPrintOptions",
    "manualSeed",
    "seed",
    "initialSeed",
    "getRngState",
    "setRngState",
    "Generator",
    "checkGenerator",
    "useSimdDraws",
    "Mt19937",
    "Tensor",
  ],
]);
