/** Divergences of two distributions of one family. */
import { grad } from "@flambeau/autograd";
import { digamma, gammaln } from "@flambeau/special";
import { type Tensor, where } from "@flambeau/tensor";
import { Bernoulli } from "../bernoulli.ts";
import { Beta } from "../beta.ts";
import { Binomial } from "../binomial.ts";
import { sumRightmost } from "../broadcast.ts";
import { Categorical } from "../categorical.ts";
import { Cauchy } from "../cauchy.ts";
import { ContinuousBernoulli } from "../continuous-bernoulli.ts";
import { Dirichlet } from "../dirichlet.ts";
import { NotImplementedError } from "../errors.ts";
import { Exponential } from "../exponential.ts";
import { ExponentialFamily } from "../exponential-family.ts";
import { Gamma } from "../gamma.ts";
import { Geometric } from "../geometric.ts";
import { EULER, Gumbel } from "../gumbel.ts";
import { HalfNormal } from "../half-normal.ts";
import { Laplace } from "../laplace.ts";
import { Normal } from "../normal.ts";
import { OneHotCategorical } from "../one-hot-categorical.ts";
import { Pareto } from "../pareto.ts";
import { Poisson } from "../poisson.ts";
import { canRead } from "../text.ts";
import { softplusOf } from "../transforms/elementwise.ts";
import { Uniform } from "../uniform.ts";
import { type Pair, pair } from "./pair.ts";

function ofBernoulli(p: Bernoulli, q: Bernoulli): Tensor {
  const [a, b, x, y] = [p.probs, q.probs, p.logits, q.logits];
  const ones = a.mul(softplusOf(y.neg()).sub(softplusOf(x.neg())));
  const zeros = a.rsub(1).mul(softplusOf(y).sub(softplusOf(x)));
  const first = where(a.eq(0), 0, where(b.eq(0), Infinity, ones));
  return first.add(where(a.eq(1), 0, where(b.eq(1), Infinity, zeros)));
}

function ofBeta(p: Beta, q: Beta): Tensor {
  const [p1, p0, q1, q0] = [p.concentration1, p.concentration0, q.concentration1, q.concentration0];
  const [sumP, sumQ] = [p1.add(p0), q1.add(q0)];
  return gammaln(q1)
    .add(gammaln(q0))
    .add(gammaln(sumP))
    .sub(gammaln(p1).add(gammaln(p0)).add(gammaln(sumQ)))
    .add(p1.sub(q1).mul(digamma(p1)))
    .add(p0.sub(q0).mul(digamma(p0)))
    .add(sumQ.sub(sumP).mul(digamma(sumP)));
}

function ofBinomial(p: Binomial, q: Binomial): Tensor {
  const fewer = p.totalCount.lt(q.totalCount).any();
  if (canRead(fewer) && fewer.itemSync<boolean>())
    throw new NotImplementedError("no divergence of Binomial distributions whose second has more trials");
  const trial = p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p());
  return where(p.totalCount.gt(q.totalCount), Infinity, p.totalCount.mul(trial));
}

function ofCategorical(p: Categorical, q: Categorical): Tensor {
  const terms = p.probs.mul(p.logits.sub(q.logits));
  return where(p.probs.eq(0), 0, where(q.probs.eq(0), Infinity, terms)).sum(-1);
}

function ofContinuousBernoulli(p: ContinuousBernoulli, q: ContinuousBernoulli): Tensor {
  return p.mean
    .mul(p.logits.sub(q.logits))
    .add(p.logNorm)
    .add(p.probs.neg().log1p())
    .sub(q.logNorm)
    .sub(q.probs.neg().log1p());
}

function ofDirichlet(p: Dirichlet, q: Dirichlet): Tensor {
  const [a, b] = [p.concentration, q.concentration];
  const [sumA, sumB] = [a.sum(-1), b.sum(-1)];
  const slopes = digamma(a).sub(digamma(sumA).unsqueeze(-1));
  return gammaln(sumA)
    .sub(gammaln(sumB))
    .sub(gammaln(a).sub(gammaln(b)).sum(-1))
    .add(a.sub(b).mul(slopes).sum(-1));
}

function ofExponential(p: Exponential, q: Exponential): Tensor {
  const ratio = q.rate.div(p.rate);
  return ratio.log().neg().add(ratio).sub(1);
}

