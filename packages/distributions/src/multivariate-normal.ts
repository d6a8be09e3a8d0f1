import { broadcastShapes, type Shape, ValueError } from "@flambeau/backend";
import { cholesky } from "@flambeau/linalg";
import { type Args, bind, matmul, type Tensor } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardNormal } from "./draws.ts";
import { halfLogDet, identityLike, mahalanobis, solveTriangular, timesVector } from "./matrices.ts";

const MULTIVARIATE_NORMAL =
  "MultivariateNormal(loc: tensor, covarianceMatrix?: tensor, precisionMatrix?: tensor, scaleTril?: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  loc: constraints.realVector,
  covarianceMatrix: constraints.positiveDefinite,
  precisionMatrix: constraints.positiveDefinite,
  scaleTril: constraints.lowerCholesky,
};

const MATRICES = ["covarianceMatrix", "precisionMatrix", "scaleTril"] as const;

/** The Cholesky factor of the inverse, by that of the matrix whose rows and columns are in reverse order. */
function factorOfInverse(precision: Tensor): Tensor {
  const reversed = cholesky(precision.flip([-2, -1]));
  const inverse = reversed.flip([-2, -1]).mT;
  return solveTriangular(inverse, identityLike(precision));
}

/**
 * Normal distributions of vectors, of mean `loc` and one of three matrices: the covariance, its inverse (precision), or its lower
 * triangular Cholesky factor, with which it computes.
 *
 * @throws ValueError unless one of the matrices is given, or when it is not positive definite, or the mean has no dimension; ShapeError
 *   when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, tensor, zeros } from "flambeau";
 *
 * const covarianceMatrix = tensor([[2, 1], [1, 2]]);
 * const normal = new distributions.MultivariateNormal(zeros([2]), { covarianceMatrix });
 * console.log(String(normal.variance), String(normal.logProb(zeros([2]))));
 * // tensor([2.0000, 2.0000]) tensor(-2.3872)
 * ```
 */
export class MultivariateNormal extends Distribution {
  /** The Cholesky factor, not expanded to the batch. @internal */
  readonly factor: Tensor;

  constructor(...args: Args<typeof MULTIVARIATE_NORMAL>) {
    const bound = bind(MULTIVARIATE_NORMAL, args);
    const { loc, validateArgs } = bound;
    if (loc.ndim < 1) throw new ValueError("MultivariateNormal: loc must be at least one-dimensional");
    const given = MATRICES.filter((name) => bound[name] != null);
    if (given.length !== 1)
      throw new ValueError(`MultivariateNormal: exactly one of ${MATRICES.join(", ")} is given`);
    const [name] = given;
    const matrix = bound[name] as Tensor;
    if (matrix.ndim < 2) throw new ValueError(`MultivariateNormal: ${name} must be at least two-dimensional`);
    const batchShape = broadcastShapes(matrix.shape.slice(0, -2), loc.shape.slice(0, -1));
    const eventShape = loc.shape.slice(-1);
    const params = {
      loc: loc.expand([...batchShape, ...eventShape]),
      [name]: matrix.expand([...batchShape, ...matrix.shape.slice(-2)]),
    };
    super(batchShape, eventShape, params, validateArgs);
    if (name === "scaleTril") this.factor = matrix;
    else this.factor = name === "covarianceMatrix" ? cholesky(matrix) : factorOfInverse(matrix);
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
  /** A matrix expanded to the batch. @internal */
  inBatch(matrix: Tensor): Tensor {
    return matrix.expand([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }
  /** The lower triangular factor of the covariance. */
  get scaleTril(): Tensor {
    return this.params.scaleTril ?? this.inBatch(this.factor);
  }
  /** The covariance. */
  get covarianceMatrix(): Tensor {
    return this.params.covarianceMatrix ?? this.inBatch(matmul(this.factor, this.factor.mT));
  }
  /** The inverse of the covariance. */
  get precisionMatrix(): Tensor {
    if (this.params.precisionMatrix !== undefined) return this.params.precisionMatrix;
    const inverse = solveTriangular(this.factor, identityLike(this.factor));
    return this.inBatch(matmul(inverse.mT, inverse));
  }
  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get variance(): Tensor {
    return this.factor
      .square()
      .sum(-1)
      .expand([...this.batchShape, ...this.eventShape]);
  }

  override rsampled(shape: Shape): Tensor {
    const draws = standardNormal(this.extendedShape(shape), this.loc);
    return this.loc.add(timesVector(this.factor, draws));
  }
  override logProbOf(value: Tensor): Tensor {
    const distance = mahalanobis(this.factor, value.sub(this.loc));
    return distance
      .add(this.eventShape[0] * Math.log(2 * Math.PI))
      .mul(-0.5)
      .sub(halfLogDet(this.factor));
  }
  override entropy(): Tensor {
    const constant = 0.5 * this.eventShape[0] * (1 + Math.log(2 * Math.PI));
    return halfLogDet(this.factor).add(constant).expand(this.batchShape);
  }
}
