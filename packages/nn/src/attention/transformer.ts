import { quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Callable, callable, full, type Tensor } from "@flambeau/tensor";
import { ModuleList } from "../containers/module-list.ts";
import { deepcopy } from "../deepcopy.ts";
import { xavierUniform_ } from "../init/index.ts";
import { LayerNorm } from "../layers/norm.ts";
import { Module } from "../module/module.ts";
import {
  type DecoderMasks,
  type EncoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer-layers.ts";

/** A layer of an encoder: {@link TransformerEncoderLayer}, or a module that is called as it is. */
export type EncoderLayer = Module & ((src: Tensor, masks: EncoderMasks) => Tensor);

/** A layer of a decoder: {@link TransformerDecoderLayer}, or a module that is called as it is. */
export type DecoderLayer = Module & ((tgt: Tensor, memory: Tensor, masks: DecoderMasks) => Tensor);

/** What comes after the last layer. */
type Norm = Module & ((x: Tensor) => Tensor);

interface EncoderTypes {
  readonly encoderLayer: EncoderLayer;
  readonly norm: Norm | null;
}

interface DecoderTypes {
  readonly decoderLayer: DecoderLayer;
  readonly norm: Norm | null;
}

function copies<L extends Module>(what: string, layer: L, count: number): ModuleList<L> {
  if (!Number.isInteger(count) || count < 0)
    throw new ValueError(`${what}: numLayers is an integer from 0; got ${quote(count)}`);
  return new ModuleList(Array.from({ length: count }, () => deepcopy(layer)));
}

const ENCODER = "TransformerEncoder(encoderLayer: module, numLayers: int, norm?: module)";
const ENCODER_CALL =
  "TransformerEncoder(src: tensor, mask?: tensor, srcKeyPaddingMask?: tensor, isCausal: bool = false)";

/** Masks of a call of `TransformerEncoder`. */
export interface EncoderCallOptions extends Omit<EncoderMasks, "srcMask"> {
  /** Which positions each does not attend to; see `MultiheadAttention`. */
  readonly mask?: Tensor | null;
}

/**
 * Copies of a layer, one after the other, and a norm after the last. As in PyTorch, all begin with the parameters of the layer that is
 * given.
 *
 * @throws ValueError when `numLayers` is no count. Calls: as `MultiheadAttention`.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const layer = new nn.TransformerEncoderLayer(8, 2, 16);
 * const encoder = new nn.TransformerEncoder(layer, 3);
 * console.log(encoder(randn([5, 2, 8])).shape);
 * // [ 5, 2, 8 ]
 * ```
 */
export class TransformerEncoder extends Module {
  /** The layers. */
  layers: ModuleList<EncoderLayer>;
  /** How many there are. */
  readonly numLayers: number;
  /** What comes after the last layer, or null. */
  norm: Norm | null;

  constructor(...args: Args<typeof ENCODER, EncoderTypes>) {
    super();
    const { encoderLayer, numLayers, norm } = bind<typeof ENCODER, EncoderTypes>(ENCODER, args);
    this.layers = copies("TransformerEncoder", encoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm ?? null;
  }

  override forward(...args: Args<typeof ENCODER_CALL, EncoderCallOptions>): Tensor {
    const bound = bind<typeof ENCODER_CALL, EncoderCallOptions>(ENCODER_CALL, args);
    const masks = {
      srcMask: bound.mask,
      srcKeyPaddingMask: bound.srcKeyPaddingMask,
      isCausal: bound.isCausal,
    };
    let x = bound.src;
    for (const layer of this.layers) x = layer(x, masks);
    return this.norm === null ? x : this.norm(x);
  }
}

const DECODER = "TransformerDecoder(decoderLayer: module, numLayers: int, norm?: module)";
const DECODER_CALL =
  "TransformerDecoder(tgt: tensor, memory: tensor, tgtMask?: tensor, memoryMask?: tensor, tgtKeyPaddingMask?: tensor, memoryKeyPaddingMask?: tensor, tgtIsCausal: bool = false, memoryIsCausal: bool = false)";

/**
 * Copies of a layer, one after the other, all of which look at the memory, and a norm after the last. See
 * {@link TransformerEncoder}.
 *
 * @throws as {@link TransformerEncoder}.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const layer = new nn.TransformerDecoderLayer(8, 2, 16);
 * const decoder = new nn.TransformerDecoder(layer, 3);
 * console.log(decoder(randn([4, 2, 8]), randn([5, 2, 8])).shape);
 * // [ 4, 2, 8 ]
 * ```
 */
export class TransformerDecoder extends Module {
  /** The layers. */
  layers: ModuleList<DecoderLayer>;
  /** How many there are. */
  readonly numLayers: number;
  /** What comes after the last layer, or null. */
  norm: Norm | null;

  constructor(...args: Args<typeof DECODER, DecoderTypes>) {
    super();
    const { decoderLayer, numLayers, norm } = bind<typeof DECODER, DecoderTypes>(DECODER, args);
    this.layers = copies("TransformerDecoder", decoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm ?? null;
  }

  override forward(...args: Args<typeof DECODER_CALL, DecoderMasks>): Tensor {
    const { tgt, memory, ...masks } = bind<typeof DECODER_CALL, DecoderMasks>(DECODER_CALL, args);
    let x = tgt;
    for (const layer of this.layers) x = layer(x, memory, masks);
    return this.norm === null ? x : this.norm(x);
  }
}

/** Options of `Transformer`. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** The size of the model. Default 512. */
  readonly dModel?: number;
  /** How many heads there are. Default 8. */
  readonly nhead?: number;
  /** How many layers the encoder has. Default 6. */
  readonly numEncoderLayers?: number;
  /** How many layers the decoder has. Default 6. */
  readonly numDecoderLayers?: number;
  /** In place of the encoder. */
  readonly customEncoder?: Encoder | null;
  /** In place of the decoder. */
  readonly customDecoder?: Decoder | null;
}

type Encoder = Module & ((src: Tensor, masks: EncoderCallOptions) => Tensor);
type Decoder = DecoderLayer;

/** Masks of a call of `Transformer`. */
export interface TransformerMasks extends DecoderMasks {
  /** Which positions of the source each does not attend to. */
  readonly srcMask?: Tensor | null;
  /** Which positions of a source are padding, `[batch, length]`. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** That `srcMask` is causal. Default false. */
  readonly srcIsCausal?: boolean;
}

const TRANSFORMER =
  "Transformer(dModel: int = 512, nhead: int = 8, numEncoderLayers: int = 6, numDecoderLayers: int = 6, dimFeedforward: int = 2048, dropout: number = 0.1, activation: string|function = 'relu', customEncoder?: module, customDecoder?: module, layerNormEps: number = 1e-5, batchFirst: bool = false, normFirst: bool = false, bias: bool = true, *, device?, dtype?)";
const TRANSFORMER_CALL =
  "Transformer(src: tensor, tgt: tensor, srcMask?: tensor, tgtMask?: tensor, memoryMask?: tensor, srcKeyPaddingMask?: tensor, tgtKeyPaddingMask?: tensor, memoryKeyPaddingMask?: tensor, srcIsCausal: bool = false, tgtIsCausal: bool = false, memoryIsCausal: bool = false)";
const SQUARE = "generateSquareSubsequentMask(sz: int, device?, dtype?)";

/**
 * An encoder and a decoder: source `[S, batch, dModel]` and target `[T, batch, dModel]` to `[T, batch, dModel]`. Source: Vaswani et al.,
 * "Attention is all you need" (2017). Matrices start by Xavier's rule, PyTorch's values for the same seed.
 *
 * @throws as {@link TransformerEncoder}; ShapeError also when the sizes of source and target are not `dModel`.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const model = new nn.Transformer(8, 2, 1, 1, 16);
 * const tgtMask = nn.Transformer.generateSquareSubsequentMask(4);
 * console.log(model(randn([5, 2, 8]), randn([4, 2, 8]), { tgtMask }).shape);
 * // [ 4, 2, 8 ]
 * ```
 */
export class Transformer extends Module {
  /** What reads the source. */
  encoder: Encoder;
  /** What reads the target and the encoder's result. */
  decoder: Decoder;
  /** The size of the model. */
  readonly dModel: number;
  /** How many heads there are. */
  readonly nhead: number;
  /** Whether the first dimension of inputs and outputs is the batch. */
  readonly batchFirst: boolean;

  constructor(...args: Args<typeof TRANSFORMER, TransformerOptions>) {
    super();
    const bound = bind<typeof TRANSFORMER, TransformerOptions>(TRANSFORMER, args);
    const { dModel, nhead, numEncoderLayers, numDecoderLayers, customEncoder, customDecoder, ...settings } =
      bound;
    const { dtype, device, layerNormEps: eps, bias, batchFirst } = settings;
    const options = settings as TransformerLayerOptions;
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps, bias, dtype, device });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, options), numEncoderLayers, norm());
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, options), numDecoderLayers, norm());
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = batchFirst;
    this.resetParameters();
  }

  /**
   * A mask under which a position attends to those up to itself: `[sz, sz]`, zeros with -inf above the diagonal.
   */
  static readonly generateSquareSubsequentMask: Callable<typeof SQUARE, Tensor> = callable(
    SQUARE,
    (sz, device, dtype) => full([sz, sz], -Infinity, { device, dtype }).triu(1),
  );

  /** Draws new initial values. */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  override forward(...args: Args<typeof TRANSFORMER_CALL, TransformerMasks>): Tensor {
    const bound = bind<typeof TRANSFORMER_CALL, TransformerMasks>(TRANSFORMER_CALL, args);
    const { src, tgt, srcMask: mask, srcKeyPaddingMask, srcIsCausal: isCausal, ...masks } = bound;
    const sizes = [src, tgt].map((x) => x.shape[x.ndim - 1]);
    const batch = this.batchFirst ? 0 : 1;
    if (
      sizes.some((size) => size !== this.dModel) ||
      (src.ndim === 3 && src.shape[batch] !== tgt.shape[batch])
    )
      throw new ShapeError(
        `Transformer: source and target have as many sequences and the last size dModel ${this.dModel}; got shapes ${quote(src.shape)} and ${quote(tgt.shape)}`,
      );
    return this.decoder(tgt, this.encoder(src, { mask, srcKeyPaddingMask, isCausal }), masks);
  }
}
