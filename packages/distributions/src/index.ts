/**
 * Probability distributions: `torch.distributions`.
 *
 * @module
 */
export { Bernoulli } from "./bernoulli.ts";
export { Beta } from "./beta.ts";
export { Binomial } from "./binomial.ts";
export { Categorical } from "./categorical.ts";
export { Cauchy } from "./cauchy.ts";
export { Chi2 } from "./chi2.ts";
export * as constraints from "./constraints/index.ts";
export { ContinuousBernoulli } from "./continuous-bernoulli.ts";
export { Dirichlet } from "./dirichlet.ts";
export { type ArgConstraints, Distribution, type Parameters } from "./distribution.ts";
export { NotImplementedError } from "./errors.ts";
export { Exponential } from "./exponential.ts";
export { ExponentialFamily } from "./exponential-family.ts";
export { FisherSnedecor } from "./fisher-snedecor.ts";
export { Gamma } from "./gamma.ts";
export { Geometric } from "./geometric.ts";
export { Gumbel } from "./gumbel.ts";
export { HalfCauchy } from "./half-cauchy.ts";
export { HalfNormal } from "./half-normal.ts";
export { type BaseTypes, Independent } from "./independent.ts";
export { type KlTypes, klDivergence, registerKl } from "./kl/divergence.ts";
export type { DistributionClass, Divergence } from "./kl/pair.ts";
export { Kumaraswamy } from "./kumaraswamy.ts";
export { Laplace } from "./laplace.ts";
export { LogNormal } from "./log-normal.ts";
export { LogisticNormal } from "./logistic-normal.ts";
export { LowRankMultivariateNormal } from "./lowrank-multivariate-normal.ts";
export { MixtureSameFamily, type MixtureTypes } from "./mixture-same-family.ts";
export { Multinomial } from "./multinomial.ts";
export { MultivariateNormal } from "./multivariate-normal.ts";
export { NegativeBinomial } from "./negative-binomial.ts";
export { Normal } from "./normal.ts";
export { OneHotCategorical, OneHotCategoricalStraightThrough } from "./one-hot-categorical.ts";
export { Pareto } from "./pareto.ts";
export { Poisson } from "./poisson.ts";
export { LogitRelaxedBernoulli, RelaxedBernoulli } from "./relaxed-bernoulli.ts";
export { ExpRelaxedCategorical, RelaxedOneHotCategorical } from "./relaxed-categorical.ts";
export { StudentT } from "./student-t.ts";
export { TransformedDistribution, type TransformedTypes } from "./transformed-distribution.ts";
export * from "./transforms/index.ts";
export { Uniform } from "./uniform.ts";
export { VonMises } from "./von-mises.ts";
export { Weibull } from "./weibull.ts";
