import { isFloat, warn } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** Whether the last loss was nan: those of a training that has failed are nan to its end. */
let wasNan = false;

/**
 * Warns when a loss is nan and the one before was not: training goes on, and each parameter is nan after the next step. A device that
 * has to be waited for is not.
 */
export function warnOfNan(loss: Tensor): void {
  const isRead = loss.numel() === 1 && loss.storage.backend.downloadSync !== undefined && isFloat(loss.dtype);
  const isNan = isRead && !loss.storage.released && Number.isNaN(loss.itemSync());
  if (isNan && !wasNan)
    warn(
      "backward: the loss is nan, and so will be the gradients and, after the next step, the parameters. A learning rate that is too large is the usual cause; detectAnomaly(() => ...) around forward and backward pass finds the operation whose gradient is nan",
    );
  wasNan = isNan;
}
