/** Divergences of normal distributions of vectors. */
import { broadcastShapes, ShapeError, sameShape } from "@flambeau/backend";
import { matmul, type Tensor } from "@flambeau/tensor";
import type { Distribution } from "../distribution.ts";
import { LowRankMultivariateNormal } from "../lowrank-multivariate-normal.ts";
import { diagonalMatrix, halfLogDet, mahalanobis, solveTriangular } from "../matrices.ts";
import { MultivariateNormal } from "../multivariate-normal.ts";
import { type Pair, pair } from "./pair.ts";

function checkEvents(p: Distribution, q: Distribution): void {
  if (!sameShape(p.eventShape, q.eventShape))
    throw new ShapeError(
      `the divergence of normal distributions of vectors of ${p.eventShape[0]} and of ${q.eventShape[0]} is not defined`,
    );
}

/** `trace(X X^T)`. */
function traceOfSquare(x: Tensor): Tensor {
  return x.square().sum([-2, -1]);
}

/** `trace(L^-1 X X^T L^-T)`, in the batch of both. */
function traceOfSolved(l: Tensor, x: Tensor): Tensor {
  return traceOfSquare(solveTriangular(l, x));
}

/** Half of the sum of the determinants' ratio, the trace and the distance, less the number of dimensions. */
function half(logDets: Tensor, trace: Tensor, distance: Tensor, n: number): Tensor {
  return logDets.add(trace).add(distance).sub(n).mul(0.5);
}

/** The mean of the first in the coordinates of the second. */
function distanceTo(q: MultivariateNormal, difference: Tensor): Tensor {
  const batch = broadcastShapes(q.factor.shape.slice(0, -2), difference.shape.slice(0, -1));
  return mahalanobis(q.factor, difference.expand([...batch, ...q.eventShape]));
}

function ofFactors(p: MultivariateNormal, q: MultivariateNormal): Tensor {
  checkEvents(p, q);
  return half(
    halfLogDet(q.factor).sub(halfLogDet(p.factor)).mul(2),
    traceOfSolved(q.factor, p.factor),
    distanceTo(q, q.loc.sub(p.loc)),
    p.eventShape[0],
  );
}

/** The trace of the inverse of the second's covariance and `X X^T`. */
function traceInLowRank(q: LowRankMultivariateNormal, x: Tensor): Tensor {
  const across = traceOfSquare(x.mul(q.own.covDiag.rsqrt().unsqueeze(-1)));
  return across.sub(traceOfSquare(matmul(q.solvedWeighted, x)));
}

function ofLowRanks(p: LowRankMultivariateNormal, q: LowRankMultivariateNormal): Tensor {
  checkEvents(p, q);
  const diagonal = p.own.covDiag.div(q.own.covDiag).sum(-1);
  const along = traceOfSquare(q.solvedWeighted.mul(p.own.covDiag.sqrt().unsqueeze(-2)));
  const trace = diagonal.sub(along).add(traceInLowRank(q, p.own.covFactor));
  return half(q.logDet.sub(p.logDet), trace, q.distanceOf(q.loc.sub(p.loc)), p.eventShape[0]);
}

function ofFactorFromLowRank(p: MultivariateNormal, q: LowRankMultivariateNormal): Tensor {
  checkEvents(p, q);
  const logDets = q.logDet.sub(halfLogDet(p.factor).mul(2));
  return half(logDets, traceInLowRank(q, p.factor), q.distanceOf(q.loc.sub(p.loc)), p.eventShape[0]);
}

function ofLowRankFromFactor(p: LowRankMultivariateNormal, q: MultivariateNormal): Tensor {
  checkEvents(p, q);
  const trace = traceOfSolved(q.factor, p.own.covFactor).add(
    traceOfSolved(q.factor, diagonalMatrix(p.own.covDiag.sqrt())),
  );
  const logDets = halfLogDet(q.factor).mul(2).sub(p.logDet);
  return half(logDets, trace, distanceTo(q, q.loc.sub(p.loc)), p.eventShape[0]);
}

export const ofVectors = (): readonly Pair[] => [
  pair(LowRankMultivariateNormal, LowRankMultivariateNormal, ofLowRanks),
  pair(MultivariateNormal, LowRankMultivariateNormal, ofFactorFromLowRank),
  pair(LowRankMultivariateNormal, MultivariateNormal, ofLowRankFromFactor),
  pair(MultivariateNormal, MultivariateNormal, ofFactors),
];
