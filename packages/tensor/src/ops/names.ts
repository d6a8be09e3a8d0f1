import type { DType, Shape, Windows } from "@flambeau/backend";
import type { Derivative, Elementwise } from "../elementwise.ts";
import type { Tensor } from "../tensor.ts";
import type * as arithmetic from "./arithmetic.ts";
import type * as clamp from "./clamp.ts";
import type * as combine from "./combine.ts";
import type { LstsqDriver } from "./lstsq.ts";
import type * as math from "./math.ts";
import type * as pointwise from "./pointwise.ts";
import type * as rounding from "./rounding.ts";
import type * as selection from "./where.ts";

type Defined<M> = { [K in keyof M]: M[K] extends { readonly op: Elementwise } ? K : never }[keyof M];

/**
 * The differentiable elementwise ops.
 *
 * @internal
 */
export type ElementwiseName =
  | Defined<typeof math>
  | Defined<typeof arithmetic>
  | Defined<typeof clamp>
  | Defined<typeof combine>
  | Defined<typeof rounding>
  | Defined<typeof pointwise>
  | Defined<typeof selection>;

/**
 * Ops that are no elementwise formula, with what their derivative rules need to know besides the tensors.
 *
 * @internal
 */
export interface StructuralOps {
  /** Inputs: x. */
  clone: undefined;
  /** Inputs: x. */
  cast: { readonly dtype: DType };
  /** Inputs: x. Moves between devices. */
  transfer: { readonly device: string };
  /** In place only. Inputs: target, source. */
  copy: undefined;
  /** In place only. Inputs: target, value. */
  fill: undefined;

  /** A view; `strides` are those of the view. */
  reshape: { readonly shape: Shape; readonly strides: Shape };
  permute: { readonly dims: readonly number[] };
  expand: { readonly shape: Shape };
  slice: SliceAttrs;
  /** The reverse of slice: zeros of `shape` with the input at the slice. */
  unslice: SliceAttrs & { readonly shape: Shape };
  /** Outputs: pieces of these sizes along a dimension. */
  split: { readonly dim: number; readonly sizes: readonly number[] };
  /** Outputs: the slices along a dimension, without it. */
  unbind: { readonly dim: number };
  asStrided: { readonly shape: Shape; readonly strides: Shape; readonly offset: number };

  sum: ReduceAttrs;
  mean: ReduceAttrs;
  prod: ReduceAttrs;
  amax: ReduceAttrs;
  amin: ReduceAttrs;
  /** Of all elements. */
  median: ReduceAttrs;
  cumsum: { readonly dim: number };
  cumprod: { readonly dim: number };

  /** Inputs: a [..., m, k], b [..., k, n]. */
  matmul: undefined;
  /** Inputs: x [..., in], weight [out, in], bias [out]. */
  linear: undefined;
  softmax: { readonly dim: number };
  logSoftmax: { readonly dim: number };
  /** Inputs: x, logits. */
  crossEntropy: CrossEntropyAttrs;

  /** Inputs: x. */
  gather: { readonly dim: number; readonly index: Tensor };
  /** Inputs: target, source. */
  scatter: { readonly dim: number; readonly index: Tensor };
  /** Inputs: target, source. */
  scatterAdd: { readonly dim: number; readonly index: Tensor };
  /** Inputs: target, source. */
  scatterMul: { readonly dim: number; readonly index: Tensor };
  /** Inputs: any number of tensors. `dtype` is the promoted one. */
  cat: { readonly dim: number; readonly dtype: DType };

  /** Inputs: x [..., m, n]. Outputs: U [..., m, k], the singular values [..., k], V [..., n, k]. */
  svd: undefined;
  /**
   * Inputs: A [..., m, n], B [..., m, k]. Outputs: the solution [..., n, k], residuals [..., k], the rank [...] and the singular
   * values [..., min(m, n)], each empty where it is not computed. The first two are differentiable.
   */
  lstsq: LstsqAttrs;

