/** Products with an addend: those of matrices in batches, of a matrix and a vector, and of two vectors. */
import { formatShape, ShapeError } from "@flambeau/backend";
import { bmm, type Callable, callable, matmul, mv, named, outer, type Tensor } from "@flambeau/tensor";
import { checkDTypes, plusAddend } from "./addend.ts";

const ADDBMM = "addbmm(input, batch1: tensor, batch2: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `beta * input + alpha * batch1.bmm(batch2).sum(0)`: the products of matrices `[b, m, k]` and `[b, k, n]`, summed, added to a tensor that
 * broadcasts to `[m, n]`. With beta 0 the elements of `input` do not count, not even nan.
 *
 * @throws ShapeError when the sizes do not fit; DTypeError when the dtypes differ or are bool, or a factor has a fraction and the tensors are
 *   integers.
 *
 * @example
 * ```ts
 * import { addbmm } from "@flambeau/ops";
 * import { ones, zeros } from "@flambeau/tensor";
 *
 * console.log(String(addbmm(zeros([2, 2]), ones([3, 2, 4]), ones([3, 4, 2]), { alpha: 0.5 })));
 * // tensor([[6., 6.],
 * //         [6., 6.]])
 * ```
 */
export const addbmm: Callable<typeof ADDBMM, Tensor> = callable(ADDBMM, (x, a, b, factors) => {
  checkBatches("addbmm", a, b);
  checkDTypes("addbmm", x, a);
  // One product of long rows and columns, in place of a sum of many.
  const [batch, rows, inner] = a.shape;
  const columns = b.shape[2];
  const product = matmul(
    a.permute([1, 0, 2]).reshape([rows, batch * inner]),
    b.reshape([batch * inner, columns]),
  );
  return named(plusAddend("addbmm", x, product, factors), "Addbmm");
});

const BADDBMM = "baddbmm(input, batch1: tensor, batch2: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `beta * input + alpha * batch1.bmm(batch2)`: the products of matrices `[b, m, k]` and `[b, k, n]`, added to a tensor that broadcasts to
 * `[b, m, n]`. With beta 0 the elements of `input` do not count, not even nan.
 *
 * @throws ShapeError when the sizes do not fit; DTypeError when the dtypes differ or are bool, or a factor has a fraction and the tensors are
 *   integers.
 *
 * @example
 * ```ts
 * import { baddbmm } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(baddbmm(tensor([[10, 20]]), ones([1, 2, 3]), ones([1, 3, 2]))));
 * // tensor([[[13., 23.],
 * //          [13., 23.]]])
 * ```
 */
export const baddbmm: Callable<typeof BADDBMM, Tensor> = callable(BADDBMM, (x, a, b, factors) => {
  checkBatches("baddbmm", a, b);
  checkDTypes("baddbmm", x, a);
  return named(plusAddend("baddbmm", x, bmm(a, b), factors), "Baddbmm");
});

function checkBatches(what: string, a: Tensor, b: Tensor): void {
  if (a.ndim !== 3 || b.ndim !== 3 || a.shape[0] !== b.shape[0] || a.shape[2] !== b.shape[1])
    throw new ShapeError(
      `${what} takes two batches of as many matrices, [b, m, k] and [b, k, n]; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
}

const ADDMV = "addmv(input, mat: tensor, vec: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `beta * input + alpha * mat.mv(vec)`: the product of a matrix `[m, k]` and a vector `[k]`, added to a tensor that broadcasts to `[m]`. With
 * beta 0 the elements of `input` do not count, not even nan.
 *
 * @param mat - the matrix.
 * @throws ShapeError when the sizes do not fit; DTypeError when the dtypes differ or are bool, or a factor has a fraction and the tensors are
 *   integers.
 *
 * @example
 * ```ts
 * import { addmv } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addmv(tensor([10, 20]), ones([2, 3]), tensor([1, 2, 3]))));
 * // tensor([16., 26.])
 * ```
 */
export const addmv: Callable<typeof ADDMV, Tensor> = callable(ADDMV, (x, matrix, vector, factors) => {
  checkDTypes("addmv", x, matrix);
  return named(plusAddend("addmv", x, mv(matrix, vector), factors), "Addmv");
});

const ADDR = "addr(input, vec1: tensor, vec2: tensor, *, beta: number|bool = 1, alpha: scalar = 1)";

/**
 * `beta * input + alpha * outer(vec1, vec2)`: the products of each element of one vector with each of another, added to a tensor that
 * broadcasts to `[m, n]`. With beta 0 the elements of `input` do not count, not even nan. The dtype is the promoted one; bools are joined by
 * "and", and with `input` by "or".
 *
 * @throws ShapeError when the sizes do not fit, or one is no vector; DTypeError when a factor has a fraction and the tensors are integers.
 *
 * @example
 * ```ts
 * import { addr } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(addr(zeros([2, 2]), tensor([1, 2]), tensor([1, 10]))));
 * // tensor([[ 1., 10.],
 * //         [ 2., 20.]])
 * ```
 */
export const addr: Callable<typeof ADDR, Tensor> = callable(ADDR, (x, a, b, { beta, alpha }) => {
  const isBool = [x, a, b].every(({ dtype }) => dtype === "bool");
  const product = outer(a, b);
  if (!isBool)
    return named(
      plusAddend("addr", x, product, {
        beta: Number(beta),
        alpha: typeof alpha === "boolean" ? Number(alpha) : alpha,
      }),
      "Addr",
    );
  // The sum, which checks the shapes, counts.
  const factors = { beta: beta ? 1 : 0, alpha: alpha ? 1 : 0 };
  return plusAddend("addr", x.to("uint8"), product.to("uint8"), factors).ne(0);
});

const VDOT = "vdot(input, other: tensor)";

/**
 * The sum of products of two vectors: `dot`, as there are no complex numbers.
 *
 * @throws ShapeError when they are no vectors of one length; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { vdot } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(vdot(tensor([1, 2]), tensor([3, 4]))));
 * // tensor(11.)
 * ```
 */
export const vdot: Callable<typeof VDOT, Tensor> = callable(VDOT, (a, b) => named(a.dot(b), "Vdot"));
