import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { alphaDropout, featureAlphaDropout } from "../functional/alpha-dropout.ts";
import { Dropout } from "./dropout.ts";

const ALPHA_DROPOUT = "AlphaDropout(p = 0.5, inplace = false)";

/**
 * Dropout for `SELU`: in training it keeps mean and variance. See `functional.alphaDropout`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(new nn.AlphaDropout()(ones([4])));
 * // tensor([-0.7792, -0.7792,  1.6656, -0.7792])
 * ```
 */
export class AlphaDropout extends Dropout {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ALPHA_DROPOUT>) {
    super(bind(ALPHA_DROPOUT, args));
  }

  override forward(x: Tensor): Tensor {
    // PyTorch's module never writes over its input.
    return alphaDropout(x, this.p, this.training);
  }
}

const FEATURE_ALPHA_DROPOUT = "FeatureAlphaDropout(p = 0.5, inplace = false)";

/**
 * As `AlphaDropout` for whole channels. See `functional.featureAlphaDropout`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(new nn.FeatureAlphaDropout()(ones([1, 2, 2])));
 * // tensor([[[-0.7792, -0.7792],
 * //          [-0.7792, -0.7792]]])
 * ```
 */
export class FeatureAlphaDropout extends Dropout {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof FEATURE_ALPHA_DROPOUT>) {
    super(bind(FEATURE_ALPHA_DROPOUT, args));
  }

  override forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, this.p, this.training);
  }
}
