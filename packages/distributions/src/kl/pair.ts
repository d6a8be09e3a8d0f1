import type { Tensor } from "@flambeau/tensor";
import type { Distribution } from "../distribution.ts";

/** A class of distributions. */
// biome-ignore lint/suspicious/noExplicitAny: each has its own arguments
export type DistributionClass<D extends Distribution = Distribution> = abstract new (...args: any[]) => D;

/** The formula of a divergence. */
export type Divergence<P extends Distribution = Distribution, Q extends Distribution = Distribution> = (
  p: P,
  q: Q,
) => Tensor;

/** Two classes and the divergence of one from the other. */
export type Pair = readonly [DistributionClass, DistributionClass, Divergence];

/** Two classes and their formula, typed. */
export function pair<P extends Distribution, Q extends Distribution>(
  p: DistributionClass<P>,
  q: DistributionClass<Q>,
  divergence: Divergence<P, Q>,
): Pair {
  return [p, q, divergence as unknown as Divergence];
}
