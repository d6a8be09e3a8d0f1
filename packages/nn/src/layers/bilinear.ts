import { type DType, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, empty, type Tensor } from "@flambeau/tensor";
import { bilinear } from "../functional/bilinear.ts";
import { uniform_ } from "../init/index.ts";
import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

interface Types {
  /** Add a learned number to each output. Default true. */
  readonly bias?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

const BILINEAR =
  "Bilinear(in1Features: int, in2Features: int, outFeatures: int, bias: bool = true, *, device?, dtype?)";

/**
 * `x1 * A * x2 + bias` with a learned matrix A for each output. Weight and bias start uniform within `1 / sqrt(in1Features)`,
 * PyTorch's values for the same seed.
 *
 * @throws ValueError when a size is no integer from 1.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.Bilinear(3, 4, 2);
 * console.log(layer(zeros([5, 3]), zeros([5, 4])).shape.join());
 * // 5,2
 * ```
 */
export class Bilinear extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The last size of the first input. */
  readonly in1Features: number;
  /** The last size of the second input. */
  readonly in2Features: number;
  /** The last size of the result. */
  readonly outFeatures: number;
  /** `[outFeatures, in1Features, in2Features]`. */
  weight: Parameter;
  /** `[outFeatures]`, or null. */
  bias: Parameter | null;

  constructor(...args: Args<typeof BILINEAR, Types>) {
    super();
    const {
      in1Features,
      in2Features,
      outFeatures,
      bias = true,
      dtype,
      device,
    } = bind<typeof BILINEAR, Types>(BILINEAR, args);
    for (const size of [in1Features, in2Features, outFeatures]) {
      if (!Number.isInteger(size) || size < 1)
        throw new ValueError(`Bilinear takes sizes from 1; got ${quote(size)}`);
    }
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features], { dtype, device }));
    this.bias = bias ? new Parameter(empty([outFeatures], { dtype, device })) : null;
    this.resetParameters();
  }

  /** Draws new initial values. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor, y: Tensor): Tensor {
    return bilinear(x, y, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}, bias=${boolText(this.bias !== null)}`;
  }
}
