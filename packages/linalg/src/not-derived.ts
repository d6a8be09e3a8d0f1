import { AutogradError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** The backward pass of an op that has none, as in PyTorch. */
export function notDerived(what: string): () => (Tensor | null)[] {
  return () => {
    throw new AutogradError(`${what} has no derivative`);
  };
}
