/** Divergences of distributions of different families. */

import { digamma, gammaln } from "@flambeau/special";
import { full, type Tensor, where } from "@flambeau/tensor";
import { Bernoulli } from "../bernoulli.ts";
import { Beta } from "../beta.ts";
import { Binomial } from "../binomial.ts";
import { ContinuousBernoulli } from "../continuous-bernoulli.ts";
import type { Distribution } from "../distribution.ts";
import { Exponential } from "../exponential.ts";
import { Gamma } from "../gamma.ts";
import { EULER, Gumbel } from "../gumbel.ts";
import { Laplace } from "../laplace.ts";
import { Normal } from "../normal.ts";
import { Pareto } from "../pareto.ts";
import { Poisson } from "../poisson.ts";
import { Uniform } from "../uniform.ts";
import { type DistributionClass, type Pair, pair } from "./pair.ts";

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** The first has values that the second has not. */
function infinite(p: Distribution): Tensor {
  const { dtype, device } = p.anchor as Tensor;
  return full(p.batchShape, Infinity, { dtype, device });
}

/** `-E[log q]` of a gamma distribution, by the means of x and log x under another. */
function crossOfGamma({ concentration, rate }: Gamma, mean: Tensor, meanLog: Tensor): Tensor {
  return gammaln(concentration)
    .sub(concentration.mul(rate.log()))
    .sub(concentration.sub(1).mul(meanLog))
    .add(rate.mul(mean));
}

/** `-E[log q]` of a normal distribution, by mean and variance of another. */
function crossOfNormal({ loc, scale }: Normal, mean: Tensor, variance: Tensor): Tensor {
  const spread = variance.add(mean.sub(loc).square()).div(scale.square());
  return spread.add(LOG_TWO_PI).mul(0.5).add(scale.log());
}

function xLogX(x: Tensor): Tensor {
  return x.mul(x.log());
}

/** The mean of log x of numbers between two bounds. */
function meanLog(low: Tensor, high: Tensor): Tensor {
  return xLogX(high).sub(xLogX(low)).div(high.sub(low)).sub(1);
}

function meanLogOfBeta({ concentration1, concentration0 }: Beta): Tensor {
  return digamma(concentration1).sub(digamma(concentration1.add(concentration0)));
}

/** A cross entropy less the entropy. */
function less(cross: Tensor, p: Distribution): Tensor {
  return cross.sub(p.entropy());
}

