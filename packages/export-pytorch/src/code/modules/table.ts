/**
 * Constructors of PyTorch's modules: parameters in its order with its defaults, as far as Flambeau's modules have them.
 * Source: PyTorch 1.13, torch/nn/modules; of modules that are newer, PyTorch 2.4.
 */
const conv =
  "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', dtype";
const convTranspose =
  "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, dtype";
const batchNorm = "num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, dtype";
const instanceNorm = "num_features, eps=1e-5, momentum=0.1, affine=False, track_running_stats=False, dtype";
const maxPool =
  "kernel_size, stride=kernel_size, padding=0, dilation=1, return_indices=False, ceil_mode=False";
const avgPool = "kernel_size, stride=kernel_size, padding=0, ceil_mode=False, count_include_pad=True";
const fractional = "kernel_size, output_size=None, output_ratio=None, return_indices=False";
const lpPool = "norm_type, kernel_size, stride=None, ceil_mode=False";
const unpool = "kernel_size, stride=kernel_size, padding=0";
const dropout = "p, inplace=False";
const recurrent = "batch_first=False, dropout=0, bidirectional=False";
const cell = "input_size, hidden_size, bias=True";
const layer =
  "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-5, batch_first=False, norm_first=False, dtype";
const interpolated = "size=None, scale_factor=None";

