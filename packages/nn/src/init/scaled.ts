import { noGrad } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { type Callable, callable, withOptions } from "@flambeau/tensor";
import { calculateGain, fans, type Nonlinearity } from "./fans.ts";

const XAVIER_UNIFORM = "xavierUniform_(tensor, gain = 1)";

/**
 * Overwrites a weight with uniform numbers whose variance is `gain^2 * 2 / (fanIn + fanOut)`.
 * Source: Glorot and Bengio 2010.
 *
 * @throws ShapeError when it has fewer than two dimensions.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.xavierUniform_(weight);
 * console.log(weight);
 * // tensor([[-0.0092,  0.6570],
 * //         [-1.0080, -0.9013]])
 * ```
 */
export const xavierUniform_: Callable<typeof XAVIER_UNIFORM, Tensor> = callable(XAVIER_UNIFORM, (x, gain) => {
  const { fanIn, fanOut } = fans("xavierUniform_", x);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return noGrad(() => x.uniform_(-bound, bound));
});

const XAVIER_NORMAL = "xavierNormal_(tensor, gain = 1)";

/**
 * As `xavierUniform_`, with normal numbers.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.xavierNormal_(weight);
 * console.log(weight);
 * // tensor([[ 1.0896, -0.2075],
 * //         [-1.5406,  0.4019]])
 * ```
 */
export const xavierNormal_: Callable<typeof XAVIER_NORMAL, Tensor> = callable(XAVIER_NORMAL, (x, gain) => {
  const { fanIn, fanOut } = fans("xavierNormal_", x);
  return noGrad(() => x.normal_(0, gain * Math.sqrt(2 / (fanIn + fanOut))));
});

/** Options of the Kaiming initializers. */
export interface KaimingOptions {
  /** The negative slope of the "leakyRelu" that follows. Default 0. */
  readonly a?: number;
  /** Keep the size of signals forwards ("fanIn", default) or of gradients backwards. */
  readonly mode?: "fanIn" | "fanOut";
  /** The activation that follows. Default "leakyRelu". */
  readonly nonlinearity?: Nonlinearity;
}

function kaimingStd(what: string, x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(what, x)[mode]);
}

const KAIMING_UNIFORM =
  "kaimingUniform_(tensor, a: number = 0, mode: 'fanIn'|'fanOut' = 'fanIn', nonlinearity: string = 'leakyRelu')";

/**
 * Overwrites a weight with uniform numbers whose variance is `gain^2 / fan`. Source: He et al. 2015.
 *
 * @throws ShapeError when it has fewer than two dimensions; ValueError when the mode or activation is unknown.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.kaimingUniform_(weight, { nonlinearity: "relu" });
 * console.log(weight);
 * // tensor([[-0.0130,  0.9291],
 * //         [-1.4256, -1.2747]])
 * ```
 */
export const kaimingUniform_: Callable<typeof KAIMING_UNIFORM, Tensor, KaimingOptions> = withOptions<
  typeof KAIMING_UNIFORM,
  1,
  Tensor,
  KaimingOptions
>(KAIMING_UNIFORM, 1, (x, options) => {
  const std = kaimingStd("kaimingUniform_", x, options);
  if (x.numel() === 0) return x;
  const bound = Math.sqrt(3) * std;
  return noGrad(() => x.uniform_(-bound, bound));
});

const KAIMING_NORMAL =
  "kaimingNormal_(tensor, a: number = 0, mode: 'fanIn'|'fanOut' = 'fanIn', nonlinearity: string = 'leakyRelu')";

/**
 * As `kaimingUniform_`, with normal numbers.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = zeros([2, 2]);
 * nn.init.kaimingNormal_(weight, { nonlinearity: "relu" });
 * console.log(weight);
 * // tensor([[ 1.5410, -0.2934],
 * //         [-2.1788,  0.5684]])
 * ```
 */
export const kaimingNormal_: Callable<typeof KAIMING_NORMAL, Tensor, KaimingOptions> = withOptions<
  typeof KAIMING_NORMAL,
  1,
  Tensor,
  KaimingOptions
>(KAIMING_NORMAL, 1, (x, options) => {
  const std = kaimingStd("kaimingNormal_", x, options);
  return x.numel() === 0 ? x : noGrad(() => x.normal_(0, std));
});
