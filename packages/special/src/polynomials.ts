/** Orthogonal polynomials. As in PyTorch they have no derivatives. */
import { type Callable, callable, type Operand, type Tensor } from "@flambeau/tensor";
import { joined, mapOnHost } from "./on-host.ts";
import { chebyshevOf, hermiteH, hermiteHe, laguerreL, legendreP, shiftedOf } from "./polynomial-values.ts";

const chebyshevT = chebyshevOf(1, 0);
const chebyshevU = chebyshevOf(2, 0);
const chebyshevV = chebyshevOf(2, -1);
const chebyshevW = chebyshevOf(2, 1);

function evaluated(name: string, f: (x: number, n: number) => number, x: Operand, n: Operand): Tensor {
  return mapOnHost(f, ...joined(name, x, n).map((operand) => operand.detach()));
}

const CHEBYSHEV_POLYNOMIAL_T = "chebyshevPolynomialT(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the first kind of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { chebyshevPolynomialT } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(chebyshevPolynomialT(tensor([0.5, 2]), 3)));
 * // tensor([-1., 26.])
 * ```
 */
export const chebyshevPolynomialT: Callable<typeof CHEBYSHEV_POLYNOMIAL_T, Tensor> = callable(
  CHEBYSHEV_POLYNOMIAL_T,
  (x, n) => evaluated("chebyshevPolynomialT", chebyshevT, x, n),
);

const CHEBYSHEV_POLYNOMIAL_U = "chebyshevPolynomialU(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the second kind of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { chebyshevPolynomialU } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(chebyshevPolynomialU(tensor([0.5, 2]), 3)));
 * // tensor([-1., 56.])
 * ```
 */
export const chebyshevPolynomialU: Callable<typeof CHEBYSHEV_POLYNOMIAL_U, Tensor> = callable(
  CHEBYSHEV_POLYNOMIAL_U,
  (x, n) => evaluated("chebyshevPolynomialU", chebyshevU, x, n),
);

const CHEBYSHEV_POLYNOMIAL_V = "chebyshevPolynomialV(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the third kind of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { chebyshevPolynomialV } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(chebyshevPolynomialV(tensor([0.5, 2]), 3)));
 * // tensor([-1., 41.])
 * ```
 */
export const chebyshevPolynomialV: Callable<typeof CHEBYSHEV_POLYNOMIAL_V, Tensor> = callable(
  CHEBYSHEV_POLYNOMIAL_V,
  (x, n) => evaluated("chebyshevPolynomialV", chebyshevV, x, n),
);

const CHEBYSHEV_POLYNOMIAL_W = "chebyshevPolynomialW(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the fourth kind of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { chebyshevPolynomialW } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(chebyshevPolynomialW(tensor([0.5, 2]), 3)));
 * // tensor([-1., 71.])
 * ```
 */
export const chebyshevPolynomialW: Callable<typeof CHEBYSHEV_POLYNOMIAL_W, Tensor> = callable(
  CHEBYSHEV_POLYNOMIAL_W,
  (x, n) => evaluated("chebyshevPolynomialW", chebyshevW, x, n),
);

const SHIFTED_CHEBYSHEV_POLYNOMIAL_T = "shiftedChebyshevPolynomialT(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the first kind of `2 x - 1` of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { shiftedChebyshevPolynomialT } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(shiftedChebyshevPolynomialT(tensor([0.5, 2]), 3)));
 * // tensor([-0., 99.])
 * ```
 */
export const shiftedChebyshevPolynomialT: Callable<typeof SHIFTED_CHEBYSHEV_POLYNOMIAL_T, Tensor> = callable(
  SHIFTED_CHEBYSHEV_POLYNOMIAL_T,
  (x, n) => evaluated("shiftedChebyshevPolynomialT", shiftedOf(chebyshevT), x, n),
);

const SHIFTED_CHEBYSHEV_POLYNOMIAL_U = "shiftedChebyshevPolynomialU(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the second kind of `2 x - 1` of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { shiftedChebyshevPolynomialU } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(shiftedChebyshevPolynomialU(tensor([0.5, 2]), 3)));
 * // tensor([ -0., 204.])
 * ```
 */
