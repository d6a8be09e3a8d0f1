import type { Tensor } from "@flambeau/tensor";
import { cat, zerosLike } from "@flambeau/tensor";
import { triangularSolution } from "./solve-triangular.ts";

/**
 * The gradient of A = P L U, given those of L and U. Of a square A it is P L'^-1 (tril(L' gL, -1) + triu(gU U')) U'^-1: de Hoog,
 * Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization", Math. Comp. 80, 2011. What lies right of
 * or below the square follows L or U: A2 = L U2, and A2 = L2 U.
 */
export function luGradient(gL: Tensor | null, gU: Tensor | null, P: Tensor, L: Tensor, U: Tensor): Tensor {
  const [m, n] = [L.shape[L.ndim - 2], U.shape[U.ndim - 1]];
  const k = Math.min(m, n);
  let ofL = gL ?? zerosLike(L);
  let ofU = gU ?? zerosLike(U);
  const L1 = m > k ? L.narrow(-2, 0, k) : L;
  const U1 = n > k ? U.narrow(-1, 0, k) : U;
  let beside: Tensor | null = null;
  if (n > k) {
    const g2 = ofU.narrow(-1, k, n - k);
    beside = byLTransposed(L1, g2);
    ofL = ofL.sub(beside.matmul(U.narrow(-1, k, n - k).mT));
    ofU = ofU.narrow(-1, 0, k);
  }
  let below: Tensor | null = null;
  if (m > k) {
    const g2 = ofL.narrow(-2, k, m - k);
    below = byUTransposed(U1, g2);
    ofU = ofU.sub(L.narrow(-2, k, m - k).mT.matmul(below));
    ofL = ofL.narrow(-2, 0, k);
  }
  const inner = L1.mT.matmul(ofL).tril(-1).add(ofU.matmul(U1.mT).triu());
  let gradient = byUTransposed(U1, byLTransposed(L1, inner));
  if (beside !== null) gradient = cat([gradient, beside], -1);
  if (below !== null) gradient = cat([gradient, below], -2);
  return P.matmul(gradient);
}

/** L'^-1 X. */
function byLTransposed(L: Tensor, X: Tensor): Tensor {
  return triangularSolution(L.mT, X, { upper: true, left: true, unitriangular: true });
}

/** X U'^-1. */
function byUTransposed(U: Tensor, X: Tensor): Tensor {
  return triangularSolution(U.mT, X, { upper: false, left: false, unitriangular: false });
}
