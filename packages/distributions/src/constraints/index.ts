/**
 * What values a parameter may have, or a sample has: `torch.distributions.constraints`. A constraint checks whole events: of vectors and
 * matrices the last `eventDim` dimensions are one.
 *
 * @module
 */
export { cat, dependent, isDependent, stack } from "./composed.ts";
export { Constraint } from "./constraint.ts";
export {
  corrCholesky,
  lowerCholesky,
  lowerTriangular,
  positiveDefinite,
  positiveSemidefinite,
  square,
  symmetric,
} from "./matrices.ts";
export {
  Bounded,
  boolean,
  greaterThan,
  greaterThanEq,
  halfOpenInterval,
  integerInterval,
  interval,
  lessThan,
  nonnegative,
  nonnegativeInteger,
  positive,
  positiveInteger,
  real,
  unitInterval,
} from "./numbers.ts";
export { independent, multinomial, oneHot, realVector, simplex } from "./vectors.ts";
