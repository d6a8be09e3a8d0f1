import { AutogradError, DTypeError, isFloat, markClass, numel, quote } from "@flambeau/backend";
import {
  type Attrs,
  type BackwardOptions,
  type GradFn,
  type GradHook,
  type HookHandle,
  hookHandle,
  lifetime,
  type Operand,
  type OpName,
  type Recorder,
  Tensor,
} from "@flambeau/tensor";
import { checkGradient, startGradient } from "./check.ts";
import { COPY } from "./copy.ts";
import { run } from "./engine.ts";
import { layoutOf } from "./layout.ts";
import { isGradEnabled } from "./mode.ts";
import { warnOfNan } from "./nan-loss.ts";
import { LeafNode } from "./nodes/leaf.ts";
import { makeNode } from "./nodes/make.ts";
import type { Edge } from "./nodes/node.ts";
import { ViewWriteNode } from "./nodes/view-write.ts";
import { checkWrite, keptInputs } from "./writes.ts";

/** What autograd knows of a tensor: PyTorch's AutogradMeta. */
export class Meta implements Recorder {
  #grad: Tensor | null = null;
  /** Whether somebody may hold the gradient. */
  #shown = false;
  /** The output of a node that the tensor is, or null for a leaf. */
  origin: Edge | null;
  #requiresGrad: boolean;
  #leaf: LeafNode | null = null;
  /** For views: the tensor, to make its node anew when the base was written to. */
  #view: Tensor | null = null;
  #viewVersion = 0;
  #stopRetaining: (() => void) | null = null;

  constructor(owner: Tensor, origin: Edge | null) {
    this.origin = origin;
    this.#requiresGrad = origin !== null;
    if (origin !== null && owner.base !== null) {
      this.#view = owner;
      this.#viewVersion = owner.storage.version;
    }
  }

  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  get isLeaf(): boolean {
    return this.origin === null;
  }

  get gradFn(): GradFn | null {
    return this.origin === null ? null : (this.edge()?.node ?? null);
  }

  rename(name: string): void {
    this.origin?.node.rename(name);
  }

  setRequiresGrad(owner: Tensor, value: boolean): void {
    if (value && !isFloat(owner.dtype)) {
      throw new AutogradError(`only floats have gradients; this tensor is ${owner.dtype}`);
    }
    if (!value && this.origin !== null) {
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
  edge(): Edge | null {
    if (!this.#requiresGrad) return null;
    if (this.origin === null) {
      this.#leaf ??= new LeafNode(this);
      return this.#leaf;
    }
    const view = this.#view;
    if (view !== null && view.storage.version !== this.#viewVersion) {
      const base = view.base as Tensor;
      // Written to through the base or another view since: the view is one of what the base is now.
      const from = edgeOf(base);
      this.#viewVersion = view.storage.version;
      if (from !== null) this.origin = makeNode("asStrided", [base], null, layoutOf(view), [view], [from]);
    }
    return this.origin;
  }

  /** The node of the view is made anew from its base at the next use. */
  expireView(view: Tensor): void {
    this.#requiresGrad = true;
    this.#view = view;
    this.#viewVersion = -1;
    this.origin ??= edgeOf(view.base as Tensor);
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

  record<K extends OpName>(
    op: K,
    inputs: readonly Operand[],
    attrs: Attrs<K>,
    outputs: readonly Tensor[],
  ): void {
    for (const y of outputs) refuseForeign(op, y);
    if (!isGradEnabled()) {
      // A view made now is not recorded; its recorder is there to refuse writes that would be.
      for (const y of outputs) if (y.base !== null) y.recorder = new Meta(y, null);
      return;
    }
    const node = makeNode(op, inputs, null, attrs, outputs, inputs.map(edgeOf));
    if (node === null) return;
    for (let k = 0; k < outputs.length; k++)
      if (isFloat(outputs[k].dtype)) outputs[k].recorder = new Meta(outputs[k], node.edge(k));
  }

  ofView(view: Tensor): Recorder | null {
    // A leaf's view from before it was one stays plain, and has a recorder to refuse writes that would be recorded.
    if (!this.#requiresGrad) return null;
    const meta = new Meta(view, null);
    if (this.origin !== null) meta.expireView(view);
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
    const kept = keptInputs(op, inputs, attrs, target);
    const edges = kept.map(edgeOf);
    const versions = kept.map((x) => (x instanceof Tensor ? x.storage.version : 0));
    return () => {
      const node = makeNode(op, kept, versions, attrs, [target], edges);
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
    if (gradient === undefined || gradient === null) warnOfNan(root);
    const createGraph = options.createGraph ?? false;
    const start = startGradient("backward", root, gradient);
    // The library's own goes as those that rules make.
    if (!createGraph && (gradient === undefined || gradient === null)) start.storage.abandoned = true;
    const into = options.inputs === undefined ? null : metasOf(options.inputs);
    const captures = into === null ? undefined : new Map<Edge, Tensor | null>();
    for (const to of into?.keys() ?? []) captures?.set(to, null);
    run([[edge, start]], { createGraph, retainGraph: options.retainGraph ?? createGraph, captures });
    for (const [to, meta] of into ?? []) {
      const found = captures?.get(to) ?? null;
      if (found !== null) meta.accumulate(found, createGraph);
    }
  }

  /** The gradient of the tensor as it is from now on: a write in place takes the wish along. */
  retainGrad(): void {
    if (!this.#requiresGrad) throw new AutogradError("retainGrad: this tensor does not require a gradient");
    if (this.origin === null || this.#stopRetaining !== null) return;
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
    const edge = this.edge();
    if (edge === null) throw new AutogradError("registerHook: this tensor does not require a gradient");
    // Of its own, so that a hook that was registered twice can be removed once.
    const own: GradHook = (g) => hook(g);
    edge.hooks ??= [];
    edge.hooks.push(own);
    return hookHandle(() => {
      edge.hooks = (edge.hooks ?? []).filter((h) => h !== own);
      if (edge.hooks.length === 0) edge.hooks = null;
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

/** The tensors that `backward` is to find the gradients of, by their edges. */
function metasOf(inputs: Tensor | readonly Tensor[]): Map<Edge, Meta> {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  if (list.length === 0) throw new AutogradError("backward: inputs is empty; leave it out for all leaves");
  return new Map(
    list.map((x, i) => {
      const edge = edgeOf(x);
      if (edge === null) throw new AutogradError(`backward: input ${i} does not require a gradient`);
      return [edge, x.recorder as Meta];
    }),
  );
}

/** Gives back the memory of a gradient that nobody else has seen. */
function giveBack(grad: Tensor): void {
  grad.storage.backend.release(grad.storage);
}

/** The gradient edge of an op's input. */
export function edgeOf(x: Operand): Edge | null {
  const recorder = typeof x === "object" ? x.recorder : null;
  if (recorder === null) return null;
  if (recorder instanceof Meta) return recorder.edge();
  throw new AutogradError(`the gradients of a tensor belong to ${quote(recorder)}`);
}

/** The recorder of a tensor that an in-place op has made the output of a node; its gradient slot stays. */
function rebased(target: Tensor, origin: Edge): Meta {
  const meta = new Meta(target, origin);
  if (target.recorder !== null) meta.succeed(target.recorder as Meta);
  return meta;
}
