/**
 * Products of matrices and vectors.
 *
 * @module
 */
import { broadcastShapes, formatShape, ShapeError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { onesLike } from "../creation.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkNdims } from "./check-dims.ts";
import { positions } from "./positions.ts";
import { sum } from "./reduce.ts";
import { checkFactor } from "./refusals.ts";
import { sameDType } from "./same-dtype.ts";
import { maskedFill } from "./where.ts";

/** Refuses factors of other numbers of dimensions, or batches of other sizes; `takes` says which ones are taken. */
function checkFactors(takes: string, a: Tensor, dimsOfA: number, b: Tensor, dimsOfB: number): void {
  if (a.ndim !== dimsOfA || b.ndim !== dimsOfB || (dimsOfB === 3 && a.shape[0] !== b.shape[0]))
    throw new ShapeError(`${takes}; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
}

const matmulOp = defineOp("matmul", {
  shape: ([a, b]) => {
    sameDType("matmul", [a, b]);
    const n = a.ndim;
    const m = b.ndim;
    if (a.shape[n - 1] !== b.shape[m - 2]) throw mismatch(a, b);
    const shape =
      n === 2 && m === 2 ? [] : broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)).slice();
    shape.push(a.shape[n - 2], b.shape[m - 1]);
    return shape;
  },
  run: ([a, b], _, out) => out.storage.backend.matmul(a, b, out),
});

const MATMUL = "matmul(input, other: tensor)";

/**
 * The matrix product. Two vectors give their dot product, a vector counts as a row before a matrix and as a column
 * after one; leading dimensions are batches and broadcast.
 *
 * @throws ShapeError when the inner sizes differ; DTypeError when the dtypes do.
 *
 * @example
 * ```ts
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).matmul(ones([2, 1]))));
 * // tensor([[3.],
 * //         [7.]])
 * ```
 */
export const matmul: Callable<typeof MATMUL, Tensor> = callable(MATMUL, (a, b) => {
  if (a.ndim > 1 && b.ndim > 1) return runOp(matmulOp, [a, b], undefined);
  commonBackend("matmul", [a, b]);
  sameDType("matmul", [a, b]);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      `matmul takes vectors and matrices; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  // Without its leading or trailing one a vector's product has fewer dimensions.
  const out = matmulShaped(a, b);
  if (b.ndim === 1 && a.ndim < 3)
    return named(out.squeeze(-1).squeeze(a.ndim === 1 ? 0 : []), a.ndim === 1 ? "Dot" : "Mv");
  if (b.ndim === 1) return named(out.squeeze(-1), "UnsafeView");
  return named(out.squeeze(-2), b.ndim === 2 ? "SqueezeBackward3" : "UnsafeView");
});

function matmulShaped(a: Tensor, b: Tensor): Tensor {
  if (a.shape[a.ndim - 1] !== b.shape[Math.max(b.ndim - 2, 0)]) throw mismatch(a, b);
  return matmul(a.ndim === 1 ? a.unsqueeze(0) : a, b.ndim === 1 ? b.unsqueeze(1) : b);
}

function mismatch(a: Tensor, b: Tensor): ShapeError {
  return new ShapeError(
    `matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} cannot be multiplied: the inner sizes ${a.shape[a.ndim - 1]} and ${b.shape[Math.max(b.ndim - 2, 0)]} differ`,
  );
}

const MM = "mm(input, mat2)";

/**
 * The product of two matrices, without broadcasting.
 *
 * @throws ShapeError when they are no matrices or the inner sizes differ; DTypeError when the dtypes do.
 *
 * @example
 * ```ts
 * import { mm, ones } from "@flambeau/tensor";
 *
 * console.log(String(mm(ones([2, 3]), ones([3, 1]))));
 * // tensor([[3.],
 * //         [3.]])
 * ```
 */
export const mm: Callable<typeof MM, Tensor> = callable(MM, (a, b) => {
  checkFactors("mm takes two matrices", a, 2, b, 2);
  return matmul(a, b);
});

const BMM = "bmm(input, mat2)";

