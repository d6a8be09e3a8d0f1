import {
  AutogradError,
  DTypeError,
  formatShape,
  isContiguous,
  isFloat,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import {
  type Attrs,
  type BackwardOptions,
  type GradHook,
  type Operand,
  type OpName,
  onesLike,
  type Recorder,
  Tensor,
  zerosLike,
} from "@flambeau/tensor";
import { run } from "./engine.ts";
import { isGradEnabled } from "./mode.ts";
import { makeNode, Node } from "./node.ts";

/** The end of the graph: adds what arrives to the gradient of a leaf. */
export class LeafNode extends Node {
  readonly next: readonly (Node | null)[] = [];
  readonly name: string = "AccumulateGrad";
  readonly shape: Shape;
  readonly #meta: Meta;

  constructor(meta: Meta, shape: Shape) {
    super();
    this.#meta = meta;
    this.shape = shape;
  }

  backward(g: Tensor, createGraph: boolean, owned: boolean): readonly (Tensor | null)[] {
    this.#meta.accumulate(g, createGraph, owned);
    return [];
  }
}

/** What autograd knows of a tensor: PyTorch's AutogradMeta. */
export class Meta implements Recorder {
  grad: Tensor | null = null;
  /** The op that made the tensor, or null for a leaf. */
  node: Node | null;
  #requiresGrad: boolean;
  #leaf: LeafNode | null = null;
  readonly #shape: Shape;
  /** For views: the tensor, to make its node anew when the base was written to. */
  #view: Tensor | null = null;
  #viewVersion = 0;

  constructor(owner: Tensor, node: Node | null) {
    this.node = node;
    this.#shape = owner.shape;
    this.#requiresGrad = node !== null;
    if (node !== null && owner.base !== null) {
      this.#view = owner;
      this.#viewVersion = owner.storage.version;
    }
  }

  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  get isLeaf(): boolean {
    return this.node === null;
  }

  get gradFnName(): string | null {
    return this.edge() === null ? null : (this.node?.name ?? null);
  }

  setRequiresGrad(owner: Tensor, value: boolean): void {
    if (value && !isFloat(owner.dtype)) {
      throw new AutogradError(`only floats have gradients; this tensor is ${owner.dtype}`);
    }
    if (!value && this.node !== null) {
      throw new AutogradError(
        "this tensor was made by a recorded op, so it requires a gradient; use detach()",
      );
    }
    this.#requiresGrad = value;
  }

  setGrad(owner: Tensor, grad: Tensor | null): void {
    if (grad !== null) {
      checkGradient("grad", owner, grad);
      if (grad.dtype !== owner.dtype)
        throw new DTypeError(`a gradient has its tensor's dtype ${owner.dtype}; got ${grad.dtype}`);
    }
    this.grad = grad;
  }

  /** Where a gradient of this tensor goes, or null when none is wanted. */
  edge(): Node | null {
    if (!this.#requiresGrad) return null;
    if (this.node === null) {
      this.#leaf ??= new LeafNode(this, this.#shape);
      return this.#leaf;
    }
    const view = this.#view;
    if (view !== null && view.storage.version !== this.#viewVersion) {
      const base = view.base as Tensor;
      // Written to through the base or another view since: the view is one of what the base is now.
      const from = edgeOf(base);
      this.#viewVersion = view.storage.version;
      if (from !== null) {
        const attrs = { shape: view.shape, strides: view.strides, offset: view.offset };
        this.node = makeNode("asStrided", [base], null, attrs, view, [from]);
      }
    }
    return this.node;
  }

  /** The view's node is made anew from its base at the next use. */
  expireView(view: Tensor): void {
    this.#requiresGrad = true;
    this.#view = view;
    this.#viewVersion = -1;
    this.node ??= edgeOf(view.base as Tensor);
  }

  /** Adds a gradient; one that nobody else holds is kept as it is. */
  accumulate(g: Tensor, createGraph: boolean, owned: boolean): void {
    if (this.grad === null) {
      this.grad = createGraph || (owned && g.isContiguous()) ? g : g.clone();
    } else if (createGraph) this.grad = this.grad.add(g);
    else this.grad.add_(g);
  }

  record<K extends OpName>(op: K, inputs: readonly Operand[], attrs: Attrs<K>, output: Tensor): void {
    if (!isGradEnabled()) return;
    const node = makeNode(op, inputs, null, attrs, output, inputs.map(edgeOf));
    if (node !== null) output.recorder = new Meta(output, node);
  }

  beforeWrite(target: Tensor): void {
    if (!isGradEnabled() || !this.#requiresGrad) return;
    if (this.node === null) {
      throw new AutogradError(
        "a leaf that requires a gradient cannot be overwritten in place; do it inside noGrad()",
      );
    }
    const { base } = target;
    if (base === null) return;
    if (base.recorder?.isLeaf && base.recorder.requiresGrad) {
      throw new AutogradError(
        "a view of a leaf that requires a gradient cannot be overwritten in place; do it inside noGrad()",
      );
    }
    if (!isContiguous(base.shape, base.strides)) {
      throw new AutogradError(
        "writing in place through a view of a non-contiguous base cannot be recorded; clone() first",
      );
    }
  }

  recordWrite<K extends OpName>(
    op: K,
    inputs: readonly Operand[],
    versions: readonly number[],
    attrs: Attrs<K>,
    target: Tensor,
  ): void {
    if (!isGradEnabled()) return;
    const node = makeNode(op, inputs, versions, attrs, target, inputs.map(edgeOf));
    const { base } = target;
    if (base === null) {
      if (node !== null) target.recorder = rebased(target, node);
      return;
    }
    if (node === null) return;
    const written = new ViewWriteNode(base, target, node, edgeOf(base));
    base.recorder = rebased(base, written);
    target.recorder ??= new Meta(target, null);
    (target.recorder as Meta).expireView(target);
  }

  backward(root: Tensor, gradient: Tensor | undefined, options: BackwardOptions): void {
    const edge = this.edge();
    if (edge === null) {
      throw new AutogradError(
        "backward: this tensor does not depend on any that requires a gradient (set { requiresGrad: true } on a leaf, and check that no noGrad() or detach() is in the way)",
      );
    }
    const createGraph = options.createGraph ?? false;
    run([[edge, startGradient("backward", root, gradient)]], {
      createGraph,
      retainGraph: options.retainGraph ?? createGraph,
    });
  }

  retainGrad(): void {
    if (this.node === null) return;
    const node = this.edge() as Node;
    node.hooks ??= [];
    node.hooks.push((g) => {
      this.grad = this.grad === null ? g.clone() : this.grad.add(g);
    });
  }

  registerHook(hook: GradHook): () => void {
    const node = this.edge();
    if (node === null) throw new AutogradError("registerHook: this tensor does not require a gradient");
    node.hooks ??= [];
    node.hooks.push(hook);
    return () => {
      node.hooks = (node.hooks ?? []).filter((h) => h !== hook);
      if (node.hooks.length === 0) node.hooks = null;
    };
  }
}

/** The gradient edge of an op's input. */
export function edgeOf(x: Operand): Node | null {
  return typeof x === "object" && x.recorder !== null ? (x.recorder as Meta).edge() : null;
}

/** The recorder of a tensor that an in-place op has made the output of `node`; its gradient slot stays. */
function rebased(target: Tensor, node: Node): Meta {
  const meta = new Meta(target, node);
  meta.grad = target.recorder?.grad ?? null;
  return meta;
}

/** Makes sure that a gradient fits a tensor. */
function checkGradient(what: string, root: Tensor, gradient: Tensor): void {
  if (!(gradient instanceof Tensor))
    throw new DTypeError(`${what}: a gradient is a tensor; got ${typeof gradient}`);
  if (!sameShape(gradient.shape, root.shape)) {
    throw new ShapeError(
      `${what}: a gradient of shape ${formatShape(gradient.shape)} does not fit a tensor of shape ${formatShape(root.shape)}`,
    );
  }
}

/** The gradient to start from: the given one, or 1 for a single element. */
export function startGradient(what: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (gradient !== undefined && gradient !== null) {
    checkGradient(what, root, gradient);
    return gradient.to(root.dtype);
  }
  if (root.numel() !== 1) {
    throw new AutogradError(
      `${what}: only a tensor of one element has an implicit gradient of 1; this one has shape ${formatShape(root.shape)}, so give its gradient or reduce it first, with sum() or mean()`,
    );
  }
  return onesLike(root.detach());
}

/** The node of a write through a view: the gradient of the base, with the written part taken out. */
class ViewWriteNode extends Node {
  readonly next: readonly (Node | null)[];
  readonly name: string = "CopySlices";
  readonly shape: Shape;
  readonly #view: { shape: Shape; strides: Shape; offset: number };
  readonly #write: Node;

  constructor(base: Tensor, view: Tensor, write: Node, baseEdge: Node | null) {
    super();
    this.shape = base.shape;
    this.#write = write;
    this.#view = { shape: view.shape, strides: view.strides, offset: view.offset - base.offset };
    this.next = [baseEdge, ...write.next.slice(1)];
  }

  backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[] {
    const { shape, strides, offset } = this.#view;
    const whole = g.clone();
    const part = whole.asStrided(shape, strides, offset);
    const grads = this.#write.backward(part.clone(), createGraph, false);
    part.copy_(grads[0] ?? zerosLike(part.detach()));
    return [whole, ...grads.slice(1)];
  }

  override release(): void {
    this.#write.release();
  }
}
