import { AutogradError, numel, type Shape } from "@flambeau/backend";
import {
  type Attrs,
  cat,
  gather,
  linearDerivative,
  matmul,
  onesLike,
  positions,
  type StructuralOps,
  scatter,
  scatterAdd,
  slice,
  softmaxDerivative,
  stack,
  type Tensor,
  unslice,
  where,
  zeros,
  zerosLike,
} from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import type { Gradients } from "../nodes/node.ts";
import { sumTo } from "../sum-to.ts";
import { crossEntropyRule } from "./cross-entropy.ts";
import { lstsqRule, svdRule } from "./linalg.ts";

/** Whether elements may share places: where steps along a dimension are not larger than all that lies within one. */
function overlaps(shape: Shape, strides: Shape): boolean {
  let within = 0;
  const dims = Array.from(shape, (_, d) => d).filter((d) => shape[d] > 1);
  return dims
    .sort((a, b) => strides[a] - strides[b])
    .some((d) => {
      const isShort = strides[d] <= within;
      within += (shape[d] - 1) * strides[d];
      return isShort;
    });
}

/**
 * What a rule knows of the op it differentiates.
 *
 * @internal
 */
export interface Context<A> {
  readonly attrs: A;
  /** Input k, if the rule saves it; not overwritten since. */
  input(k: number): Tensor;
  /** Output k, by default the first, if the rule saves them; not overwritten since. */
  output(k?: number): Tensor;
  /** Of input k, saved or not. */
  inputShape(k: number): Shape;
  /** Whether the gradient of input k is wanted. */
  needs(k: number): boolean;
  readonly count: number;
  /** How input 0 lay in its storage. */
  readonly layout: { readonly strides: Shape; readonly offset: number; readonly storageLength: number };
  readonly device: string;
}

/** What has to be kept for a derivative. */
interface Keeping<A> {
  /** Which inputs, and whether the outputs, have to be kept. */
  readonly saves: readonly (number | "output")[];
  /** The attributes that are tensors it reads. */
  readonly keeps?: readonly (keyof A & string)[];
}

/**
 * The derivative of an op: the gradient of each input, given that of the output. Null where there is none.
 *
 * @internal
 */
export interface Rule<A> extends Keeping<A> {
  readonly backward: (context: Context<A>, g: Tensor) => (Tensor | null)[];
  /** Of an op whose gradient is mostly zeros: adds it to another of the same tensor, without the zeros. */
  readonly addTo?: (context: Context<A>, before: Tensor, g: Tensor) => void;
}

/**
 * The derivative of an op of several outputs: the gradient of each input, given those of the outputs, null where none has
 * arrived.
 *
 * @internal
 */
export interface MultiRule<A> extends Keeping<A> {
  readonly backwardAll: (context: Context<A>, grads: Gradients) => (Tensor | null)[];
}

function rule<A>(
  backward: (context: Context<A>, g: Tensor) => (Tensor | null)[],
  saves: readonly (number | "output")[] = [],
  keeps: readonly (keyof A & string)[] = [],
): Rule<A> {
  return { saves, keeps, backward };
}

/** A reduced gradient or result with its dimensions back, of size one. */
function withDims(
  x: Tensor,
  attrs: { readonly dims: readonly number[]; readonly keepdim: boolean },
  shape: Shape,
): Tensor {
  if (attrs.keepdim || attrs.dims.length === 0) return x;
  return x.reshape(shape.map((size, i) => (attrs.dims.includes(i) ? 1 : size)));
}

function reducedCount(dims: readonly number[], shape: Shape): number {
  return dims.reduce((n, d) => n * shape[d], 1);
}

/** Equal elements share the gradient of the extreme they are. */
const extremeRule: Rule<Attrs<"amax">> = rule(
  (c, g) => {
    const x = c.input(0);
    const [given, found] = [x.detach(), withDims(c.output(), c.attrs, x.shape).detach()];
    const equal = given.eq(found);
    const mask = c.attrs.equalNan ? equal.logicalOr(given.isnan().logicalAnd(found.isnan())) : equal;
    const share = mask.to(x.dtype).div(mask.sum(c.attrs.dims, { keepdim: true }));
    return [withDims(g, c.attrs, x.shape).mul(share)];
  },
  [0, "output"],
);

