import type { Shape } from "@flambeau/backend";
import {
  type Attrs,
  arange,
  cat,
  convolution,
  gather,
  linear,
  matmul,
  onesLike,
  type StructuralOps,
  scatter,
  scatterAdd,
  slice,
  type Tensor,
  unslice,
  windows,
  zeros,
} from "@flambeau/tensor";
import { whole } from "../rules/attention.ts";
import { inputsOf } from "../rules/recorded.ts";
import { gru, lstm, rnn } from "../rules/recurrent.ts";
import { type Context, type Rule, structuralRules } from "../rules/structural.ts";

/** The tangent of each input of an op, at least one of which is there; null for zeros. */
export type Tangents = readonly (Tensor | null)[];

/**
 * The tangents of an op's outputs, given those of its inputs; null for zeros. An op of one output gives its tangent alone.
 */
export type ForwardRule<A> = (
  c: Context<A>,
  t: Tangents,
  along: Along,
) => Tensor | null | readonly (Tensor | null)[];

/** The tangents of what a function of public ops gives. */
export type Along = (
  fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  t: Tangents,
) => (Tensor | null)[];

/** By the derivative of the op's derivative: right for every op, at the price of two backward passes. */
const byReverse = "byReverse";

/** An op that is linear in its only input: the op itself, applied to the tangent. */
const linearly =
  <A>(op: (t: Tensor, attributes: A) => Tensor | readonly Tensor[]): ForwardRule<A> =>
  (c, [t]) =>
    op(t as Tensor, c.attrs);

/** The sum of those terms of a product's tangent whose factor has one. */
function sumOf(...terms: readonly (Tensor | null)[]): Tensor | null {
  return terms.reduce((sum, term) => (sum === null ? term : term === null ? sum : sum.add(term)), null);
}

/** `f(t)`, where there is a tangent. */
const of = (t: Tensor | null | undefined, f: (t: Tensor) => Tensor): Tensor | null =>
  t == null ? null : f(t);

