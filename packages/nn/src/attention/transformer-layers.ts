import { type DType, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, gelu, relu, type Tensor } from "@flambeau/tensor";
import { Dropout } from "../layers/dropout.ts";
import { Linear } from "../layers/linear.ts";
import { LayerNorm } from "../layers/norm.ts";
import { Module } from "../module/module.ts";
import { type AttentionCallOptions, MultiheadAttention } from "./multihead-attention.ts";

/** What the feed-forward part does between its layers: by name, or a function or module. */
export type TransformerActivation = "relu" | "gelu" | ((x: Tensor) => Tensor);

/** Options of the layers of transformers. */
export interface TransformerLayerOptions {
  /** The size between the two linear layers. Default 2048. */
  readonly dimFeedforward?: number;
  /** The probability that an element is zeroed in training mode. Default 0.1. */
  readonly dropout?: number;
  /** What is between the two linear layers. Default "relu". */
  readonly activation?: TransformerActivation;
  /** Added to variances. Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether inputs and outputs are `[batch, length, size]` instead of `[length, batch, size]`. Default false. */
  readonly batchFirst?: boolean;
  /** Normalize what a part takes, not what it adds to. Default false. */
  readonly normFirst?: boolean;
  /** Add learned vectors in linear layers and norms. Default true. */
  readonly bias?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** Masks of a call of `TransformerEncoderLayer`. */
export interface EncoderMasks {
  /** Which positions each does not attend to; see `MultiheadAttention`. */
  readonly srcMask?: Tensor | null;
  /** Which positions of a sequence are padding, `[batch, length]`. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** That `srcMask` is causal. Default false. */
  readonly isCausal?: boolean;
}

/** Masks of a call of `TransformerDecoderLayer`. */
export interface DecoderMasks {
  /** Which positions of the target each does not attend to; see `MultiheadAttention`. */
  readonly tgtMask?: Tensor | null;
  /** Which positions of the memory each does not attend to. */
  readonly memoryMask?: Tensor | null;
  /** Which positions of a target are padding, `[batch, length]`. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** Which positions of a memory are padding, `[batch, length]`. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** That `tgtMask` is causal. Default false. */
  readonly tgtIsCausal?: boolean;
  /** That `memoryMask` is causal. Default false. */
  readonly memoryIsCausal?: boolean;
}

/** The arguments of a layer, bound. */
interface Settings extends Required<Omit<TransformerLayerOptions, "activation" | "dtype" | "device">> {
  readonly dModel: number;
  readonly nhead: number;
  readonly activation: unknown;
  readonly dtype?: DType | undefined;
  readonly device?: string | undefined;
}

function activationOf(what: string, activation: unknown): (x: Tensor) => Tensor {
  if (activation === "relu") return relu;
  if (activation === "gelu") return (x) => gelu(x);
  if (typeof activation === "function") return activation as (x: Tensor) => Tensor;
  throw new ValueError(`${what}: activation is "relu", "gelu" or a function; got ${quote(activation)}`);
}

/** The parts in the order in which PyTorch creates them, which is that of their initial values. */
function attentionOf({
  dModel,
  nhead,
  dropout,
  batchFirst,
  bias,
  dtype,
  device,
}: Settings): MultiheadAttention {
  return new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype, device });
}

function normOf({ dModel, layerNormEps, bias, dtype, device }: Settings): LayerNorm {
  return new LayerNorm(dModel, { eps: layerNormEps, bias, dtype, device });
}

const ENCODER_LAYER =
  "TransformerEncoderLayer(dModel: int, nhead: int, dimFeedforward: int = 2048, dropout: number = 0.1, activation: string|function = 'relu', layerNormEps: number = 1e-5, batchFirst: bool = false, normFirst: bool = false, bias: bool = true, *, device?, dtype?)";
const ENCODER_LAYER_CALL =
  "TransformerEncoderLayer(src: tensor, srcMask?: tensor, srcKeyPaddingMask?: tensor, isCausal: bool = false)";

/**
 * Self-attention, then a feed-forward net, each added to what it takes and normalized: `[length, batch, dModel]` to the same shape.
 * Source: Vaswani et al., "Attention is all you need" (2017). Parameters start as PyTorch's for the same seed.
 *
 * @throws ValueError as `MultiheadAttention`, or when there is no such activation. Calls: as `MultiheadAttention`.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const layer = new nn.TransformerEncoderLayer(8, 2, 16, { batchFirst: true });
 * console.log(layer(randn([3, 5, 8])).shape);
 * // [ 3, 5, 8 ]
 * ```
 */