/** Whether a division by these elements is safe; devices that cannot be read at once take the careful way. */
function hasZero(x: Tensor): boolean {
  return (
    x.storage.backend.downloadSync === undefined ||
    x.detach().eq(0).any().itemSync() === (true as unknown as number)
  );
}

/**
 * All elements along the last dimension but one, for each one: `[..., n]` to `[..., n, n]`, where row i has a 1 in place
 * of element i. Its products are derivatives of products without a division.
 */
function leavingOneOut(x: Tensor): Tensor {
  const n = x.shape[x.ndim - 1];
  const rows = x.unsqueeze(-2).expand([...x.shape.slice(0, -1), n, n]);
  const index = positions(n, x.device);
  const diagonal = index.unsqueeze(0).eq(index.unsqueeze(1));
  return where(diagonal, onesLike(rows), rows);
}

const prodRule: Rule<Attrs<"prod">> = rule(
  (c, g) => {
    const x = c.input(0);
    const { dims } = c.attrs;
    const wide = withDims(g, c.attrs, x.shape);
    if (!hasZero(x)) return [wide.mul(withDims(c.output(), c.attrs, x.shape)).div(x)];
    if (dims.length === 0) return [g];
    // prod reduces one dimension or all of them.
    const flat = dims.length === 1 ? x.movedim(dims[0], -1) : x.ravel();
    const others = leavingOneOut(flat).prod(-1);
    return [wide.mul(dims.length === 1 ? others.movedim(-1, dims[0]) : others.reshape(x.shape))];
  },
  [0, "output"],
);

const reverseCumsum = (x: Tensor, dim: number): Tensor => x.flip(dim).cumsum(dim).flip(dim);

const cumprodRule: Rule<Attrs<"cumprod">> = rule(
  (c, g) => {
    const x = c.input(0);
    const { dim } = c.attrs;
    if (!hasZero(x)) return [reverseCumsum(g.mul(c.output()), dim).div(x)];
    // d(x_1 ... x_j) / dx_i for j >= i: products up to j of the row that leaves out i.
    const last = x.movedim(dim, -1);
    const partial = leavingOneOut(last).cumprod(-1).triu();
    const grad = partial.mul(g.movedim(dim, -1).unsqueeze(-2)).sum(-1);
    return [grad.movedim(-1, dim)];
  },
  [0, "output"],
);

const scatterMulRule: Rule<Attrs<"scatterMul">> = rule(
  (c, g) => {
    const { dim, index } = c.attrs;
    const [x, given] = [c.input(0), c.input(1)];
    const source = cutTo(given, index.shape);
    const times = (target: Tensor, factors: Tensor): Tensor =>
      scatter(target, dim, index, factors, { reduce: "multiply" });
    const bySource = (): Tensor => {
      // Of a zero, the product of all that meet it there; two of them leave nothing of each other.
      const zero = source.detach().eq(0);
      const others = gather(g.mul(times(x, source.maskedFill(zero, 1))), dim, index);
      const zeros = gather(scatterAdd(zerosLike(x), dim, index, zero.to(x.dtype)), dim, index);
      const quotient = gather(g.mul(c.output()), dim, index).div(source.maskedFill(zero, 1));
      return padTo(where(zero, others.maskedFill(zeros.gt(1), 0), quotient), given.shape);
    };
    return [c.needs(0) ? g.mul(times(onesLike(x), source)) : null, c.needs(1) ? bySource() : null];
  },
  [0, 1, "output"],
  ["index"],
);

/**
 * Ops that only layers of `nn` run: see `layers.ts`.
 *
 * @internal
 */
export type LayerOp =
  | "unfold"
  | "fold"
  | "convolution"
  | "convolutionInput"
  | "convolutionWeight"
  | "standardize"
  | "lstm"
  | "gru"
  | "rnn"
  | "attention";

/**
 * Ops of several outputs.
 *
 * @internal
 */
export type MultiOutputOp = "split" | "unbind" | "svd" | "lstsq" | "lstm";

/**
 * Rules of ops; a missing one does not compile.
 *
 * @internal
 */
