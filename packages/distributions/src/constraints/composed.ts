/** Constraints made of others, and those that depend on others. */
import { ValueError } from "@flambeau/backend";
import { cat as concatenate, stack as stacked, type Tensor } from "@flambeau/tensor";
import { Constraint, Formula } from "./constraint.ts";

/** A parameter whose values depend on others: it cannot be checked by itself. */
class Dependent extends Constraint {
  override check(_value: Tensor): Tensor {
    throw new ValueError("what a dependent constraint allows depends on other parameters; it checks nothing");
  }
}

/**
 * Whether a constraint depends on other parameters, so that it cannot be checked by itself.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * console.log(String(distributions.constraints.isDependent(distributions.constraints.real)));
 * // false
 * ```
 */
export function isDependent(constraint: Constraint): boolean {
  return constraint instanceof Dependent;
}

/**
 * Values that depend on those of other parameters.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * console.log(String(distributions.constraints.isDependent(distributions.constraints.dependent)));
 * // true
 * ```
 */
export const dependent: Constraint = new Dependent();

const largest = (constraints: readonly Constraint[]): number =>
  Math.max(...constraints.map(({ eventDim }) => eventDim));
const anyDiscrete = (constraints: readonly Constraint[]): boolean =>
  constraints.some(({ isDiscrete }) => isDiscrete);

/**
 * Constraints on parts of a dimension, of these lengths (1 each).
 *
 * @throws ValueError when there are not as many lengths as constraints.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { cat, positive, real } = distributions.constraints;
 * console.log(String(cat([real, positive], 0, [1, 2]).check(tensor([-1, -1, 1]))));
 * // tensor([ True, False,  True])
 * ```
 */
export function cat(cseq: readonly Constraint[], dim: number = 0, lengths?: readonly number[]): Constraint {
  const sizes = lengths ?? cseq.map(() => 1);
  if (sizes.length !== cseq.length)
    throw new ValueError(`cat: ${cseq.length} constraints have ${sizes.length} lengths`);
  return new Formula(
    "Cat()",
    (x) => {
      let start = 0;
      const checks = cseq.map((constraint, i) => {
        const part = constraint.check(x.narrow(dim, start, sizes[i]));
        start += sizes[i];
        return part;
      });
      return concatenate(checks, dim);
    },
    anyDiscrete(cseq),
    largest(cseq),
  );
}

/**
 * One constraint for each slice along a dimension.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { positive, real, stack } = distributions.constraints;
 * console.log(String(stack([real, positive]).check(tensor([-1, -1]))));
 * // tensor([ True, False])
 * ```
 */
export function stack(cseq: readonly Constraint[], dim: number = 0): Constraint {
  const inner = largest(cseq);
  return new Formula(
    "Stack()",
    (x) =>
      stacked(
        cseq.map((constraint, i) => constraint.check(x.select(dim, i))),
        dim,
      ),
    anyDiscrete(cseq),
    dim + inner < 0 ? inner + 1 : inner,
  );
}
