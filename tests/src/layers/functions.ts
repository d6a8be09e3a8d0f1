/** Calls of the functions of nn that are no layers on windows and no losses: activations, dropout, padding, distances. */
import { functional as F } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between, type Domain, type ShapeLimits } from "../samples/input.ts";
import { type Case, dimOf, onTensor, onTensors, plain } from "../samples/sample.ts";

type Cases = fc.Arbitrary<Case>;
type Unary = (x: T.Tensor) => T.Tensor;
const real = between(-2, 2);
const nonZero = between(-2, 2, [0]);
/** Where the hard functions bend. */
const bent = between(-4, 4, [-3, -0.5, 0, 0.5, 3]);

/** One of several calls, on tensors of any shape. */
const each = (domain: Domain, ...calls: Unary[]): Cases =>
  fc.constantFrom(...calls).chain((call) => plain(domain, call, { maxDims: 2 }));

const along = (
  domain: Domain,
  call: (x: T.Tensor, dim: number) => T.Tensor,
  limits: ShapeLimits = {},
): Cases =>
  onTensor(domain, limits, (shape) => dimOf(shape).map((dim) => [`dim ${dim}`, (x) => call(x, dim)]));

const given = (call: Case["call"], ...shapes: number[][]): Cases =>
  onTensors([real], fc.constant(shapes), call);

/** The same numbers at every call, so that it is a function of its input. */
const dropped = (call: Unary, shape: number[]): Cases =>
  given((x) => {
    T.manualSeed(5);
    return call(x).mul(x);
  }, shape);

