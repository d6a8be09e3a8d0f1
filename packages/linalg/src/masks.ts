/** Diagonals and triangles of batches of matrices, with derivatives. */
import { eye, type Tensor, where, zeros } from "@flambeau/tensor";

/** The identity like a tensor. */
export function eyeLike(x: Tensor, n: number, m: number = n): Tensor {
  return eye(n, m, { dtype: x.dtype, device: x.device });
}

/** Matrices with the last dimension on their diagonals, and zeros beside. */
export function onDiagonal(x: Tensor): Tensor {
  const mask = eyeLike(x, x.shape[x.ndim - 1]).ne(0);
  return where(mask, x.unsqueeze(-1), zeros([], { dtype: x.dtype, device: x.device }));
}

/** The diagonals of the last two dimensions. */
export function diagonalOf(x: Tensor): Tensor {
  return x.diagonal(0, -2, -1);
}

/** The lower triangle with its diagonal halved: X is this and its transpose where X is symmetric. */
export function lowerHalf(x: Tensor): Tensor {
  return x.tril().sub(onDiagonal(diagonalOf(x).mul(0.5)));
}
