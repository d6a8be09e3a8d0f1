import { grad } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { sumRightmost } from "./broadcast.ts";
import { Distribution } from "./distribution.ts";

/**
 * Distributions whose density is `exp(t(x) . theta - F(theta) + k(x))`: of natural parameters theta, sufficient statistics t, a log
 * normalizer F and a carrier measure k. Entropy and divergence follow from F and its derivative.
 *
 * Source: Nielsen and Nock, "Entropies and cross-entropies of exponential families" (2010).
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const normal = new distributions.Normal(0, 1);
 * console.log(normal instanceof distributions.ExponentialFamily);
 * // true
 * ```
 */
export abstract class ExponentialFamily extends Distribution {
  /** The natural parameters. */
  abstract get naturalParams(): readonly Tensor[];

  /** F, of natural parameters. */
  abstract logNormalizer(...naturalParams: readonly Tensor[]): Tensor;

  /** The mean of k, where it is a constant. */
  get meanCarrierMeasure(): number {
    throw this.lacks("entropy: the mean of its carrier measure is no constant");
  }

  override entropy(): Tensor {
    const carrier = this.meanCarrierMeasure;
    // As there, the result is no function of the parameters but through F.
    const params = this.naturalParams.map((x) => x.detach().requiresGrad_());
    const normalizer = this.logNormalizer(...params);
    const slopes = grad(normalizer.sum(), params, { createGraph: true });
    const events = this.eventShape.length;
    return params.reduce(
      (sum, x, i) => sum.sub(sumRightmost(x.mul(slopes[i] as Tensor), events)),
      normalizer.sub(carrier),
    );
  }
}
