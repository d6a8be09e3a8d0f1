import { noGrad } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { fans } from "./fans.ts";

/**
 * Draws the first weight of a linear layer or a convolution: `kaimingUniform_(weight, { a: Math.sqrt(5) })`, without the gains of
 * other activations, which every page with such a layer would load.
 */
export function drawWeight(weight: Tensor): void {
  const { fanIn } = fans("kaimingUniform_", weight);
  if (weight.numel() === 0) return;
  const bound = Math.sqrt(3) * (Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)) / Math.sqrt(fanIn));
  noGrad(() => weight.uniform_(-bound, bound));
}
