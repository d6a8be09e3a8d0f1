/** What PyTorch's constructors would have been given for modules that are there. */
import * as nn from "@flambeau/nn";
import { gelu, linspace, relu, type Tensor } from "@flambeau/tensor";
import { ExportError } from "../errors.ts";
import type { BodyExpr, Hole } from "../hole.ts";
import { floatOf } from "../python/literals.ts";
import { type Arg, atom, attribute } from "../python/tree.ts";

/** Settings by the names of parameters. */
export interface Settings {
  readonly values: Readonly<Record<string, unknown>>;
  /** The class that makes it, where it is another one. */
  readonly as?: string;
  /** What the file has to bring along, where PyTorch 1.13 has no such class. */
  readonly helper?: string;
  /** More arguments. */
  readonly extra?: readonly Arg<Hole>[];
}

type Fields = Readonly<Record<string, unknown>>;
type Child = (module: nn.Module) => BodyExpr;

/** The settings of a module of a class. */
export function settingsOf(module: nn.Module, Kind: string, child: Child): Settings {
  const fields = module as unknown as Fields;
  const values = { ...fieldsOf(fields, module), ...(special[Kind]?.(fields, child) ?? {}) };
  if (Kind.startsWith("Lazy"))
    throw new ExportError(`${Kind} has no sizes before its first call, and the model does not call it`);
  if (/^ZeroPad[13]d$/.test(Kind))
    return { values, as: Kind.replace("Zero", "Constant"), extra: [{ value: floatOf(0) }] };
  // The sums of PyTorch's own keep the square of the first channel.
  if (Kind === "CrossMapLRN2d") return { values: lrnSettings(fields), as: "LocalResponseNorm" };
  if (Kind === "RMSNorm" || Kind === "ChannelShuffle" || Kind.startsWith("CircularPad"))
    return { values, helper: Kind };
  const { elementwiseAffine, bias } = fields;
  if (Kind === "LayerNorm" && elementwiseAffine === true && bias === null)
    return { values, helper: "LayerNormWithoutBias" };
  return { values };
}

/** Fields by the names that PyTorch's parameters have. */
function fieldsOf(fields: Fields, module: nn.Module): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    values[name] = Array.isArray(value) ? collapsed(value) : value;
  }
  if ("bias" in fields && typeof fields.bias !== "boolean") values.bias = fields.bias !== null;
  const dtype = module.parameters()[0]?.dtype;
  if (dtype !== undefined && dtype !== "float32") values.dtype = dtype;
  return values;
}

function lrnSettings({ size, alpha, beta, k }: Fields): Record<string, unknown> {
  const channels = 2 * Math.floor(((size as number) - 1) / 2) + 1;
  return { size: channels, alpha: ((alpha as number) / (size as number)) * channels, beta, k };
}

/** Sizes that are all the same as one. */
function collapsed(sizes: readonly unknown[]): unknown {
  return sizes.length > 0 && sizes.every((size) => size === sizes[0]) ? sizes[0] : sizes;
}

/** What fields do not say by themselves. */
const special: Readonly<Record<string, (fields: Fields, child: Child) => Record<string, unknown>>> = {
  AdaptiveLogSoftmaxWithLoss: ({ cutoffs }) => ({ cutoffs: (cutoffs as number[]).slice(0, -1) }),
  GRUCell: ({ biasIh }) => ({ bias: biasIh !== null }),
  LSTMCell: ({ biasIh }) => ({ bias: biasIh !== null }),
  RNNCell: ({ biasIh }) => ({ bias: biasIh !== null }),
  MultiheadAttention: ({ inProjBias, biasK }) => ({ bias: inProjBias !== null, add_bias_kv: biasK !== null }),
  TransformerEncoderLayer: layerSettings,
  TransformerDecoderLayer: layerSettings,
  TransformerEncoder: ({ layers, norm }, child) => ({
    encoder_layer: child((layers as nn.ModuleList<nn.Module>)[0]),
    norm: norm === null ? null : child(norm as nn.Module),
  }),
  TransformerDecoder: ({ layers, norm }, child) => ({
    decoder_layer: child((layers as nn.ModuleList<nn.Module>)[0]),
    norm: norm === null ? null : child(norm as nn.Module),
  }),
  Transformer: ({ encoder, decoder }, child) => transformerSettings(encoder, decoder, child),
  TripletMarginWithDistanceLoss: ({ distanceFunction }, child) => {
    if (!(distanceFunction instanceof nn.Module))
      throw new ExportError(
        "TripletMarginWithDistanceLoss: a distance that is no module has no name in PyTorch",
      );
    const isUsual = distanceFunction instanceof nn.PairwiseDistance;
    return { distance_function: isUsual ? null : child(distanceFunction) };
  },
  Unflatten: ({ dimension, unflattenedSize }) => ({
    dim: dimension,
    unflattened_size: [...(unflattenedSize as number[])],
  }),
  LayerNorm: normShape,
  RMSNorm: normShape,
};

function normShape({ normalizedShape }: Fields): Record<string, unknown> {
  const shape = normalizedShape as readonly number[];
  return { normalized_shape: shape.length === 1 ? shape[0] : [...shape] };
}

function layerSettings(fields: Fields, child: Child): Record<string, unknown> {
  const { selfAttn, linear1, dropout, norm1 } = fields as unknown as nn.TransformerEncoderLayer;
  if (linear1.bias === null)
    throw new ExportError("a layer of a transformer without bias is newer than PyTorch 1.13");
  return {
    d_model: selfAttn.embedDim,
    nhead: selfAttn.numHeads,
    dim_feedforward: linear1.outFeatures,
    dropout: dropout.p,
    activation: activationOf(fields.activation as (x: Tensor) => Tensor, child),
    layer_norm_eps: norm1.eps,
    batch_first: selfAttn.batchFirst,
  };
}

/** A word for relu and gelu, which are recognized by what they compute, or a module. */
function activationOf(activation: (x: Tensor) => Tensor, child: Child): unknown {
  if (activation instanceof nn.Module) return child(activation);
  const x = linspace(-3, 3, 13);
  const y = activation(x);
  for (const [word, f] of Object.entries({ relu, gelu })) if (y.equal(f(x))) return word;
  for (const word of ["silu", "tanh", "sigmoid", "leakyRelu", "elu", "selu", "mish"] as const)
    if (y.equal(nn.functional[word as "silu"](x)))
      return attribute(
        atom("F"),
        word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      );
  throw new ExportError("the activation of a transformer's layer has no name in PyTorch: make it a module");
}

function transformerSettings(encoder: unknown, decoder: unknown, child: Child): Record<string, unknown> {
  if (!(encoder instanceof nn.TransformerEncoder && decoder instanceof nn.TransformerDecoder))
    throw new ExportError(
      "a Transformer with an encoder or decoder of its own: hold the two in fields instead",
    );
  const [layer] = [...encoder.layers] as nn.TransformerEncoderLayer[];
  return {
    ...layerSettings(layer as unknown as Fields, child),
    norm_first: layer.normFirst,
    num_encoder_layers: encoder.numLayers,
    num_decoder_layers: decoder.numLayers,
  };
}
