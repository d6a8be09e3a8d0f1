/**
 * The norms of windows.
 *
 * @module
 */
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { avgPool1d, avgPool2d } from "./pooling.ts";
import { sizes } from "./windows.ts";

/** The norm of windows' elements from the means of their powers. */
function norms(means: Tensor, count: number, p: number): Tensor {
  return means
    .sign()
    .mul(means.abs().relu())
    .mul(count)
    .pow(1 / p);
}

const LP_POOL1D = "lpPool1d(input, normType: number, kernelSize: size1, stride?: size1, ceilMode = false)";

/**
 * The sum of the elements of every window along the last dimension to the power `normType`, and of it the root.
 *
 * @throws ShapeError when a window is larger than the input; DTypeError when it is no float; ValueError when a size is out of range.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.lpPool1d(tensor([[3, 4, 0, 2]]), 2, 2)));
 * // tensor([[5., 2.]])
 * ```
 */
export const lpPool1d: Callable<typeof LP_POOL1D, Tensor> = callable(
  LP_POOL1D,
  (x, p, kernelSize, stride, ceilMode) => {
    const [size] = sizes("lpPool1d", "kernelSize", kernelSize, 1, 1);
    return norms(avgPool1d(x.pow(p), kernelSize, stride ?? null, 0, ceilMode), size, p);
  },
);

const LP_POOL2D = "lpPool2d(input, normType: number, kernelSize: size2, stride?: size2, ceilMode = false)";

/**
 * As `lpPool1d` for images.
 *
 * @throws ShapeError, DTypeError, ValueError as `lpPool1d`.
 *
 * @example
 * ```ts
 * import { F, ones } from "flambeau";
 *
 * console.log(String(F.lpPool2d(ones([1, 2, 4]), 2, 2)));
 * // tensor([[[2., 2.]]])
 * ```
 */
export const lpPool2d: Callable<typeof LP_POOL2D, Tensor> = callable(
  LP_POOL2D,
  (x, p, kernelSize, stride, ceilMode) => {
    const [rows, columns] = sizes("lpPool2d", "kernelSize", kernelSize, 2, 1);
    return norms(avgPool2d(x.pow(p), kernelSize, stride ?? null, 0, ceilMode), rows * columns, p);
  },
);
