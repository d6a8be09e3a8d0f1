import { noGrad } from "@flambeau/autograd";
import { ArgumentError, type DType, ValueError } from "@flambeau/backend";
import { describeValue, ones, Tensor, zeros } from "@flambeau/tensor";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText } from "../module/text.ts";
import { Buffer, Parameter } from "../parameter.ts";

/** Options of norms that treat each channel by itself. */
export interface ChannelNormOptions {
  /** Added to variances. Default 1e-5. */
  readonly eps?: number;
  /** How much of the running statistics a batch replaces. Default 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and an addend for each channel. */
  readonly affine?: boolean;
  /** Keep running statistics and use them in evaluation mode. */
  readonly trackRunningStats?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** What a channel norm is made of. */
export interface ChannelNormArguments {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  readonly dtype: DType | undefined;
  readonly device: string | undefined;
}

/** What batch norm and instance norm share: PyTorch's _NormBase. */
export abstract class ChannelNorm extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = {
    runningMean: "running_mean",
    runningVar: "running_var",
    numBatchesTracked: "num_batches_tracked",
  };
  /** How many channels inputs have. */
  readonly numFeatures: number;
  /** What is added to variances. */
  readonly eps: number;
  /** How much of the running statistics a batch replaces. */
  momentum: number | null;
  /** Whether there is a learned scale and shift for each channel. */
  readonly affine: boolean;
  /** Whether there are running statistics. */
  readonly trackRunningStats: boolean;
  /** A factor for each channel, or null. */
  weight: Parameter | null;
  /** An addend for each channel, or null. */
  bias: Parameter | null;
  /** The running mean of each channel, or null. */
  runningMean: Buffer | null;
  /** The running variance of each channel, or null. */
  runningVar: Buffer | null;
  /** How many batches have been seen, int64. */
  numBatchesTracked: Buffer | null;

  constructor({
    numFeatures,
    eps,
    momentum,
    affine,
    trackRunningStats,
    dtype,
    device,
  }: ChannelNormArguments) {
    super();
    if (!Number.isInteger(numFeatures) || numFeatures < this.leastFeatures())
      throw new ValueError(`${nameOf(this)} takes a number of channels; got ${numFeatures}`);
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    const shape = [numFeatures];
    this.weight = affine ? new Parameter(ones(shape, { dtype, device })) : null;
    this.bias = affine ? new Parameter(zeros(shape, { dtype, device })) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros(shape, { dtype, device })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones(shape, { dtype, device })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int64", device })) : null;
  }

  /** The least number of channels: none where they are found at the first call. */
  protected leastFeatures(): number {
    return 1;
  }

  /** Sets the running statistics to mean zero and variance one. */
  resetRunningStats(): void {
    this.runningMean?.zero_();
    this.runningVar?.fill_(1);
    this.numBatchesTracked?.zero_();
  }

  /** Sets factors to one and addends to zero, and resets the running statistics. */
  resetParameters(): void {
    this.resetRunningStats();
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }

  override extraRepr(): string {
    const momentum = this.momentum === null ? "None" : floatText(this.momentum);
    return `${this.numFeatures}, eps=${floatText(this.eps)}, momentum=${momentum}, affine=${boolText(this.affine)}, track_running_stats=${boolText(this.trackRunningStats)}`;
  }
}

/** @throws ArgumentError when something is no tensor. */
export function checkTensor(what: string, x: unknown): void {
  if (!(x instanceof Tensor)) throw new ArgumentError(`${what} takes a tensor; got ${describeValue(x)}`);
}
