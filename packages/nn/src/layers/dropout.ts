import type { Tensor } from "@flambeau/tensor";
import { checkProbability, dropout } from "../functional/dropout.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText } from "../module/text.ts";

/** Options of `Dropout`. */
export interface DropoutOptions {
  /** The probability that an element is zeroed. Default 0.5. */
  readonly p?: number;
  /** Shown in the text; the result is the same, in fresh memory. Default false. */
  readonly inplace?: boolean;
}

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
  /** Shown in the text. */
  inplace: boolean;

  constructor(p: number | DropoutOptions = {}, options: Omit<DropoutOptions, "p"> = {}) {
    super();
    const { p: probability = 0.5, inplace = false } = typeof p === "number" ? { ...options, p } : p;
    this.p = checkProbability(probability);
    this.inplace = inplace;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.training);
  }

  override extraRepr(): string {
    return `p=${floatText(this.p)}, inplace=${boolText(this.inplace)}`;
  }
}
