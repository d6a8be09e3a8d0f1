import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const BILINEAR = "bilinear(input1: tensor, input2: tensor, weight, bias?)";

/**
 * `x1 * A * x2 + bias` for a matrix A of each output: inputs `[..., in1]` and `[..., in2]`, weight `[out, in1, in2]`, bias `[out]`.
 *
 * @throws ShapeError when the shapes do not go together.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const weight = tensor([[[1, 0], [0, 2]]]);
 * console.log(F.bilinear(tensor([[1, 2]]), tensor([[3, 4]]), weight));
 * // tensor([[19.]])
 * ```
 */
export const bilinear: Callable<typeof BILINEAR, Tensor> = callable(
  BILINEAR,
  (first, second, weight, bias) => {
    const [out, in1, in2] = weight.shape;
    const before = first.shape.slice(0, -1);
    const fits =
      weight.ndim === 3 &&
      first.ndim > 0 &&
      first.shape[first.ndim - 1] === in1 &&
      second.shape.join() === [...before, in2].join() &&
      (bias == null || bias.shape.join() === String(out));
    if (!fits) {
      throw new ShapeError(
        `bilinear takes inputs [..., in1] and [..., in2], a weight [out, in1, in2] and a bias [out]; got shapes ${[first, second, weight, ...(bias == null ? [] : [bias])].map(({ shape }) => formatShape(shape)).join(", ")}`,
      );
    }
    const x = first.reshape([-1, in1]);
    const y = second.reshape([-1, 1, in2]);
    const products = x.matmul(weight.permute([1, 0, 2]).reshape([in1, out * in2])).reshape([-1, out, in2]);
    const sums = products.mul(y).sum(2, { dtype: products.dtype });
    return (bias == null ? sums : sums.add(bias)).reshape([...before, out]);
  },
);
