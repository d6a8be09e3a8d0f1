import { lifetime, type Tensor } from "@flambeau/tensor";

/** How the losses of a batch become one number: their mean, their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

/** Options of every loss. */
export interface LossOptions {
  /** What becomes of the elements' losses. Default "mean". */
  readonly reduction?: Reduction;
}

/** The losses, which no user has seen, reduced. */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === "none") return losses;
  const out = reduction === "mean" ? losses.mean() : losses.sum();
  lifetime.abandon(losses);
  return out;
}
