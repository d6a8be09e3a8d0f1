/**
 * What values a parameter may have, or a sample has: `torch.distributions.constraints`. A constraint checks whole events: of vectors and
 * matrices the last `eventDim` dimensions are one.
 *
 * @module
 */
import { markClass, type Shape, ValueError } from "@flambeau/backend";
import {
  cat as concatenate,
  full,
  norm,
  type Operand,
  stack as stacked,
  type Tensor,
} from "@flambeau/tensor";
import { COPY } from "./copy.ts";
import { limitsOf } from "./float-limits.ts";
import { hasCholesky, smallestEigenvalue } from "./matrices.ts";
import { valueText } from "./text.ts";

/**
 * The base of all constraints. One of your own extends it with `check`.
 *
 * @example
 * ```ts
 * import { distributions, type Tensor, tensor } from "flambeau";
 *
 * class Even extends distributions.constraints.Constraint {
 *   override check(value: Tensor): Tensor {
 *     return value.remainder(2).eq(0);
 *   }
 * }
 *
 * const even = new Even();
 * console.log(String(even), String(even.check(tensor([1, 2]))));
 * // Even() tensor([False,  True])
 * ```
 */
export abstract class Constraint {
  /** Whether the values are apart from each other. */
  readonly isDiscrete: boolean;
  /** How many of the last dimensions are one event. */
  readonly eventDim: number;

  constructor(isDiscrete: boolean = false, eventDim: number = 0) {
    this.isDiscrete = isDiscrete;
    this.eventDim = eventDim;
  }

  /** For each event whether it satisfies the constraint: bool, without the last `eventDim` dimensions. */
  abstract check(value: Tensor): Tensor;

  /** PyTorch's text. */
  toString(): string {
    return `${this.constructor.name}()`;
  }
}
markClass(Constraint.prototype, "Constraint", COPY);

/** A constraint of a formula and a text. */
class Formula extends Constraint {
  readonly #check: (value: Tensor) => Tensor;
  readonly #text: () => string;

  constructor(
    text: string | (() => string),
    check: (value: Tensor) => Tensor,
    isDiscrete: boolean = false,
    eventDim: number = 0,
  ) {
    super(isDiscrete, eventDim);
    this.#check = check;
    this.#text = typeof text === "string" ? () => text : text;
  }

  override check(value: Tensor): Tensor {
    return this.#check(value);
  }

  override toString(): string {
    return this.#text();
  }
}

/** A constraint between bounds, which it shows. */
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

/** A parameter whose values depend on others: it cannot be checked by itself. */
class Dependent extends Constraint {
  override check(_value: Tensor): Tensor {
    throw new ValueError("what a dependent constraint allows depends on other parameters; it checks nothing");
  }
}

/** Whether a constraint depends on other parameters, so that it cannot be checked by itself. */
export function isDependent(constraint: Constraint): boolean {
  return constraint instanceof Dependent;
}

/** Values that depend on those of other parameters. */
export const dependent: Constraint = new Dependent();

/** A constraint on `reinterpretedBatchNdims` more dimensions, all of whose events have to satisfy the one of the base. */
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

const isWhole = (x: Tensor): Tensor => x.remainder(1).eq(0);

