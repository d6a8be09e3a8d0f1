/**
 * torch.linalg: decompositions, solvers and norms of batches of matrices, with derivatives of any order; and the linear algebra that
 * torch has beside it. All of it is computed on the CPU in double precision, whatever the tensors' device and dtype: elements of other
 * devices go there and back by themselves, in the order of everything else.
 *
 * @module
 */

export {
  type CholeskyResult,
  cholesky,
  choleskyEx,
  choleskyInverse,
  choleskySolve,
} from "./cholesky.ts";
export { cond } from "./cond.ts";
export { det, logdet, type Slogdet, slogdet } from "./det.ts";
export { type Eig, eig, eigvals } from "./eig.ts";
export { type Eigh, eigh, eigvalsh } from "./eigh.ts";
export { tensorinv, tensorsolve } from "./equations.ts";
export { LinAlgError } from "./errors.ts";
export { type Geqrf, geqrf, householderProduct, ormqr } from "./householder.ts";
export { type InvResult, inv, invEx } from "./inv.ts";
export { type LDLFactor, type LDLFactorEx, ldlFactor, ldlFactorEx, ldlSolve } from "./ldl.ts";
export { type LUFactor, type LUFactorEx, lu, luFactor, luFactorEx, luSolve } from "./lu.ts";
export { type LU, luUnpack } from "./lu-unpack.ts";
export { dist, norm, renorm, vectorNorm } from "./norms.ts";
export { matrixRank, pinv, pinverse } from "./pinv.ts";
export { matrixExp, matrixPower } from "./powers.ts";
export { chainMatmul, cross, diagonal, matmul, multiDot, vander, vecdot } from "./products.ts";
export { type QR, type QRMode, qr } from "./qr.ts";
export { type SolveResult, solve, solveEx } from "./solve.ts";
export { solveTriangular } from "./solve-triangular.ts";
export type { LstsqDriver, LstsqResult } from "./svd.ts";
export { lstsq, matrixNorm, type SVD, svd, svdvals } from "./svd.ts";
export { type TriangularSolve, triangularSolve } from "./triangular-solve.ts";
