/** Constraints on matrices. */
import type { Shape } from "@flambeau/backend";
import { choleskyEx, eigvalsh } from "@flambeau/linalg";
import { full, norm, type Tensor } from "@flambeau/tensor";
import { limitsOf } from "../float-limits.ts";
import { type Constraint, Formula } from "./constraint.ts";

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

/**
 * Lower triangular square matrices.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.lowerTriangular.check(tensor([[1, 0], [2, 0]]))));
 * // tensor(True)
 * ```
 */
export const lowerTriangular: Constraint = ofMatrices("LowerTriangular()", isLower);
/**
 * Lower triangular square matrices with a positive diagonal.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.lowerCholesky.check(tensor([[1, 0], [2, 0]]))));
 * // tensor(False)
 * ```
 */
export const lowerCholesky: Constraint = ofMatrices("LowerCholesky()", isLowerCholesky);
/**
 * Lower triangular square matrices with a positive diagonal and rows of length 1.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.corrCholesky.check(tensor([[1, 0], [0.6, 0.8]]))));
 * // tensor(True)
 * ```
 */
export const corrCholesky: Constraint = ofMatrices("CorrCholesky()", (x) => {
  const tolerance = limitsOf(x.dtype).eps * x.shape[x.ndim - 1] * 10;
  const lengths = norm(x.detach(), 2, -1);
  return isLowerCholesky(x).logicalAnd(lengths.sub(1).abs().le(tolerance).all(-1));
});
/**
 * Square matrices.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.square.check(tensor([[1, 2, 3]]))));
 * // tensor(False)
 * ```
 */
export const square: Constraint = ofMatrices("Square()", (x) => always(x, isSquare(x)));
/**
 * Symmetric matrices.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.symmetric.check(tensor([[1, 2], [2, 1]]))));
 * // tensor(True)
 * ```
 */
export const symmetric: Constraint = ofMatrices("Symmetric()", isSymmetric);
/**
 * Symmetric matrices without negative eigenvalues.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.positiveSemidefinite.check(tensor([[1, 2], [2, 1]]))));
 * // tensor(False)
 * ```
 */
export const positiveSemidefinite: Constraint = ofMatrices("PositiveSemidefinite()", (x) =>
  isSquare(x) ? isSymmetric(x).logicalAnd(eigvalsh(x.detach()).ge(0).all(-1)) : always(x, false),
);
/**
 * Symmetric matrices with positive eigenvalues.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.constraints.positiveDefinite.check(tensor([[2, 1], [1, 2]]))));
 * // tensor(True)
 * ```
 */
export const positiveDefinite: Constraint = ofMatrices("PositiveDefinite()", (x) =>
  isSquare(x) ? isSymmetric(x).logicalAnd(choleskyEx(x.detach()).info.eq(0)) : always(x, false),
);
