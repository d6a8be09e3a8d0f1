import type { Tensor } from "@flambeau/tensor";
import { type Edge, type Gradients, Node } from "./node.ts";

/** The beginning of a function that is differentiated: passes gradients on to what it was called with. */
export class StartNode extends Node {
  readonly next: readonly (Edge | null)[];
  /** While the function or its derivative is being computed, what depends on the node is no constant to others. */
  isOpen = true;
  protected readonly opName: string = "CloneBackward0";

  constructor(next: Edge | null) {
    super();
    this.next = [next];
  }

  backward(g: Tensor): Gradients {
    return [this.next[0] === null ? null : g];
  }
}