/**
 * The products of two batches of matrices, without broadcasting.
 *
 * @throws ShapeError when the shapes are not `[n, a, b]` and `[n, b, c]`; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { bmm, ones } from "@flambeau/tensor";
 *
 * console.log(bmm(ones([5, 2, 3]), ones([5, 3, 4])).shape);
 * // [ 5, 2, 4 ]
 * ```
 */
export const bmm: Callable<typeof BMM, Tensor> = callable(BMM, (a, b) => {
  checkFactors("bmm takes two batches of as many matrices", a, 3, b, 3);
  return named(matmul(a, b), "Bmm");
});

const MV = "mv(input, vec: tensor)";

/**
 * The product of a matrix and a vector.
 *
 * @throws ShapeError when the shapes are not `[m, n]` and `[n]`; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { mv, tensor } from "@flambeau/tensor";
 *
 * console.log(String(mv(tensor([[1, 2], [3, 4]]), tensor([1, 1]))));
 * // tensor([3., 7.])
 * ```
 */
export const mv: Callable<typeof MV, Tensor> = callable(MV, (a, b) => {
  checkFactors("mv takes a matrix and a vector", a, 2, b, 1);
  return named(matmul(a, b), "Mv");
});

const DOT = "dot(input, other: tensor)";

/**
 * The sum of the products of two vectors' elements.
 *
 * @throws ShapeError when they are no vectors of one length; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { dot, tensor } from "@flambeau/tensor";
 *
 * console.log(String(dot(tensor([1, 2]), tensor([3, 4]))));
 * // tensor(11.)
 * ```
 */
export const dot: Callable<typeof DOT, Tensor> = callable(DOT, (a, b) => {
  checkFactors("dot takes two vectors", a, 1, b, 1);
  return named(matmul(a, b), "Dot");
});

const OUTER = "outer(input, vec2: tensor)";

/**
 * Every product of an element of one vector with one of another.
 *
 * @throws ShapeError when they are no vectors.
 *
 * @example
 * ```ts
 * import { outer, tensor } from "@flambeau/tensor";
 *
 * console.log(String(outer(tensor([1, 2]), tensor([3, 4]))));
 * // tensor([[3., 4.],
 * //         [6., 8.]])
 * ```
 */
export const outer: Callable<typeof OUTER, Tensor> = callable(OUTER, (a, b) => {
  checkFactors("outer takes two vectors", a, 1, b, 1);
  return mul(a.unsqueeze(1), b.unsqueeze(0));
});

const ADDMM = "addmm(input, mat1: tensor, mat2, *, beta: number = 1, alpha: number = 1)";

/**
 * `input + mat1 @ mat2` with scaled parts: `beta * input + alpha * (mat1 @ mat2)`. A `beta` of 0 leaves
 * `input` out, even where it is nan.
 *
 * @throws ShapeError as `mm`, or when `input` does not broadcast to the product; DTypeError when the dtypes
 *   differ, or a factor has a fraction and the matrices are integers.
 *
 * @example
 * ```ts
 * import { addmm, ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addmm(tensor([10, 20]), ones([2, 3]), ones([3, 2]))));
 * // tensor([[13., 23.],
 * //         [13., 23.]])
 * ```
 */
export const addmm: Callable<typeof ADDMM, Tensor> = callable(ADDMM, (x, a, b, { beta, alpha }) => {
  const product = mm(a, b);
  sameDType("addmm", [x, a]);
  checkFactor("addmm", "beta", beta, [x]);
  checkFactor("addmm", "alpha", alpha, [x]);
  const scaled = alpha === 1 ? product : product.mul(alpha);
  // A product with zero would keep nan.
  const addend = beta === 0 ? maskedFill(x, onesLike(x, { dtype: "bool" }), 0) : beta === 1 ? x : x.mul(beta);
  return named(scaled.add(addend), "Addmm");
});

const TRACE = "trace(input)";

/**
 * The sum of the diagonal of a matrix.
 *
 * @throws ShapeError when it is no matrix.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).trace()));
 * // tensor(5.)
 * ```
 */
export const trace: Callable<typeof TRACE, Tensor> = callable(TRACE, (x) => {
  checkNdims("trace takes a matrix", x, 2);
  const size = Math.min(...x.shape);
  const index = positions(size, x.device).unsqueeze(1);
  return named(sum(x.narrow(0, 0, size).gather(1, index)), "Trace");
});
