/**
 * Averages of a model's weights on the way of its training: `torch.optim.swa_utils`. The schedule that belongs to it, `SWALR`, is in
 * `optim.swaUtils`, too.
 *
 * @module
 */
import { swaUtils } from "@flambeau/optim";

export { AveragedModel } from "./averaged-model.ts";
export {
  type AverageFunction,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAverageFunction,
} from "./averages.ts";
export { updateBn } from "./update-bn.ts";

/**
 * The schedule of stochastic weight averaging: `optim.swaUtils.SWALR`.
 *
 * @example
 * ```ts
 * import { nn, optim } from "flambeau";
 *
 * console.log(nn.swaUtils.SWALR === optim.swaUtils.SWALR);
 * // true
 * ```
 */
export const SWALR: typeof swaUtils.SWALR = swaUtils.SWALR;