export type Rules<K extends keyof StructuralOps> = {
  readonly [L in K]: L extends MultiOutputOp ? MultiRule<StructuralOps[L]> : Rule<StructuralOps[L]>;
};

/**
 * The derivative of every op that is no elementwise formula, written with the public ops. Those of layers come to it with
 * the first such layer that runs.
 *
 * @internal
 */
export const structuralRules: Rules<Exclude<keyof StructuralOps, LayerOp>> & Partial<Rules<LayerOp>> = {
  clone: rule((_, g) => [g]),
  cast: rule((_, g) => [g]),
  transfer: rule((c, g) => {
    if (g.device !== c.device && g.storage.backend.downloadSync === undefined) {
      throw new AutogradError(
        `backward: a ${c.device} tensor was moved to ${g.device}, from where its gradient cannot come back at once; make the leaf on the device: x.to("${g.device}").detach().requiresGrad_()`,
      );
    }
    return [g.to(c.device)];
  }),
  // What was overwritten has a gradient of zero, as in PyTorch, rather than none.
  copy: rule((c, g) => [c.needs(0) ? zerosLike(g) : null, c.needs(1) ? sumTo(g, c.inputShape(1)) : null]),
  fill: rule((_, g) => [zerosLike(g), null]),

  reshape: rule((c, g) => [g.reshape(c.inputShape(0))]),
  permute: rule((c, g) => {
    const inverse = new Array<number>(c.attrs.dims.length);
    c.attrs.dims.forEach((d, i) => {
      inverse[d] = i;
    });
    return [g.permute(inverse)];
  }),
  expand: rule((c, g) => [sumTo(g, c.inputShape(0))]),
  slice: {
    saves: [],
    backward: (c, g) => [unslice(g, { ...c.attrs, shape: c.inputShape(0) })],
    addTo: (c, before, g) => slice(before, c.attrs).add_(g),
  },
  unslice: rule((c, g) => [slice(g, c.attrs)]),
  split: { saves: [], backwardAll: splitBackward },
  unbind: { saves: [], backwardAll: unbindBackward },
  asStrided: rule((c, g) => {
    // Through an image of the storage: every element of the view adds to its place, then the input reads its own.
    const { strides, offset, storageLength } = c.layout;
    const cells = positions(storageLength, g.device);
    const target = cells.asStrided(c.attrs.shape, c.attrs.strides, c.attrs.offset).ravel();
    const image = scatterAdd(
      zeros([storageLength], { dtype: g.dtype, device: g.device }),
      0,
      target,
      g.ravel(),
    );
    const source = cells.asStrided(c.inputShape(0), strides, offset);
    const places = source.ravel();
    const shared = gather(image, 0, places).reshape(c.inputShape(0));
    if (!overlaps(c.inputShape(0), strides)) return [shared];
    // Elements of the input that share a place, as those of an expanded one, share its gradient.
    const counts = scatterAdd(zerosLike(image), 0, places, onesLike(places, { dtype: g.dtype }));
    return [shared.div(gather(counts, 0, places).reshape(c.inputShape(0)))];
  }),

  sum: rule((c, g) => [withDims(g, c.attrs, c.inputShape(0)).expand(c.inputShape(0))]),
  mean: rule((c, g) => {
    const share = g.div(reducedCount(c.attrs.dims, c.inputShape(0)));
    return [withDims(share, c.attrs, c.inputShape(0)).expand(c.inputShape(0))];
  }),
  prod: prodRule,
  amax: extremeRule,
  amin: extremeRule,
  median: extremeRule,
  cumsum: rule((c, g) => [reverseCumsum(g, c.attrs.dim)]),
  cumprod: cumprodRule,

  matmul: rule(
    (c, g) => [
      c.needs(0) ? sumTo(matmul(g, c.input(1).mT), c.inputShape(0)) : null,
      c.needs(1) ? sumTo(matmul(c.input(0).mT, g), c.inputShape(1)) : null,
    ],
    [0, 1],
  ),
  linear: rule(
    (c, g) => {
      if (!isGradEnabled()) {
        // What frozen weights were applied to is not looked at: it may have been overwritten.
        const shapes = [c.inputShape(0), c.inputShape(1)] as const;
        const [x, weight] = [c.needs(1) ? c.input(0) : null, c.needs(0) ? c.input(1) : null];
        return linearDerivative.linearGradients(g, shapes, x, weight, c.count > 2 && c.needs(2));
      }
      const [out, inSize] = c.inputShape(1);
      const rows = g.ndim === 2 ? g : g.reshape([numel(c.inputShape(0).slice(0, -1)), out]);
      const gx = c.needs(0) ? matmul(rows, c.input(1)) : null;
      return [
        gx === null || g.ndim === 2 ? gx : gx.reshape(c.inputShape(0)),
        c.needs(1) ? matmul(rows.t(), c.input(0).reshape([rows.shape[0], inSize])) : null,
        c.count > 2 && c.needs(2) ? rows.sum(0) : null,
      ];
    },
    [0, 1],
  ),
  softmax: rule(
    (c, g) => {
      const y = c.output();
      const { dim } = c.attrs;
      if (!isGradEnabled()) return [softmaxDerivative.softmaxGradient("softmax", g, y, dim)];
      return [y.mul(g.sub(y.mul(g).sum(dim, { keepdim: true })))];
    },
    ["output"],
  ),
  logSoftmax: rule(
    (c, g) => {
      const y = c.output();
      const { dim } = c.attrs;
      if (!isGradEnabled()) return [softmaxDerivative.softmaxGradient("logSoftmax", g, y, dim)];
      return [g.sub(y.exp().mul(g.sum(dim, { keepdim: true })))];
    },
    ["output"],
  ),

  crossEntropy: crossEntropyRule,
  svd: svdRule,
  lstsq: lstsqRule,

  gather: rule(
    (c, g) => {
      const target = zeros(c.inputShape(0), { dtype: g.dtype, device: g.device });
      return [target.scatterAdd_(c.attrs.dim, c.attrs.index, g)];
    },
    [],
    ["index"],
  ),
  scatter: rule(
    (c, g) => [
      c.needs(0) ? scatter(g, c.attrs.dim, c.attrs.index, 0) : null,
      c.needs(1) ? padTo(gather(g, c.attrs.dim, c.attrs.index), c.inputShape(1)) : null,
    ],
    [],
    ["index"],
  ),
  scatterAdd: rule(
    (c, g) => [g, c.needs(1) ? padTo(gather(g, c.attrs.dim, c.attrs.index), c.inputShape(1)) : null],
    [],
    ["index"],
  ),
  scatterMul: scatterMulRule,
  cat: rule((c, g) => {
    let start = 0;
    return Array.from({ length: c.count }, (_, k) => {
      const size = c.inputShape(k)[c.attrs.dim];
      start += size;
      return c.needs(k) ? g.narrow(c.attrs.dim, start - size, size) : null;
    });
  }),
};

