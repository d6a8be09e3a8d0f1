import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { type InterpolationMode, interpolate } from "../functional/interpolate.ts";
import { Module } from "../module/module.ts";
import { floatText } from "../module/text.ts";
import { sizeText } from "./size-text.ts";

/** A number for all dimensions, or one each. */
type Each = number | readonly number[];

interface Types {
  /** The size of the result, for all dimensions or one each. */
  readonly size?: Each | null;
  /** How many times as large the result is, for all dimensions or one each. */
  readonly scaleFactor?: Each | null;
  /** How elements between others are computed. Default "nearest". */
  readonly mode?: InterpolationMode;
}

const UPSAMPLE =
  "Upsample(size?: size, scaleFactor?: size, mode: 'nearest'|'nearest-exact'|'area'|'linear'|'bilinear'|'bicubic'|'trilinear' = 'nearest', alignCorners?: bool, recomputeScaleFactor?: bool)";

/**
 * Lines, images or volumes resampled to another size. See `functional.interpolate`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.Upsample({ scaleFactor: 2, mode: "bilinear" });
 * console.log(String(layer), layer(zeros([1, 3, 4, 5])).shape.join());
 * // Upsample(scale_factor=2.0, mode=bilinear) 1,3,8,10
 * ```
 */
export class Upsample extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The size of the result, or null. */
  readonly size: Each | null;
  /** How many times as large the result is, or null. */
  readonly scaleFactor: Each | null;
  /** How elements between others are computed. */
  readonly mode: InterpolationMode;
  /** Whether the elements at the corners stay where they are. */
  readonly alignCorners: boolean | null;
  /** Whether the factors that follow from the rounded sizes are taken. */
  readonly recomputeScaleFactor: boolean | null;

  constructor(...args: Args<typeof UPSAMPLE, Types>) {
    super();
    const bound = bind<typeof UPSAMPLE, Types>(UPSAMPLE, args);
    this.size = bound.size ?? null;
    this.scaleFactor = bound.scaleFactor ?? null;
    this.mode = bound.mode ?? "nearest";
    this.alignCorners = bound.alignCorners ?? null;
    this.recomputeScaleFactor = bound.recomputeScaleFactor ?? null;
  }

  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    return `${scaleFactor === null ? `size=${size === null ? "None" : sizeText(size)}` : `scale_factor=${factorText(scaleFactor)}`}, mode=${mode}`;
  }
}

/** Factors are floats in PyTorch. */
function factorText(factor: Each): string {
  if (typeof factor === "number") return floatText(factor);
  return factor.length === 1 ? `(${floatText(factor[0])},)` : `(${factor.map(floatText).join(", ")})`;
}

const NEAREST = "UpsamplingNearest2d(size?: size, scaleFactor?: size)";

/**
 * Images resampled by their nearest elements: `Upsample` in the mode "nearest".
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.UpsamplingNearest2d({ scaleFactor: 2 })(zeros([1, 3, 4, 5])).shape.join());
 * // 1,3,8,10
 * ```
 */
export class UpsamplingNearest2d extends Upsample {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof NEAREST, Types>) {
    const { size, scaleFactor } = bind<typeof NEAREST, Types>(NEAREST, args);
    super(size ?? null, scaleFactor ?? null, "nearest");
  }
}

const BILINEAR = "UpsamplingBilinear2d(size?: size, scaleFactor?: size)";

/**
 * Images resampled by the mode "bilinear" with `alignCorners`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.UpsamplingBilinear2d([8, 8])(zeros([1, 3, 4, 5])).shape.join());
 * // 1,3,8,8
 * ```
 */
export class UpsamplingBilinear2d extends Upsample {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof BILINEAR, Types>) {
    const { size, scaleFactor } = bind<typeof BILINEAR, Types>(BILINEAR, args);
    super(size ?? null, scaleFactor ?? null, "bilinear", true);
  }
}
