/**
 * The way back from max pooling, as modules.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/unpool.ts";
import { sizes } from "../functional/windows.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { tupleText } from "../module/text.ts";

type Given = number | readonly number[];

/** What they share. */
abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(kernelSize: Given, stride: Given | null | undefined, padding: Given, n: number) {
    super();
    const what = nameOf(this);
    this.kernelSize = sizes(what, "kernelSize", kernelSize, n, 1);
    this.stride = sizes(what, "stride", stride ?? kernelSize, n, 1);
    this.padding = sizes(what, "padding", padding, n, 0);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${tupleText(kernelSize)}, stride=${tupleText(stride)}, padding=${tupleText(padding)}`;
  }
}

const MAX_UNPOOL1D = "MaxUnpool1d(kernelSize: size1, stride?: size1, padding: size1 = 0)";

/**
 * Puts the values of a max pooling where they were, by its indices; the rest is zero. A call may be given the output's size. See
 * `functional.maxUnpool1d`.
 *
 * @throws ValueError when a size is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const [values, indices] = new nn.MaxPool1d(2, { returnIndices: true })(tensor([[1, 3, 2, 5]]));
 * console.log(String(new nn.MaxUnpool1d(2)(values, indices)));
 * // tensor([[0., 3., 0., 5.]])
 * ```
 */
export class MaxUnpool1d extends MaxUnpool {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof MAX_UNPOOL1D>) {
    const { kernelSize, stride, padding } = bind(MAX_UNPOOL1D, args);
    super(kernelSize, stride, padding, 1);
  }

  override forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const [kernelSize, stride, padding] = [
      this.kernelSize,
      this.stride,
      this.padding,
    ] as unknown as readonly [number][];
    return F.maxUnpool1d(x, indices, kernelSize, stride, padding, outputSize);
  }
}

const MAX_UNPOOL2D = "MaxUnpool2d(kernelSize: size2, stride?: size2, padding: size2 = 0)";

/**
 * Puts the values of a max pooling where they were, by its indices; the rest is zero. A call may be given the output's size. See
 * `functional.maxUnpool2d`.
 *
 * @throws ValueError when a size is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const [values, indices] = new nn.MaxPool2d(2, { returnIndices: true })(tensor([[[1, 2], [4, 3]]]));
 * console.log(String(new nn.MaxUnpool2d(2)(values, indices)));
 * // tensor([[[0., 0.],
 * //          [4., 0.]]])
 * ```
 */
export class MaxUnpool2d extends MaxUnpool {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof MAX_UNPOOL2D>) {
    const { kernelSize, stride, padding } = bind(MAX_UNPOOL2D, args);
    super(kernelSize, stride, padding, 2);
  }

  override forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const [kernelSize, stride, padding] = [
      this.kernelSize,
      this.stride,
      this.padding,
    ] as unknown as readonly [number, number][];
    return F.maxUnpool2d(x, indices, kernelSize, stride, padding, outputSize);
  }
}

const MAX_UNPOOL3D = "MaxUnpool3d(kernelSize: size3, stride?: size3, padding: size3 = 0)";

/**
 * Puts the values of a max pooling where they were, by its indices; the rest is zero. A call may be given the output's size. See
 * `functional.maxUnpool3d`.
 *
 * @throws ValueError when a size is out of range.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const [values, indices] = new nn.MaxPool3d(2, { returnIndices: true })(ones([1, 2, 4, 4]));
 * console.log(new nn.MaxUnpool3d(2)(values, indices).shape.join());
 * // 1,2,4,4
 * ```
 */
export class MaxUnpool3d extends MaxUnpool {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof MAX_UNPOOL3D>) {
    const { kernelSize, stride, padding } = bind(MAX_UNPOOL3D, args);
    super(kernelSize, stride, padding, 3);
  }

  override forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const [kernelSize, stride, padding] = [
      this.kernelSize,
      this.stride,
      this.padding,
    ] as unknown as readonly [number, number, number][];
    return F.maxUnpool3d(x, indices, kernelSize, stride, padding, outputSize);
  }
}
