import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { checkProbability, dropout, dropout1d, dropout2d, dropout3d } from "../functional/dropout.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText } from "../module/text.ts";

const DROPOUT = "Dropout(p = 0.5, inplace = false)";

/**
 * Zeroes elements at random in training mode and scales the others up; passes everything in evaluation mode.
 *
 * @throws ValueError when the probability is not within [0, 1].
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * const dropout = new nn.Dropout(0.5);
 * console.log(String(dropout(ones([6]))));
 * // tensor([0., 0., 2., 0., 0., 0.])
 * dropout.eval();
 * console.log(String(dropout(ones([6]))));
 * // tensor([1., 1., 1., 1., 1., 1.])
 * ```
 */
export class Dropout extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The probability that an element is zeroed. */
  p: number;
  /** Whether the result is written over the input. */
  inplace: boolean;

  constructor(...args: Args<typeof DROPOUT>) {
    super();
    const { p, inplace } = bind(DROPOUT, args);
    this.p = checkProbability(p);
    this.inplace = inplace;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.training, this.inplace);
  }

  override extraRepr(): string {
    return `p=${floatText(this.p)}, inplace=${boolText(this.inplace)}`;
  }
}

const DROPOUT1D = "Dropout1d(p = 0.5, inplace = false)";

/**
 * Zeroes whole channels of lines with probability `p` in training mode, and scales the rest up. See
 * `functional.dropout1d`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(new nn.Dropout1d()(ones([3, 2]))));
 * // tensor([[0., 0.],
 * //         [0., 0.],
 * //         [2., 2.]])
 * ```
 */
export class Dropout1d extends Dropout {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof DROPOUT1D>) {
    super(bind(DROPOUT1D, args));
  }

  override forward(x: Tensor): Tensor {
    return dropout1d(x, this.p, this.training, this.inplace);
  }
}

const DROPOUT2D = "Dropout2d(p = 0.5, inplace = false)";

/**
 * Zeroes whole channels of images with probability `p` in training mode, and scales the rest up. See
 * `functional.dropout2d`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(new nn.Dropout2d(0.5)(ones([1, 3, 2, 2])).sum([2, 3])));
 * // tensor([[0., 0., 8.]])
 * ```
 */
export class Dropout2d extends Dropout {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof DROPOUT2D>) {
    super(bind(DROPOUT2D, args));
  }

  override forward(x: Tensor): Tensor {
    return dropout2d(x, this.p, this.training, this.inplace);
  }
}

const DROPOUT3D = "Dropout3d(p = 0.5, inplace = false)";

/**
 * Zeroes whole channels of volumes with probability `p` in training mode, and scales the rest up. See
 * `functional.dropout3d`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(new nn.Dropout3d(0.5)(ones([1, 3, 1, 2, 2])).sum([2, 3, 4])));
 * // tensor([[0., 0., 8.]])
 * ```
 */
export class Dropout3d extends Dropout {
  /** @internal */
  static override readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof DROPOUT3D>) {
    super(bind(DROPOUT3D, args));
  }

  override forward(x: Tensor): Tensor {
    return dropout3d(x, this.p, this.training, this.inplace);
  }
}
