import { ArgumentError, type DType, DTypeError, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, empty, Tensor } from "@flambeau/tensor";
import { checkProbability } from "../functional/dropout.ts";
import { constant_, xavierNormal_, xavierUniform_ } from "../init/index.ts";
import { Linear } from "../layers/linear.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { checkMasks, type HeadWeights, multiHead } from "./forward.ts";

/** The linear layer of the result; PyTorch's name of it is part of the text of a module. */
export class NonDynamicallyQuantizableLinear extends Linear {
  /** @internal */
  static override readonly keepsNothing: boolean = true;
}

/** Options of `MultiheadAttention`. */
export interface MultiheadAttentionOptions {
  /** The probability that a weight is zeroed in training mode. Default 0. */
  readonly dropout?: number;
  /** Add learned vectors to the projections. Default true. */
  readonly bias?: boolean;
  /** Add one learned key and value to each sequence. Default false. */
  readonly addBiasKv?: boolean;
  /** Add one key and value of zeros to each sequence. Default false. */
  readonly addZeroAttn?: boolean;
  /** The last size of keys. Default `embedDim`. */
  readonly kdim?: number | null;
  /** The last size of values. Default `embedDim`. */
  readonly vdim?: number | null;
  /** Whether inputs and outputs are `[batch, length, size]` instead of `[length, batch, size]`. Default false. */
  readonly batchFirst?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** Options of a call of `MultiheadAttention`. */
export interface AttentionCallOptions {
  /** Which keys of a sequence are left out, `[batch, keys]`: bool and true there, or float and added to the scores. */
  readonly keyPaddingMask?: Tensor | null;
  /** Return the weights too. Without them memory grows with the length, not with its square. Default true. */
  readonly needWeights?: boolean;
  /** Which keys a query does not attend to, `[queries, keys]` or `[batch * heads, queries, keys]`: bool and true there, or float and added. */
  readonly attnMask?: Tensor | null;
  /** Return the mean of the weights of all heads, not each. Default true. */
  readonly averageAttnWeights?: boolean;
  /** That `attnMask` is causal, which lets its values go unread where no weights are needed. Default false. */
  readonly isCausal?: boolean;
}

const MHA =
  "MultiheadAttention(embedDim: int, numHeads: int, dropout: number = 0, bias: bool = true, addBiasKv: bool = false, addZeroAttn: bool = false, kdim?: int, vdim?: int, batchFirst: bool = false, *, device?, dtype?)";

const CALL =
  "MultiheadAttention(query: tensor, key: tensor, value: tensor, keyPaddingMask?: tensor, needWeights: bool = true, attnMask?: tensor, averageAttnWeights: bool = true, isCausal: bool = false)";

/**
 * Attention of several heads, each on its own part of the projected inputs: query `[L, batch, embedDim]`, key `[S, batch, kdim]` and
 * value `[S, batch, vdim]` to the result `[L, batch, embedDim]` and the weights `[batch, L, S]`, averaged over heads (null without
 * `needWeights`). Inputs may lack the batch; with `batchFirst` the batch comes first. Source: Vaswani et al., "Attention is all you
 * need" (2017). Parameters start as PyTorch's for the same seed.
 *
 * @throws ValueError when `embedDim` is no multiple of `numHeads`. Calls: ShapeError when the inputs or masks do not fit;
 *   DTypeError when a mask is neither bool nor float.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const x = randn([3, 5, 8]);
 * const [output, weights] = attention(x, x, x);
 * console.log(output.shape, weights?.shape);
 * // [ 3, 5, 8 ] [ 3, 5, 5 ]
 * ```
 */
export class MultiheadAttention extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = {
    qProjWeight: "q_proj_weight",
    kProjWeight: "k_proj_weight",
    vProjWeight: "v_proj_weight",
    inProjWeight: "in_proj_weight",
    inProjBias: "in_proj_bias",
    biasK: "bias_k",
    biasV: "bias_v",
    outProj: "out_proj",
  };

  /** The size of queries and results. */
  readonly embedDim: number;
  /** The last size of keys. */
  readonly kdim: number;
  /** The last size of values. */
  readonly vdim: number;
  /** How many heads there are. */
  readonly numHeads: number;
  /** The size of a head: `embedDim / numHeads`. */
  readonly headDim: number;
  /** The probability that a weight is zeroed in training mode. */
  dropout: number;
  /** Whether the first dimension of inputs and outputs is the batch. */
  readonly batchFirst: boolean;
  /** Whether a key and value of zeros are added. */
  readonly addZeroAttn: boolean;
  /** The projections of query, key and value, one below the other; null where keys or values have sizes of their own. */
  inProjWeight: Parameter | null;
  /** The projection of queries, where keys or values have sizes of their own. */
  qProjWeight: Parameter | null;
  /** The projection of keys, likewise. */
  kProjWeight: Parameter | null;
  /** The projection of values, likewise. */
  vProjWeight: Parameter | null;
  /** Added to the three projections, or null. */
  inProjBias: Parameter | null;
  /** The key that is added to each sequence, or null. */
  biasK: Parameter | null;
  /** The value that is added to each sequence, or null. */
  biasV: Parameter | null;
  /** What the heads' results go through. */
  outProj: Linear;

