/**
 * The largest elements of windows that are chosen by the size of the output, as modules.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/adaptive-max.ts";
import { Module } from "../module/module.ts";
import { outputSizeText } from "./size-text.ts";

type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

/** What they share. */
abstract class AdaptiveMaxPool<
  S extends number | null | readonly (number | null)[],
  Indices extends boolean,
> extends Module {
  /** The size of the output; null keeps the input's. */
  readonly outputSize: S;
  /** Whether a call gives `[values, indices]`. */
  readonly returnIndices: Indices;

  constructor(outputSize: S, returnIndices: boolean) {
    super();
    this.outputSize = outputSize;
    this.returnIndices = returnIndices as Indices;
  }

  override extraRepr(): string {
    return `output_size=${outputSizeText(this.outputSize)}`;
  }
}

type Size1d = number | readonly [number];
const ADAPTIVE_MAX_POOL1D = "AdaptiveMaxPool1d(outputSize: size|null, returnIndices = false)";

/**
 * The largest elements of windows of lines, so chosen that the output has a size; with `returnIndices: true` a call gives
 * `[values, indices]`. See `functional.adaptiveMaxPool1d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AdaptiveMaxPool1d(3)(zeros([1, 2, 5])).shape.join());
 * // 1,2,3
 * ```
 */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPool<Size1d, Indices> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ADAPTIVE_MAX_POOL1D, { outputSize: Size1d; returnIndices?: Indices }>) {
    const { outputSize, returnIndices } = bind<typeof ADAPTIVE_MAX_POOL1D, { outputSize: Size1d }>(
      ADAPTIVE_MAX_POOL1D,
      args,
    );
    super(outputSize, returnIndices);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool1d(x, this.outputSize, this.returnIndices) as Pooled<Indices>;
  }
}

type Size2d = number | null | readonly [number | null, number | null];
const ADAPTIVE_MAX_POOL2D = "AdaptiveMaxPool2d(outputSize: size|null, returnIndices = false)";

/**
 * The largest elements of windows of images, so chosen that the output has a size; with `returnIndices: true` a call gives
 * `[values, indices]`. See `functional.adaptiveMaxPool2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AdaptiveMaxPool2d(3)(zeros([1, 2, 5, 6])).shape.join());
 * // 1,2,3,3
 * ```
 */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPool<Size2d, Indices> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ADAPTIVE_MAX_POOL2D, { outputSize: Size2d; returnIndices?: Indices }>) {
    const { outputSize, returnIndices } = bind<typeof ADAPTIVE_MAX_POOL2D, { outputSize: Size2d }>(
      ADAPTIVE_MAX_POOL2D,
      args,
    );
    super(outputSize, returnIndices);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool2d(x, this.outputSize, this.returnIndices) as Pooled<Indices>;
  }
}

type Size3d = number | null | readonly [number | null, number | null, number | null];
const ADAPTIVE_MAX_POOL3D = "AdaptiveMaxPool3d(outputSize: size|null, returnIndices = false)";

/**
 * The largest elements of windows of volumes, so chosen that the output has a size; with `returnIndices: true` a call gives
 * `[values, indices]`. See `functional.adaptiveMaxPool3d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AdaptiveMaxPool3d(3)(zeros([1, 2, 5, 6, 7])).shape.join());
 * // 1,2,3,3,3
 * ```
 */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPool<Size3d, Indices> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof ADAPTIVE_MAX_POOL3D, { outputSize: Size3d; returnIndices?: Indices }>) {
    const { outputSize, returnIndices } = bind<typeof ADAPTIVE_MAX_POOL3D, { outputSize: Size3d }>(
      ADAPTIVE_MAX_POOL3D,
      args,
    );
    super(outputSize, returnIndices);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool3d(x, this.outputSize, this.returnIndices) as Pooled<Indices>;
  }
}
