import { noGrad } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { geqrf, householderProduct, matrixExp, solve } from "@flambeau/linalg";
import { type Args, allclose, bind, cat, eye, type Tensor, zerosLike } from "@flambeau/tensor";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";
import { registerParametrization } from "./parametrize/register.ts";
import { fieldNameOf, fieldsOf } from "./tensor-field.ts";
import type { WeightOf } from "./weight-norm.ts";

/** How a matrix without constraints is made orthogonal. */
type Map = "matrixExp" | "cayley" | "householder";

/** A matrix with orthonormal columns, or rows where they are fewer; named as in PyTorch, whose texts have the name. */
class _Orthogonal extends Module {
  readonly orthogonalMap: Map;
  /** The orthogonal matrix that the map's is multiplied with; null without trivialization. */
  readonly base: Buffer | null = null;

  constructor(weight: Tensor, orthogonalMap: Map, useTrivialization: boolean) {
    super();
    this.orthogonalMap = orthogonalMap;
    // `rightInverse` fills it, where this is the first parametrization of the weight.
    if (useTrivialization) this.base = new Buffer(oneLike(tall(weight)).contiguous());
    // There is no way back without one: the weight stays what is made orthogonal.
    else if (orthogonalMap !== "householder")
      Object.defineProperty(this, "rightInverse", { value: undefined });
  }

  override forward(x: Tensor): Tensor {
    const q =
      this.orthogonalMap === "householder" ? reflections(tall(x)) : rotation(tall(x), this.orthogonalMap);
    const own = this.base === null ? q : this.base.matmul(q);
    return isWide(x) ? own.mT : own;
  }

  /** What stands for a matrix, or for the orthogonal one that is its Q. */
  rightInverse(weight: Tensor): Tensor {
    return noGrad(() => {
      if (this.base === null) {
        const x = withSigns(tall(weight));
        return isWide(weight) ? x.mT : x;
      }
      this.base.copy_(completed(tall(weight)));
      // Of minus the identity each map makes the identity.
      const x = zerosLike(weight);
      x.diagonal(0, -2, -1).fill_(-1);
      return x;
    });
  }
}

const isWide = (x: Tensor): boolean => (x.shape.at(-2) as number) < (x.shape.at(-1) as number);
const tall = (x: Tensor): Tensor => (isWide(x) ? x.mT : x);

/** The identity of the rows of matrices. */
function oneLike(x: Tensor): Tensor {
  const n = x.shape.at(-2) as number;
  return eye(n, n, { dtype: x.dtype, device: x.device }).expand([...x.shape.slice(0, -2), n, n]);
}

/** An orthogonal matrix of the lower triangle of a tall one, less its transpose: by the exponential or Cayley's map. */
function rotation(x: Tensor, map: "matrixExp" | "cayley"): Tensor {
  const [n, k] = x.shape.slice(-2);
  const lower = x.tril();
  const square = n === k ? lower : cat([lower, x.newZeros([...x.shape.slice(0, -1), n - k])], -1);
  const skew = square.sub(square.mT);
  if (map === "matrixExp") return matrixExp(skew).narrow(-1, 0, k);
  const one = oneLike(x);
  return solve(one.sub(skew.mul(0.5)), one.add(skew.mul(0.5))).narrow(-1, 0, k);
}

/** The product of the reflections in a tall matrix below its diagonal, which has the signs of the columns. */
function reflections(x: Tensor): Tensor {
  const vectors = x.tril(-1);
  const tau = vectors.square().sum(-2).add(1).reciprocal().mul(2);
  // No signs but -1, 0 and 1: as PyTorch, which takes the integers of the diagonal.
  return householderProduct(vectors, tau).mul(x.detach().diagonal(0, -2, -1).trunc().unsqueeze(-2));
}

