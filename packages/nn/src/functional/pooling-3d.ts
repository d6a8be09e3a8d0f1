/**
 * Pooling of volumes, plane by plane and then along the depth.
 *
 * @module
 */
import { learnWindows } from "@flambeau/autograd";
import { formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, named, type Tensor, tensor, windows, withOptions } from "@flambeau/tensor";
import { toVolumes } from "./conv3d.ts";
import { meansAlong, type PoolOptions, poolLayout } from "./pooling.ts";
import { elementsAlong, type Layout, type Size3d, windowsOn } from "./windows.ts";

/** Options of `maxPool3d`. */
export interface MaxPool3dOptions extends PoolOptions<Size3d> {
  /** The distance between a window's elements. Default 1. */
  readonly dilation?: Size3d;
  /** Give `[values, indices]`, with where in its volume each value was. Default false. */
  readonly returnIndices?: boolean;
}

/** Options of `avgPool3d`. */
export interface AvgPool3dOptions extends PoolOptions<Size3d> {
  /** Count the padding's zeros in the mean. Default true. */
  readonly countIncludePad?: boolean;
  /** Divide sums by this instead of the number of elements. */
  readonly divisorOverride?: number | null;
}

/** The windows' layout on planes, and along the depth, where a plane is one element wide. */
function parts(layout: Layout): { readonly planes: Layout; readonly depth: Layout } {
  const of = (f: (values: readonly number[], one: number) => number[]): Layout => ({
    kernel: f(layout.kernel, 1),
    stride: f(layout.stride, 1),
    before: f(layout.before, 0),
    after: f(layout.after, 0),
    dilation: f(layout.dilation, 1),
  });
  return { planes: of((values) => values.slice(1)), depth: of((values, one) => [values[0], one]) };
}

const MAX_POOL3D =
  "maxPool3d(input, kernelSize: size3, stride?: size3, padding: size3 = 0, dilation: size3 = 1, ceilMode = false, returnIndices = false)";

/**
 * The largest element of every window of volumes: `[batch, channels, depth, height, width]` or without the batch. Padding is never
 * the largest; the first of equal elements gets the gradient.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is no float; ValueError when an
 *   option is out of range.
 *
 * @example
 * ```ts
 * import { arange, F } from "flambeau";
 *
 * console.log(String(F.maxPool3d(arange(16).reshape([1, 2, 2, 4]), 2)));
 * // tensor([[[[13., 15.]]]])
 * ```
 */
export const maxPool3d: Callable<typeof MAX_POOL3D, Tensor | [Tensor, Tensor], MaxPool3dOptions> =
  withOptions<typeof MAX_POOL3D, 2, Tensor | [Tensor, Tensor], MaxPool3dOptions>(
    MAX_POOL3D,
    2,
    (input, kernelSize, options) => {
      const what = "maxPool3d";
      const { planes, depth } = parts(poolLayout(what, kernelSize, options, 3));
      const { x, restore } = toVolumes(what, input);
      const ceil = options.ceilMode ?? false;
      const [n, c, d, h, w] = x.shape;
      const flat = x.reshape([n, c * d, h, w]);
      const inPlanes = windows.maxPool(flat, windowsOn(what, flat, planes, ceil));
      const [, , rows, columns] = inPlanes.values.shape;
      const stacked = inPlanes.values.reshape([n, c, d, rows * columns]);
      const found = windows.maxPool(stacked, windowsOn(what, stacked, depth, ceil));
      const shape = [n, c, found.values.shape[2], rows, columns];
      const values = named(restore(found.values.reshape(shape)), "MaxPool3DWithIndices");
      if (!(options.returnIndices ?? false)) return values;
      const at = found.indices.reshape([n, c, -1]).to("int64");
      const within = inPlanes.indices.reshape([n, c, -1]).to("int64").gather(2, at);
      const plane = at.floorDivide(rows * columns);
      return [
        values,
        restore(
          plane
            .mul(h * w)
            .add(within)
            .reshape(shape),
        ),
      ];
    },
  );

const AVG_POOL3D =
  "avgPool3d(input, kernelSize: size3, stride?: size3, padding: size3 = 0, ceilMode = false, countIncludePad = true, divisorOverride?: number)";

/**
 * The mean of every window of volumes: `[batch, channels, depth, height, width]` or without the batch. Means of int64 are cut to integers.
 *
 * @throws ShapeError when a window is larger than the padded input; DTypeError when it is neither float nor int64; ValueError when an
 *   option is out of range.
 *
 * @example
 * ```ts
 * import { arange, F } from "flambeau";
 *
 * console.log(String(F.avgPool3d(arange(16).reshape([1, 2, 2, 4]), 2)));
 * // tensor([[[[6.5000, 8.5000]]]])
 * ```
 */
