import { derived } from "@flambeau/autograd";
import { type Tensor, thinSvd, where } from "@flambeau/tensor";
import { batchOf } from "./checks.ts";
import { identity } from "./host/block.ts";
import { determinant, solveByLU } from "./host/lu.ts";
import { diagonalOf, eyeLike, onDiagonal } from "./masks.ts";
import { onMatrices } from "./on-host.ts";

/**
 * The derivative of the determinant: det(A) A'^-1 where there is an inverse. With A = U diag(s) V' it is det(U V') U diag(c) V', c
 * having for each singular value the product of the others, which every matrix has (Higham, "What is the adjugate of a matrix?", 2020).
 */
export function cofactorMatrix(A: Tensor): Tensor {
  const [out] = derived(
    {
      name: "LinalgDet",
      readsInputs: true,
      run: ([a]) => [firstOrder(a)],
      backward: ({ grads: [g], inputs: [a] }) => [secondOrder(a, g as Tensor)],
    },
    A,
  );
  return out;
}

/** A pivot that is so many times smaller than the largest leaves nothing of the inverse's digits. */
const NEGLIGIBLE = 1e-10;

function firstOrder(A: Tensor): Tensor {
  const n = A.shape[A.ndim - 1];
  const [product, singular] = onMatrices([A], batchOf(A), [[[n, n]], [[], "bool"]], ([a], [out, flag]) => {
    const pivots = new Float64Array(n);
    const value = determinant(a, n, pivots);
    const sizes = Array.from({ length: n }, (_, i) => Math.abs(a[i * n + i]));
    const largest = Math.max(...sizes);
    flag[0] = Number.isFinite(largest) && Math.min(...sizes) <= NEGLIGIBLE * largest ? 1 : 0;
    if (n === 0 || flag[0] === 1) return;
    const inverse = identity(n);
    solveByLU(a, n, pivots, inverse, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = value * inverse[j * n + i];
  });
  const isReadable = A.storage.backend.downloadSync !== undefined;
  if (isReadable && !singular.any().itemSync()) return product;
  const isSingular = singular.unsqueeze(-1).unsqueeze(-1);
  // The others need none, and one with a nan has none.
  const [U, S, V] = thinSvd(where(isSingular, A, eyeLike(A, n)));
  const diagonal = eyeLike(S, n).ne(0);
  const others = where(diagonal, 1, S.unsqueeze(-2)).prod(-1);
  const bySvd = U.mul(others.unsqueeze(-2)).matmul(V.mT).mul(orientation(U, V));
  return where(isSingular, bySvd, product);
}

/** det(U V'), which is 1 or -1, as a matrix of one element. */
function orientation(U: Tensor, V: Tensor): Tensor {
  const n = U.shape[U.ndim - 1];
  const [sign] = onMatrices([U, V], batchOf(U), [[[1, 1]]], ([u, v], [out]) => {
    const pivots = new Float64Array(n);
    out[0] = Math.sign(determinant(u, n, pivots) * determinant(v, n, pivots));
  });
  return sign;
}

/**
 * The derivative of <G, cof(A)>. In the basis of the singular vectors A is diagonal, where that of the determinant by elements ii and jj
 * is the product of the other singular values, P_ij, and by ij and ji is -P_ij.
 */
function secondOrder(A: Tensor, G: Tensor): Tensor {
  const n = A.shape[A.ndim - 1];
  const finite = A.detach().isfinite().all(-1).all(-1).unsqueeze(-1).unsqueeze(-1);
  const [U, S, V] = thinSvd(where(finite, A, eyeLike(A, n)));
  const inner = U.mT.matmul(G).matmul(V);
  const batch = batchOf(A);
  const mask = eyeLike(A, n).ne(0);
  const cube = S.unsqueeze(-2)
    .unsqueeze(-2)
    .expand([...batch, n, n, n]);
  const without = where(mask.unsqueeze(0).logicalOr(mask.unsqueeze(1)), 1, cube);
  const pairs = where(mask, 0, without.prod(-1));
  const crossed = pairs.mul(inner.mT).neg();
  const straight = pairs.matmul(diagonalOf(inner).unsqueeze(-1)).squeeze(-1);
  const found = U.matmul(crossed.add(onDiagonal(straight)))
    .matmul(V.mT)
    .mul(orientation(U, V));
  return where(finite, found, Number.NaN);
}
