/** Transforms of vectors and matrices. */
import type { Shape } from "@flambeau/backend";
import { cat, fullLike, ones, type Tensor, zerosLike } from "@flambeau/tensor";
import * as constraints from "../constraints/index.ts";
import { limitsOf } from "../float-limits.ts";
import { diagonalMatrix, diagonalOf } from "../matrices.ts";
import { clippedSigmoid, softplusOf } from "./elementwise.ts";
import { checkDims } from "./parts-of.ts";
import { Transform } from "./transform.ts";

/** The last dimension with one more element of a value before or behind it. */
export function padded(x: Tensor, value: number, side: "before" | "behind"): Tensor {
  const edge = x.detach().sum(-1, true);
  const constant = value === 0 ? zerosLike(edge) : fullLike(edge, value);
  return cat(side === "before" ? [constant, x] : [x, constant], -1);
}

/** All but the last of the last dimension. */
export function withoutLast(x: Tensor): Tensor {
  return x.narrow(-1, 0, x.shape[x.ndim - 1] - 1);
}

/**
 * `y = exp(x) / sum(exp(x))` along the last dimension. The inverse is the logarithm, so that it is none: an addend is lost.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.SoftmaxTransform().call(tensor([0, 0]))));
 * // tensor([0.5000, 0.5000])
 * ```
 */
export class SoftmaxTransform extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.realVector;
  }
  override get codomain(): constraints.Constraint {
    return constraints.simplex;
  }
  protected override forward(x: Tensor): Tensor {
    const exps = x.sub(x.amax(-1, true)).exp();
    return exps.div(exps.sum(-1, true));
  }
  protected override inverse(y: Tensor): Tensor {
    return y.log();
  }
  override forwardShape(shape: Shape): Shape {
    checkDims(shape, 1);
    return shape;
  }
  override inverseShape(shape: Shape): Shape {
    checkDims(shape, 1);
    return shape;
  }
  override equals(other: Transform): boolean {
    return other instanceof SoftmaxTransform;
  }
}

/** How many pieces are left before each break, of `count` breaks. */
function offsets(count: number, { dtype, device }: Tensor): Tensor {
  return ones([count], { dtype, device })
    .cumsum(-1)
    .rsub(count + 1);
}

/**
 * Vectors of n numbers to n + 1 positive ones whose sum is 1: each number says which part of what is left of a stick is broken off.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.StickBreakingTransform().call(tensor([0, 0]))));
 * // tensor([0.3333, 0.3333, 0.3333])
 * ```
 */
export class StickBreakingTransform extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.realVector;
  }
  override get codomain(): constraints.Constraint {
    return constraints.simplex;
  }
  override get bijective(): boolean {
    return true;
  }
  protected override forward(x: Tensor): Tensor {
    const parts = clippedSigmoid(x.sub(offsets(x.shape[x.ndim - 1], x).log()));
    const rest = parts.rsub(1).cumprod(-1);
    return padded(parts, 1, "behind").mul(padded(rest, 1, "before"));
  }
  protected override inverse(y: Tensor): Tensor {
    const broken = withoutLast(y);
    const offset = offsets(broken.shape[broken.ndim - 1], y);
    const rest = broken.cumsum(-1).rsub(1).clampMin(limitsOf(y.dtype).tiny);
    return broken.log().sub(rest.log()).add(offset.log());
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const shifted = x.sub(offsets(x.shape[x.ndim - 1], x).log());
    // 1 - sigmoid(x) = exp(-x) sigmoid(x)
    const logSigmoid = softplusOf(shifted.neg()).neg();
    return logSigmoid.sub(shifted).add(withoutLast(y).log()).sum(-1);
  }
  override forwardShape(shape: Shape): Shape {
    checkDims(shape, 1);
    return [...shape.slice(0, -1), shape[shape.length - 1] + 1];
  }
  override inverseShape(shape: Shape): Shape {
    checkDims(shape, 1);
    return [...shape.slice(0, -1), shape[shape.length - 1] - 1];
  }
  override equals(other: Transform): boolean {
    return other instanceof StickBreakingTransform;
  }
}

/**
 * Square matrices to lower triangular ones with a positive diagonal: the elements below it stay, those on it are raised to powers of e.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.LowerCholeskyTransform().call(tensor([[0, 5], [2, 1]]))));
 * // tensor([[1.0000, 0.0000],
 * //         [2.0000, 2.7183]])
 * ```
 */
export class LowerCholeskyTransform extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.independent(constraints.real, 2);
  }
  override get codomain(): constraints.Constraint {
    return constraints.lowerCholesky;
  }
  protected override forward(x: Tensor): Tensor {
    return x.tril(-1).add(diagonalMatrix(diagonalOf(x).exp()));
  }
  protected override inverse(y: Tensor): Tensor {
    return y.tril(-1).add(diagonalMatrix(diagonalOf(y).log()));
  }
  override equals(other: Transform): boolean {
    return other instanceof LowerCholeskyTransform;
  }
}
