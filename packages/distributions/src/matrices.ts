/** What normal distributions of vectors need of linear algebra: computed on the host, differentiable. */
import { AutogradFunction, type FunctionContext } from "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import { eye, matmul, type Tensor } from "@flambeau/tensor";
import { onHost } from "./host.ts";

/**
 * The lower triangular L of which `L L^T` is a matrix of `n` rows, into `out`, by rows.
 *
 * @returns how many leading rows are positive definite.
 */
function factor(a: ArrayLike<number>, at: number, n: number, out: Float64Array): number {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[at + i * n + j];
      for (let k = 0; k < j; k++) rest -= out[at + i * n + k] * out[at + j * n + k];
      if (i === j && !(rest > 0)) return i;
      out[at + i * n + j] = i === j ? Math.sqrt(rest) : rest / out[at + j * n + j];
    }
  }
  return n;
}

/** For each matrix of a batch whether it has a Cholesky factor: 1 or 0. */
export function hasCholesky(a: Tensor): Tensor {
  const n = a.shape[a.ndim - 1];
  return onHost([a], a.shape.slice(0, -2), ([values], out) => {
    const scratch = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = factor(values, i * n * n, n, scratch) === n ? 1 : 0;
  });
}

/** For each symmetric matrix of a batch its smallest eigenvalue, by Jacobi's rotations. */
export function smallestEigenvalue(a: Tensor): Tensor {
  const n = a.shape[a.ndim - 1];
  return onHost([a], a.shape.slice(0, -2), ([values], out) => {
    for (let i = 0; i < out.length; i++) {
      const matrix = Float64Array.from({ length: n * n }, (_, j) => values[i * n * n + j]);
      for (let sweep = 0; sweep < 30 && rotateAll(matrix, n) > 0; sweep++);
      out[i] = Infinity;
      for (let j = 0; j < n; j++) out[i] = Math.min(out[i], matrix[j * n + j]);
    }
  });
}

/** One sweep over the elements below the diagonal; gives how many were not negligible. */
function rotateAll(a: Float64Array, n: number): number {
  let count = 0;
  for (let p = 1; p < n; p++) {
    for (let q = 0; q < p; q++) {
      const off = a[p * n + q];
      if (Math.abs(off) <= 1e-17 * (Math.abs(a[p * n + p]) + Math.abs(a[q * n + q]))) continue;
      count++;
      const theta = 0.5 * Math.atan2(2 * off, a[q * n + q] - a[p * n + p]);
      const [c, s] = [Math.cos(theta), Math.sin(theta)];
      for (let k = 0; k < n; k++) {
        const [x, y] = [a[k * n + p], a[k * n + q]];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
      }
      for (let k = 0; k < n; k++) {
        const [x, y] = [a[p * n + k], a[q * n + k]];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
      }
    }
  }
  return count;
}

/** Of the product with L^T: the symmetric matrix whose lower triangle that of `x` is, halved but for the diagonal, twice. */
function halfSymmetric(x: Tensor): Tensor {
  const lower = x.tril();
  const diagonal = lower.mul(identityLike(x));
  return lower.add(lower.mT).sub(diagonal).mul(0.5);
}

/**
 * Source of the derivative: Murray, "Differentiation of the Cholesky decomposition" (2016), with a symmetric gradient as PyTorch's.
 */
class Cholesky extends AutogradFunction {
  static override forward(ctx: FunctionContext, a: Tensor): Tensor {
    const n = a.shape[a.ndim - 1];
    const l = onHost([a], a.shape, ([values], out) => {
      for (let at = 0; at < out.length; at += n * n) {
        const rows = factor(values, at, n, out);
        if (rows < n)
          throw new ValueError(
            `cholesky: the matrix is not positive definite (its leading minor of order ${rows + 1} is not)`,
          );
      }
    });
    ctx.saveForBackward(l);
    return l;
  }
  static override backward(ctx: FunctionContext, g: Tensor): Tensor {
    const [l] = ctx.savedTensors;
    const inner = halfSymmetric(matmul(l.mT, g));
    // L^-T inner L^-1
    const left = solveTriangular(l, inner, true);
    return solveTriangular(l, left.mT, true).mT;
  }
}

/** The lower triangular factor of symmetric positive definite matrices `[..., n, n]`. */
export function cholesky(a: Tensor): Tensor {
  return Cholesky.apply(a) as Tensor;
}

class SolveTriangular extends AutogradFunction {
  static override forward(ctx: FunctionContext, l: Tensor, b: Tensor, transposed: boolean): Tensor {
    const [n, columns] = b.shape.slice(-2);
    const x = onHost([l, b], b.shape, ([factors, right], out) => {
      for (let i = 0; i * n * columns < out.length; i++) {
        const [atL, atX] = [i * n * n, i * n * columns];
        for (let step = 0; step < n; step++) {
          const row = transposed ? n - 1 - step : step;
          for (let c = 0; c < columns; c++) {
            let rest = right[atX + row * columns + c];
            for (let done = 0; done < step; done++) {
              const k = transposed ? n - 1 - done : done;
              const element = transposed ? factors[atL + k * n + row] : factors[atL + row * n + k];
              rest -= element * out[atX + k * columns + c];
            }
            out[atX + row * columns + c] = rest / factors[atL + row * n + row];
          }
        }
      }
    });
    ctx.saveForBackward(l, x);
    ctx.transposed = transposed;
    return x;
  }
  static override backward(ctx: FunctionContext, g: Tensor): [Tensor, Tensor, null] {
    const [l, x] = ctx.savedTensors;
    const gb = solveTriangular(l, g, !ctx.transposed);
    const gl = ctx.transposed ? matmul(x, gb.mT) : matmul(gb, x.mT);
    return [gl.tril().neg(), gb, null];
  }
}

/** `L^-1 b`, or `L^-T b`, for lower triangular L `[..., n, n]` and b `[..., n, k]` of the same batch shape. */
export function solveTriangular(l: Tensor, b: Tensor, transposed: boolean = false): Tensor {
  return SolveTriangular.apply(l, b, transposed) as Tensor;
}

/** The identity of a matrix's size, dtype and device. */
export function identityLike(x: Tensor): Tensor {
  return eye(x.shape[x.ndim - 1], { dtype: x.dtype, device: x.device });
}

/** Matrices with the last dimension of `x` on the diagonal. */
export function diagonalMatrix(x: Tensor): Tensor {
  return x.unsqueeze(-1).mul(identityLike(x));
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
  const n = v.shape[v.ndim - 1];
  const factors = l.expand([...v.shape.slice(0, -1), n, n]);
  return solveTriangular(factors, v.unsqueeze(-1)).square().sum([-2, -1]);
}

/** The sum of the logarithms of the diagonal. */
export function halfLogDet(l: Tensor): Tensor {
  return diagonalOf(l).log().sum(-1);
}