const fromBeta = (): readonly Pair[] => [
  pair(Beta, ContinuousBernoulli, (p, q) =>
    less(p.mean.mul(q.logits).add(q.probs.neg().log1p()).add(q.logNorm).neg(), p),
  ),
  pair(Beta, Pareto, infinite),
  pair(Beta, Exponential, (p, q) => less(q.rate.mul(p.mean).sub(q.rate.log()), p)),
  pair(Beta, Gamma, (p, q) => less(crossOfGamma(q, p.mean, meanLogOfBeta(p)), p)),
  pair(Beta, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
  pair(Beta, Uniform, (p, q) =>
    where(q.low.gt(0).logicalOr(q.high.lt(1)), Infinity, less(q.high.sub(q.low).log(), p)),
  ),
];

const fromContinuousBernoulli = (): readonly Pair[] => [
  pair(ContinuousBernoulli, Pareto, infinite),
  pair(ContinuousBernoulli, Exponential, (p, q) => less(q.rate.mul(p.mean).sub(q.rate.log()), p)),
  pair(ContinuousBernoulli, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
  // PyTorch's, whose conditions are the other way round than for Beta.
  pair(ContinuousBernoulli, Uniform, (p, q) =>
    where(q.low.ge(0).logicalOr(q.high.le(1)), Infinity, less(q.high.sub(q.low).log(), p)),
  ),
];

function exponentialFromGumbel(p: Exponential, q: Gumbel): Tensor {
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  return product
    .log()
    .sub(1)
    .sub(ratio)
    .add(ratio.exp().mul(product).div(product.add(1)))
    .add(product.reciprocal());
}

const fromExponential = (): readonly Pair[] => [
  pair(Exponential, Gamma, (p, q) => {
    const ratio = q.rate.div(p.rate);
    return ratio
      .sub(q.concentration.mul(ratio.log()))
      .add(gammaln(q.concentration))
      .add(q.concentration.mul(EULER))
      .sub(1 + EULER);
  }),
  pair(Exponential, Gumbel, exponentialFromGumbel),
  pair(Exponential, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
];

function gammaFromGumbel(p: Gamma, q: Gumbel): Tensor {
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  const { concentration } = p;
  const power = product.reciprocal().add(1).pow(concentration.neg());
  return concentration
    .sub(1)
    .mul(digamma(concentration))
    .sub(gammaln(concentration))
    .sub(concentration)
    .add(product.log())
    .add(concentration.div(product))
    .add(ratio.exp().mul(power))
    .sub(ratio);
}

const fromGamma = (): readonly Pair[] => [
  pair(Gamma, Exponential, (p, q) => less(q.rate.mul(p.mean).sub(q.rate.log()), p)),
  pair(Gamma, Gumbel, gammaFromGumbel),
  pair(Gamma, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
];

function normalFromGumbel(p: Normal, q: Gumbel): Tensor {
  const mean = p.loc.div(q.scale);
  const variance = p.scale.div(q.scale).square();
  const loc = q.loc.div(q.scale);
  return mean
    .sub(loc)
    .sub(variance.log().mul(0.5))
    .add(loc.sub(mean).add(variance.mul(0.5)).exp())
    .sub(0.5 * (1 + LOG_TWO_PI));
}

function normalFromLaplace(p: Normal, q: Laplace): Tensor {
  const difference = p.loc.sub(q.loc);
  const standard = difference.div(p.scale);
  const density = p.scale.mul(Math.sqrt(2 / Math.PI)).mul(standard.square().mul(-0.5).exp());
  const distance = density.add(difference.mul(standard.mul(Math.SQRT1_2).erf()));
  return distance
    .div(q.scale)
    .sub(p.scale.div(q.scale).log())
    .sub(0.5 * (1 + Math.log(0.5 * Math.PI)));
}

const fromReals = (): readonly Pair[] => [
  pair(Gumbel, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
  pair(Laplace, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
  pair(Normal, Gumbel, normalFromGumbel),
  pair(Normal, Laplace, normalFromLaplace),
];

/** The mean of log x. */
function meanLogOfPareto({ scale, alpha }: Pareto): Tensor {
  return scale.log().add(alpha.reciprocal());
}

const fromPareto = (): readonly Pair[] => [
  pair(Pareto, Exponential, (p, q) => {
    const mean = p.alpha.mul(p.scale).div(p.alpha.sub(1));
    return where(p.alpha.le(1), Infinity, less(q.rate.mul(mean).sub(q.rate.log()), p));
  }),
  pair(Pareto, Gamma, (p, q) => {
    const mean = p.alpha.mul(p.scale).div(p.alpha.sub(1));
    return where(p.alpha.le(1), Infinity, less(crossOfGamma(q, mean, meanLogOfPareto(p)), p));
  }),
  pair(Pareto, Normal, (p, q) => {
    const part = p.scale.div(p.alpha.sub(1));
    const variance = p.alpha.mul(part.square()).div(p.alpha.sub(2));
    return where(p.alpha.le(2), Infinity, less(crossOfNormal(q, p.alpha.mul(part), variance), p));
  }),
];

function uniformFromBeta(p: Uniform, q: Beta): Tensor {
  const { concentration1, concentration0 } = q;
  const [low, high] = [p.low.rsub(1), p.high.rsub(1)];
  const ones = concentration1.sub(1).mul(meanLog(p.low, p.high));
  const zeros = concentration0.sub(1).mul(meanLog(high, low));
  const logBeta = gammaln(concentration1)
    .add(gammaln(concentration0))
    .sub(gammaln(concentration1.add(concentration0)));
  const finite = less(logBeta.sub(ones).sub(zeros), p);
  return where(p.high.gt(1).logicalOr(p.low.lt(0)), Infinity, finite);
}

function uniformFromGumbel(p: Uniform, q: Gumbel): Tensor {
  const width = q.scale.div(p.high.sub(p.low));
  const high = p.high.sub(q.loc).div(q.scale);
  const low = p.low.sub(q.loc).div(q.scale);
  return width
    .log()
    .add(high.add(low).mul(0.5))
    .sub(width.mul(high.neg().exp().sub(low.neg().exp())));
}

const fromUniform = (): readonly Pair[] => [
  pair(Uniform, Beta, uniformFromBeta),
  pair(Uniform, ContinuousBernoulli, (p, q) => {
    const cross = p.mean.mul(q.logits).add(q.probs.neg().log1p()).add(q.logNorm).neg();
    return where(p.high.ge(1).logicalOr(p.low.le(0)), Infinity, less(cross, p));
  }),
  pair(Uniform, Exponential, (p, q) =>
    where(p.low.lt(0), Infinity, less(q.rate.mul(p.mean).sub(q.rate.log()), p)),
  ),
  pair(Uniform, Gamma, (p, q) =>
    where(p.low.lt(0), Infinity, less(crossOfGamma(q, p.mean, meanLog(p.low, p.high)), p)),
  ),
  pair(Uniform, Gumbel, uniformFromGumbel),
  pair(Uniform, Normal, (p, q) => less(crossOfNormal(q, p.mean, p.variance), p)),
  pair(Uniform, Pareto, (p, q) => {
    const cross = q.alpha
      .add(1)
      .mul(meanLog(p.low, p.high))
      .sub(q.alpha.mul(q.scale.pow(q.alpha)).log());
    return where(p.low.lt(q.scale), Infinity, less(cross, p));
  }),
];

/** The first has values outside the second's support. */
function infinitePairs(): readonly Pair[] {
  const bounded: readonly DistributionClass[] = [Beta, ContinuousBernoulli, Pareto, Uniform];
  const half: readonly DistributionClass[] = [...bounded, Exponential, Gamma];
  return [
    ...[Exponential, Gamma].flatMap((p) => bounded.map((q): Pair => [p, q, infinite])),
    ...[Gumbel, Laplace, Normal].flatMap((p) => half.map((q): Pair => [p, q, infinite])),
    ...[Beta, ContinuousBernoulli, Uniform].map((q): Pair => [Pareto, q, infinite]),
    pair(Poisson, Bernoulli, infinite),
    pair(Poisson, Binomial, infinite),
  ];
}

export const acrossFamilies = (): readonly Pair[] => [
  pair(Bernoulli, Poisson, (p, q) => less(q.rate.sub(p.probs.mul(q.rate.log())), p)),
  ...fromBeta(),
  ...fromContinuousBernoulli(),
  ...fromExponential(),
  ...fromGamma(),
  ...fromReals(),
  ...fromPareto(),
  ...fromUniform(),
  ...infinitePairs(),
];
