import type { Loss } from "@flambeau/export-pytorch";
import type { nn, Tensor } from "flambeau";

/** A model with a batch and its loss. */
export interface Sample {
  readonly model: nn.Module;
  readonly inputs: readonly unknown[];
  readonly loss: Loss;
  readonly rest: readonly Tensor[] | undefined;
}
