import { lifetime, type Tensor } from "@flambeau/tensor";
import type { Edge, Gradients, Node } from "./nodes/node.ts";

/**
 * The gradients of a run of the engine on their way: for each output of each node the sum of those that have arrived.
 *
 * Memory: a gradient that a rule creates is a temporary. It is marked abandoned, and kept while it is in the buffer or a node
 * uses it; the last `release` returns its memory. With `createGraph` gradients are parts of a graph, and left alone.
 */
export class GradientBuffer {
  readonly #sums: (Tensor | null)[];
  readonly #createGraph: boolean;

  constructor(outputs: number, createGraph: boolean) {
    this.#sums = new Array(outputs).fill(null);
    this.#createGraph = createGraph;
  }

  /** Adds a gradient to what has arrived at an output. */
  add(edge: Edge, grad: Tensor): void {
    const place = edge.node.place + edge.outputNr;
    const before = this.#sums[place];
    lifetime.keep(grad.storage);
    if (before === null) {
      this.#sums[place] = grad;
      return;
    }
    if (!this.#createGraph && lifetime.isSole(before)) before.add_(grad);
    else {
      const sum = before.add(grad);
      sum.storage.abandoned = !this.#createGraph;
      lifetime.keep(sum.storage);
      lifetime.forget(before.storage);
      this.#sums[place] = sum;
    }
    lifetime.forget(grad.storage);
  }

  /** Takes the gradient of an output out of the buffer; the caller gives it to `release` after use. */
  take(edge: Edge): Tensor | null {
    const place = edge.node.place + edge.outputNr;
    const grad = this.#sums[place];
    this.#sums[place] = null;
    return grad;
  }

  release(grad: Tensor): void {
    lifetime.forget(grad.storage);
  }

  /** Sends the gradients of a node's inputs, computed from those of its outputs, where they go. */
  pass(node: Node, from: Gradients, grads: Gradients): void {
    const { next } = node;
    // A rule may return one gradient for several inputs: it is kept until the last of them has it.
    for (let k = 0; k < next.length; k++) {
      const grad = grads[k];
      if (next[k] === null || grad === null || grad === undefined) continue;
      if (!this.#createGraph && node.isOurs && !isAmong(grad, from) && !lifetime.isKept(grad))
        grad.storage.abandoned = true;
      lifetime.keep(grad.storage);
    }
    for (let k = 0; k < next.length; k++) {
      const edge = next[k];
      const grad = grads[k];
      if (edge === null || grad === null || grad === undefined) continue;
      this.add(edge, grad);
      lifetime.forget(grad.storage);
    }
  }

  /** Lets a node add the gradient of its only input to one that arrived before, where that may be written to. */
  addedTo(node: Node, grad: Tensor): boolean {
    if (this.#createGraph) return false;
    const edge = node.next[0];
    if (edge === null || edge === undefined) return false;
    const before = this.#sums[edge.node.place + edge.outputNr];
    return before !== null && lifetime.isSole(before) && node.addTo(before, grad);
  }
}

/** Whether a gradient is, or is a view of, one of those it was computed from. */
function isAmong(grad: Tensor, from: Gradients): boolean {
  for (let k = 0; k < from.length; k++) if (from[k]?.storage === grad.storage) return true;
  return false;
}
