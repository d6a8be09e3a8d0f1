import { broadcastShapes, type Shape, ShapeError, sameShape, ValueError } from "@flambeau/backend";
import { cholesky } from "@flambeau/linalg";
import { type Args, bind, matmul, type Tensor } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardNormal } from "./draws.ts";
import {
  diagonalMatrix,
  halfLogDet,
  identityLike,
  mahalanobis,
  solveTriangular,
  timesVector,
} from "./matrices.ts";

const LOW_RANK =
  "LowRankMultivariateNormal(loc: tensor, covFactor: tensor, covDiag: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  loc: constraints.realVector,
  covFactor: constraints.independent(constraints.real, 2),
  covDiag: constraints.independent(constraints.positive, 1),
};

/**
 * Normal distributions of vectors whose covariance is `covFactor covFactor^T` and a diagonal: of few numbers where the factor has few
 * columns, and computed with the matrix of as many rows as it has columns (Woodbury's identity).
 *
 * @throws ValueError when a part of the diagonal is not positive; ShapeError when the shapes do not fit.
 *
 * @example
 * ```ts
 * import { distributions, ones, tensor, zeros } from "flambeau";
 *
 * const normal = new distributions.LowRankMultivariateNormal(zeros([2]), tensor([[1], [1]]), ones([2]));
 * console.log(String(normal.covarianceMatrix), String(normal.logProb(zeros([2]))));
 * // tensor([[2., 1.],
 * //         [1., 2.]]) tensor(-2.3872)
 * ```
 */
export class LowRankMultivariateNormal extends Distribution {
  /** The parameters, not expanded to the batch. @internal */
  readonly own: { readonly covFactor: Tensor; readonly covDiag: Tensor };
  /** The Cholesky factor of `I + W^T D^-1 W`. @internal */
  readonly capacitance: Tensor;

  constructor(...args: Args<typeof LOW_RANK>) {
    const { loc, covFactor, covDiag, validateArgs } = bind(LOW_RANK, args);
    if (loc.ndim < 1) throw new ValueError("LowRankMultivariateNormal: loc must be at least one-dimensional");
    const eventShape = loc.shape.slice(-1);
    if (covFactor.ndim < 2 || covFactor.shape[covFactor.ndim - 2] !== eventShape[0])
      throw new ShapeError(
        `LowRankMultivariateNormal: covFactor must be matrices of ${eventShape[0]} rows; got shape [${covFactor.shape}]`,
      );
    if (!sameShape(covDiag.shape.slice(-1), eventShape))
      throw new ShapeError(
        `LowRankMultivariateNormal: covDiag must be vectors of ${eventShape[0]}; got shape [${covDiag.shape}]`,
      );
    const batchShape = [covFactor.shape.slice(0, -2), covDiag.shape.slice(0, -1)].reduce(
      broadcastShapes,
      loc.shape.slice(0, -1),
    );
    const params = {
      loc: loc.expand([...batchShape, ...eventShape]),
      covFactor: covFactor.expand([...batchShape, ...covFactor.shape.slice(-2)]),
      covDiag: covDiag.expand([...batchShape, ...eventShape]),
    };
    super(batchShape, eventShape, params, validateArgs);
    this.own = { covFactor, covDiag };
    const inner = matmul(this.weighted, covFactor);
    this.capacitance = cholesky(inner.add(identityLike(inner)));
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.realVector;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The mean. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** The factor of the covariance, of few columns. */
  get covFactor(): Tensor {
    return this.params.covFactor;
  }
  /** What is added to the variances. */
  get covDiag(): Tensor {
    return this.params.covDiag;
  }
  /** `W^T D^-1`. @internal */
  get weighted(): Tensor {
    return this.own.covFactor.mT.div(this.own.covDiag.unsqueeze(-2));
  }
  /** A matrix expanded to the batch. @internal */
  inBatch(matrix: Tensor): Tensor {
    return matrix.expand([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }
  /** The lower triangular factor of the covariance. */
  get scaleTril(): Tensor {
    const { covFactor, covDiag } = this.own;
    // Through a matrix whose eigenvalues are 1 or more: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), 3.4.3.
    const root = covDiag.sqrt().unsqueeze(-1);
    const scaled = covFactor.div(root);
    const inner = matmul(scaled, scaled.mT);
    return this.inBatch(root.mul(cholesky(inner.add(identityLike(inner)))));
  }
  /** The covariance. */
  get covarianceMatrix(): Tensor {
    const { covFactor, covDiag } = this.own;
    return this.inBatch(matmul(covFactor, covFactor.mT).add(diagonalMatrix(covDiag)));
  }
  /** The inverse of the covariance. */
  get precisionMatrix(): Tensor {
    const half = this.solvedWeighted;
    return this.inBatch(diagonalMatrix(this.own.covDiag.reciprocal()).sub(matmul(half.mT, half)));
  }
  /** `C^-1 W^T D^-1` with the factor C of the capacitance. @internal */
  get solvedWeighted(): Tensor {
    return solveTriangular(this.capacitance, this.weighted);
  }
  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get variance(): Tensor {
    const { covFactor, covDiag } = this.own;
    return covFactor
      .square()
      .sum(-1)
      .add(covDiag)
      .expand([...this.batchShape, ...this.eventShape]);
  }

  /** The logarithm of the covariance's determinant. @internal */
  get logDet(): Tensor {
    return halfLogDet(this.capacitance).mul(2).add(this.own.covDiag.log().sum(-1));
  }
  /** The squared distance from the mean of a difference, in standard deviations. @internal */
  distanceOf(difference: Tensor): Tensor {
    const along = mahalanobis(this.capacitance, timesVector(this.weighted, difference));
    return difference.square().div(this.own.covDiag).sum(-1).sub(along);
  }

  override rsampled(sampleShape: Shape): Tensor {
    const { covFactor, covDiag } = this.own;
    const shape = this.extendedShape(sampleShape);
    const columns = covFactor.shape[covFactor.ndim - 1];
    const along = standardNormal([...shape.slice(0, -1), columns], this.loc);
    const beside = standardNormal(shape, this.loc);
    return this.loc.add(timesVector(covFactor, along)).add(covDiag.sqrt().mul(beside));
  }
  override logProbOf(value: Tensor): Tensor {
    const constant = this.eventShape[0] * Math.log(2 * Math.PI);
    return this.logDet
      .add(constant)
      .add(this.distanceOf(value.sub(this.loc)))
      .mul(-0.5);
  }
  override entropy(): Tensor {
    const constant = this.eventShape[0] * (1 + Math.log(2 * Math.PI));
    return this.logDet.add(constant).mul(0.5).expand(this.batchShape);
  }
}