export const shiftedChebyshevPolynomialU: Callable<typeof SHIFTED_CHEBYSHEV_POLYNOMIAL_U, Tensor> = callable(
  SHIFTED_CHEBYSHEV_POLYNOMIAL_U,
  (x, n) => evaluated("shiftedChebyshevPolynomialU", shiftedOf(chebyshevU), x, n),
);

const SHIFTED_CHEBYSHEV_POLYNOMIAL_V = "shiftedChebyshevPolynomialV(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the third kind of `2 x - 1` of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { shiftedChebyshevPolynomialV } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(shiftedChebyshevPolynomialV(tensor([0.5, 2]), 3)));
 * // tensor([  1., 169.])
 * ```
 */
export const shiftedChebyshevPolynomialV: Callable<typeof SHIFTED_CHEBYSHEV_POLYNOMIAL_V, Tensor> = callable(
  SHIFTED_CHEBYSHEV_POLYNOMIAL_V,
  (x, n) => evaluated("shiftedChebyshevPolynomialV", shiftedOf(chebyshevV), x, n),
);

const SHIFTED_CHEBYSHEV_POLYNOMIAL_W = "shiftedChebyshevPolynomialW(input: operand, n: operand)";

/**
 * Chebyshev's polynomial of the fourth kind of `2 x - 1` of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { shiftedChebyshevPolynomialW } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(shiftedChebyshevPolynomialW(tensor([0.5, 2]), 3)));
 * // tensor([ -1., 239.])
 * ```
 */
export const shiftedChebyshevPolynomialW: Callable<typeof SHIFTED_CHEBYSHEV_POLYNOMIAL_W, Tensor> = callable(
  SHIFTED_CHEBYSHEV_POLYNOMIAL_W,
  (x, n) => evaluated("shiftedChebyshevPolynomialW", shiftedOf(chebyshevW), x, n),
);

const HERMITE_POLYNOMIAL_H = "hermitePolynomialH(input: operand, n: operand)";

/**
 * The physicist's Hermite polynomial of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { hermitePolynomialH } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(hermitePolynomialH(tensor([0.5, 2]), 3)));
 * // tensor([-5., 40.])
 * ```
 */
export const hermitePolynomialH: Callable<typeof HERMITE_POLYNOMIAL_H, Tensor> = callable(
  HERMITE_POLYNOMIAL_H,
  (x, n) => evaluated("hermitePolynomialH", hermiteH, x, n),
);

const HERMITE_POLYNOMIAL_HE = "hermitePolynomialHe(input: operand, n: operand)";

/**
 * The probabilist's Hermite polynomial of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { hermitePolynomialHe } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(hermitePolynomialHe(tensor([0.5, 2]), 3)));
 * // tensor([-1.3750,  2.0000])
 * ```
 */
export const hermitePolynomialHe: Callable<typeof HERMITE_POLYNOMIAL_HE, Tensor> = callable(
  HERMITE_POLYNOMIAL_HE,
  (x, n) => evaluated("hermitePolynomialHe", hermiteHe, x, n),
);

const LAGUERRE_POLYNOMIAL_L = "laguerrePolynomialL(input: operand, n: operand)";

/**
 * The Laguerre polynomial of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { laguerrePolynomialL } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(laguerrePolynomialL(tensor([0.5, 2]), 3)));
 * // tensor([-0.1458, -0.3333])
 * ```
 */
export const laguerrePolynomialL: Callable<typeof LAGUERRE_POLYNOMIAL_L, Tensor> = callable(
  LAGUERRE_POLYNOMIAL_L,
  (x, n) => evaluated("laguerrePolynomialL", laguerreL, x, n),
);

const LEGENDRE_POLYNOMIAL_P = "legendrePolynomialP(input: operand, n: operand)";

/**
 * The Legendre polynomial of degree `n`, elementwise; 0 where `n` is negative. A fraction of `n` is cut off.
 * Shapes broadcast; integers give the default float.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { legendrePolynomialP } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(legendrePolynomialP(tensor([0.5, 2]), 3)));
 * // tensor([-0.4375, 17.0000])
 * ```
 */
export const legendrePolynomialP: Callable<typeof LEGENDRE_POLYNOMIAL_P, Tensor> = callable(
  LEGENDRE_POLYNOMIAL_P,
  (x, n) => evaluated("legendrePolynomialP", legendreP, x, n),
);
