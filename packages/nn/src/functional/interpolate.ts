import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { meansAlong } from "./pooling.ts";
import { cubic, type Line, linear, nearest, resampled, smoothed, type Taps } from "./resample.ts";

/** How elements between others are computed. */
export type InterpolationMode =
  | ("nearest" | "nearest-exact" | "area")
  | ("linear" | "bilinear" | "bicubic" | "trilinear");

/** How many dimensions besides batch and channels a mode is for. */
const DIMENSIONS: Readonly<Record<InterpolationMode, readonly number[]>> = {
  nearest: [1, 2, 3],
  "nearest-exact": [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
};

interface Types {
  /** The size of the result, for all dimensions or one each. */
  readonly size?: number | readonly number[] | null;
  /** How many times as large the result is, for all dimensions or one each. */
  readonly scaleFactor?: number | readonly number[] | null;
  /** How elements between others are computed. Default "nearest". */
  readonly mode?: InterpolationMode;
  /** Keep the elements at the corners where they are, instead of the outer edges. Default false. */
  readonly alignCorners?: boolean | null;
  /** Take the factors that follow from the sizes, which are rounded, instead of those given. Default false. */
  readonly recomputeScaleFactor?: boolean | null;
  /** Filter so that nothing is passed over where the result is smaller; for "bilinear" and "bicubic". Default false. */
  readonly antialias?: boolean;
}

const INTERPOLATE =
  "interpolate(input, size?: size, scaleFactor?: size, mode: 'nearest'|'nearest-exact'|'area'|'linear'|'bilinear'|'bicubic'|'trilinear' = 'nearest', alignCorners?: bool, recomputeScaleFactor?: bool, antialias = false)";

/**
 * Lines, images or volumes resampled to another size: `[batch, channels, ...]`. The modes are "nearest", "nearest-exact" and
 * "area" (means), "linear" (lines), "bilinear" and "bicubic" (images), "trilinear" (volumes).
 *
 * @throws ShapeError when the mode is not for such an input; DTypeError when it is neither float nor, in the modes of nearest, uint8; ValueError when there is not one
 *   of `size` and `scaleFactor`, or an option does not go with the mode.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const x = tensor([[[1, 2, 4]]]);
 * console.log(String(F.interpolate(x, { scaleFactor: 2 })));
 * // tensor([[[1., 1., 2., 2., 4., 4.]]])
 * console.log(String(F.interpolate(x, 5, { mode: "linear", alignCorners: true })));
 * // tensor([[[1.0000, 1.5000, 2.0000, 3.0000, 4.0000]]])
 * ```
 */
export const interpolate: Callable<typeof INTERPOLATE, Tensor, Types> = callable<
  typeof INTERPOLATE,
  Tensor,
  Types
>(INTERPOLATE, (x, size, scaleFactor, mode, alignCorners, recomputeScaleFactor, antialias) => {
  const n = x.ndim - 2;
  const isNearest = mode === "nearest" || mode === "nearest-exact";
  if (!isFloat(x.dtype) && !(isNearest && x.dtype === "uint8"))
    throw new DTypeError(
      `interpolate takes floats, and uint8 in the modes of nearest; got ${x.dtype} in the mode "${mode}"`,
    );
  if (!DIMENSIONS[mode].includes(n)) {
    throw new ShapeError(
      `interpolate: "${mode}" takes an input [batch, channels, ...] of ${DIMENSIONS[mode].map((d) => d + 2).join(" or ")} dimensions; got shape ${formatShape(x.shape)}`,
    );
  }
  const takesCorners = ["linear", "bilinear", "bicubic", "trilinear"].includes(mode);
  if (alignCorners != null && !takesCorners)
    throw new ValueError(`interpolate: alignCorners is nothing for the mode "${mode}"`);
  if (antialias && mode !== "bilinear" && mode !== "bicubic")
    throw new ValueError(`interpolate: antialias is for "bilinear" and "bicubic"; the mode is "${mode}"`);
  const { sizes, factors } = sizesOf(x, size ?? null, scaleFactor ?? null, n);
  if (recomputeScaleFactor && factors === null)
    throw new ValueError("interpolate: recomputeScaleFactor goes with scaleFactor");
  const given = recomputeScaleFactor ? null : factors;
  let out = x;
  // PyTorch's filters begin with the last dimension.
  for (let axis = n - 1; axis >= 0; axis--) {
    const dim = axis + 2;
    if (mode === "area") {
      out = meansAlong(out, dim, sizes[axis]);
      continue;
    }
    const line = {
      ...{ from: x.shape[dim], to: sizes[axis], factor: given?.[axis] ?? null },
      ...{ alignCorners: alignCorners ?? false, dtype: x.dtype },
    };
    // As in PyTorch, a line between neighbours is a copy where the size stays, whatever the factor; other modes go by the factor.
    const isLinear = mode.endsWith("linear") && !antialias;
    if (isLinear && line.from === line.to) continue;
    out = resampled(out, dim, tapsOf(mode, line, antialias));
  }
  return out === x ? x.clone() : out;
});

function tapsOf(mode: InterpolationMode, line: Line, antialias: boolean): Taps {
  if (mode === "nearest" || mode === "nearest-exact") return nearest(line, mode === "nearest-exact");
  if (antialias) return smoothed(line, mode === "bicubic" ? "cubic" : "linear");
  return mode === "bicubic" ? cubic(line) : linear(line);
}

type Given = number | readonly number[] | null;

/** The sizes of the result, and the factors if they were given. */
function sizesOf(
  x: Tensor,
  size: Given,
  scaleFactor: Given,
  n: number,
): { readonly sizes: readonly number[]; readonly factors: readonly number[] | null } {
  if ((size === null) === (scaleFactor === null)) {
    throw new ValueError(
      `interpolate takes one of size and scaleFactor; got ${quote({ size, scaleFactor })}`,
    );
  }
  const each = (given: number | readonly number[]): readonly number[] =>
    typeof given === "number" ? new Array<number>(n).fill(given) : given;
  const factors = scaleFactor === null ? null : each(scaleFactor);
  const sizes =
    factors === null ? each(size as number) : factors.map((f, i) => Math.floor(x.shape[i + 2] * f));
  if (sizes.length !== n || !sizes.every((s) => Number.isInteger(s) && s >= 1)) {
    throw new ValueError(
      `interpolate: for an input of shape ${formatShape(x.shape)} a size has ${n} integers from 1; got ${quote(size ?? scaleFactor)}`,
    );
  }
  if (x.shape.slice(2).includes(0))
    throw new ShapeError(`interpolate: an input of shape ${formatShape(x.shape)} has no elements`);
  return { sizes, factors };
}
