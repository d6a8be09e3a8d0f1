import type { Tensor } from "@flambeau/tensor";
import type { Meta } from "../meta.ts";
import { type Edge, type Gradients, Node } from "./node.ts";

/** The end of the graph: adds each gradient that arrives to that of a leaf. */
export class LeafNode extends Node {
  readonly next: readonly (Edge | null)[] = [];
  protected readonly opName: string = "AccumulateGrad";
  readonly #meta: Meta;

  constructor(meta: Meta) {
    super(1, true);
    this.#meta = meta;
  }

  backward(g: Tensor, createGraph: boolean): Gradients {
    // A leaf may have been frozen since it was used.
    if (this.#meta.requiresGrad) this.#meta.accumulate(g, createGraph);
    return [];
  }
}
