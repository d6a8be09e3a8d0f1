import {
  AutogradError,
  DTypeError,
  isContiguous,
  isFloat,
  markClass,
  numel,
  quote,
  type Shape,
} from "@flambeau/backend";
import {
  type Attrs,
  type BackwardOptions,
  type GradHook,
  type HookHandle,
  hookHandle,
  lifetime,
  type Operand,
  type OpName,
  type Recorder,
  Tensor,
  zeros,
  zerosLike,
} from "@flambeau/tensor";
import { checkGradient, startGradient } from "./check.ts";
import { COPY } from "./copy.ts";
import { run } from "./engine.ts";
import { isGradEnabled } from "./mode.ts";
import { makeNode, Node, readsOf } from "./node.ts";

/** The end of the graph: adds what arrives to the gradient of a leaf. */
export class LeafNode extends Node {
  readonly next: readonly (Node | null)[] = [];
  readonly name: string = "AccumulateGrad";
  readonly shape: Shape;
  readonly #meta: Meta;

  constructor(meta: Meta, shape: Shape) {
    super(true);
    this.#meta = meta;
    this.shape = shape;
  }

  backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[] {
    // A leaf may have been frozen since it was used.
    if (this.#meta.requiresGrad) this.#meta.accumulate(g, createGraph);
    return [];
  }
}

/** What autograd knows of a tensor: PyTorch's AutogradMeta. */
export class Meta implements Recorder {
  #grad: Tensor | null = null;
  /** Whether somebody may hold the gradient. */
  #shown = false;
  /** The op that made the tensor, or null for a leaf. */
  node: Node | null;
  #requiresGrad: boolean;
  #leaf: LeafNode | null = null;
  readonly #shape: Shape;
  /** For views: the tensor, to make its node anew when the base was written to. */
  #view: Tensor | null = null;
  #viewVersion = 0;
  #stopRetaining: (() => void) | null = null;
  /** The printed name of `node` if it is not the node's own. */
  #name: string | null = null;

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
    if (this.edge() === null || this.node === null) return null;
    return this.#name ?? this.node.name;
  }

  rename(name: string): void {
    this.#name = name;
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

  get grad(): Tensor | null {
    this.#shown = true;
    return this.#grad;
  }

  borrowGrad(): Tensor | null {
    return this.#grad;
  }

  setGrad(owner: Tensor, grad: Tensor | null): void {
    if (grad !== null) {
      checkGradient("grad", owner, grad);
      if (grad.dtype !== owner.dtype)
        throw new DTypeError(`a gradient has its tensor's dtype ${owner.dtype}; got ${grad.dtype}`);
    } else if (!this.#shown && this.#grad !== null) giveBack(this.#grad);
    this.#grad = grad;
    this.#shown = grad !== null;
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
        this.node = makeNode("asStrided", [base], null, layoutOf(view), view, [from]);
        this.#name = null;
      }
    }
    return this.node;
  }

  /** The node of the view is made anew from its base at the next use. */
  expireView(view: Tensor): void {
    this.#requiresGrad = true;
    this.#view = view;
    this.#viewVersion = -1;
    this.node ??= edgeOf(view.base as Tensor);
  }