/** The reflections of a tall matrix's QR factors, and on the diagonal the signs that make R's positive. */
function withSigns(x: Tensor): Tensor {
  const { a, tau } = geqrf(x);
  const diagonal = a.diagonal(0, -2, -1);
  // A column that needed no reflection has a tau of zero.
  diagonal.copy_(diagonal.sign().mul(tau.eq(0).to(a.dtype).mul(-2).add(1)));
  return a;
}

/** Q of the QR factors of a tall matrix with R's diagonal positive. */
function orthonormal(x: Tensor): Tensor {
  const { a, tau } = geqrf(x);
  return householderProduct(a, tau).mul(a.diagonal(0, -2, -1).sign().unsqueeze(-2));
}

/** A tall matrix with orthonormal columns, and as many drawn ones beside it as make it square; the same where it is square already. */
function completed(x: Tensor): Tensor {
  return noGrad(() => {
    const [n, k] = x.shape.slice(-2);
    if (n !== k) return orthonormal(cat([x, x.newEmpty([...x.shape.slice(0, -1), n - k]).normal_()], -1));
    const product = x.mT.matmul(x);
    const atol = 10 * n * (x.dtype === "float64" ? 2 ** -52 : 2 ** -23);
    return allclose(product, oneLike(x), { atol }) ? x.clone() : orthonormal(x);
  });
}

const ORTHOGONAL =
  "orthogonal(module: module, name: string = 'weight', orthogonalMap?: 'matrixExp'|'matrix_exp'|'cayley'|'householder', *, useTrivialization: bool = true)";

interface Types<M extends Module> extends WeightOf<M> {
  /** How the matrix is made. Default: "matrixExp" where it is square, else "householder". */
  readonly orthogonalMap?: Map | "matrix_exp" | null;
}

/**
 * Keeps the matrices of a weight `[..., n, k]` orthogonal: their columns, or rows where these are fewer, are orthonormal, whatever a training does
 * to the matrix that stands for them. `orthogonalMap` is how they are made of it: "matrixExp" takes the exponential of a skew-symmetric
 * matrix, "cayley" `(I + A/2) (I - A/2)^-1`, "householder" a product of reflections. With `useTrivialization` the result is multiplied with
 * the buffer `base`, which is the weight as it was or was last set (its Q, where it was not orthogonal); without it, the weight of the first two maps
 * cannot be set. Numbers that complete a matrix are drawn as PyTorch draws them. Source: Lezcano-Casado, "Trivializations for gradient-based optimization on
 * manifolds" (2019), and PyTorch's `torch.nn.utils.parametrizations.orthogonal`.
 *
 * @returns the module.
 * @param useTrivialization - multiply with the weight as it was.
 * @throws ArgumentError when the module has no such tensor; or there is no such map; ShapeError when it has fewer than two dimensions;
 *   DTypeError when the weight is neither float32 nor float64. Nothing has changed then.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "flambeau";
 *
 * manualSeed(0);
 * const layer = nn.utils.parametrizations.orthogonal(new nn.Linear(4, 2));
 * const { weight } = layer;
 * console.log(String(weight.matmul(weight.t()).detach().round({ decimals: 4 }).abs()));
 * // tensor([[1., 0.],
 * //         [0., 1.]])
 * ```
 */
export function orthogonal<M extends Module>(...args: Args<typeof ORTHOGONAL, Types<M>>): M {
  const bound = bind<typeof ORTHOGONAL, Types<M>>(ORTHOGONAL, args);
  const { module, name, useTrivialization } = bound;
  const weight = fieldsOf(module)[fieldNameOf("orthogonal", module, name)] as Tensor;
  if (weight.ndim < 2)
    throw new ShapeError(`orthogonal takes a weight [..., n, k]; got shape ${formatShape(weight.shape)}`);
  const isSquare = weight.shape.at(-2) === weight.shape.at(-1);
  const given = bound.orthogonalMap ?? (isSquare ? "matrixExp" : "householder");
  const map = given === "matrix_exp" ? "matrixExp" : given;
  return registerParametrization(module, name, new _Orthogonal(weight, map, useTrivialization), {
    unsafe: true,
  }) as M;
}
