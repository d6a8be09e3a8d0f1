import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { pad } from "./pad.ts";

const LOCAL_RESPONSE_NORM =
  "localResponseNorm(input, size: int, alpha: number = 1e-4, beta: number = 0.75, k: number = 1)";

/**
 * Each element of `[batch, channels, ...]` divided by `(k + alpha * mean) ** beta`, where the mean is that of the squares of `size`
 * channels around its own. Source: Krizhevsky, Sutskever and Hinton 2012.
 *
 * @throws ShapeError when there are fewer than 3 dimensions; DTypeError when the input is bool; ValueError when `size` is no integer from 1.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.localResponseNorm(tensor([[[1], [2], [3]]]), 3, { alpha: 1 }).flatten());
 * // tensor([0.4792, 0.5445, 0.8548])
 * ```
 */
export const localResponseNorm: Callable<typeof LOCAL_RESPONSE_NORM, Tensor> = callable(
  LOCAL_RESPONSE_NORM,
  (x, size, alpha, beta, k) => {
    if (x.ndim < 3) {
      throw new ShapeError(
        `localResponseNorm takes an input [batch, channels, ...] of 3 dimensions at least; got shape ${formatShape(x.shape)}`,
      );
    }
    if (x.dtype === "bool") throw new DTypeError("localResponseNorm takes numbers; got bool");
    if (!Number.isInteger(size) || size < 1)
      throw new ValueError(`localResponseNorm: size is an integer from 1; got ${quote(size)}`);
    const around = new Array<number>(2 * (x.ndim - 2)).fill(0);
    const squares = pad(x.mul(x), [...around, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
    let sums = squares.narrow(1, 0, x.shape[1]);
    for (let i = 1; i < size; i++) sums = sums.add(squares.narrow(1, i, x.shape[1]));
    // As in PyTorch, means of integers are cut to integers.
    const means = isFloat(x.dtype) ? sums.div(size) : sums.div(size, { roundingMode: "trunc" });
    return x.div(means.mul(alpha).add(k).pow(beta));
  },
);