export class TransformerEncoderLayer extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = { selfAttn: "self_attn" };

  /** Attention of the sequence to itself. */
  selfAttn: MultiheadAttention;
  /** The first layer of the feed-forward net. */
  linear1: Linear;
  /** Between its layers. */
  dropout: Dropout;
  /** The second layer. */
  linear2: Linear;
  /** Whether what parts take is normalized, not what they add to. */
  normFirst: boolean;
  /** Of the attention. */
  norm1: LayerNorm;
  /** Of the feed-forward net. */
  norm2: LayerNorm;
  /** Of what the attention adds. */
  dropout1: Dropout;
  /** Of what the feed-forward net adds. */
  dropout2: Dropout;
  /** What is between the two linear layers. */
  activation: (x: Tensor) => Tensor;

  constructor(...args: Args<typeof ENCODER_LAYER, TransformerLayerOptions>) {
    super();
    const settings = bind<typeof ENCODER_LAYER, TransformerLayerOptions>(ENCODER_LAYER, args);
    const { dModel, dimFeedforward, dropout, normFirst, bias, dtype, device } = settings;
    const making = { bias, dtype, device };
    this.selfAttn = attentionOf(settings);
    this.linear1 = new Linear(dModel, dimFeedforward, making);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, making);
    this.normFirst = normFirst;
    this.norm1 = normOf(settings);
    this.norm2 = normOf(settings);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf("TransformerEncoderLayer", settings.activation);
  }

  override forward(...args: Args<typeof ENCODER_LAYER_CALL, EncoderMasks>): Tensor {
    const bound = bind<typeof ENCODER_LAYER_CALL, EncoderMasks>(ENCODER_LAYER_CALL, args);
    const masks = {
      attnMask: bound.srcMask,
      keyPaddingMask: bound.srcKeyPaddingMask,
      isCausal: bound.isCausal,
      needWeights: false,
    };
    const attend = (x: Tensor): Tensor => this.dropout1(this.selfAttn(x, x, x, masks)[0]);
    const feed = (x: Tensor): Tensor =>
      this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))));
    let x = bound.src;
    if (this.normFirst) {
      x = x.add(attend(this.norm1(x)));
      return x.add(feed(this.norm2(x)));
    }
    x = this.norm1(x.add(attend(x)));
    return this.norm2(x.add(feed(x)));
  }
}

const DECODER_LAYER =
  "TransformerDecoderLayer(dModel: int, nhead: int, dimFeedforward: int = 2048, dropout: number = 0.1, activation: string|function = 'relu', layerNormEps: number = 1e-5, batchFirst: bool = false, normFirst: bool = false, bias: bool = true, *, device?, dtype?)";
const DECODER_LAYER_CALL =
  "TransformerDecoderLayer(tgt: tensor, memory: tensor, tgtMask?: tensor, memoryMask?: tensor, tgtKeyPaddingMask?: tensor, memoryKeyPaddingMask?: tensor, tgtIsCausal: bool = false, memoryIsCausal: bool = false)";

/**
 * Self-attention, attention to the output of an encoder (the memory), then a feed-forward net, each added to what it takes and
 * normalized: `[length, batch, dModel]` to the same shape. See {@link TransformerEncoderLayer}.
 *
 * @throws as {@link TransformerEncoderLayer}.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const layer = new nn.TransformerDecoderLayer(8, 2, 16, { batchFirst: true });
 * console.log(layer(randn([3, 4, 8]), randn([3, 5, 8])).shape);
 * // [ 3, 4, 8 ]
 * ```
 */
export class TransformerDecoderLayer extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = {
    selfAttn: "self_attn",
    multiheadAttn: "multihead_attn",
  };

  /** Attention of the sequence to itself. */
  selfAttn: MultiheadAttention;
  /** Attention to the memory. */
  multiheadAttn: MultiheadAttention;
  /** The first layer of the feed-forward net. */
  linear1: Linear;
  /** Between its layers. */
  dropout: Dropout;
  /** The second layer. */
  linear2: Linear;
  /** Whether what parts take is normalized, not what they add to. */
  normFirst: boolean;
  /** Of the attention to itself. */
  norm1: LayerNorm;
  /** Of the attention to the memory. */
  norm2: LayerNorm;
  /** Of the feed-forward net. */
  norm3: LayerNorm;
  /** Of what the attention to itself adds. */
  dropout1: Dropout;
  /** Of what the attention to the memory adds. */
  dropout2: Dropout;
  /** Of what the feed-forward net adds. */
  dropout3: Dropout;
  /** What is between the two linear layers. */
  activation: (x: Tensor) => Tensor;

  constructor(...args: Args<typeof DECODER_LAYER, TransformerLayerOptions>) {
    super();
    const settings = bind<typeof DECODER_LAYER, TransformerLayerOptions>(DECODER_LAYER, args);
    const { dModel, dimFeedforward, dropout, normFirst, bias, dtype, device } = settings;
    const making = { bias, dtype, device };
    this.selfAttn = attentionOf(settings);
    this.multiheadAttn = attentionOf(settings);
    this.linear1 = new Linear(dModel, dimFeedforward, making);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, making);
    this.normFirst = normFirst;
    this.norm1 = normOf(settings);
    this.norm2 = normOf(settings);
    this.norm3 = normOf(settings);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf("TransformerDecoderLayer", settings.activation);
  }

  override forward(...args: Args<typeof DECODER_LAYER_CALL, DecoderMasks>): Tensor {
    const bound = bind<typeof DECODER_LAYER_CALL, DecoderMasks>(DECODER_LAYER_CALL, args);
    const { memory } = bound;
    const own: AttentionCallOptions = {
      attnMask: bound.tgtMask,
      keyPaddingMask: bound.tgtKeyPaddingMask,
      isCausal: bound.tgtIsCausal,
      needWeights: false,
    };
    const others: AttentionCallOptions = {
      attnMask: bound.memoryMask,
      keyPaddingMask: bound.memoryKeyPaddingMask,
      isCausal: bound.memoryIsCausal,
      needWeights: false,
    };
    const attend = (x: Tensor): Tensor => this.dropout1(this.selfAttn(x, x, x, own)[0]);
    const look = (x: Tensor): Tensor => this.dropout2(this.multiheadAttn(x, memory, memory, others)[0]);
    const feed = (x: Tensor): Tensor =>
      this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))));
    let x = bound.tgt;
    if (this.normFirst) {
      x = x.add(attend(this.norm1(x)));
      x = x.add(look(this.norm2(x)));
      return x.add(feed(this.norm3(x)));
    }
    x = this.norm1(x.add(attend(x)));
    x = this.norm2(x.add(look(x)));
    return this.norm3(x.add(feed(x)));
  }
}
