/**
 * The largest singular values of matrices, from random projections.
 * Source: Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53 (2011), algorithms 4.4 and 5.1.
 *
 * @module
 */
import { quote, ShapeError, ValueError } from "@flambeau/backend";
import * as linalg from "@flambeau/linalg";
import {
  type Callable,
  callable,
  mean,
  type NamedTuple,
  namedTuple,
  randn,
  type Tensor,
} from "@flambeau/tensor";
import type { SVD } from "./decompositions.ts";

/** What both are given. */
interface LowRank {
  /** The matrices, `[..., m, n]`. */
  readonly A: Tensor;
  /** How many singular values; a little more than the rank that matters. */
  readonly q: number | null;
  /** How often the projection is repeated, each time nearer to the largest singular vectors. */
  readonly niter: number;
}

const SVD_LOWRANK = "svdLowrank(A: tensor, q?: int, niter: int = 2, M?: tensor)";

interface Mean extends LowRank {
  /** What is subtracted from A, as its mean `[..., 1, n]`. */
  readonly M: Tensor | null;
}

/**
 * The q largest singular values of matrices `[..., m, n]` and their vectors, 6 unless q is given: `A = U diag(S) V'` nearly, and but for rounding where A
 * has at most that rank. The projections are drawn from the stream that `manualSeed` seeds.
 *
 * @throws ShapeError when A is no matrix; ValueError when q is not within 0 to min(m, n) or `niter` is negative; DTypeError when the dtype is neither
 *   float32 nor float64.
 *
 * @example
 * ```ts
 * import { manualSeed, outer, svdLowrank, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const A = outer(tensor([1, 2, 2]), tensor([0, 3, 4]));
 * console.log(String(svdLowrank(A, 1).S));
 * // tensor([15.])
 * ```
 */
export const svdLowrank: Callable<typeof SVD_LOWRANK, NamedTuple<SVD>, Mean> = callable<
  typeof SVD_LOWRANK,
  NamedTuple<SVD>,
  Mean
>(SVD_LOWRANK, (A, q, niter, M) => {
  const sizes = sizesOf("svdLowrank", A, q ?? 6, niter);
  return lowRank(M == null ? A : A.sub(M), sizes);
});

const PCA_LOWRANK = "pcaLowrank(A: tensor, q?: int, center = true, niter: int = 2)";

interface Center extends LowRank {
  /** Whether the mean of the rows is subtracted first. */
  readonly center: boolean;
}

/**
 * The principal components of rows `[..., m, n]`, in the columns of V: `svdLowrank` of what is left without the mean row. Without q there are min(6, m, n).
 *
 * @throws ShapeError when A is no matrix; ValueError when q is not within 0 to min(m, n) or `niter` is negative; DTypeError when the dtype is neither
 *   float32 nor float64.
 *
 * @example
 * ```ts
 * import { manualSeed, pcaLowrank, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const { V } = pcaLowrank(tensor([[0, 1], [3, 5], [6, 9]]), 1);
 * console.log(String(V.abs()));
 * // tensor([[0.6000],
 * //         [0.8000]])
 * ```
 */
export const pcaLowrank: Callable<typeof PCA_LOWRANK, NamedTuple<SVD>, Center> = callable<
  typeof PCA_LOWRANK,
  NamedTuple<SVD>,
  Center
>(PCA_LOWRANK, (A, q, center, niter) => {
  const sizes = sizesOf("pcaLowrank", A, q ?? Math.min(6, ...A.shape.slice(-2)), niter);
  return lowRank(center ? A.sub(mean(A, -2, true)) : A, sizes);
});

interface Sizes {
  readonly q: number;
  readonly niter: number;
}

function sizesOf(what: string, A: Tensor, q: number, niter: number): Sizes {
  if (A.ndim < 2) throw new ShapeError(`${what} takes matrices; got shape [${A.shape}]`);
  const most = Math.min(...A.shape.slice(-2));
  if (!Number.isInteger(q) || q < 0 || q > most)
    throw new ValueError(`${what}: q is an integer from 0 to min(m, n) = ${most}; got ${quote(q)}`);
  if (!Number.isInteger(niter) || niter < 0)
    throw new ValueError(`${what}: niter is an integer from 0; got ${quote(niter)}`);
  return { q, niter };
}

function lowRank(A: Tensor, { q, niter }: Sizes): NamedTuple<SVD> {
  const [m, n] = A.shape.slice(-2);
  // The shorter side is projected, as in PyTorch, whose draws these are.
  if (m < n || n > q) {
    const Q = basisOf(A.mT, q, niter);
    const { U, S, Vh } = linalg.svd(A.matmul(Q), false);
    return namedTuple({ U, S, V: Q.matmul(Vh.mT) });
  }
  const Q = basisOf(A, q, niter);
  const { U, S, Vh } = linalg.svd(Q.mT.matmul(A), false);
  return namedTuple({ U: Q.matmul(U), S, V: Vh.mT });
}

/** Orthonormal columns, `[..., m, q]`, that span what A does, or the larger part of it. */
function basisOf(A: Tensor, q: number, niter: number): Tensor {
  const drawn = randn([A.shape[A.ndim - 1], q], { dtype: A.dtype, device: A.device });
  let Q = linalg.qr(A.matmul(drawn)).Q;
  for (let i = 0; i < niter; i++) Q = linalg.qr(A.matmul(linalg.qr(A.mT.matmul(Q)).Q)).Q;
  return Q;
}
