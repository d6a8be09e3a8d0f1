import { type DType, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, empty, linear, type Tensor } from "@flambeau/tensor";
import { uniform_ } from "../init/index.ts";
import { drawWeight } from "../init/layer-weight.ts";
import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

/** Options of `Linear`. */
export interface LinearOptions {
  /** Add a learned vector. Default true. */
  readonly bias?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

const LINEAR = "Linear(inFeatures: int, outFeatures: int, bias: bool = true, *, device?, dtype?)";

/**
 * `x @ weight.T + bias`: `[..., inFeatures]` to `[..., outFeatures]`. Weight and bias start uniform within
 * `1 / sqrt(inFeatures)`, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size is no integer from 0. Calls: ShapeError when the input's last size is not `inFeatures`.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * const layer = new nn.Linear(2, 1);
 * console.log(String(layer(ones([1, 2])).detach()));
 * // tensor([[-0.2080]])
 * ```
 */
export class Linear extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The last size of the input. */
  readonly inFeatures: number;
  /** The last size of the result. */
  readonly outFeatures: number;
  /** What inputs are multiplied by: `[outFeatures, inFeatures]`. */
  weight: Parameter;
  /** What is added: `[outFeatures]`, or null. */
  bias: Parameter | null;

  constructor(...args: Args<typeof LINEAR, LinearOptions>) {
    super();
    const { inFeatures, outFeatures, bias, dtype, device } = bind<typeof LINEAR, LinearOptions>(LINEAR, args);
    for (const size of [inFeatures, outFeatures]) {
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError(`Linear takes numbers of features; got ${quote(size)}`);
    }
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, inFeatures], { dtype, device }));
    this.bias = bias ? new Parameter(empty([outFeatures], { dtype, device })) : null;
    this.resetParameters();
  }

  /** Draws new initial values. */
  resetParameters(): void {
    drawWeight(this.weight);
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${boolText(this.bias !== null)}`;
  }
}