/** 0 and 1. */
export const boolean: Constraint = new Formula("Boolean()", (x) => x.eq(0).logicalOr(x.eq(1)), true);
/** Vectors of one 1 and zeros. */
export const oneHot: Constraint = new Formula(
  "OneHot()",
  (x) => boolean.check(x).all(-1).logicalAnd(x.sum(-1).eq(1)),
  true,
  1,
);
/** Integers between two bounds, both of them included. */
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
/** Integers from 0. */
export const nonnegativeInteger: Constraint = integerFrom(0);
/** Integers from 1. */
export const positiveInteger: Constraint = integerFrom(1);
/** Numbers, infinite ones among them, but not nan. */
export const real: Constraint = new Formula("Real()", (x) => x.eq(x));
/** Vectors of numbers. */
export const realVector: Constraint = independent(real, 1);
/** Numbers above a bound. */
export function greaterThan(lowerBound: Operand): Constraint {
  return new Bounded("GreaterThan", lowerBound, undefined, (x) => x.gt(lowerBound));
}
/** Numbers from a bound on. */
export function greaterThanEq(lowerBound: Operand): Constraint {
  return new Bounded("GreaterThanEq", lowerBound, undefined, (x) => x.ge(lowerBound));
}
/** Numbers below a bound. */
export function lessThan(upperBound: Operand): Constraint {
  return new Bounded("LessThan", undefined, upperBound, (x) => x.lt(upperBound));
}
/** Numbers between two bounds, both of them included. */
export function interval(lowerBound: Operand, upperBound: Operand): Constraint {
  return new Bounded("Interval", lowerBound, upperBound, (x) =>
    x.ge(lowerBound).logicalAnd(x.le(upperBound)),
  );
}
/** Numbers from a bound up to but not including another. */
export function halfOpenInterval(lowerBound: Operand, upperBound: Operand): Constraint {
  return new Bounded("HalfOpenInterval", lowerBound, upperBound, (x) =>
    x.ge(lowerBound).logicalAnd(x.lt(upperBound)),
  );
}
/** Numbers above 0. */
export const positive: Constraint = greaterThan(0);
/** Numbers from 0. */
export const nonnegative: Constraint = greaterThanEq(0);
/** Numbers from 0 to 1. */
export const unitInterval: Constraint = interval(0, 1);
/** Vectors of numbers from 0 whose sum is 1, up to 1e-6. */
export const simplex: Constraint = new Formula(
  "Simplex()",
  (x) => x.ge(0).all(-1).logicalAnd(x.sum(-1).sub(1).abs().lt(1e-6)),
  false,
  1,
);
/** Vectors of integers from 0 whose sum is at most a bound. */
export function multinomial(upperBound: Operand): Constraint {
  return new Formula("Multinomial()", (x) => x.ge(0).all(-1).logicalAnd(x.sum(-1).le(upperBound)), true, 1);
}

const everywhere = (mask: Tensor, count: number): Tensor =>
  mask.reshape([...mask.shape.slice(0, mask.ndim - count), -1]).all(-1);
const isLower = (x: Tensor): Tensor => everywhere(x.tril().eq(x), 2);
const isLowerCholesky = (x: Tensor): Tensor => isLower(x).logicalAnd(x.diagonal(0, -2, -1).gt(0).all(-1));
const batchOf = (x: Tensor): Shape => x.shape.slice(0, -2);
const isSquare = (x: Tensor): boolean => x.shape[x.ndim - 1] === x.shape[x.ndim - 2];
const always = (x: Tensor, value: boolean): Tensor =>
  full(batchOf(x), value, { dtype: "bool", device: x.device });
const isSymmetric = (x: Tensor): Tensor =>
  isSquare(x) ? everywhere(x.isclose(x.mT, { atol: 1e-6 }), 2) : always(x, false);
const ofMatrices = (text: string, check: (x: Tensor) => Tensor): Constraint =>
  new Formula(text, check, false, 2);

/** Lower triangular square matrices. */
export const lowerTriangular: Constraint = ofMatrices("LowerTriangular()", isLower);
/** Lower triangular square matrices with a positive diagonal. */
export const lowerCholesky: Constraint = ofMatrices("LowerCholesky()", isLowerCholesky);
/** Lower triangular square matrices with a positive diagonal and rows of length 1. */
export const corrCholesky: Constraint = ofMatrices("CorrCholesky()", (x) => {
  const tolerance = limitsOf(x.dtype).eps * x.shape[x.ndim - 1] * 10;
  const lengths = norm(x.detach(), 2, -1);
  return isLowerCholesky(x).logicalAnd(lengths.sub(1).abs().le(tolerance).all(-1));
});
/** Square matrices. */
export const square: Constraint = ofMatrices("Square()", (x) => always(x, isSquare(x)));
/** Symmetric matrices. */
export const symmetric: Constraint = ofMatrices("Symmetric()", isSymmetric);
/** Symmetric matrices without negative eigenvalues. */
export const positiveSemidefinite: Constraint = ofMatrices("PositiveSemidefinite()", (x) =>
  isSquare(x) ? isSymmetric(x).logicalAnd(smallestEigenvalue(x).ge(0)) : always(x, false),
);
/** Symmetric matrices with positive eigenvalues. */
export const positiveDefinite: Constraint = ofMatrices("PositiveDefinite()", (x) =>
  isSquare(x) ? isSymmetric(x).logicalAnd(hasCholesky(x).eq(1)) : always(x, false),
);

const largest = (constraints: readonly Constraint[]): number =>
  Math.max(...constraints.map(({ eventDim }) => eventDim));
const anyDiscrete = (constraints: readonly Constraint[]): boolean =>
  constraints.some(({ isDiscrete }) => isDiscrete);

/** Constraints on parts of a dimension, of these lengths (1 each). */
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

/** One constraint for each slice along a dimension. */
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
