import { defaultGenerator, Generator, type Tensor } from "@flambeau/tensor";
import { canRead } from "../text.ts";

/**
 * Where numbers come from whose count depends on a tensor's elements: the default generator, or, where the elements are there only
 * later, a stream of its own, whose seed the generator gives now.
 */
export function streamFor(x: Tensor): Generator {
  return canRead(x) ? defaultGenerator : new Generator().manualSeed(defaultGenerator.random64());
}
