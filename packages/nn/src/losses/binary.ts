import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/binary.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";

const BCELOSS = "BCELoss(weight?, reduction = 'mean')";

/**
 * Cross entropy of probabilities and targets, both within [0, 1] and of one shape. `BCEWithLogitsLoss` does
 * without the sigmoid before it. See `functional.binaryCrossEntropy`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.BCELoss();
 * console.log(String(loss(tensor([0.9, 0.2]), tensor([1, 0]))));
 * // tensor(0.1643)
 * ```
 */
export class BCELoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Multiplies the loss of each element, or null. */
  weight: Buffer | null;

  constructor(...args: Args<typeof BCELOSS, F.BCEOptions>) {
    const { weight, reduction } = bind<typeof BCELOSS, F.BCEOptions>(BCELOSS, args);
    super(reduction);
    this.weight = weightBuffer(weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this.weight, this.reduction);
  }
}

const BCE_WITH_LOGITS_LOSS = "BCEWithLogitsLoss(weight?, reduction = 'mean', posWeight?: tensor)";

/**
 * Cross entropy of logits and targets in [0, 1], of one shape: the loss of a model for two classes whose output is
 * no probability yet. See `functional.binaryCrossEntropyWithLogits`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.BCEWithLogitsLoss();
 * console.log(String(loss(tensor([2, -1]), tensor([1, 0]))));
 * // tensor(0.2201)
 * ```
 */
export class BCEWithLogitsLoss extends Loss {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = { posWeight: "pos_weight" };
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Multiplies the loss of each element, or null. */
  weight: Buffer | null;
  /** Multiplies the part of the positive targets, or null. */
  posWeight: Buffer | null;

  constructor(...args: Args<typeof BCE_WITH_LOGITS_LOSS, F.BCEWithLogitsOptions>) {
    const { weight, reduction, posWeight } = bind<typeof BCE_WITH_LOGITS_LOSS, F.BCEWithLogitsOptions>(
      BCE_WITH_LOGITS_LOSS,
      args,
    );
    super(reduction);
    this.weight = weightBuffer(weight);
    this.posWeight = weightBuffer(posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, this.weight, this.reduction, this.posWeight);
  }
}
