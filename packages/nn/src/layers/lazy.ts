import { ShapeError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { become, resize } from "./become.ts";
import { Linear, type LinearOptions } from "./linear.ts";

const LAZY_LINEAR = "LazyLinear(outFeatures: int, bias: bool = true, *, device?, dtype?)";

/**
 * A `Linear` that takes `inFeatures` from its first input, draws its initial values then, and is a `Linear` from then on. Its parameters
 * stay the same objects.
 *
 * @throws ValueError when a size is no integer from 0.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyLinear(2);
 * console.log(String(layer));
 * // LazyLinear(in_features=0, out_features=2, bias=True)
 * layer(zeros([4, 3]));
 * console.log(String(layer));
 * // Linear(in_features=3, out_features=2, bias=True)
 * ```
 */
export class LazyLinear extends Linear {
  constructor(...args: Args<typeof LAZY_LINEAR, LinearOptions>) {
    const { outFeatures, bias, device, dtype } = bind<typeof LAZY_LINEAR, LinearOptions>(LAZY_LINEAR, args);
    super(0, outFeatures, { bias, device, dtype });
  }

  override resetParameters(): void {
    if (this.inFeatures !== 0) super.resetParameters();
  }

  override forward(x: Tensor): Tensor {
    const inFeatures = x.shape[x.ndim - 1];
    if (x.ndim === 0) throw new ShapeError("LazyLinear takes an input [..., features]; got a scalar");
    resize(this.weight, [this.outFeatures, inFeatures]);
    become(this, Linear, { inFeatures });
    this.resetParameters();
    return this.forward(x);
  }
}
