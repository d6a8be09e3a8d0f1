/**
 * Softmax, its logarithm and softmin as modules.
 *
 * @module
 */
import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { softmin } from "../functional/soft.ts";
import { Module } from "../module/module.ts";

/** Options of `Softmax`, `LogSoftmax` and `Softmin`. */
export interface SoftmaxOptions {
  /** Along which dimension. Without one, as PyTorch: the first of an input of 0, 1 or 3 dimensions, else the second. */
  readonly dim?: number | null;
}

abstract class AlongDim extends Module {
  /** Along which dimension; null for PyTorch's choice. */
  readonly dim: number | null;

  constructor(dim: number | null | SoftmaxOptions = null) {
    super();
    this.dim = typeof dim === "object" ? (dim?.dim ?? null) : dim;
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

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

  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

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

  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

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

  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}
