/**
 * The norms of windows, as modules.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/lp-pool.ts";
import type { Size1d, Size2d } from "../functional/windows.ts";
import { Module } from "../module/module.ts";
import { boolText, numberText } from "../module/text.ts";
import { sizeText } from "./size-text.ts";

/** What they share. */
abstract class LPPool<S extends number | readonly number[]> extends Module {
  /** The power. */
  readonly normType: number;
  readonly kernelSize: S;
  readonly stride: S | null;
  readonly ceilMode: boolean;

  constructor(normType: number, kernelSize: S, stride: S | null | undefined, ceilMode: boolean) {
    super();
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.stride = stride ?? null;
    this.ceilMode = ceilMode;
  }

  override extraRepr(): string {
    const stride = this.stride === null ? "None" : sizeText(this.stride);
    return `norm_type=${numberText(this.normType)}, kernel_size=${sizeText(this.kernelSize)}, stride=${stride}, ceil_mode=${boolText(this.ceilMode)}`;
  }
}

const LP_POOL1D = "LPPool1d(normType: number, kernelSize: size1, stride?: size1, ceilMode = false)";

/**
 * The sum of the elements of every window to the power `normType`, and of it the root. See `functional.lpPool1d`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.LPPool1d(2, 2)(tensor([[3, 4, 0, 2]]))));
 * // tensor([[5., 2.]])
 * ```
 */
export class LPPool1d extends LPPool<Size1d> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof LP_POOL1D>) {
    const { normType, kernelSize, stride, ceilMode } = bind(LP_POOL1D, args);
    super(normType, kernelSize, stride, ceilMode);
  }

  override forward(x: Tensor): Tensor {
    return F.lpPool1d(x, this.normType, this.kernelSize, this.stride, this.ceilMode);
  }
}

const LP_POOL2D = "LPPool2d(normType: number, kernelSize: size2, stride?: size2, ceilMode = false)";

/**
 * The sum of the elements of every window to the power `normType`, and of it the root. See `functional.lpPool2d`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.LPPool2d(2, [1, 2])(tensor([[[3, 4, 0, 2]]]))));
 * // tensor([[[5., 2.]]])
 * ```
 */
export class LPPool2d extends LPPool<Size2d> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof LP_POOL2D>) {
    const { normType, kernelSize, stride, ceilMode } = bind(LP_POOL2D, args);
    super(normType, kernelSize, stride, ceilMode);
  }

  override forward(x: Tensor): Tensor {
    return F.lpPool2d(x, this.normType, this.kernelSize, this.stride, this.ceilMode);
  }
}
