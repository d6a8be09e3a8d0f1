/**
 * Softmax, its logarithm and softmin as modules.
 *
 * @module
 */

import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { softmin } from "../functional/soft.ts";
import { Module } from "../module/module.ts";

abstract class AlongDim extends Module {
  /** Along which dimension; null for PyTorch's choice. */
  readonly dim: number | null;

  constructor(dim: number | null) {
    super();
    this.dim = dim;
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

const SOFTMAX = "Softmax(dim?)";

/**
 * Exponentials along a dimension, divided by their sum: `new nn.Softmax({ dim: 1 })` or `new nn.Softmax(1)`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Softmax(1)(tensor([[1, 2, 3], [0, 0, 0]]))));
 * // tensor([[0.0900, 0.2447, 0.6652],
 * //         [0.3333, 0.3333, 0.3333]])
 * ```
 */
export class Softmax extends AlongDim {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof SOFTMAX>) {
    super(bind(SOFTMAX, args).dim ?? null);
  }

  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

const LOG_SOFTMAX = "LogSoftmax(dim?)";

/**
 * The logarithm of `Softmax`, without underflow.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.LogSoftmax(1)(tensor([[1, 2, 3]]))));
 * // tensor([[-2.4076, -1.4076, -0.4076]])
 * ```
 */
export class LogSoftmax extends AlongDim {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof LOG_SOFTMAX>) {
    super(bind(LOG_SOFTMAX, args).dim ?? null);
  }

  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

const SOFTMIN = "Softmin(dim?)";

/**
 * The `softmax` of `-x` along a dimension; without one, PyTorch's choice.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.Softmin(0)(tensor([1, 2, 3]))));
 * // tensor([0.6652, 0.2447, 0.0900])
 * ```
 */
export class Softmin extends AlongDim {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof SOFTMIN>) {
    super(bind(SOFTMIN, args).dim ?? null);
  }

  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}