  constructor(...args: Args<typeof MHA, MultiheadAttentionOptions>) {
    super();
    const { embedDim, numHeads, dropout, bias, addBiasKv, addZeroAttn, kdim, vdim, batchFirst, ...making } =
      bind<typeof MHA, MultiheadAttentionOptions>(MHA, args);
    for (const [name, size] of Object.entries({ embedDim, numHeads, kdim, vdim }))
      if (size != null && (!Number.isInteger(size) || size < 1))
        throw new ValueError(`MultiheadAttention: ${name} is an integer from 1; got ${quote(size)}`);
    if (embedDim % numHeads !== 0)
      throw new ValueError(`MultiheadAttention: embedDim ${embedDim} is no multiple of numHeads ${numHeads}`);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.headDim = embedDim / numHeads;
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.dropout = checkProbability(dropout);
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    const parameter = (...shape: number[]): Parameter => new Parameter(empty(shape, making));
    const isOne = this.kdim === embedDim && this.vdim === embedDim;
    this.qProjWeight = isOne ? null : parameter(embedDim, embedDim);
    this.kProjWeight = isOne ? null : parameter(embedDim, this.kdim);
    this.vProjWeight = isOne ? null : parameter(embedDim, this.vdim);
    this.inProjWeight = isOne ? parameter(3 * embedDim, embedDim) : null;
    this.inProjBias = bias ? parameter(3 * embedDim) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, ...making });
    this.biasK = addBiasKv ? parameter(1, 1, embedDim) : null;
    this.biasV = addBiasKv ? parameter(1, 1, embedDim) : null;
    this.resetParameters();
  }

  /** Draws new initial values. */
  resetParameters(): void {
    const weights = [this.inProjWeight, this.qProjWeight, this.kProjWeight, this.vProjWeight];
    for (const weight of weights) if (weight !== null) xavierUniform_(weight);
    if (this.inProjBias !== null) constant_(this.inProjBias, 0);
    if (this.outProj.bias !== null) constant_(this.outProj.bias, 0);
    for (const vector of [this.biasK, this.biasV]) if (vector !== null) xavierNormal_(vector);
  }

  override forward(
    ...args: Args<typeof CALL, AttentionCallOptions>
  ): [output: Tensor, weights: Tensor | null] {
    const bound = bind<typeof CALL, AttentionCallOptions>(CALL, args);
    const { query, key, value, isCausal, needWeights, averageAttnWeights } = bound;
    this.checkInputs(query, key, value);
    const isBatched = query.ndim === 3;
    const inner = (x: Tensor): Tensor =>
      !isBatched ? x.unsqueeze(1) : this.batchFirst ? x.transpose(0, 1) : x;
    const [q, k, v] = [inner(query), inner(key), inner(value)];
    const [queries, batch] = q.shape;
    const padding = bound.keyPaddingMask ?? null;
    const masks = {
      attention: bound.attnMask ?? null,
      padding: padding === null || isBatched ? padding : padding.unsqueeze(0),
    };
    checkMasks("MultiheadAttention", masks, { batch, heads: this.numHeads, queries, keys: k.shape[0] });
    const [output, weights] = multiHead([q, k, v], this.headWeights(), masks, {
      heads: this.numHeads,
      dropout: this.training ? this.dropout : 0,
      addZero: this.addZeroAttn,
      needWeights,
      averageWeights: averageAttnWeights,
      isCausal,
    });
    if (!isBatched) return [output.squeeze(1), weights?.squeeze(0) ?? null];
    return [this.batchFirst ? output.transpose(0, 1) : output, weights];
  }

  private headWeights(): HeadWeights {
    const { inProjWeight, qProjWeight, kProjWeight, vProjWeight, inProjBias, outProj, biasK, biasV } = this;
    const projections =
      inProjWeight === null ? [qProjWeight, kProjWeight, vProjWeight] : inProjWeight.chunk(3);
    return {
      projections: projections as unknown as readonly [Tensor, Tensor, Tensor],
      biases:
        inProjBias === null ? null : (inProjBias.chunk(3) as unknown as readonly [Tensor, Tensor, Tensor]),
      outWeight: outProj.weight,
      outBias: outProj.bias,
      extra: biasK === null || biasV === null ? null : [biasK, biasV],
    };
  }

  private checkInputs(query: Tensor, key: Tensor, value: Tensor): void {
    for (const [name, x] of Object.entries({ query, key, value }))
      if (!(x instanceof Tensor))
        throw new ArgumentError(`MultiheadAttention: ${name} is a tensor; got ${describeValue(x)}`);
    const { dtype } = this.outProj.weight;
    for (const [name, x] of Object.entries({ query, key, value }))
      if (x.dtype !== dtype)
        throw new DTypeError(
          `MultiheadAttention: the ${name} of shape ${quote(x.shape)} is ${x.dtype} and the parameters ${dtype}; convert one with .to()`,
        );
    const sizes = [this.embedDim, this.kdim, this.vdim];
    const all = [query, key, value];
    const isFitting =
      (query.ndim === 2 || query.ndim === 3) &&
      all.every((x, i) => x.ndim === query.ndim && x.shape[x.ndim - 1] === sizes[i]) &&
      key.shape.slice(0, -1).join() === value.shape.slice(0, -1).join() &&
      (query.ndim === 2 || query.shape[this.batchFirst ? 0 : 1] === key.shape[this.batchFirst ? 0 : 1]);
    if (isFitting) return;
    const lead = this.batchFirst ? ["batch, L", "batch, S"] : ["L, batch", "S, batch"];
    throw new ShapeError(
      `MultiheadAttention takes a query [${lead[0]}, ${sizes[0]}], a key [${lead[1]}, ${sizes[1]}] and a value [${lead[1]}, ${sizes[2]}], or all without a batch; got shapes ${all.map((x) => quote(x.shape)).join(", ")}`,
    );
  }
}
