/**
 * Neural network modules, losses, their functional forms and initializers.
 *
 * @module
 */

export { KeyValueCache } from "./attention/key-value-cache.ts";
export {
  type AttentionCallOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./attention/multihead-attention.ts";
export * from "./attention/transformer.ts";
export * from "./attention/transformer-layers.ts";
export * from "./containers/module-dict.ts";
export * from "./containers/module-list.ts";
export { ParameterDict } from "./containers/parameter-dict.ts";
export * from "./containers/parameter-list.ts";
export * from "./containers/sequential.ts";
export { deepcopy } from "./deepcopy.ts";
export * as functional from "./functional/index.ts";
export * as F from "./functional/index.ts";
export type { LossOptions, Reduction } from "./functional/reduction.ts";
export * as init from "./init/index.ts";
export * from "./layers/activations.ts";
export * from "./layers/adaptive-max.ts";
export * from "./layers/alpha-dropout.ts";
export * from "./layers/batch-norm.ts";
export { Bilinear } from "./layers/bilinear.ts";
export { Conv1d, type Conv1dOptions, Conv2d, type Conv2dOptions } from "./layers/conv.ts";
export * from "./layers/conv-transpose.ts";
export { Conv3d } from "./layers/conv3d.ts";
export { CrossMapLRN2d } from "./layers/cross-map-lrn.ts";
export * from "./layers/dropout.ts";
export * from "./layers/embedding.ts";
export { EmbeddingBag } from "./layers/embedding-bag.ts";
export { Fold, Unfold } from "./layers/fold.ts";
export { FractionalMaxPool2d, FractionalMaxPool3d } from "./layers/fractional-max.ts";
export * from "./layers/hard.ts";
export * from "./layers/instance-norm.ts";
export * from "./layers/lazy.ts";
export * from "./layers/lazy-conv.ts";
export * from "./layers/lazy-norm.ts";
export * from "./layers/linear.ts";
export { LocalResponseNorm } from "./layers/local-response.ts";
export * from "./layers/lp-pool.ts";
export * from "./layers/norm.ts";
export {
  ConstantPad1d,
  ConstantPad2d,
  type Padding1d,
  type Padding2d,
  type Padding3d,
  ReflectionPad1d,
  ReflectionPad2d,
  ReplicationPad1d,
  ReplicationPad2d,
  ZeroPad2d,
} from "./layers/pad.ts";
export * from "./layers/pads.ts";
export * from "./layers/pooling.ts";
export * from "./layers/pooling-3d.ts";
export { RMSNorm } from "./layers/rms-norm.ts";
export { RReLU } from "./layers/rrelu.ts";
export * from "./layers/shape.ts";
export * from "./layers/shuffle.ts";
export * from "./layers/soft.ts";
export * from "./layers/softmax.ts";
export { Softmax2d } from "./layers/softmax2d.ts";
export * from "./layers/unpool.ts";
export * from "./layers/upsample.ts";
export { type AdaptiveLogSoftmax, AdaptiveLogSoftmaxWithLoss } from "./losses/adaptive.ts";
export * from "./losses/binary.ts";
export * from "./losses/classification.ts";
export * from "./losses/ctc.ts";
export * from "./losses/likelihood.ts";
export { Loss } from "./losses/loss.ts";
export * from "./losses/margins.ts";
export * from "./losses/multi-label.ts";
export * from "./losses/regression.ts";
export type { BackwardHook, BackwardPreHook, Gradients, HookResult } from "./module/backward-hooks.ts";
export type { ToTarget } from "./module/convert.ts";
export type { ForwardHook, ForwardPreHook, HookOptions } from "./module/hooks.ts";
export type { Named } from "./module/members.ts";
export { type ListOptions, Module, type NamedListOptions } from "./module/module.ts";
export {
  type LoadOptions,
  type LoadResult,
  type Mismatch,
  type StateDict,
  StateDictError,
  type StateDictOptions,
} from "./module/state-dict.ts";
export * from "./parameter.ts";
export type { RecurrentOptions } from "./recurrent/base.ts";
export { type CellOptions, GRUCell, LSTMCell, RNNCell, type RNNCellOptions } from "./recurrent/cells.ts";
export { GRU, LSTM, type LSTMOptions, type LSTMState, RNN, type RNNOptions } from "./recurrent/layers.ts";
export * as swaUtils from "./swa-utils/index.ts";
export * as utils from "./utils/index.ts";
