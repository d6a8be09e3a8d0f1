import { arange, type Tensor } from "@flambeau/tensor";
import type { Distribution, Parameters } from "./distribution.ts";
import { binaryLogits } from "./probs-logits.ts";

/** The probability of success, given or computed from log-odds. */
export function probsOf({ probs, logits }: Parameters): Tensor {
  return probs ?? logits.sigmoid();
}

/** The log-odds of success, given or computed from a probability. */
export function logitsOf({ probs, logits }: Parameters): Tensor {
  return logits ?? binaryLogits(probs);
}

/** The parameter of the two that was given. */
export function givenOf({ probs, logits }: Parameters): Tensor {
  return probs ?? logits;
}

/** The numbers from 0 up to but not including `count`, of the dtype and device of a distribution. */
export function countsUpTo(count: number, { anchor }: Distribution): Tensor {
  return arange(count, { dtype: anchor?.dtype, device: anchor?.device });
}
