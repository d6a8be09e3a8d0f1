import { handlersSet, isFloat, warn } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** The number of the handler that was warned when the last loss was nan, or -1: losses of a training that has failed are nan to its end. */
let warned = -1;

/**
 * Warns when a loss is nan and the one before was not, or another handler has the warnings now: training goes on, and each parameter is nan after the next step. A device that
 * has to be waited for is not.
 */
export function warnOfNan(loss: Tensor): void {
  const isRead = loss.numel() === 1 && loss.storage.backend.downloadSync !== undefined && isFloat(loss.dtype);
  const isNan = isRead && !loss.storage.released && Number.isNaN(loss.itemSync());
  if (isNan && warned !== handlersSet)
    warn(
      "backward: the loss is nan, and so will be the gradients and, after the next step, the parameters. A learning rate that is too large is the usual cause; detectAnomaly(() => ...) around forward and backward pass finds the operation whose gradient is nan",
    );
  warned = isNan ? handlersSet : -1;
}
