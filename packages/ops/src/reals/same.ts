/** What changes complex numbers only: a real tensor stays as it is, the very same object. */
import { DTypeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const CONJ = "conj(input)";

/**
 * The complex conjugate, which a real number is of itself: the tensor as it is.
 *
 * @example
 * ```ts
 * import { conj } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, 2]);
 * console.log(conj(x) === x);
 * // true
 * ```
 */
export const conj: Callable<typeof CONJ, Tensor> = callable(CONJ, (x) => x);

const CONJ_PHYSICAL = "conjPhysical(input)";

/**
 * As `conj`: the tensor as it is.
 *
 * @example
 * ```ts
 * import { conjPhysical } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(conjPhysical(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const conjPhysical: Callable<typeof CONJ_PHYSICAL, Tensor> = callable(CONJ_PHYSICAL, (x) => x);

const RESOLVE_CONJ = "resolveConj(input)";

/**
 * The tensor as it is: conjugation is never put off.
 *
 * @example
 * ```ts
 * import { resolveConj } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(resolveConj(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const resolveConj: Callable<typeof RESOLVE_CONJ, Tensor> = callable(RESOLVE_CONJ, (x) => x);

const RESOLVE_NEG = "resolveNeg(input)";

/**
 * The tensor as it is: negation is never put off.
 *
 * @example
 * ```ts
 * import { resolveNeg } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(resolveNeg(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const resolveNeg: Callable<typeof RESOLVE_NEG, Tensor> = callable(RESOLVE_NEG, (x) => x);

const REAL = "real(input)";

/**
 * The real parts: the tensor as it is.
 *
 * @example
 * ```ts
 * import { real } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(real(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const real: Callable<typeof REAL, Tensor> = callable(REAL, (x) => x);

const POSITIVE = "positive(input)";

/**
 * The tensor as it is: what `+x` is in Python.
 *
 * @throws DTypeError for bools.
 *
 * @example
 * ```ts
 * import { positive } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(positive(tensor([-1, 2]))));
 * // tensor([-1.,  2.])
 * ```
 */
export const positive: Callable<typeof POSITIVE, Tensor> = callable(POSITIVE, (x) => {
  if (x.dtype === "bool") throw new DTypeError("positive takes numbers; got bool");
  return x;
});
