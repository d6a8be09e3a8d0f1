import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/binary.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";

/** Cross entropy of probabilities and targets in [0, 1]; see `functional.binaryCrossEntropy`. */
export class BCELoss extends Loss {
  weight: Buffer | null;

  constructor(options: F.BCEOptions = {}) {
    super(options);
    this.weight = weightBuffer(options.weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this);
  }
}

/** Cross entropy of logits and targets in [0, 1]; see `functional.binaryCrossEntropyWithLogits`. */
export class BCEWithLogitsLoss extends Loss {
  weight: Buffer | null;
  posWeight: Buffer | null;

  constructor(options: F.BCEWithLogitsOptions = {}) {
    super(options);
    this.weight = weightBuffer(options.weight);
    this.posWeight = weightBuffer(options.posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, this);
  }
}
