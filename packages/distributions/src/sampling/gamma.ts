/** Samples through which gradients reach the parameters: what the distribution below a sample is stays. */
import { AutogradFunction, type FunctionContext } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { limitsOf } from "../float-limits.ts";
import { onHost } from "../host.ts";
import { dirichletSlope } from "./dirichlet-values.ts";
import { gammaSlope, type Round, sampleGamma } from "./gamma-values.ts";
import { streamFor } from "./stream.ts";

const asIs: Round = (x) => x;

/** Its derivative is not differentiable again, as in PyTorch. */
class StandardGamma extends AutogradFunction {
  static override forward(ctx: FunctionContext, alpha: Tensor): Tensor {
    const stream = streamFor(alpha);
    const round = alpha.dtype === "float64" ? asIs : Math.fround;
    const { tiny } = limitsOf(alpha.dtype);
    const sample = onHost([alpha], alpha.shape, ([alphas], out) => {
      for (let i = 0; i < out.length; i++) out[i] = Math.max(tiny, sampleGamma(stream, alphas[i], round));
    });
    ctx.saveForBackward(alpha, sample);
    return sample;
  }
  static override backward(ctx: FunctionContext, g: Tensor): Tensor {
    const [alpha, sample] = ctx.savedTensors;
    const slope = onHost([alpha, sample], alpha.shape, ([alphas, samples], out) => {
      for (let i = 0; i < out.length; i++) out[i] = gammaSlope(alphas[i], samples[i]);
    });
    return g.mul(slope);
  }
}

/** Samples of gamma distributions of scale 1, one for each element of `alpha`. */
export function standardGamma(alpha: Tensor): Tensor {
  return StandardGamma.apply(alpha) as Tensor;
}

class SampleDirichlet extends AutogradFunction {
  static override forward(ctx: FunctionContext, alpha: Tensor): Tensor {
    const stream = streamFor(alpha);
    const { tiny, eps } = limitsOf(alpha.dtype);
    const n = alpha.shape[alpha.ndim - 1];
    const sample = onHost([alpha], alpha.shape, ([alphas], out) => {
      // In double precision whatever the dtype, as in PyTorch, so that small ones do not vanish.
      for (let i = 0; i < out.length; i++)
        out[i] = Math.max(limitsOf("float64").tiny, sampleGamma(stream, alphas[i], asIs));
      for (let start = 0; start < out.length; start += n) {
        let sum = 0;
        for (let i = start; i < start + n; i++) sum += out[i];
        // Neither 0 nor 1.
        for (let i = start; i < start + n; i++) out[i] = Math.min(1 - eps / 2, Math.max(tiny, out[i] / sum));
      }
    });
    ctx.saveForBackward(alpha, sample);
    return sample;
  }
  static override backward(ctx: FunctionContext, g: Tensor): Tensor {
    const [alpha, sample] = ctx.savedTensors;
    const n = alpha.shape[alpha.ndim - 1];
    const slope = onHost([alpha, sample], alpha.shape, ([alphas, samples], out) => {
      for (let start = 0; start < out.length; start += n) {
        let total = 0;
        for (let i = start; i < start + n; i++) total += alphas[i];
        for (let i = start; i < start + n; i++) out[i] = dirichletSlope(samples[i], alphas[i], total);
      }
    });
    return slope.mul(g.sub(sample.mul(g).sum(-1, true)));
  }
}

/** Samples of Dirichlet distributions, whose parameters lie along the last dimension. */
export function sampleDirichlet(alpha: Tensor): Tensor {
  return SampleDirichlet.apply(alpha) as Tensor;
}

class Floor extends AutogradFunction {
  static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
    return x.clampMin(limitsOf(x.dtype).tiny);
  }
  static override backward(_ctx: FunctionContext, g: Tensor): Tensor {
    return g;
  }
}

/** No element below the smallest positive number; the gradient is as if it had been so before. */
export function flooredToTiny(x: Tensor): Tensor {
  return Floor.apply(x) as Tensor;
}
