import { convolution, type Tensor, windows } from "@flambeau/tensor";
import type { LayerOp, Rules } from "./structural.ts";

/** A convolution is linear in each operand, and so are its derivatives: the three ops are each other's. */
export const windowRules: Rules<Exclude<LayerOp, "standardize" | "lstm" | "gru" | "rnn" | "attention">> = {
  unfold: { saves: [], backward: (c, g) => [windows.fold(g, c.attrs)] },
  fold: { saves: [], backward: (c, g) => [windows.unfold(g, c.attrs)] },
  convolution: {
    saves: [0, 1],
    backward: (c, g): (Tensor | null)[] => [
      c.needs(0) ? convolution.convolveInput(g, c.input(1), c.attrs) : null,
      c.needs(1) ? convolution.convolveWeight(c.input(0), g, c.attrs) : null,
      c.count > 2 && c.needs(2) ? g.sum([0, 2, 3]) : null,
    ],
  },
  convolutionInput: {
    saves: [0, 1],
    backward: (c, g) => [
      c.needs(0) ? convolution.convolve(g, c.input(1), null, c.attrs) : null,
      c.needs(1) ? convolution.convolveWeight(g, c.input(0), c.attrs) : null,
    ],
  },
  convolutionWeight: {
    saves: [0, 1],
    backward: (c, g) => [
      c.needs(0) ? convolution.convolveInput(c.input(1), g, c.attrs) : null,
      c.needs(1) ? convolution.convolve(c.input(0), g, null, c.attrs) : null,
    ],
  },
};
