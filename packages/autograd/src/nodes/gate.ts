import { lifetime, type Tensor } from "@flambeau/tensor";
import { checkGradient } from "../check.ts";
import { edgeOf, Meta } from "../meta.ts";
import { type Edge, type Gradients, Node } from "./node.ts";

/** What is done with gradients on their way: for each one that, or another in its place. */
export type Pass = (grads: (Tensor | null)[]) => readonly (Tensor | null)[];

/** Shows the gradients of several tensors, all at once, to a function. */
export class GateNode extends Node {
  readonly next: readonly (Edge | null)[];
  protected readonly opName: string = "GateBackward";
  readonly likes: readonly Pick<Tensor, "shape" | "dtype" | "device">[];
  readonly pass: Pass;

  constructor(tensors: readonly Tensor[], pass: Pass) {
    super(tensors.length);
    this.next = tensors.map(edgeOf);
    this.likes = tensors.map(({ shape, dtype, device }) => ({ shape, dtype, device }));
    this.pass = pass;
  }

  /** Whoever looks at the gradients may hold on to them. */
  override get isOurs(): boolean {
    return false;
  }

  backward(g: Tensor): Gradients {
    return this.backwardAll([g]);
  }

  override backwardAll(arrived: Gradients): Gradients {
    for (const g of arrived) if (g !== null) lifetime.show(g);
    return this.pass([...arrived]).map((g, i) => {
      if (g === null) return null;
      const like = this.likes[i];
      checkGradient(`backward of Gate, argument ${i + 1}`, like, g);
      return g.to(like.dtype);
    });
  }
}

/**
 * Copies of tensors that require gradients, whose gradients pass through a function, all at once; null for one that has not
 * arrived. Less than an `AutogradFunction` of it would be, which every page with a module would load.
 *
 * @internal
 */
export function gate(tensors: readonly Tensor[], pass: Pass): Tensor[] {
  const node = new GateNode(tensors, pass);
  const copies = new Map(tensors.map((x) => [x, x.detach().clone()]));
  return tensors.map((x, i) => {
    const copy = copies.get(x) as Tensor;
    copy.recorder = new Meta(copy, node.edge(i));
    return copy;
  });
}