interface Reduced {
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

/** A reduction whose derivative is a factor for each element: that of the gradient 1, times the tangent, summed. */
function byFactor<A extends Reduced>(rule: Rule<A>): ForwardRule<A> {
  return (c, [t]) => {
    const { dims, keepdim } = c.attrs;
    const [factor] = rule.backward(c, onesLike(c.output()));
    return total((factor as Tensor).mul(t as Tensor), dims, keepdim);
  };
}

/** `sum`, of no dimensions too. */
function total(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  return dims.length === 0 ? x : x.sum(dims, keepdim);
}

/** The tangents of an op that is computed once more in public ops. */
function composed<A>(run: (attributes: A, inputs: readonly Tensor[]) => Tensor | Tensor[]): ForwardRule<A> {
  return (c, t, along) => along((...inputs) => run(c.attrs, inputs), inputsOf(c), t);
}

/** Through an image of the storage: elements of the input lie in it as the input's own. */
function stridedTangent(c: Context<Attrs<"asStrided">>, [given]: Tangents): Tensor {
  const { strides, offset, storageLength } = c.layout;
  let t = given as Tensor;
  // Elements of an expanded input that share a place share its tangent.
  for (let d = 0; d < t.ndim; d++) if (strides[d] === 0 && t.shape[d] > 1) t = t.narrow(d, 0, 1);
  const cells = arange(BigInt(storageLength), { device: t.device });
  const places = cells.asStrided(t.shape, strides, offset).ravel();
  const image = scatter(zeros([storageLength], { dtype: t.dtype, device: t.device }), 0, places, t.ravel());
  const seen = cells.asStrided(c.attrs.shape, c.attrs.strides, c.attrs.offset);
  return gather(image, 0, seen.ravel()).reshape(c.attrs.shape);
}

function cumprodTangent(c: Context<Attrs<"cumprod">>, [t]: Tangents): Tensor {
  const { dim } = c.attrs;
  const x = c.input(0).movedim(dim, -1);
  const n = x.shape[x.ndim - 1];
  const index = arange(BigInt(n), { device: x.device });
  const isSelf = index.unsqueeze(0).eq(index.unsqueeze(1));
  // Row i has the products up to each element with the tangent of element i in its place.
  const rows = x.unsqueeze(-2).expand([...x.shape.slice(0, -1), n, n]);
  const replaced = (t as Tensor).movedim(dim, -1).unsqueeze(-1).where(isSelf, rows);
  return replaced.cumprod(-1).triu().sum(-2).movedim(-1, dim);
}

function catTangent(c: Context<Attrs<"cat">>, t: Tangents): Tensor {
  const like = t.find((x) => x !== null) as Tensor;
  const { dim, dtype } = c.attrs;
  const parts = t.map((x, k) => x ?? zeros(c.inputShape(k), { dtype, device: like.device }));
  return cat(parts, dim);
}

function standardizeTangent(c: Context<Attrs<"standardize">>, t: Tangents): Tensor | null {
  const { dims, eps } = c.attrs;
  const mean = (x: Tensor): Tensor => x.mean(dims, true);
  const x = c.input(0);
  const centered = x.sub(mean(x));
  const rstd = mean(centered.square()).add(eps).rsqrt();
  const standard = centered.mul(rstd);
  const weight = c.count > 1 ? c.input(1) : null;
  const moved = of(t[0], (tx) => rstd.mul(tx.sub(mean(tx)).sub(standard.mul(mean(tx.mul(standard))))));
  const sum = sumOf(
    moved === null || weight === null ? moved : moved.mul(weight),
    of(t[1], (tw) => standard.mul(tw)),
    of(t[2], (tb) => tb),
  );
  return sum === null ? null : sum.expand(x.shape);
}

/** With zeros for the tangent of what a target or source has none of. */
const orZeros = (t: Tensor | null, shape: Shape, like: Tensor): Tensor =>
  t ?? zeros(shape, { dtype: like.dtype, device: like.device });

function scattered(
  run: (x: Tensor, dim: number, index: Tensor, source: Tensor) => Tensor,
): ForwardRule<{ readonly dim: number; readonly index: Tensor }> {
  return (c, [x, source]) => {
    const like = (x ?? source) as Tensor;
    const [target, from] = [orZeros(x, c.inputShape(0), like), orZeros(source, c.inputShape(1), like)];
    return run(target, c.attrs.dim, c.attrs.index, from);
  };
}

/** A bias of channels, as it is added to planes. */
const ofPlanes = (t: Tensor): Tensor => t.reshape([1, -1, 1, 1]);

/**
 * The forward derivatives of the ops that are no elementwise formula; a missing one does not compile. They stand apart from the
 * rules of the backward pass, so that a page without them does not load them.
 *
 * @internal
 */
export const forwardRules: {
  readonly [K in keyof StructuralOps]: ForwardRule<StructuralOps[K]> | typeof byReverse;
} = {
  clone: linearly((t) => t),
  cast: linearly((t, { dtype }) => t.to(dtype)),
  transfer: linearly((t, { device }) => t.to(device)),
  copy: (c, [, source]) => of(source, (t) => t.expand(c.inputShape(0))),
  fill: () => null,

  reshape: linearly((t, { shape }) => t.reshape(shape)),
  permute: linearly((t, { dims }) => t.permute(dims)),
  expand: linearly((t, { shape }) => t.expand(shape)),
  slice: linearly((t, attributes) => slice(t, attributes)),
  unslice: linearly((t, attributes) => unslice(t, attributes)),
  split: linearly((t, { sizes, dim }) => t.split(sizes, dim)),
  unbind: linearly((t, { dim }) => t.unbind(dim)),
  asStrided: stridedTangent,

  sum: linearly((t, { dims, keepdim }) => total(t, dims, keepdim)),
  mean: linearly((t, { dims, keepdim }) => (dims.length === 0 ? t : t.mean(dims, keepdim))),
  prod: byFactor(structuralRules.prod),
  amax: byFactor(structuralRules.amax),
  amin: byFactor(structuralRules.amin),
  median: byFactor(structuralRules.median),
  cumsum: linearly((t, { dim }) => t.cumsum(dim)),
  cumprod: cumprodTangent,

  matmul: (c, [a, b]) =>
    sumOf(
      of(a, (t) => matmul(t, c.input(1))),
      of(b, (t) => matmul(c.input(0), t)),
    ),
  linear: (c, [x, weight, bias]) => {
    const shape = [...c.inputShape(0).slice(0, -1), c.inputShape(1)[0]];
    return sumOf(
      of(x, (t) => linear(t, c.input(1))),
      of(weight, (t) => linear(c.input(0), t)),
      of(bias, (t) => t.expand(shape)),
    );
  },
  // Its matrix of derivatives is symmetric.
  softmax: (c, [t]) => structuralRules.softmax.backward(c, t as Tensor)[0],
  logSoftmax: (c, [t]) => {
    const { dim } = c.attrs;
    return (t as Tensor).sub(
      c
        .output()
        .exp()
        .mul(t as Tensor)
        .sum(dim, true),
    );
  },
  crossEntropy: (c, [t]) => {
    const one = zeros([], { dtype: (t as Tensor).dtype, device: c.device }).add(1);
    const [g] = structuralRules.crossEntropy.backward(c, one);
    return (g as Tensor).mul(t as Tensor).sum();
  },

  gather: linearly((t, { dim, index }) => gather(t, dim, index)),
  scatter: scattered(scatter),
  scatterAdd: scattered(scatterAdd),
  scatterMul: byReverse,
  cat: catTangent,

  svd: byReverse,
  lstsq: byReverse,

  unfold: linearly((t, attributes) => windows.unfold(t, attributes)),
  fold: linearly((t, attributes) => windows.fold(t, attributes)),
  convolution: (c, [x, weight, bias]) => {
    const shape = [c.inputShape(0)[0], c.inputShape(1)[0], ...c.attrs.positions];
    return sumOf(
      of(x, (t) => convolution.convolve(t, c.input(1), null, c.attrs)),
      of(weight, (t) => convolution.convolve(c.input(0), t, null, c.attrs)),
      of(bias, (t) => ofPlanes(t).expand(shape)),
    );
  },
  convolutionInput: (c, [g, weight]) =>
    sumOf(
      of(g, (t) => convolution.convolveInput(t, c.input(1), c.attrs)),
      of(weight, (t) => convolution.convolveInput(c.input(0), t, c.attrs)),
    ),
  convolutionWeight: (c, [x, g]) =>
    sumOf(
      of(x, (t) => convolution.convolveWeight(t, c.input(1), c.attrs)),
      of(g, (t) => convolution.convolveWeight(c.input(0), t, c.attrs)),
    ),
  standardize: standardizeTangent,
  lstm: composed(lstm),
  gru: composed(gru),
  rnn: composed(rnn),
  attention: composed(whole),
};
