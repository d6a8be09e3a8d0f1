/**
 * Functions of nn.functional that torch itself has too, there without the parameter that writes over the input.
 *
 * @module
 */
import { functional as F } from "@flambeau/nn";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const CELU = "celu(input, alpha: number = 1)";

/**
 * `F.celu`.
 *
 * @throws as `F.celu`.
 *
 * @example
 * ```ts
 * import { celu, tensor } from "flambeau";
 *
 * console.log(String(celu(tensor([-2, 0, 2]))));
 * // tensor([-0.8647,  0.0000,  2.0000])
 * ```
 */
export const celu: Callable<typeof CELU, Tensor> = callable(CELU, (x, alpha) => F.celu(x, alpha));

const CELU_INPLACE = "celu_(input, alpha: number = 1)";

/**
 * `F.celu`, written over the input.
 *
 * @returns the input.
 *
 * @throws as `F.celu`.
 *
 * @example
 * ```ts
 * import { celu_, tensor } from "flambeau";
 *
 * console.log(String(celu_(tensor([-2, 0, 2]))));
 * // tensor([-0.8647,  0.0000,  2.0000])
 * ```
 */
export const celu_: Callable<typeof CELU_INPLACE, Tensor> = callable(CELU_INPLACE, (x, alpha) =>
  F.celu_(x, alpha),
);

const SELU = "selu(input)";

/**
 * `F.selu`.
 *
 * @throws as `F.selu`.
 *
 * @example
 * ```ts
 * import { selu, tensor } from "flambeau";
 *
 * console.log(String(selu(tensor([-2, 0, 2]))));
 * // tensor([-1.5202,  0.0000,  2.1014])
 * ```
 */
export const selu: Callable<typeof SELU, Tensor> = callable(SELU, (x) => F.selu(x));

const SELU_INPLACE = "selu_(input)";

/**
 * `F.selu`, written over the input.
 *
 * @returns the input.
 *
 * @throws as `F.selu`.
 *
 * @example
 * ```ts
 * import { selu_, tensor } from "flambeau";
 *
 * console.log(String(selu_(tensor([-2, 0, 2]))));
 * // tensor([-1.5202,  0.0000,  2.1014])
 * ```
 */
export const selu_: Callable<typeof SELU_INPLACE, Tensor> = callable(SELU_INPLACE, (x) => F.selu_(x));

const PRELU = "prelu(input, weight)";

/**
 * `F.prelu`.
 *
 * @throws as `F.prelu`.
 *
 * @example
 * ```ts
 * import { prelu, tensor } from "flambeau";
 *
 * console.log(String(prelu(tensor([-2, 0, 2]), tensor([0.1]))));
 * // tensor([-0.2000,  0.0000,  2.0000])
 * ```
 */
export const prelu: Callable<typeof PRELU, Tensor> = callable(PRELU, (x, weight) => F.prelu(x, weight));

const RRELU = "rrelu(input, lower: number = 0.125, upper: number = 0.3333333333333333, training = false)";

/**
 * `F.rrelu`.
 *
 * @throws as `F.rrelu`.
 *
 * @example
 * ```ts
 * import { rrelu, tensor } from "flambeau";
 *
 * console.log(String(rrelu(tensor([-2, 0, 2]), 0.1, 0.3)));
 * // tensor([-0.4000,  0.0000,  2.0000])
 * ```
 */
export const rrelu: Callable<typeof RRELU, Tensor> = callable(RRELU, (x, lower, upper, training) =>
  F.rrelu(x, lower, upper, training),
);

const RRELU_INPLACE =
  "rrelu_(input, lower: number = 0.125, upper: number = 0.3333333333333333, training = false)";

/**
 * `F.rrelu`, written over the input.
 *
 * @returns the input.
 *
 * @throws as `F.rrelu`.
 *
 * @example
 * ```ts
 * import { rrelu_, tensor } from "flambeau";
 *
 * console.log(String(rrelu_(tensor([-2, 0, 2]), 0.1, 0.3)));
 * // tensor([-0.4000,  0.0000,  2.0000])
 * ```
 */
export const rrelu_: Callable<typeof RRELU_INPLACE, Tensor> = callable(
  RRELU_INPLACE,
  (x, lower, upper, training) => F.rrelu_(x, lower, upper, training),
);

const THRESHOLD = "threshold(input, threshold: number, value: number)";

/**
 * `F.threshold`.
 *
 * @throws as `F.threshold`.
 *
 * @example
 * ```ts
 * import { tensor, threshold } from "flambeau";
 *
 * console.log(String(threshold(tensor([-2, 0, 2]), 1, 20)));
 * // tensor([20., 20.,  2.])
 * ```
 */
export const threshold: Callable<typeof THRESHOLD, Tensor> = callable(THRESHOLD, (x, limit, value) =>
  F.threshold(x, limit, value),
);

const THRESHOLD_INPLACE = "threshold_(input, threshold: number, value: number)";

/**
 * `F.threshold`, written over the input.
 *
 * @returns the input.
 *
 * @throws as `F.threshold`.
 *
 * @example
 * ```ts
 * import { tensor, threshold_ } from "flambeau";
 *
 * console.log(String(threshold_(tensor([-2, 0, 2]), 1, 20)));
 * // tensor([20., 20.,  2.])
 * ```
 */
export const threshold_: Callable<typeof THRESHOLD_INPLACE, Tensor> = callable(
  THRESHOLD_INPLACE,
  (x, limit, value) => F.threshold_(x, limit, value),
);

const HARDSHRINK = "hardshrink(input, lambd = 0.5)";

/**
 * `F.hardshrink`.
 *
 * @throws as `F.hardshrink`.
 *
 * @example
 * ```ts
 * import { hardshrink, tensor } from "flambeau";
 *
 * console.log(String(hardshrink(tensor([-2, 0.25, 2]))));
 * // tensor([-2.,  0.,  2.])
 * ```
 */
export const hardshrink: Callable<typeof HARDSHRINK, Tensor> = callable(HARDSHRINK, (x, lambd) =>
  F.hardshrink(x, lambd),
);