  /** Adds a gradient; one that nobody else holds is kept as it is. */
  accumulate(g: Tensor, createGraph: boolean): void {
    if (createGraph) {
      // A gradient that is itself part of a graph stays out of reach of who writes to this one.
      this.#grad = this.#grad === null ? g.clone() : this.#grad.add(g);
      this.#shown = true;
    } else if (this.#grad !== null) this.#grad.add_(g);
    else {
      this.#shown = false;
      if (lifetime.isSole(g) && g.isContiguous() && numel(g.shape) === g.storage.length) {
        lifetime.show(g);
        this.#grad = g.base === null ? g : g.detach();
      } else this.#grad = g.clone();
    }
  }

  record<K extends OpName>(op: K, inputs: readonly Operand[], attrs: Attrs<K>, output: Tensor): void {
    refuseForeign(op, output);
    if (!isGradEnabled()) {
      // A view made now is not recorded; its recorder is there to refuse writes that would be.
      if (output.base !== null) output.recorder = new Meta(output, null);
      return;
    }
    const node = makeNode(op, inputs, null, attrs, output, inputs.map(edgeOf));
    if (node !== null) output.recorder = new Meta(output, node);
  }

  ofView(view: Tensor): Recorder | null {
    // A leaf's view from before it was one stays plain, and has a recorder to refuse writes that would be recorded.
    if (!this.#requiresGrad) return null;
    const meta = new Meta(view, null);
    if (this.node !== null) meta.expireView(view);
    return meta;
  }

  prepareWrite<K extends OpName>(
    op: K,
    inputs: readonly Operand[],
    attrs: Attrs<K>,
    target: Tensor,
  ): (() => void) | null {
    refuseForeign(op, target);
    if (!isGradEnabled()) return null;
    checkWrite(target);
    if (!inputs.some((x) => edgeOf(x) !== null)) return null;
    const kept = keptInputs(op, inputs, target);
    const edges = kept.map(edgeOf);
    const versions = kept.map((x) => (x instanceof Tensor ? x.storage.version : 0));
    return () => {
      const node = makeNode(op, kept, versions, attrs, target, edges);
      if (node === null) return;
      const { base } = target;
      if (base === null) target.recorder = rebased(target, node);
      else {
        base.recorder = rebased(base, new ViewWriteNode(base, target, node, edgeOf(base)));
        target.recorder ??= new Meta(target, null);
        (target.recorder as Meta).expireView(target);
      }
    };
  }

  backward(root: Tensor, gradient: Tensor | undefined, options: BackwardOptions): void {
    const edge = this.edge();
    if (edge === null) {
      throw new AutogradError(
        `backward: this tensor does not depend on any that requires a gradient (${wayToGraph()})`,
      );
    }
    const createGraph = options.createGraph ?? false;
    const start = startGradient("backward", root, gradient);
    // The library's own goes as those that rules make.
    if (!createGraph && (gradient === undefined || gradient === null)) start.storage.abandoned = true;
    const into = options.inputs === undefined ? null : metasOf(options.inputs);
    const captures = into === null ? undefined : new Map<Node, Tensor | null>();
    for (const node of into?.keys() ?? []) captures?.set(node, null);
    run([[edge, start]], { createGraph, retainGraph: options.retainGraph ?? createGraph, captures });
    for (const [node, meta] of into ?? []) {
      const found = captures?.get(node) ?? null;
      if (found !== null) meta.accumulate(found, createGraph);
    }
  }

  /** The gradient of the tensor as it is from now on: a write in place takes the wish along. */
  retainGrad(): void {
    if (!this.#requiresGrad) throw new AutogradError("retainGrad: this tensor does not require a gradient");
    if (this.node === null || this.#stopRetaining !== null) return;
    this.#stopRetaining = this.registerHook((g) => {
      this.#grad = this.#grad === null ? g.clone() : this.#grad.add(g);
      this.#shown = true;
    });
  }

  /** What an in-place op on the tensor takes over from the recorder it had. */
  succeed(before: Meta): void {
    this.#grad = before.grad;
    this.#shown = true;
    if (before.#stopRetaining !== null) {
      before.#stopRetaining();
      this.retainGrad();
    }
  }

  registerHook(hook: GradHook): HookHandle {
    const node = this.edge();
    if (node === null) throw new AutogradError("registerHook: this tensor does not require a gradient");
    // Of its own, so that a hook that was registered twice can be removed once.
    const own: GradHook = (g) => hook(g);
    node.hooks ??= [];
    node.hooks.push(own);
    return hookHandle(() => {
      node.hooks = (node.hooks ?? []).filter((h) => h !== own);
      if (node.hooks.length === 0) node.hooks = null;
    });
  }
}

markClass(Meta.prototype, "Recorder", COPY);

/** An op of another copy has taken a tensor of this one; in a graph of both, gradients would be lost. */
function refuseForeign(op: OpName, output: Tensor): void {
  if (!(output instanceof Tensor)) throw new AutogradError(`${op}: the result is ${quote(output)}`);
}

/** What to do about a result without a graph. */
export function wayToGraph(): string {
  return isGradEnabled()
    ? "set { requiresGrad: true } on a leaf, and check that no noGrad() or detach() is in the way"
    : "nothing is recorded here, as inside noGrad() and in the hooks of a backward pass: compute it inside enableGrad(() => ...)";
}

/** The tensors that `backward` is to find the gradients of, by their nodes. */
function metasOf(inputs: Tensor | readonly Tensor[]): Map<Node, Meta> {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  if (list.length === 0) throw new AutogradError("backward: inputs is empty; leave it out for all leaves");
  return new Map(
    list.map((x, i) => {
      const node = edgeOf(x);
      if (node === null) throw new AutogradError(`backward: input ${i} does not require a gradient`);
      return [node, x.recorder as Meta];
    }),
  );
}

/** Gives back the memory of a gradient that nobody else has seen. */
function giveBack(grad: Tensor): void {
  grad.storage.backend.release(grad.storage);
}

/** The gradient edge of an op's input. */
export function edgeOf(x: Operand): Node | null {
  const recorder = typeof x === "object" ? x.recorder : null;
  if (recorder === null) return null;
  if (recorder instanceof Meta) return recorder.edge();
  throw new AutogradError(`the gradients of a tensor belong to ${quote(recorder)}`);
}

/** The recorder of a tensor that an in-place op has made the output of `node`; its gradient slot stays. */
function rebased(target: Tensor, node: Node): Meta {
  const meta = new Meta(target, node);
  if (target.recorder !== null) meta.succeed(target.recorder as Meta);
  return meta;
}

/** Refuses a recorded write to a tensor whose history has no place for it. */
function checkWrite(target: Tensor): void {
  const { base } = target;
  if (target.requiresGrad && target.isLeaf) {
    throw new AutogradError(
      "a leaf that requires a gradient cannot be overwritten in place; do it inside noGrad()",
    );
  }
  if (base === null) return;
  // A view of a leaf that is a view itself has the leaf's base, which requires no gradient.
  if (base.requiresGrad ? base.isLeaf : target.requiresGrad) {
    throw new AutogradError(
      "a view of a leaf that requires a gradient cannot be overwritten in place; do it inside noGrad()",
    );
  }
  if (base.requiresGrad && !target.requiresGrad) {
    throw new AutogradError(
      "this view was made inside noGrad(), so a write to it outside would be lost to the gradients of its base; make both inside or both outside",
    );
  }
}

/** The inputs of a write, with a recorded copy in place of each that the derivative reads and the write destroys. */
function keptInputs(op: OpName, inputs: readonly Operand[], target: Tensor): readonly Operand[] {
  const reads = readsOf(op, inputs);
  return inputs.map((x, k) =>
    x instanceof Tensor && x.storage === target.storage && reads.has(k) ? x.clone() : x,
  );
}

/** The node of a write through a view: the gradient of the base, with the written part taken out. */
class ViewWriteNode extends Node {
  readonly next: readonly (Node | null)[];
  readonly name: string = "CopySlices";
  readonly shape: Shape;
  readonly #base: Layout;
  readonly #view: Layout;
  readonly #write: Node;

  constructor(base: Tensor, view: Tensor, write: Node, baseEdge: Node | null) {
    super();
    this.shape = base.shape;
    this.#write = write;
    this.#base = layoutOf(base);
    this.#view = layoutOf(view, base.offset);
    this.next = [baseEdge, ...write.next.slice(1)];
  }

  backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[] {
    // Laid out as the base is, so that the view's strides find its elements.
    const { shape, strides } = this.#base;
    const extent = shape.reduce((n, size, i) => n + (size - 1) * strides[i], 1);
    const whole = isContiguous(shape, strides)
      ? g.clone()
      : zeros([Math.max(extent, 0)], { dtype: g.dtype, device: g.device })
          .asStrided(shape, strides, 0)
          .copy_(g);
    const part = whole.asStrided(this.#view.shape, this.#view.strides, this.#view.offset);
    const grads = this.#write.backward(part.clone(), createGraph);
    part.copy_(grads[0] ?? zerosLike(part.detach()));
    return [whole, ...grads.slice(1)];
  }

  override release(): void {
    this.#write.release();
  }
}

type Layout = Pick<Tensor, "shape" | "strides" | "offset">;

/** An empty tensor lies nowhere in particular, least of all behind the end of its storage. */
function layoutOf(x: Tensor, origin = 0): Layout {
  return { shape: x.shape, strides: x.strides, offset: numel(x.shape) === 0 ? 0 : x.offset - origin };
}
