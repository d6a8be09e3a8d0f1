/** Constraints on vectors, and on more dimensions. */
import { ValueError } from "@flambeau/backend";
import type { Operand } from "@flambeau/tensor";
import { type Constraint, Formula } from "./constraint.ts";
import { boolean, real } from "./numbers.ts";

/**
 * A constraint on `reinterpretedBatchNdims` more dimensions, all of whose events have to satisfy the one of the base.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { independent, positive } = distributions.constraints;
 * console.log(String(independent(positive, 1).check(tensor([[1, 2], [1, 0]]))));
 * // tensor([ True, False])
 * ```
 */
export function independent(baseConstraint: Constraint, reinterpretedBatchNdims: number): Constraint {
  const count = reinterpretedBatchNdims;
  return new Formula(
    `IndependentConstraint(${baseConstraint}, ${count})`,
    (value) => {
      const result = baseConstraint.check(value);
      if (result.ndim < count)
        throw new ValueError(
          `a constraint on ${baseConstraint.eventDim + count} dimensions got a value of ${value.ndim}`,
        );
      return count === 0
        ? result
        : result.reshape([...result.shape.slice(0, result.ndim - count), -1]).all(-1);
    },
    baseConstraint.isDiscrete,
    baseConstraint.eventDim + count,
  );
}

/**
 * Vectors of one 1 and zeros.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.oneHot.check(tensor([[0, 1], [1, 1]]))));
 * // tensor([ True, False])
 * ```
 */
export const oneHot: Constraint = new Formula(
  "OneHot()",
  (x) => boolean.check(x).all(-1).logicalAnd(x.sum(-1).eq(1)),
  true,
  1,
);
/**
 * Vectors of numbers.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.realVector.check(tensor([[0, 1], [0, NaN]]))));
 * // tensor([ True, False])
 * ```
 */
export const realVector: Constraint = independent(real, 1);
/**
 * Vectors of numbers from 0 whose sum is 1, up to 1e-6.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.simplex.check(tensor([[0.5, 0.5], [0.5, 0.6]]))));
 * // tensor([ True, False])
 * ```
 */
export const simplex: Constraint = new Formula(
  "Simplex()",
  (x) => x.ge(0).all(-1).logicalAnd(x.sum(-1).sub(1).abs().lt(1e-6)),
  false,
  1,
);
/**
 * Vectors of integers from 0 whose sum is at most a bound.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.multinomial(3).check(tensor([[1, 2], [2, 2]]))));
 * // tensor([ True, False])
 * ```
 */
export function multinomial(upperBound: Operand): Constraint {
  return new Formula("Multinomial()", (x) => x.ge(0).all(-1).logicalAnd(x.sum(-1).le(upperBound)), true, 1);
}
