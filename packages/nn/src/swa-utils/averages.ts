import { noGrad } from "@flambeau/autograd";
import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, isFloatingPoint, type Tensor } from "@flambeau/tensor";

/** The average after one more model, given that so far, the model's tensor, and how many models there were: a 0-d int64 tensor. */
export type AverageFunction = (averaged: Tensor, current: Tensor, numAveraged: Tensor) => Tensor;

/** As `AverageFunction`, for tensors of one device and dtype at once; it writes to the averages. */
export type MultiAverageFunction = (
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  numAveraged: Tensor,
) => void;

const EMA = "getEmaAvgFn(decay = 0.999)";
const MULTI_EMA = "getEmaMultiAvgFn(decay = 0.999)";

/** @throws ValueError when it is not within [0, 1]. */
function checkDecay(decay: number): number {
  if (decay >= 0 && decay <= 1) return decay;
  throw new ValueError(`an average's decay lies between 0 and 1; got ${quote(decay)}`);
}

/**
 * For `AveragedModel`: the exponential moving average, `decay * averaged + (1 - decay) * current`.
 *
 * @throws ValueError when `decay` is not within [0, 1].
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const average = nn.swaUtils.getEmaAvgFn(0.75);
 * console.log(String(average(tensor([4]), tensor([8]), tensor(1))));
 * // tensor([5.])
 * ```
 */
export function getEmaAvgFn(...args: Args<typeof EMA>): AverageFunction {
  const decay = checkDecay(bind(EMA, args).decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/**
 * As `getEmaAvgFn`, for several tensors at once.
 *
 * @throws ValueError when `decay` is not within [0, 1].
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const averages = [tensor([4]), tensor([0])];
 * nn.swaUtils.getEmaMultiAvgFn(0.75)(averages, [tensor([8]), tensor([4])], tensor(1));
 * console.log(averages.join(" "));
 * // tensor([5.]) tensor([1.])
 * ```
 */
export function getEmaMultiAvgFn(...args: Args<typeof MULTI_EMA>): MultiAverageFunction {
  const decay = checkDecay(bind(MULTI_EMA, args).decay);
  return (averaged, current) =>
    noGrad(() => {
      for (const [i, own] of averaged.entries()) {
        if (isFloatingPoint(own)) own.copy_(own.lerp(current[i], 1 - decay));
        else own.copy_(own.mul(decay).add(current[i].mul(1 - decay)));
      }
    });
}

/**
 * For `AveragedModel`: the mean of all models, `averaged + (current - averaged) / (numAveraged + 1)`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const average = nn.swaUtils.getSwaAvgFn();
 * console.log(String(average(tensor([4]), tensor([7]), tensor(2))));
 * // tensor([5.])
 * ```
 */
export function getSwaAvgFn(): AverageFunction {
  return (averaged, current, numAveraged) =>
    noGrad(() => averaged.add(current.sub(averaged).div(numAveraged.add(1))));
}

/**
 * As `getSwaAvgFn`, for several tensors at once.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const averages = [tensor([4])];
 * nn.swaUtils.getSwaMultiAvgFn()(averages, [tensor([7])], tensor(2));
 * console.log(averages.join(" "));
 * // tensor([5.])
 * ```
 */
export function getSwaMultiAvgFn(): MultiAverageFunction {
  const average = getSwaAvgFn();
  return (averaged, current, numAveraged) =>
    noGrad(() => {
      for (const [i, own] of averaged.entries()) own.copy_(average(own, current[i], numAveraged));
    });
}
