import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Callable, callable } from "@flambeau/tensor";

/** Activations that `calculateGain` knows. */
export type Nonlinearity =
  | ("linear" | "conv1d" | "conv2d" | "conv3d" | "sigmoid" | "tanh" | "relu")
  | ("leakyRelu" | "selu");

const CALCULATE_GAIN = "calculateGain(nonlinearity: string, param = 0.01)";

/** @internal */
export type Activation = { readonly nonlinearity: Nonlinearity };

/**
 * The factor by which weights before an activation are scaled so that signals keep their size.
 *
 * @param param - the negative slope of "leakyRelu". Default 0.01.
 * @throws ValueError when the activation is unknown.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * console.log(nn.init.calculateGain("relu").toFixed(4), nn.init.calculateGain("leakyRelu", 0.2).toFixed(4));
 * // 1.4142 1.3868
 * ```
 */
export const calculateGain: Callable<typeof CALCULATE_GAIN, number, Activation> = callable<
  typeof CALCULATE_GAIN,
  number,
  Activation
>(CALCULATE_GAIN, (nonlinearity, param) => {
  switch (nonlinearity) {
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leakyRelu":
      return Math.sqrt(2 / (1 + param ** 2));
    case "selu":
      return 3 / 4;
    default:
      throw new ValueError(`calculateGain knows no nonlinearity ${quote(nonlinearity)}`);
  }
});

/** How many inputs and outputs each unit of a weight `[out, in, ...]` has. */
export function fans(what: string, x: Tensor): { readonly fanIn: number; readonly fanOut: number } {
  if (x.ndim < 2)
    throw new ShapeError(`${what} takes a weight [out, in, ...]; got shape ${formatShape(x.shape)}`);
  const field = x.shape.slice(2).reduce((a, b) => a * b, 1);
  return { fanIn: x.shape[1] * field, fanOut: x.shape[0] * field };
}
