import { IndexError, normalizeDim } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/**
 * A dimension counted from the front, of a tensor that has any.
 *
 * @throws IndexError
 */
export function dimOf(what: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) throw new IndexError(`${what}: a scalar has no dimensions to choose from`);
  return normalizeDim(dim, x.ndim);
}