export const avgPool3d: Callable<typeof AVG_POOL3D, Tensor, AvgPool3dOptions> = withOptions<
  typeof AVG_POOL3D,
  2,
  Tensor,
  AvgPool3dOptions
>(AVG_POOL3D, 2, (input, kernelSize, options) => {
  const what = "avgPool3d";
  const layout = poolLayout(what, kernelSize, options, 3);
  const { ceilMode = false, countIncludePad = true, divisorOverride } = options;
  if (divisorOverride === 0) throw new ValueError(`${what}: the divisor is not 0`);
  const { planes, depth } = parts(layout);
  const { x, restore } = toVolumes(what, input, "int64");
  const [n, c, d, h, w] = x.shape;
  learnWindows();
  const flat = x.reshape([n, c * d, h, w]);
  const inPlanes = windows.unfold(flat, windowsOn(what, flat, planes, ceilMode)).sum([2, 3]);
  const [, , rows, columns] = inPlanes.shape;
  const stacked = inPlanes.reshape([n, c, d, rows * columns]);
  const sums = windows.unfold(stacked, windowsOn(what, stacked, depth, ceilMode)).sum([2, 3]);
  const counts = [sums.shape[2], rows, columns].map((count, axis) =>
    elementsAlong([d, h, w][axis], count, layout, axis, countIncludePad),
  );
  const [deep, down, right] = counts.map((list) => tensor(list, { dtype: x.dtype, device: x.device }));
  const volumes = sums.reshape([n, c, sums.shape[2], rows, columns]);
  const divisor =
    divisorOverride ??
    deep
      .reshape([-1, 1, 1])
      .mul(down.reshape([-1, 1]))
      .mul(right);
  return named(
    restore(volumes.div(divisor, { roundingMode: isFloat(x.dtype) ? null : "trunc" })),
    "AvgPool3D",
  );
});

/** One size for all axes, or one for each; null keeps the input's. */
type OutputSize = {
  readonly outputSize?: number | null | readonly [number | null, number | null, number | null];
};

const ADAPTIVE_AVG_POOL3D = "adaptiveAvgPool3d(input, outputSize?: size)";

/**
 * Means of windows so chosen that the output has a size, `[depth, height, width]` or one number for all; null keeps the input's.
 * Window i of k begins at `floor(i * size / k)` and ends before `ceil((i + 1) * size / k)`.
 *
 * @throws ShapeError when the input is no volume or has no elements; DTypeError when it is no float.
 *
 * @example
 * ```ts
 * import { arange, F } from "flambeau";
 *
 * console.log(String(F.adaptiveAvgPool3d(arange(16).reshape([1, 2, 2, 4]), [1, 1, 2])));
 * // tensor([[[[6.5000, 8.5000]]]])
 * ```
 */
export const adaptiveAvgPool3d: Callable<typeof ADAPTIVE_AVG_POOL3D, Tensor, OutputSize> = callable<
  typeof ADAPTIVE_AVG_POOL3D,
  Tensor,
  OutputSize
>(ADAPTIVE_AVG_POOL3D, (input, outputSize) => {
  const { x, restore } = toVolumes("adaptiveAvgPool3d", input);
  const to = adaptiveSizes("adaptiveAvgPool3d", x, outputSize ?? null, 3);
  const means = to.reduce((y, size, axis) => meansAlong(y, axis + 2, size), x);
  return named(restore(means), "AdaptiveAvgPool3D");
});

/**
 * The output's sizes of an adaptive pooling of `[n, c, ...]`.
 *
 * @throws ValueError when they are no integers from 0; ShapeError when there is nothing to pool.
 */
export function adaptiveSizes(
  what: string,
  x: Tensor,
  outputSize: number | null | readonly (number | null)[],
  n: number,
): number[] {
  const given =
    typeof outputSize === "object" && outputSize !== null ? outputSize : new Array(n).fill(outputSize);
  const to = given.map((size, i) => size ?? x.shape[i + 2]);
  if (to.length !== n || to.some((size) => !Number.isInteger(size) || size < 0))
    throw new ValueError(`${what}: an output's size is made of integers from 0; got ${quote(outputSize)}`);
  if (x.shape.slice(2).some((size) => size === 0))
    throw new ShapeError(`${what}: an input of shape ${formatShape(x.shape)} has no elements to pool`);
  return to;
}