/** The pieces' gradients in one, with zeros for those that have none. */
function splitBackward(c: Context<Attrs<"split">>, grads: Gradients): Tensor[] {
  const { dim, sizes } = c.attrs;
  const like = grads.find((g) => g !== null) as Tensor;
  const pieces = grads.map((g, k) => {
    if (g !== null) return g;
    const shape = like.shape.map((size, d) => (d === dim ? sizes[k] : size));
    return zeros(shape, { dtype: like.dtype, device: like.device });
  });
  return [cat(pieces, dim)];
}

function unbindBackward(c: Context<Attrs<"unbind">>, grads: Gradients): Tensor[] {
  const like = grads.find((g) => g !== null) as Tensor;
  return [
    stack(
      grads.map((g) => g ?? zerosLike(like)),
      c.attrs.dim,
    ),
  ];
}

/** The part of a source that its index takes. */
function cutTo(source: Tensor, shape: Shape): Tensor {
  if (source.shape.every((size, i) => size === shape[i])) return source;
  return slice(source, { starts: shape.map(() => 0), steps: shape.map(() => 1), sizes: shape });
}

/** A source may be larger than its index; what lies outside has no gradient. */
function padTo(x: Tensor, shape: Shape): Tensor {
  if (x.shape.every((size, i) => size === shape[i])) return x;
  const zero = shape.map(() => 0);
  return unslice(x, { starts: zero, steps: shape.map(() => 1), sizes: x.shape, shape });
}
