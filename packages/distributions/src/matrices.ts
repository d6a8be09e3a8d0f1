/** What normal distributions of vectors need of matrices, over linear algebra. */
import { solveTriangular as solve } from "@flambeau/linalg";
import { eye, matmul, type Tensor, where } from "@flambeau/tensor";

/** `L^-1 b`, for lower triangular L `[..., n, n]` and b `[..., n, k]`. */
export function solveTriangular(l: Tensor, b: Tensor): Tensor {
  return solve(l, b, { upper: false });
}

/** The identity of a matrix's size, dtype and device. */
export function identityLike(x: Tensor): Tensor {
  return eye(x.shape[x.ndim - 1], { dtype: x.dtype, device: x.device });
}

/** Matrices with the last dimension of `x` on the diagonal. */
export function diagonalMatrix(x: Tensor): Tensor {
  return where(identityLike(x).ne(0), x.unsqueeze(-1), 0);
}

/** The elements on the diagonal of matrices. */
export function diagonalOf(x: Tensor): Tensor {
  return x.diagonal(0, -2, -1);
}

/** `m v` for matrices `[..., n, k]` and vectors `[..., k]`. */
export function timesVector(m: Tensor, v: Tensor): Tensor {
  return matmul(m, v.unsqueeze(-1)).squeeze(-1);
}

/** `v^T (L L^T)^-1 v`, where the batch shape of L broadcasts to that of v. */
export function mahalanobis(l: Tensor, v: Tensor): Tensor {
  return solveTriangular(l, v.unsqueeze(-1)).square().sum([-2, -1]);
}

/** The sum of the logarithms of the diagonal. */
export function halfLogDet(l: Tensor): Tensor {
  return diagonalOf(l).log().sum(-1);
}
