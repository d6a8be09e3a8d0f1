import { sameShape, ValueError, warn } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import { Distribution } from "../distribution.ts";
import { NotImplementedError } from "../errors.ts";
import { checkDistribution, Independent } from "../independent.ts";
import { TransformedDistribution } from "../transformed-distribution.ts";
import { acrossFamilies } from "./across.ts";
import { ofVectors } from "./multivariate.ts";
import { type DistributionClass, type Divergence, type Pair, pair } from "./pair.ts";
import { ofSame } from "./same.ts";

function ofTransformed(p: TransformedDistribution, q: TransformedDistribution): Tensor {
  const isSame =
    p.transforms.length === q.transforms.length &&
    p.transforms.every((transform, i) => transform.equals(q.transforms[i]));
  if (!isSame || !sameShape(p.eventShape, q.eventShape))
    throw new NotImplementedError(
      `klDivergence: ${p.constructor.name} and ${q.constructor.name} have other transforms, or events of other shapes`,
    );
  return klDivergence(p.baseDist, q.baseDist);
}

function ofIndependent(p: Independent, q: Independent): Tensor {
  const count = p.reinterpretedBatchNdims;
  if (count !== q.reinterpretedBatchNdims)
    throw new NotImplementedError(
      `klDivergence: Independent distributions with ${count} and ${q.reinterpretedBatchNdims} joined dimensions`,
    );
  return sumRightmost(klDivergence(p.baseDist, q.baseDist), count);
}

/** What was registered, and all that is there: made at the first call, so that a page without divergences does not load them. */
const registered: Pair[] = [];
let all: readonly Pair[] | null = null;

function pairs(): readonly Pair[] {
  all ??= [
    ...ofSame(),
    ...ofVectors(),
    ...acrossFamilies(),
    pair(TransformedDistribution, TransformedDistribution, ofTransformed),
    pair(Independent, Independent, ofIndependent),
    ...registered,
  ];
  return all;
}

/** Whether a class is another one or extends it. */
function extendsClass(sub: DistributionClass, base: DistributionClass): boolean {
  return sub === base || sub.prototype instanceof base;
}

/** Which of the pairs is nearest, by one side first and then by the other. */
function nearest(matches: readonly Pair[], first: 0 | 1): Pair {
  const second = first === 0 ? 1 : 0;
  // Of two of the same classes the one that was registered last.
  return matches.reduce((best, next) => {
    if (next[first] !== best[first]) return extendsClass(next[first], best[first]) ? next : best;
    return extendsClass(next[second], best[second]) ? next : best;
  });
}

function formulaFor(p: Distribution, q: Distribution): Divergence | null {
  const matches = pairs().filter(([typeP, typeQ]) => p instanceof typeP && q instanceof typeQ);
  if (matches.length === 0) return null;
  const [left, right] = [nearest(matches, 0), nearest(matches, 1)];
  if (left[2] !== right[2])
    warn(
      `klDivergence of ${p.constructor.name} from ${q.constructor.name} is ambiguous: registerKl(${left[0].name}, ${right[1].name}) says which it is`,
    );
  return left[2];
}

/** What the signatures take. */
export interface KlTypes {
  /** The distribution whose divergence is wanted. */
  readonly p: Distribution;
  /** The distribution from which it diverges. */
  readonly q: Distribution;
  /** The class of the first. */
  readonly typeP: DistributionClass;
  /** The class of the second. */
  readonly typeQ: DistributionClass;
}

const KL = "klDivergence(p: any, q: any)";
const REGISTER = "registerKl(typeP: any, typeQ: any)";

/**
 * The divergence of Kullback and Leibler of one distribution from another, `E_p[log p(x) - log q(x)]`: one number for each of their
 * batch. Infinite where `p` has values that `q` has not.
 *
 * @throws NotImplementedError where there is no formula for the two classes; ValueError when one is no distribution.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const { klDivergence, Normal } = distributions;
 * console.log(String(klDivergence(new Normal(0, 1), new Normal(1, 2))));
 * // tensor(0.4431)
 * ```
 */
export function klDivergence(...args: Args<typeof KL, KlTypes>): Tensor {
  const { p, q } = bind<typeof KL, KlTypes>(KL, args);
  checkDistribution("klDivergence: p", p);
  checkDistribution("klDivergence: q", q);
  const formula = formulaFor(p, q);
  if (formula !== null) return formula(p, q);
  throw new NotImplementedError(
    `No KL(p || q) is implemented for p type ${p.constructor.name} and q type ${q.constructor.name}`,
  );
}

/**
 * Registers a formula for {@link klDivergence} of two classes, and of those that extend them: `registerKl(P, Q)(formula)`. The nearest
 * classes count.
 *
 * @throws ValueError when one is no class of distributions.
 *
 * @example
 * ```ts
 * import { distributions, zeros } from "flambeau";
 *
 * const { klDivergence, Laplace, Normal, registerKl } = distributions;
 * class Wide extends Normal {}
 * registerKl(Wide, Laplace)(() => zeros([]));
 * console.log(String(klDivergence(new Wide(0, 1), new Laplace(0, 1))));
 * // tensor(0.)
 * ```
 */
export function registerKl<P extends Distribution, Q extends Distribution>(
  ...args: Args<typeof REGISTER, { typeP: DistributionClass<P>; typeQ: DistributionClass<Q> }>
): (formula: Divergence<P, Q>) => Divergence<P, Q> {
  const { typeP, typeQ } = bind<typeof REGISTER, KlTypes>(REGISTER, args);
  for (const type of [typeP, typeQ]) {
    if (typeof type !== "function" || !extendsClass(type, Distribution))
      throw new ValueError("registerKl takes two classes of distributions, as in registerKl(Normal, Normal)");
  }
  return (formula) => {
    registered.push([typeP, typeQ, formula as unknown as Divergence]);
    all = null;
    return formula;
  };
}
