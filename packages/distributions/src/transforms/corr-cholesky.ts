import { type Shape, ValueError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import * as constraints from "../constraints/index.ts";
import { limitsOf } from "../float-limits.ts";
import { identityLike } from "../matrices.ts";
import { softplusOf } from "./elementwise.ts";
import { checkDims } from "./parts-of.ts";
import { Transform } from "./transform.ts";
import { padded, withoutLast } from "./vectors.ts";

/** Where the elements of a matrix's lower triangle are among all, by rows; -1 below the diagonal leaves the diagonal out. */
function triangle(n: number, diagonal: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i + diagonal; j++) places.push(i * n + j);
  return places;
}

function picked(x: Tensor, places: readonly number[]): Tensor {
  return x.indexSelect(-1, tensor(places, { dtype: "int64", device: x.device }));
}

/** The elements below a diagonal of matrices, and on it, by rows. */
function toVector(x: Tensor, diagonal: number): Tensor {
  const n = x.shape[x.ndim - 1];
  return picked(x.reshape([...x.shape.slice(0, -2), n * n]), triangle(n, diagonal));
}

/** Matrices with the elements of a vector below the diagonal, by rows. */
function toTriangle(x: Tensor, n: number): Tensor {
  const count = x.shape[x.ndim - 1];
  const places = new Array<number>(n * n).fill(count);
  triangle(n, -1).forEach((place, i) => {
    places[place] = i;
  });
  return picked(padded(x, 0, "behind"), places).reshape([...x.shape.slice(0, -1), n, n]);
}

/** The size of a matrix with so many elements below its diagonal. */
function sizeOf(count: number): number {
  const n = Math.round(Math.sqrt(0.25 + 2 * count) + 0.5);
  if ((n * (n - 1)) / 2 !== count)
    throw new ValueError(`no square matrix has ${count} elements below its diagonal`);
  return n;
}

/**
 * Vectors of n (n - 1) / 2 numbers to Cholesky factors of correlation matrices of n rows: each number says which correlation of those
 * that are still possible.
 *
 * Source: Stan's reference manual, "Cholesky factors of correlation matrices".
 *
 * @throws ValueError when a vector has another length.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.CorrCholeskyTransform().call(tensor([0.5]))));
 * // tensor([[1.0000, 0.0000],
 * //         [0.4621, 0.8868]])
 * ```
 */
export class CorrCholeskyTransform extends Transform {
  override get domain(): constraints.Constraint {
    return constraints.realVector;
  }
  override get codomain(): constraints.Constraint {
    return constraints.corrCholesky;
  }
  override get bijective(): boolean {
    return true;
  }
  protected override forward(x: Tensor): Tensor {
    const { eps } = limitsOf(x.dtype);
    const inside = x.tanh().clamp(-1 + eps, 1 - eps);
    const partial = toTriangle(inside, sizeOf(x.shape[x.ndim - 1]));
    const rest = partial.square().rsub(1).sqrt().cumprod(-1);
    return partial.add(identityLike(partial)).mul(padded(withoutLast(rest), 1, "before"));
  }
  protected override inverse(y: Tensor): Tensor {
    const rest = y.square().cumsum(-1).rsub(1);
    const before = toVector(padded(withoutLast(rest), 1, "before"), -1);
    const partial = toVector(y, -1).div(before.sqrt());
    return partial.add(1).div(partial.rsub(1)).log().div(2);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    // Of the elements below the diagonal, as functions of as many numbers.
    const rest = toVector(y.square().cumsum(-1).rsub(1), -2);
    const tanh = x
      .add(softplusOf(x.mul(-2)))
      .sub(Math.log(2))
      .sum(-1)
      .mul(-2);
    return rest.log().sum(-1).mul(0.5).add(tanh);
  }
  override forwardShape(shape: Shape): Shape {
    checkDims(shape, 1);
    const n = sizeOf(shape[shape.length - 1]);
    return [...shape.slice(0, -1), n, n];
  }
  override inverseShape(shape: Shape): Shape {
    checkDims(shape, 2);
    const n = shape[shape.length - 1];
    if (shape[shape.length - 2] !== n) throw new ValueError("CorrCholeskyTransform: the input is not square");
    return [...shape.slice(0, -2), (n * (n - 1)) / 2];
  }
}
