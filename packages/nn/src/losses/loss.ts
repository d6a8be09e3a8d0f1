import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";

const LOSS = "Loss(reduction = 'mean')";

/**
 * The base of the losses: a module of an input and a target, with a reduction. A loss of one's own extends it with
 * `forward`.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, tensor } from "flambeau";
 *
 * class LogCosh extends nn.Loss {
 *   override forward(input: Tensor, target: Tensor): Tensor {
 *     const losses = input.sub(target).cosh().log();
 *     return this.reduction === "none" ? losses : losses[this.reduction]();
 *   }
 * }
 *
 * console.log(String(new LogCosh({ reduction: "sum" })(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(1.3250)
 * ```
 */
export abstract class Loss extends Module {
  /** What becomes of the elements' losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;

  /** @throws ArgumentError when the reduction is unknown. */
  constructor(...args: Args<typeof LOSS>) {
    super();
    this.reduction = bind(LOSS, args).reduction;
  }

  abstract override forward(input: Tensor, target: Tensor): Tensor;
}

/** A weight as a buffer that moves with its loss, or none. */
export function weightBuffer(weight: Tensor | null | undefined): Buffer | null {
  return weight == null ? null : new Buffer(weight);
}
