/** Constraints on single numbers. */
import type { Operand, Tensor } from "@flambeau/tensor";
import { valueText } from "../text.ts";
import { type Constraint, Formula } from "./constraint.ts";

/**
 * A constraint between bounds, which it shows.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const halves = distributions.constraints.interval(0, 0.5);
 * console.log(String(halves));
 * // Interval(lower_bound=0.0, upper_bound=0.5)
 * ```
 */
export class Bounded extends Formula {
  /** What values are not below, if there is such a bound. */
  readonly lowerBound: Operand | undefined;
  /** What values are not above, if there is such a bound. */
  readonly upperBound: Operand | undefined;

  /** @internal */
  constructor(
    name: string,
    lower: Operand | undefined,
    upper: Operand | undefined,
    check: (value: Tensor) => Tensor,
    isDiscrete: boolean = false,
  ) {
    // Bounds of integers are written as such.
    const text = (bound: Operand): string =>
      isDiscrete && typeof bound !== "object" ? String(bound) : valueText(bound);
    const bounds = (): string =>
      [
        ...(lower === undefined ? [] : [`lower_bound=${text(lower)}`]),
        ...(upper === undefined ? [] : [`upper_bound=${text(upper)}`]),
      ].join(", ");
    super(() => `${name}(${bounds()})`, check, isDiscrete);
    this.lowerBound = lower;
    this.upperBound = upper;
  }
}

const isWhole = (x: Tensor): Tensor => x.remainder(1).eq(0);

/**
 * 0 and 1.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.boolean.check(tensor([0, 1, 0.5]))));
 * // tensor([ True,  True, False])
 * ```
 */
export const boolean: Constraint = new Formula("Boolean()", (x) => x.eq(0).logicalOr(x.eq(1)), true);
/**
 * Integers between two bounds, both of them included.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.integerInterval(0, 2).check(tensor([0, 1.5, 3]))));
 * // tensor([ True, False, False])
 * ```
 */
export function integerInterval(lowerBound: Operand, upperBound: Operand): Constraint {
  return new Bounded(
    "IntegerInterval",
    lowerBound,
    upperBound,
    (x) => isWhole(x).logicalAnd(x.ge(lowerBound)).logicalAnd(x.le(upperBound)),
    true,
  );
}
const integerFrom = (lower: number): Constraint =>
  new Bounded("IntegerGreaterThan", lower, undefined, (x) => isWhole(x).logicalAnd(x.ge(lower)), true);
/**
 * Integers from 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.nonnegativeInteger.check(tensor([0, 3, 0.5]))));
 * // tensor([ True,  True, False])
 * ```
 */
export const nonnegativeInteger: Constraint = integerFrom(0);
/**
 * Integers from 1.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.positiveInteger.check(tensor([0, 3]))));
 * // tensor([False,  True])
 * ```
 */
export const positiveInteger: Constraint = integerFrom(1);
/**
 * Numbers, infinite ones among them, but not nan.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.real.check(tensor([0, NaN]))));
 * // tensor([ True, False])
 * ```
 */
export const real: Constraint = new Formula("Real()", (x) => x.eq(x));
/**
 * Numbers above a bound.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.greaterThan(1).check(tensor([1, 2]))));
 * // tensor([False,  True])
 * ```
 */
export function greaterThan(lowerBound: Operand): Constraint {
  return new Bounded("GreaterThan", lowerBound, undefined, (x) => x.gt(lowerBound));
}
/**
 * Numbers from a bound on.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.greaterThanEq(1).check(tensor([1, 2]))));
 * // tensor([True, True])
 * ```
 */
export function greaterThanEq(lowerBound: Operand): Constraint {
  return new Bounded("GreaterThanEq", lowerBound, undefined, (x) => x.ge(lowerBound));
}
/**
 * Numbers below a bound.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.lessThan(1).check(tensor([0, 1]))));
 * // tensor([ True, False])
 * ```
 */
export function lessThan(upperBound: Operand): Constraint {
  return new Bounded("LessThan", undefined, upperBound, (x) => x.lt(upperBound));
}
/**
 * Numbers between two bounds, both of them included.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.interval(-1, 1).check(tensor([-1, 0, 2]))));
 * // tensor([ True,  True, False])
 * ```
 */
export function interval(lowerBound: Operand, upperBound: Operand): Constraint {
  return new Bounded("Interval", lowerBound, upperBound, (x) =>
    x.ge(lowerBound).logicalAnd(x.le(upperBound)),
  );
}
/**
 * Numbers from a bound up to but not including another.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.halfOpenInterval(0, 1).check(tensor([0, 1]))));
 * // tensor([ True, False])
 * ```
 */
export function halfOpenInterval(lowerBound: Operand, upperBound: Operand): Constraint {
  return new Bounded("HalfOpenInterval", lowerBound, upperBound, (x) =>
    x.ge(lowerBound).logicalAnd(x.lt(upperBound)),
  );
}
/**
 * Numbers above 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.positive.check(tensor([0, 1]))));
 * // tensor([False,  True])
 * ```
 */
export const positive: Constraint = greaterThan(0);
/**
 * Numbers from 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.nonnegative.check(tensor([-1, 0]))));
 * // tensor([False,  True])
 * ```
 */
export const nonnegative: Constraint = greaterThanEq(0);
/**
 * Numbers from 0 to 1.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.unitInterval.check(tensor([0.5, 1.5]))));
 * // tensor([ True, False])
 * ```
 */
export const unitInterval: Constraint = interval(0, 1);