  /** Inputs: x [n, c, ...plane]. */
  unfold: WindowAttrs;
  /** Inputs: x [n, c, ...kernel, ...positions]. */
  fold: WindowAttrs;
  /** Inputs: x [n, c, ...plane], weight [o, c / groups, ...kernel], bias [o]. */
  convolution: ConvolutionAttrs;
  /** Inputs: g [n, o, ...positions], weight. */
  convolutionInput: ConvolutionAttrs;
  /** Inputs: x, g. */
  convolutionWeight: ConvolutionAttrs;
  /** Inputs: x, and weight, and bias, which broadcast to it. */
  standardize: StandardizeAttrs;
  /**
   * Inputs: x [length, batch, in], h0, c0, the weights of input and state, two biases if there are any, the projection if there
   * is one. Outputs: the outputs [length, batch, out], the last cell state.
   */
  lstm: LstmAttrs;
  /** Inputs: x [length, batch, in], h0, the weights of input and state, two biases if there are any. */
  gru: GruAttrs;
  /** Inputs: as of gru. */
  rnn: RnnAttrs;
  /** Inputs: q [..., queries, size], k [..., keys, size], v [..., keys, out], and what is added to the scores, if anything. */
  attention: AttentionAttrs;
}

/** @internal */
export interface AttentionAttrs {
  /** What products of queries and keys are multiplied by. */
  readonly scale: number;
  readonly causal: boolean;
  readonly mask: Tensor | null;
  /** Set by the op, if one block has all queries. */
  weights: Tensor | null;
}

/** @internal */
export interface RecurrentAttrs {
  /** From the last time step to the first. */
  readonly reverse: boolean;
  readonly hasBias: boolean;
}

/** @internal */
export interface LstmAttrs extends RecurrentAttrs {
  /** After their functions, `[length, batch, 4 * hidden]`: input, forget, cell, output. */
  readonly gates: Tensor;
  /** The cell states `[length, batch, hidden]`. */
  readonly cells: Tensor;
}

/** @internal */
export interface GruAttrs extends RecurrentAttrs {
  /** `[length, batch, 3 * hidden]`: the reset and update gates, and the state's product that the reset gate scales. */
  readonly gates: Tensor;
  /** The new part of the state, `[length, batch, hidden]`. */
  readonly fresh: Tensor;
}

/** @internal */
export interface RnnAttrs extends RecurrentAttrs {
  readonly nonlinearity: "tanh" | "relu";
}

/**
 * Windows on planes: `unfold` and all that is made of it.
 *
 * @internal
 */
export interface WindowAttrs {
  readonly windows: Windows;
  /** The planes' height and width. */
  readonly plane: readonly [height: number, width: number];
  /** How many windows there are. */
  readonly positions: readonly [down: number, right: number];
}

/** @internal */
export interface ConvolutionAttrs extends WindowAttrs {
  /** How many parts the channels are in that do not mix. */
  readonly groups: number;
}

/** @internal */
export interface LstsqAttrs {
  /** The solution of the same method for other matrices. The rule gets it from here, so that it loads with the op alone. */
  readonly solve: (a: Tensor, b: Tensor) => Tensor;
  readonly driver: LstsqDriver;
  readonly rcond: number | undefined;
}

/** @internal */
export interface CrossEntropyAttrs {
  /** Where classes are counted. */
  readonly dim: number;
  /** What the sum of all rows' losses is divided by. */
  readonly count: number;
  /** The labels, of size 1 along `dim`, as are the sums. */
  readonly index: Tensor;
  /** Exponentials of the logits, less the largest of their row. */
  readonly exps: Tensor;
  /** Of the exponentials of each row. */
  readonly sums: Tensor;
  /** Where labels may be ignored: which ones, and what the sum is divided by in place of `count`, one number. */
  readonly ignored?: number;
  readonly divisor?: Tensor;
  /** Whether that is how many rows count, or one. */
  readonly isMean?: boolean;
}

/** @internal */
export interface StandardizeAttrs {
  /** Over which dimensions mean and deviation were taken. */
  readonly dims: readonly number[];
  readonly eps: number;
  /** Of the input, without a graph, reduced dimensions kept. */
  readonly mean: Tensor;
  /** One over the standard deviation, likewise. */
  readonly rstd: Tensor;
  /** Set by the op, if it computes it. */
  variance: Tensor | null;
}

/** @internal */
export interface ReduceAttrs {
  readonly dims: readonly number[];
  readonly keepdim: boolean;
  /** Of extremes: nan is equal to nan, and shares the gradient as others do. */
  readonly equalNan?: boolean;
}

/**
 * A box of elements: per dimension where it starts, its step and how many there are.
 *
 * @internal
 */
export interface SliceAttrs {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly sizes: readonly number[];
}

/** @internal */
export type OpName = ElementwiseName | keyof StructuralOps;

/**
 * What a recorder is given of an op besides its operands: of an elementwise op the derivative that it brings, if it does.
 *
 * @internal
 */
export type Attrs<K extends OpName> = K extends keyof StructuralOps
  ? StructuralOps[K]
  : Derivative | undefined;
