/**
 * Windows of images as columns, and back.
 *
 * @module
 */
import { learnWindows } from "@flambeau/autograd";
import { DTypeError, formatShape, isFloat, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor, type WindowAttrs, windows } from "@flambeau/tensor";
import { type Layout, type Size2d, sizes, toPlanes, windowsOn } from "./windows.ts";

interface Form {
  readonly kernelSize: Size2d;
  readonly dilation: Size2d;
  readonly padding: Size2d;
  readonly stride: Size2d;
}

function layoutOf(what: string, { kernelSize, dilation, padding, stride }: Form): Layout {
  const before = sizes(what, "padding", padding, 2, 0);
  return {
    kernel: sizes(what, "kernelSize", kernelSize, 2, 1),
    stride: sizes(what, "stride", stride, 2, 1),
    dilation: sizes(what, "dilation", dilation, 2, 1),
    ...{ before, after: before },
  };
}

const UNFOLD = "unfold(input, kernelSize: size2, dilation: size2 = 1, padding: size2 = 0, stride: size2 = 1)";

/**
 * Every window of images as a column: `[batch, channels, height, width]` or without the batch to
 * `[batch, channels * window, windows]`.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is no float; ValueError when a size is
 *   out of range.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.unfold(tensor([[[1, 2, 3], [4, 5, 6]]]), [2, 2])));
 * // tensor([[1., 2.],
 * //         [2., 3.],
 * //         [4., 5.],
 * //         [5., 6.]])
 * ```
 */
export const unfold: Callable<typeof UNFOLD, Tensor> = callable(
  UNFOLD,
  (input, kernelSize, dilation, padding, stride) => {
    const layout = layoutOf("unfold", { kernelSize, dilation, padding, stride });
    const { x } = toPlanes("unfold", input, 2);
    learnWindows();
    const columns = windows.unfold(x, windowsOn("unfold", x, layout, false));
    const [n, c, rows, width, down, right] = columns.shape;
    const out = columns.reshape([n, c * rows * width, down * right]);
    return input.ndim === 4 ? out : out.squeeze(0);
  },
);

const FOLD =
  "fold(input, outputSize: size2, kernelSize: size2, dilation: size2 = 1, padding: size2 = 0, stride: size2 = 1)";

/**
 * Columns of windows added up where they lie in images: `[batch, channels * window, windows]` or without the batch to
 * `[batch, channels, ...outputSize]`. The reverse of `unfold` where windows do not overlap.
 *
 * @throws ShapeError when the columns are no windows of such images; DTypeError when they are no floats; ValueError when a size is
 *   out of range.
 *
 * @example
 * ```ts
 * import { F, ones } from "flambeau";
 *
 * console.log(String(F.fold(ones([4, 2]), [2, 3], 2)));
 * // tensor([[[1., 2., 1.],
 * //          [1., 2., 1.]]])
 * ```
 */
export const fold: Callable<typeof FOLD, Tensor> = callable(
  FOLD,
  (input, outputSize, kernelSize, dilation, padding, stride) => {
    const layout = layoutOf("fold", { kernelSize, dilation, padding, stride });
    const [height, width] = sizes("fold", "outputSize", outputSize, 2, 1);
    if (!isFloat(input.dtype)) throw new DTypeError(`fold takes floats; got ${input.dtype}`);
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new ShapeError(
        `fold takes an input [batch, channels * window, windows] or without the batch; got shape ${formatShape(input.shape)}`,
      );
    }
    const x = input.ndim === 3 ? input : input.unsqueeze(0);
    const [n, size, count] = x.shape;
    const [rows, columns] = layout.kernel;
    const like = x.narrow(1, 0, 0).reshape([0, 1, 0, 0]);
    const attrs: WindowAttrs = windowsOn("fold", planes(like, height, width), layout, false);
    const [down, right] = attrs.positions;
    if (size % (rows * columns) !== 0 || count !== down * right) {
      throw new ShapeError(
        `fold: images of size ${formatShape([height, width])} have ${down * right} windows of ${rows * columns} elements a channel; got shape ${formatShape(input.shape)}`,
      );
    }
    learnWindows();
    const windowed = x.reshape([n, size / (rows * columns), rows, columns, down, right]);
    const out = windows.fold(windowed, attrs);
    return input.ndim === 3 ? out : out.squeeze(0);
  },
);

/** No images at all, of a size. */
function planes(like: Tensor, height: number, width: number): Tensor {
  return like.withLayout([0, 1, height, width], [height * width, height * width, width, 1]);
}
