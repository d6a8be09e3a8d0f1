import { noGrad } from "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { calculateGain, fans, type Nonlinearity } from "./fans.ts";

/**
 * Overwrites a weight with uniform numbers whose variance is `gain^2 * 2 / (fanIn + fanOut)`.
 * Source: Glorot and Bengio 2010.
 *
 * @throws ShapeError when it has fewer than two dimensions.
 */
export function xavierUniform_(x: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierUniform_", x);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return noGrad(() => x.uniform_(-bound, bound));
}

/** As `xavierUniform_`, with normal numbers. */
export function xavierNormal_(x: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierNormal_", x);
  return noGrad(() => x.normal_(0, gain * Math.sqrt(2 / (fanIn + fanOut))));
}

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
  if (mode !== "fanIn" && mode !== "fanOut")
    throw new ValueError(`${what}: the modes are "fanIn" and "fanOut"; got ${JSON.stringify(mode)}`);
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(what, x)[mode]);
}

/**
 * Overwrites a weight with uniform numbers whose variance is `gain^2 / fan`. Source: He et al. 2015.
 *
 * @throws ShapeError when it has fewer than two dimensions; ValueError when the mode or activation is unknown.
 */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const std = kaimingStd("kaimingUniform_", x, options);
  if (x.numel() === 0) return x;
  const bound = Math.sqrt(3) * std;
  return noGrad(() => x.uniform_(-bound, bound));
}

/** As `kaimingUniform_`, with normal numbers. */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const std = kaimingStd("kaimingNormal_", x, options);
  return x.numel() === 0 ? x : noGrad(() => x.normal_(0, std));
}