/** The parameters of each class; `dtype` of those that have parameters. */
export const constructors: Readonly<Record<string, string>> = {
  AdaptiveAvgPool1d: "output_size",
  AdaptiveAvgPool2d: "output_size",
  AdaptiveAvgPool3d: "output_size",
  AdaptiveLogSoftmaxWithLoss: "in_features, n_classes, cutoffs, div_value=4, head_bias=False, dtype",
  AdaptiveMaxPool1d: "output_size, return_indices=False",
  AdaptiveMaxPool2d: "output_size, return_indices=False",
  AdaptiveMaxPool3d: "output_size, return_indices=False",
  AlphaDropout: dropout,
  AvgPool1d: avgPool,
  AvgPool2d: `${avgPool}, divisor_override=None`,
  AvgPool3d: `${avgPool}, divisor_override=None`,
  BCELoss: "weight=None, reduction='mean'",
  BCEWithLogitsLoss: "weight=None, reduction='mean', pos_weight=None",
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  Bilinear: "in1_features, in2_features, out_features, bias=True, dtype",
  CELU: "alpha=1, inplace=False",
  CTCLoss: "blank=0, reduction='mean', zero_infinity=False",
  ChannelShuffle: "groups",
  CircularPad1d: "padding",
  CircularPad2d: "padding",
  CircularPad3d: "padding",
  ConstantPad1d: "padding, value",
  ConstantPad2d: "padding, value",
  ConstantPad3d: "padding, value",
  Conv1d: conv,
  Conv2d: conv,
  Conv3d: conv,
  ConvTranspose1d: convTranspose,
  ConvTranspose2d: convTranspose,
  ConvTranspose3d: convTranspose,
  CosineEmbeddingLoss: "margin=0, reduction='mean'",
  CosineSimilarity: "dim=1, eps=1e-8",
  CrossEntropyLoss: "weight=None, ignore_index=-100, reduction='mean', label_smoothing=0",
  CrossMapLRN2d: "size, alpha=1e-4, beta=0.75, k=1",
  Dropout: dropout,
  Dropout1d: dropout,
  Dropout2d: dropout,
  Dropout3d: dropout,
  ELU: "alpha=1, inplace=False",
  Embedding:
    "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, dtype",
  EmbeddingBag:
    "num_embeddings, embedding_dim, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', include_last_offset=False, padding_idx=None, dtype",
  FeatureAlphaDropout: dropout,
  Flatten: "start_dim=1, end_dim=-1",
  Fold: "output_size, kernel_size, dilation=1, padding=0, stride=1",
  FractionalMaxPool2d: fractional,
  FractionalMaxPool3d: fractional,
  GELU: "approximate='none'",
  GLU: "dim=-1",
  GRU: `input_size, hidden_size, num_layers=1, bias=True, ${recurrent}, dtype`,
  GRUCell: `${cell}, dtype`,
  GaussianNLLLoss: "full=False, eps=1e-6, reduction='mean'",
  GroupNorm: "num_groups, num_channels, eps=1e-5, affine=True, dtype",
  Hardshrink: "lambd=0.5",
  Hardsigmoid: "inplace=False",
  Hardswish: "inplace=False",
  Hardtanh: "min_val=-1, max_val=1, inplace=False",
  HingeEmbeddingLoss: "margin=1, reduction='mean'",
  HuberLoss: "reduction='mean', delta=1",
  Identity: "",
  InstanceNorm1d: instanceNorm,
  InstanceNorm2d: instanceNorm,
  InstanceNorm3d: instanceNorm,
  KLDivLoss: "reduction='mean', log_target=False",
  L1Loss: "reduction='mean'",
  LPPool1d: lpPool,
  LPPool2d: lpPool,
  LSTM: `input_size, hidden_size, num_layers=1, bias=True, ${recurrent}, proj_size=0, dtype`,
  LSTMCell: `${cell}, dtype`,
  LayerNorm: "normalized_shape, eps=1e-5, elementwise_affine=True, dtype",
  LeakyReLU: "negative_slope=0.01, inplace=False",
  Linear: "in_features, out_features, bias=True, dtype",
  LocalResponseNorm: "size, alpha=1e-4, beta=0.75, k=1",
  LogSigmoid: "",
  LogSoftmax: "dim=None",
  MSELoss: "reduction='mean'",
  MarginRankingLoss: "margin=0, reduction='mean'",
  MaxPool1d: maxPool,
  MaxPool2d: maxPool,
  MaxPool3d: maxPool,
  MaxUnpool1d: unpool,
  MaxUnpool2d: unpool,
  MaxUnpool3d: unpool,
  Mish: "inplace=False",
  MultiLabelMarginLoss: "reduction='mean'",
  MultiLabelSoftMarginLoss: "weight=None, reduction='mean'",
  MultiMarginLoss: "p=1, margin=1, weight=None, reduction='mean'",
  MultiheadAttention:
    "embed_dim, num_heads, dropout=0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=embed_dim, vdim=embed_dim, batch_first=False, dtype",
  NLLLoss: "weight=None, ignore_index=-100, reduction='mean'",
  PReLU: "num_parameters=1, dtype",
  PairwiseDistance: "p=2, eps=1e-6, keepdim=False",
  PixelShuffle: "upscale_factor",
  PixelUnshuffle: "downscale_factor",
  PoissonNLLLoss: "log_input=True, full=False, eps=1e-8, reduction='mean'",
  RMSNorm: "normalized_shape, eps=None, elementwise_affine=True, dtype",
  RNN: `input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, ${recurrent}, dtype`,
  RNNCell: `${cell}, nonlinearity='tanh', dtype`,
  RReLU: "lower=0.125, upper=0.3333333333333333, inplace=False",
  ReLU: "inplace=False",
  ReLU6: "inplace=False",
  ReflectionPad1d: "padding",
  ReflectionPad2d: "padding",
  ReflectionPad3d: "padding",
  ReplicationPad1d: "padding",
  ReplicationPad2d: "padding",
  ReplicationPad3d: "padding",
  SELU: "inplace=False",
  SiLU: "inplace=False",
  Sigmoid: "",
  SmoothL1Loss: "reduction='mean', beta=1",
  SoftMarginLoss: "reduction='mean'",
  Softmax: "dim=None",
  Softmax2d: "",
  Softmin: "dim=None",
  Softplus: "beta=1, threshold=20",
  Softshrink: "lambd=0.5",
  Softsign: "",
  Tanh: "",
  Tanhshrink: "",
  Threshold: "threshold, value, inplace=False",
  Transformer:
    "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-5, batch_first=False, norm_first=False, dtype",
  TransformerDecoder: "decoder_layer, num_layers, norm=None",
  TransformerDecoderLayer: layer,
  TransformerEncoder: "encoder_layer, num_layers, norm=None",
  TransformerEncoderLayer: layer,
  TripletMarginLoss: "margin=1, p=2, eps=1e-6, swap=False, reduction='mean'",
  TripletMarginWithDistanceLoss: "distance_function=None, margin=1, swap=False, reduction='mean'",
  Unflatten: "dim, unflattened_size",
  Unfold: "kernel_size, dilation=1, padding=0, stride=1",
  Upsample: `${interpolated}, mode='nearest', align_corners=None, recompute_scale_factor=None`,
  UpsamplingBilinear2d: interpolated,
  UpsamplingNearest2d: interpolated,
  ZeroPad1d: "padding",
  ZeroPad2d: "padding",
  ZeroPad3d: "padding",
};

/** A parameter of a constructor. */
export interface Parameter {
  readonly name: string;
  /** What PyTorch takes where it is left out; undefined where it has to be given. */
  readonly initial: unknown;
  /** Of which parameter it takes the value where it is left out. */
  readonly sameAs: string | undefined;
}

/** The parameters of a class; undefined where there is no such class. */
export function parametersOf(name: string): readonly Parameter[] | undefined {
  const list = Object.hasOwn(constructors, name) ? constructors[name] : undefined;
  return list
    ?.split(", ")
    .filter((text) => text !== "")
    .map((text) => {
      const [, parameter, value] = /^(\w+)(?:=(.+))?$/.exec(text) as RegExpExecArray;
      const sameAs = value !== undefined && /^[a-z_]+$/.test(value) ? value : undefined;
      return { name: parameter, sameAs, initial: sameAs === undefined ? read(value) : undefined };
    });
}

function read(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  if (value === "None") return null;
  if (value === "True" || value === "False") return value === "True";
  return value.startsWith("'") ? value.slice(1, -1) : Number(value);
}
