import { LinAlgError } from "@flambeau/backend";

export { LinAlgError } from "@flambeau/backend";

/** The error of one matrix, named where there are several. */
export function failure(what: string, batch: readonly number[], index: number, message: string): LinAlgError {
  return new LinAlgError(`${what}: ${batch.length > 0 ? `(Batch element ${index}): ` : ""}${message}`);
}

export const singularInverse = (info: number): string =>
  `The diagonal element ${info} is zero, the inversion could not be completed because the input matrix is singular.`;

export const SINGULAR_SOLVE = "The solver failed because the input matrix is singular.";

export const notPositive = (info: number): string =>
  `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${info} is not positive-definite).`;
