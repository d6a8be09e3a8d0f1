import { isContiguous } from "@flambeau/backend";
import { type Tensor, zeros, zerosLike } from "@flambeau/tensor";
import { type Layout, layoutOf } from "../layout.ts";
import { type Edge, type Gradients, Node } from "./node.ts";

/** The node of a write through a view: the gradient of the base, with the written part taken out. */
export class ViewWriteNode extends Node {
  readonly next: readonly (Edge | null)[];
  protected readonly opName: string = "CopySlices";
  readonly base: Layout;
  /** Of the part that was written to, from the base's first element. */
  readonly view: Layout;
  /** The op that wrote. */
  readonly write: Node;

  constructor(base: Tensor, view: Tensor, write: Node, baseEdge: Edge | null) {
    super();
    this.write = write;
    this.base = layoutOf(base);
    this.view = layoutOf(view, base.offset);
    this.next = [baseEdge, ...write.next.slice(1)];
  }

  backward(g: Tensor, createGraph: boolean): Gradients {
    const [whole, part] = this.copied(g);
    const grads = this.write.backward(part.clone(), createGraph);
    part.copy_(grads[0] ?? zerosLike(part.detach()));
    return [whole, ...grads.slice(1)];
  }

  /** A copy of what belongs to the base, and the part of it that was written to. */
  copied(x: Tensor): [whole: Tensor, part: Tensor] {
    // Laid out as the base is, so that the view's strides find its elements.
    const { shape, strides } = this.base;
    const extent = shape.reduce((n, size, i) => n + (size - 1) * strides[i], 1);
    const whole = isContiguous(shape, strides)
      ? x.clone()
      : zeros([Math.max(extent, 0)], { dtype: x.dtype, device: x.device })
          .asStrided(shape, strides, 0)
          .copy_(x);
    return [whole, whole.asStrided(this.view.shape, this.view.strides, this.view.offset)];
  }

  override release(): void {
    this.write.release();
  }
}
