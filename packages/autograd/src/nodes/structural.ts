import type { Shape } from "@flambeau/backend";
import { lifetime, type Operand, type StructuralOps, Tensor } from "@flambeau/tensor";
import { type Context, type MultiRule, type Rule, structuralRules } from "../rules/structural.ts";
import { nodeName } from "./names.ts";
import { type Edge, type Gradients, Node } from "./node.ts";
import { forgetAll, releasedError, Saved } from "./saved.ts";

/** The node of any other op: a rule written with the public ops. */
export class StructuralNode<K extends keyof StructuralOps> extends Node implements Context<StructuralOps[K]> {
  readonly next: readonly (Edge | null)[];
  readonly op: K;
  readonly attrs: StructuralOps[K];
  readonly layout: Context<unknown>["layout"];
  readonly device: string;
  /** Of the outputs. */
  readonly likes: readonly Pick<Tensor, "shape" | "dtype" | "device">[];
  readonly #shapes: readonly Shape[];
  readonly #dtypes: readonly string[];
  #saved: (Saved | null)[] | null;

  constructor(
    op: K,
    inputs: readonly Operand[],
    versions: readonly number[] | null,
    attrs: StructuralOps[K],
    outputs: readonly Tensor[],
    next: readonly (Edge | null)[],
  ) {
    super(outputs.length);
    this.op = op;
    this.attrs = attrs;
    this.next = next;
    const first = inputs[0] as Tensor;
    this.layout = { strides: first.strides, offset: first.offset, storageLength: first.storage.length };
    this.device = first.device;
    const shapes: Shape[] = [];
    const dtypes: string[] = [];
    const saved: (Saved | null)[] = [];
    for (let k = 0; k < inputs.length; k++) {
      const x = inputs[k];
      const isTensor = x instanceof Tensor;
      shapes.push(isTensor ? x.shape : []);
      dtypes.push(isTensor ? x.dtype : "");
      saved.push(null);
    }
    const likes: Pick<Tensor, "shape" | "dtype" | "device">[] = [];
    for (let k = 0; k < outputs.length; k++) {
      saved.push(null);
      likes.push({ shape: outputs[k].shape, dtype: outputs[k].dtype, device: outputs[k].device });
    }
    this.likes = likes;
    this.#shapes = shapes;
    this.#dtypes = dtypes;
    const { saves, keeps } = ruleOf(op);
    for (const s of saves) {
      if (s === "output") {
        for (let k = 0; k < outputs.length; k++)
          saved[inputs.length + k] = new Saved(outputs[k], outputs[k].storage.version);
      } else if (s < inputs.length) {
        const x = inputs[s] as Tensor;
        saved[s] = new Saved(x, versions === null ? x.storage.version : versions[s]);
      }
    }
    if (keeps !== undefined) {
      for (const key of keeps as readonly string[]) {
        const kept = (attrs as unknown as Readonly<Record<string, Tensor | null | undefined>>)[key];
        if (kept != null) saved.push(new Saved(kept, kept.storage.version));
      }
    }
    this.#saved = saved;
  }

  protected get opName(): string {
    return nodeName({ op: this.op, attrs: this.attrs, scalars: 0, inputShapes: this.#shapes });
  }

  get count(): number {
    return this.#shapes.length;
  }

  inputShape(k: number): Shape {
    return this.#shapes[k];
  }

  needs(k: number): boolean {
    return this.next[k] !== null;
  }

  input(k: number): Tensor {
    if (this.#saved === null) throw releasedError(this.op);
    return (this.#saved[k] as Saved).get(this.op);
  }

  output(k = 0): Tensor {
    if (this.#saved === null) throw releasedError(this.op);
    return (this.#saved[this.#shapes.length + k] as Saved).get(this.op);
  }

  backward(g: Tensor, createGraph: boolean): Gradients {
    const rule = ruleOf(this.op);
    if ("backwardAll" in rule) return this.backwardAll([g], createGraph);
    return this.#run(() => rule.backward(this, g), createGraph);
  }

  override backwardAll(grads: Gradients, createGraph: boolean): Gradients {
    const rule = ruleOf(this.op) as MultiRule<StructuralOps[K]>;
    return this.#run(() => rule.backwardAll(this, grads), createGraph);
  }

  #run(apply: () => (Tensor | null)[], createGraph: boolean): Gradients {
    return createGraph ? this.#fitting(apply()) : lifetime.tidy(() => this.#fitting(apply()));
  }

  /** The gradients that are needed, in the dtypes of their inputs. */
  #fitting(grads: (Tensor | null)[]): (Tensor | null)[] {
    for (let k = 0; k < grads.length; k++) {
      const grad = grads[k];
      if (this.next[k] === null) grads[k] = null;
      else if (grad !== null && grad.dtype !== this.#dtypes[k]) grads[k] = grad.to(this.#dtypes[k]);
    }
    return grads;
  }

  override addTo(before: Tensor, g: Tensor): boolean {
    const rule = ruleOf(this.op);
    if (!("addTo" in rule) || rule.addTo === undefined) return false;
    rule.addTo(this, before, g);
    return true;
  }

  override release(): void {
    this.#saved = forgetAll(this.#saved);
  }
}

/** The rule of an op. */
export function ruleOf<K extends keyof StructuralOps>(
  op: K,
): Rule<StructuralOps[K]> | MultiRule<StructuralOps[K]> {
  return structuralRules[op] as unknown as Rule<StructuralOps[K]> | MultiRule<StructuralOps[K]>;
}
