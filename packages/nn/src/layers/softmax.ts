/**
 * Softmax and its logarithm as modules.
 *
 * @module
 */
import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/activation.ts";
import { Module } from "../module/module.ts";

/** Options of `Softmax` and `LogSoftmax`. */
export interface SoftmaxOptions {
  /** Along which dimension. Without one, as PyTorch: the first of an input of 0, 1 or 3 dimensions, else the second. */
  readonly dim?: number | null;
}

function dimOf(dim: number | null | SoftmaxOptions): number | null {
  return typeof dim === "object" ? (dim?.dim ?? null) : dim;
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
export class Softmax extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** Along which dimension the results add up to 1; null for PyTorch's choice. */
  readonly dim: number | null;

  constructor(dim: number | null | SoftmaxOptions = null) {
    super();
    this.dim = dimOf(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
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
export class LogSoftmax extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** Along which dimension the exponentials add up to 1; null for PyTorch's choice. */
  readonly dim: number | null;

  constructor(dim: number | null | SoftmaxOptions = null) {
    super();
    this.dim = dimOf(dim);
  }

  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}
