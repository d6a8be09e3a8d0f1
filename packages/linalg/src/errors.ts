import { FlambeauError } from "@flambeau/backend";

/**
 * A matrix for which there is no such result: a singular one has no inverse, one that is not positive-definite no Cholesky factor.
 *
 * @example
 * ```ts
 * import { inv, LinAlgError } from "@flambeau/linalg";
 * import { zeros } from "@flambeau/tensor";
 *
 * try {
 *   inv(zeros([2, 2]));
 * } catch (error) {
 *   if (error instanceof LinAlgError) console.log(error.message);
 *   // linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular.
 * }
 * ```
 */
export class LinAlgError extends FlambeauError {
  override name: string = "LinAlgError";
}

/** The error of one matrix, named where there are several. */
export function failure(what: string, batch: readonly number[], index: number, message: string): LinAlgError {
  return new LinAlgError(`${what}: ${batch.length > 0 ? `(Batch element ${index}): ` : ""}${message}`);
}

export const singularInverse = (info: number): string =>
  `The diagonal element ${info} is zero, the inversion could not be completed because the input matrix is singular.`;

export const SINGULAR_SOLVE = "The solver failed because the input matrix is singular.";

export const notPositive = (info: number): string =>
  `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${info} is not positive-definite).`;
