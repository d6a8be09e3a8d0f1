import type { Tensor } from "@flambeau/tensor";
import { checkReduction, type LossOptions, type Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";

/** The base of the losses: a module of an input and a target. */
export abstract class Loss extends Module {
  readonly reduction: Reduction;

  /** @throws ValueError when the reduction is unknown. */
  constructor(options: LossOptions = {}) {
    super();
    this.reduction = checkReduction(options.reduction);
  }

  abstract override forward(input: Tensor, target: Tensor): Tensor;
}

/** A weight as a buffer that moves with its loss, or none. */
export function weightBuffer(weight: Tensor | null | undefined): Buffer | null {
  return weight == null ? null : new Buffer(weight);
}
