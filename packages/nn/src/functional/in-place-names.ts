/**
 * Activations written over their input, under PyTorch's names for that.
 *
 * @module
 */
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { elu, hardtanh, leakyRelu, relu, selu } from "./activation.ts";
import { threshold } from "./hard.ts";
import { rrelu } from "./rrelu.ts";
import { celu } from "./soft.ts";

const RELU = "relu_(input)";

/**
 * `relu`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const x = tensor([-2, 0, 2]);
 * console.log(F.relu_(x) === x, String(x));
 * // true tensor([0., 0., 2.])
 * ```
 */
export const relu_: Callable<typeof RELU, Tensor> = callable(RELU, (x) => relu(x, true));

const LEAKY_RELU = "leakyRelu_(input, negativeSlope = 0.01)";

/**
 * `leakyRelu`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.leakyRelu_(tensor([-2, 0, 2]), 0.1));
 * // tensor([-0.2000,  0.0000,  2.0000])
 * ```
 */
export const leakyRelu_: Callable<typeof LEAKY_RELU, Tensor> = callable(LEAKY_RELU, (x, negativeSlope) =>
  leakyRelu(x, negativeSlope, true),
);

const ELU = "elu_(input, alpha: number = 1)";

/**
 * `elu`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.elu_(tensor([-2, 0, 2])));
 * // tensor([-0.8647,  0.0000,  2.0000])
 * ```
 */
export const elu_: Callable<typeof ELU, Tensor> = callable(ELU, (x, alpha) => elu(x, alpha, true));

const CELU = "celu_(input, alpha: number = 1)";

/**
 * `celu`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.celu_(tensor([-2, 0, 2])));
 * // tensor([-0.8647,  0.0000,  2.0000])
 * ```
 */
export const celu_: Callable<typeof CELU, Tensor> = callable(CELU, (x, alpha) => celu(x, alpha, true));

const SELU = "selu_(input)";

/**
 * `selu`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.selu_(tensor([-2, 0, 2])));
 * // tensor([-1.5202,  0.0000,  2.1014])
 * ```
 */
export const selu_: Callable<typeof SELU, Tensor> = callable(SELU, (x) => selu(x, true));

const HARDTANH = "hardtanh_(input, minVal: number = -1, maxVal: number = 1)";

/**
 * `hardtanh`, written over the input.
 *
 * @returns the input.
 * @throws as `hardtanh`; nothing is written then.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.hardtanh_(tensor([-2, 0.5, 2])));
 * // tensor([-1.0000,  0.5000,  1.0000])
 * ```
 */
export const hardtanh_: Callable<typeof HARDTANH, Tensor> = callable(HARDTANH, (x, minVal, maxVal) =>
  hardtanh(x, minVal, maxVal, true),
);

const THRESHOLD = "threshold_(input, threshold: number, value: number)";

/**
 * `threshold`, written over the input.
 *
 * @returns the input.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.threshold_(tensor([-1, 0.5, 2]), 1, 10));
 * // tensor([10., 10.,  2.])
 * ```
 */
export const threshold_: Callable<typeof THRESHOLD, Tensor> = callable(THRESHOLD, (x, limit, value) =>
  threshold(x, limit, value, true),
);

const RRELU = "rrelu_(input, lower: number = 0.125, upper: number = 0.3333333333333333, training = false)";

/**
 * `rrelu`, written over the input.
 *
 * @returns the input.
 * @throws as `rrelu`; nothing is written then.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.rrelu_(tensor([-1, 2]), 0.1, 0.3));
 * // tensor([-0.2000,  2.0000])
 * ```
 */
export const rrelu_: Callable<typeof RRELU, Tensor> = callable(RRELU, (x, lower, upper, training) =>
  rrelu(x, lower, upper, training, true),
);