/** By Bregman's divergence of the log normalizer: Nielsen and Nock (2010). */
function ofExponentialFamily(p: ExponentialFamily, q: ExponentialFamily): Tensor {
  if (p.constructor !== q.constructor)
    throw new NotImplementedError(
      `no divergence of ${p.constructor.name} from ${q.constructor.name}, another exponential family`,
    );
  const own = p.naturalParams.map((x) => x.detach().requiresGrad_());
  const normalizer = p.logNormalizer(...own);
  const slopes = grad(normalizer.sum(), own, { createGraph: true });
  return q.naturalParams.reduce(
    (sum, x, i) => sum.sub(sumRightmost(x.sub(own[i]).mul(slopes[i] as Tensor), q.eventShape.length)),
    q.logNormalizer(...q.naturalParams).sub(normalizer),
  );
}

function ofGamma(p: Gamma, q: Gamma): Tensor {
  return q.concentration
    .mul(p.rate.div(q.rate).log())
    .add(gammaln(q.concentration).sub(gammaln(p.concentration)))
    .add(p.concentration.sub(q.concentration).mul(digamma(p.concentration)))
    .add(q.rate.sub(p.rate).mul(p.concentration.div(p.rate)));
}

function ofGumbel(p: Gumbel, q: Gumbel): Tensor {
  const ratio = p.scale.div(q.scale);
  const between = q.loc.div(q.scale).sub(p.loc.div(q.scale));
  return ratio
    .log()
    .neg()
    .sub(between)
    .add(ratio.mul(EULER))
    .add(between.add(gammaln(ratio.add(1))).exp())
    .sub(1 + EULER);
}

function ofGeometric(p: Geometric, q: Geometric): Tensor {
  return p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits);
}

function ofNormal(p: Normal, q: Normal): Tensor {
  const ratio = p.scale.div(q.scale).square();
  return p.loc.sub(q.loc).div(q.scale).square().add(ratio).sub(1).sub(ratio.log()).mul(0.5);
}

/** Source: Gil, "On Renyi divergence measures for continuous alphabet sources" (2011), as of Pareto distributions. */
function ofLaplace(p: Laplace, q: Laplace): Tensor {
  const ratio = p.scale.div(q.scale);
  const distance = p.loc.sub(q.loc).abs();
  return ratio
    .log()
    .neg()
    .add(distance.div(q.scale))
    .add(ratio.mul(distance.neg().div(p.scale).exp()))
    .sub(1);
}

function ofPareto(p: Pareto, q: Pareto): Tensor {
  const ratio = q.alpha.div(p.alpha);
  const finite = q.alpha.mul(p.scale.div(q.scale).log()).sub(ratio.log()).add(ratio).sub(1);
  return where(p.scale.lt(q.scale), Infinity, finite);
}

function ofPoisson(p: Poisson, q: Poisson): Tensor {
  return p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate));
}

function ofUniform(p: Uniform, q: Uniform): Tensor {
  const finite = q.high.sub(q.low).div(p.high.sub(p.low)).log();
  return where(q.low.gt(p.low).logicalOr(q.high.lt(p.high)), Infinity, finite);
}

/** Source: Chyzak and Nielsen, "A closed-form formula for the Kullback-Leibler divergence between Cauchy distributions" (2019). */
function ofCauchy(p: Cauchy, q: Cauchy): Tensor {
  const sum = p.scale.add(q.scale).square().add(p.loc.sub(q.loc).square());
  return sum.log().sub(p.scale.mul(4).mul(q.scale).log());
}

export const ofSame = (): readonly Pair[] => [
  pair(Bernoulli, Bernoulli, ofBernoulli),
  pair(Beta, Beta, ofBeta),
  pair(Binomial, Binomial, ofBinomial),
  pair(Categorical, Categorical, ofCategorical),
  pair(ContinuousBernoulli, ContinuousBernoulli, ofContinuousBernoulli),
  pair(Dirichlet, Dirichlet, ofDirichlet),
  pair(Exponential, Exponential, ofExponential),
  pair(ExponentialFamily, ExponentialFamily, ofExponentialFamily),
  pair(Gamma, Gamma, ofGamma),
  pair(Gumbel, Gumbel, ofGumbel),
  pair(Geometric, Geometric, ofGeometric),
  pair(HalfNormal, HalfNormal, (p, q) => ofNormal(p.baseDist as Normal, q.baseDist as Normal)),
  pair(Laplace, Laplace, ofLaplace),
  pair(Normal, Normal, ofNormal),
  pair(OneHotCategorical, OneHotCategorical, (p, q) => ofCategorical(p.categorical, q.categorical)),
  pair(Pareto, Pareto, ofPareto),
  pair(Poisson, Poisson, ofPoisson),
  pair(Uniform, Uniform, ofUniform),
  pair(Cauchy, Cauchy, ofCauchy),
];
