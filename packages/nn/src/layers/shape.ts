import type { Shape } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { Module } from "../module/module.ts";

const FLATTEN = "Flatten(startDim = 1, endDim = -1)";

/**
 * Joins the dimensions `startDim` (1: the batch stays) to `endDim` (the last) into one.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.Flatten()(zeros([32, 1, 28, 28])).shape);
 * // [ 32, 784 ]
 * ```
 */
export class Flatten extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The first dimension that is joined. */
  readonly startDim: number;
  /** The last dimension that is joined. */
  readonly endDim: number;

  constructor(...args: Args<typeof FLATTEN>) {
    super();
    const { startDim, endDim } = bind(FLATTEN, args);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

const UNFLATTEN = "Unflatten(dim, unflattenedSize: ints)";

/**
 * Splits one dimension into several, whose sizes multiply to it.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.Unflatten(1, [2, 5])(zeros([3, 10])).shape);
 * // [ 3, 2, 5 ]
 * ```
 */
export class Unflatten extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The dimension that is split. */
  readonly dimension: number;
  /** The sizes that it is split into. */
  readonly unflattenedSize: Shape;

  constructor(...args: Args<typeof UNFLATTEN>) {
    super();
    const { dim, unflattenedSize } = bind(UNFLATTEN, args);
    this.dimension = dim;
    this.unflattenedSize = unflattenedSize;
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dimension, this.unflattenedSize);
  }

  override extraRepr(): string {
    const sizes =
      this.unflattenedSize.length === 1 ? `${this.unflattenedSize[0]},` : this.unflattenedSize.join(", ");
    return `dim=${this.dimension}, unflattened_size=(${sizes})`;
  }
}

/**
 * Gives back what it gets, whatever it was made with: a placeholder in a model.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Identity()(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export class Identity extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(..._ignored: unknown[]) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x;
  }
}