export const functionCases: Readonly<Record<string, Cases>> = {
  relu: each(nonZero, (x) => F.relu(x)),
  relu6: each(between(-2, 8, [0, 6]), (x) => F.relu6(x)),
  leakyRelu: each(
    nonZero,
    (x) => F.leakyRelu(x),
    (x) => F.leakyRelu(x, 0.3),
  ),
  relu_: each(nonZero, (x) => F.relu_(x.clone())),
  leakyRelu_: each(nonZero, (x) => F.leakyRelu_(x.clone(), 0.3)),
  elu_: each(nonZero, (x) => F.elu_(x.clone(), 0.5)),
  celu_: each(nonZero, (x) => F.celu_(x.clone(), 0.5)),
  selu_: each(nonZero, (x) => F.selu_(x.clone())),
  hardtanh_: each(between(-4, 4, [-1, 1]), (x) => F.hardtanh_(x.clone())),
  threshold_: each(between(-2, 2, [0.5]), (x) => F.threshold_(x.clone(), 0.5, 3)),
  rrelu_: each(nonZero, (x) => F.rrelu_(x.clone(), 0.1, 0.3)),
  prelu: onTensors([nonZero, real], fc.constantFrom([[2, 3], [3]], [[2, 3], [1]]), (x, w) => F.prelu(x, w)),
  elu: each(
    nonZero,
    (x) => F.elu(x),
    (x) => F.elu(x, 0.5),
  ),
  celu: each(
    nonZero,
    (x) => F.celu(x),
    (x) => F.celu(x, 0.5),
  ),
  selu: each(nonZero, (x) => F.selu(x)),
  silu: each(real, (x) => F.silu(x)),
  mish: each(real, (x) => F.mish(x)),
  gelu: each(
    real,
    (x) => F.gelu(x),
    (x) => F.gelu(x, { approximate: "tanh" }),
  ),
  softplus: each(
    between(-2, 2, [1]),
    (x) => F.softplus(x),
    (x) => F.softplus(x, { beta: 2, threshold: 2 }),
  ),
  logSigmoid: each(real, (x) => F.logSigmoid(x)),
  sigmoid: each(real, (x) => F.sigmoid(x)),
  tanh: each(real, (x) => F.tanh(x)),
  hardtanh: each(
    between(-3, 3, [-1, 1, -0.5, 2]),
    (x) => F.hardtanh(x),
    (x) => F.hardtanh(x, { minVal: -0.5, maxVal: 2 }),
  ),
  hardsigmoid: each(bent, (x) => F.hardsigmoid(x)),
  hardswish: each(bent, (x) => F.hardswish(x)),
  hardshrink: each(bent, (x) => F.hardshrink(x).square()),
  softshrink: each(bent, (x) => F.softshrink(x)),
  softsign: each(nonZero, (x) => F.softsign(x)),
  tanhshrink: each(real, (x) => F.tanhshrink(x)),
  threshold: each(bent, (x) => F.threshold(x, 0.5, -1).square()),
  glu: given((x) => F.glu(x), [3, 4]),
  "glu of rows": given((x) => F.glu(x, 0), [2, 3]),
  softmax: along(real, (x, dim) => F.softmax(x, dim)),
  logSoftmax: along(real, (x, dim) => F.logSoftmax(x, dim)),
  softmin: along(real, (x, dim) => F.softmin(x, dim)),
  linear: onTensors(
    [real],
    fc.constantFrom(
      [[2, 3], [4, 3], [4]],
      [
        [2, 2, 3],
        [1, 3],
      ],
      [[3], [2, 3], [2]],
    ),
    (x, w, b) => F.linear(x, w, b),
  ),
  gumbelSoftmax: dropped((x) => F.gumbelSoftmax(x, 0.7), [2, 3]),
  dropout: dropped((x) => F.dropout(x, 0.4), [3, 4]),
  dropout1d: dropped((x) => F.dropout1d(x, 0.4), [2, 3, 2]),
  dropout2d: dropped((x) => F.dropout2d(x, 0.4), [2, 3, 2, 1]),
  pad: fc
    .constantFrom<F.PadOptions["mode"]>("constant", "reflect", "replicate", "circular")
    .chain((mode) =>
      onTensors([real], fc.constant([[1, 3, 4]]), (x) => F.pad(x, [1, 2], { mode }).square(), mode),
    ),
  normalize: onTensor(between(0.5, 2), { minDims: 1, empty: false }, (shape) =>
    fc
      .tuple(dimOf(shape), fc.constantFrom(1, 2, 3))
      .map(([dim, p]) => [`dim ${dim}, p ${p}`, (x) => F.normalize(x, { dim, p })]),
  ),
  cosineSimilarity: onTensors(
    [between(0.5, 2)],
    fc.constantFrom(
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
    ),
    (a, b) => F.cosineSimilarity(a, b),
  ),
  scaledDotProductAttention: fc.oneof(
    onTensors(
      [between(-1, 1)],
      fc.constantFrom([
        [2, 3],
        [3, 3],
        [3, 2],
      ]),
      (q, k, v) => F.scaledDotProductAttention(q, k, v, { isCausal: true }),
      "causal",
    ),
    onTensors(
      [between(-1, 1)],
      fc.constantFrom([
        [1, 4, 2, 2],
        [1, 2, 3, 2],
        [1, 2, 3, 1],
      ]),
      (q, k, v) => F.scaledDotProductAttention(q, k, v, { enableGqa: true }),
      "grouped queries",
    ),
  ),
  multiHeadAttentionForward: onTensors(
    [between(-1, 1)],
    fc.constant([[2, 1, 4], [3, 1, 4], [3, 1, 4], [12, 4], [12], [1, 1, 4], [1, 1, 4], [4, 4], [4]]),
    (q, k, v, weight, bias, biasK, biasV, outWeight, outBias) =>
      F.multiHeadAttentionForward(
        q,
        k,
        v,
        4,
        2,
        weight,
        bias,
        biasK,
        biasV,
        true,
        0,
        outWeight,
        outBias,
      ).filter((x) => x !== null),
  ),
  pairwiseDistance: onTensors(
    [between(-2, -1), between(1, 2)],
    fc.constantFrom(
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
    ),
    (a, b) => F.pairwiseDistance(a, b),
  ),
};
