/**
 * The older names of `interpolate`.
 *
 * @module
 */
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { type InterpolationMode, interpolate } from "./interpolate.ts";

/** A number for all dimensions, or one each. */
type Each = number | readonly number[] | null;

interface Sizes {
  /** The size of the result, for all dimensions or one each. */
  readonly size?: Each;
  /** How many times as large the result is, for all dimensions or one each. */
  readonly scaleFactor?: Each;
}

interface Types extends Sizes {
  /** How elements between others are computed. Default "nearest". */
  readonly mode?: InterpolationMode;
}

const UPSAMPLE =
  "upsample(input, size?: size, scaleFactor?: size, mode: 'nearest'|'nearest-exact'|'area'|'linear'|'bilinear'|'bicubic'|'trilinear' = 'nearest', alignCorners?: bool)";

/**
 * An older name of `interpolate`.
 *
 * @throws ShapeError, DTypeError, ValueError as `interpolate`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.upsample(tensor([[[1, 2]]]), { scaleFactor: 2 })));
 * // tensor([[[1., 1., 2., 2.]]])
 * ```
 */
export const upsample: Callable<typeof UPSAMPLE, Tensor, Types> = callable<typeof UPSAMPLE, Tensor, Types>(
  UPSAMPLE,
  (x, size, scaleFactor, mode, alignCorners) => interpolate(x, { size, scaleFactor, mode, alignCorners }),
);

const UPSAMPLE_NEAREST = "upsampleNearest(input, size?: size, scaleFactor?: size)";

/**
 * `interpolate` in the mode "nearest".
 *
 * @throws ShapeError, DTypeError, ValueError as `interpolate`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.upsampleNearest(tensor([[[1, 2]]]), 4)));
 * // tensor([[[1., 1., 2., 2.]]])
 * ```
 */
export const upsampleNearest: Callable<typeof UPSAMPLE_NEAREST, Tensor, Sizes> = callable<
  typeof UPSAMPLE_NEAREST,
  Tensor,
  Sizes
>(UPSAMPLE_NEAREST, (x, size, scaleFactor) => interpolate(x, { size, scaleFactor }));

const UPSAMPLE_BILINEAR = "upsampleBilinear(input, size?: size, scaleFactor?: size)";

/**
 * `interpolate` of images in the mode "bilinear" with `alignCorners`.
 *
 * @throws ShapeError, DTypeError, ValueError as `interpolate`.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.upsampleBilinear(tensor([[[[1, 3]]]]), [1, 3])));
 * // tensor([[[[1., 2., 3.]]]])
 * ```
 */
export const upsampleBilinear: Callable<typeof UPSAMPLE_BILINEAR, Tensor, Sizes> = callable<
  typeof UPSAMPLE_BILINEAR,
  Tensor,
  Sizes
>(UPSAMPLE_BILINEAR, (x, size, scaleFactor) =>
  interpolate(x, { size, scaleFactor, mode: "bilinear", alignCorners: true }),
);
