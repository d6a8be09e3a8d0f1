import { AutogradError, formatShape, isFloat, type Shape } from "@flambeau/backend";
import {
  type Attrs,
  type ElementwiseName,
  type GradHook,
  lifetime,
  type Operand,
  type OpName,
  type StructuralOps,
  Tensor,
} from "@flambeau/tensor";
import { evaluateFormula, type GradFormula, gradFormula, runFormula, type SavedValues } from "./formula.ts";
import { nodeName } from "./names.ts";
import { elementwiseRules } from "./rules/elementwise.ts";
import { type Context, type Rule, structuralRules } from "./rules/structural.ts";

let created = 0;

/**
 * A step of the backward pass: turns the gradient of one tensor into those of what it was made from. Nodes are numbered
 * in the order of their making, so that descending numbers are a topological order.
 */
export abstract class Node {
  readonly seq: number;
  /** Where the engine has put it among the nodes of a run. */
  place = 0;
  /** Where the gradient of each input goes; null where none is wanted. */
  abstract readonly next: readonly (Node | null)[];
  abstract readonly name: string;
  /** The shape of the tensor whose gradient this takes. */
  abstract readonly shape: Shape;
  /** Called with the gradient before it is used. */
  hooks: GradHook[] | null = null;

  /** `isLeaf`: leaves may be younger than what uses them, and come before all other nodes. */
  constructor(isLeaf = false) {
    this.seq = isLeaf ? created++ - 2 ** 52 : created++;
  }

  /** The gradients of the inputs. */
  abstract backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[];
  /**
   * Instead of `backward`, adds the gradient of the only input to one that came there another way; false, and nothing done,
   * where a gradient of its own costs no more.
   */
  addTo(_before: Tensor, _g: Tensor): boolean {
    return false;
  }
  /** Forgets saved tensors. */
  release(): void {}
  /** Whether the gradients that it makes are the engine's alone. */
  get isOurs(): boolean {
    return true;
  }
}

/** A tensor kept for the backward pass, with the version it had. */
export class Saved {
  readonly tensor: Tensor;
  readonly version: number;

  constructor(tensor: Tensor, version: number) {
    this.tensor = tensor;
    this.version = version;
    lifetime.keep(tensor.storage);
  }

  get(op: string): Tensor {
    const { storage, shape } = this.tensor;
    if (storage.version !== this.version) {
      throw new AutogradError(
        `a tensor of shape ${formatShape(shape)} that the gradient of ${op} needs was overwritten in place: it is at version ${storage.version}, expected ${this.version}; use the op that makes a new tensor, or clone() first`,
      );
    }
    if (storage.released) throw new AutogradError(`a tensor that the gradient of ${op} needs was disposed`);
    return this.tensor;
  }
}

/** Lets go of saved tensors, whose memory goes with them where nobody else knows of it. */
export function forgetAll(saved: readonly (Saved | null)[] | null): null {
  if (saved !== null) for (const s of saved) if (s !== null) lifetime.forget(s.tensor.storage);
  return null;
}

export function releasedError(op: string): AutogradError {
  return new AutogradError(
    `the graph of ${op} was already run backward and its saved tensors were released; give { retainGraph: true } to the first backward() to run it again`,
  );
}

/** The node of an elementwise op: one compiled formula per operand. */
export class ElementwiseNode extends Node implements SavedValues {
  readonly next: readonly (Node | null)[];
  readonly op: ElementwiseName;
  readonly shape: Shape;
  /** What was given; tensors that no formula reads are kept for their shape alone. */
  operands: readonly Operand[];
  readonly #scalars: number;
  readonly #formulas: readonly (GradFormula | null)[];
  #saved: (Saved | null)[] | null;

  constructor(
    op: ElementwiseName,
    operands: readonly Operand[],
    versions: readonly number[] | null,
    output: Tensor,
    next: readonly (Node | null)[],
  ) {
    super();
    this.op = op;
    this.next = next;
    this.shape = output.shape;
    let scalars = 0;
    for (let k = 0; k < operands.length; k++) if (!(operands[k] instanceof Tensor)) scalars |= 1 << k;
    this.#scalars = scalars;
    const saved: (Saved | null)[] = [null, null, null, null, null];
    const formulas: (GradFormula | null)[] = [];
    for (let k = 0; k < next.length; k++) {
      const formula = next[k] === null ? null : gradFormula(op, k, scalars);
      formulas.push(formula);
      if (formula === null) continue;
      for (const use of formula.uses) {
        if (use === 0 || saved[use] !== null) continue;
        if (use === 4) saved[4] = new Saved(output, output.storage.version);
        else {
          const operand = operands[use - 1] as Tensor;
          saved[use] = new Saved(operand, versions === null ? operand.storage.version : versions[use - 1]);
        }
      }
    }
    this.#formulas = formulas;
    this.#saved = saved;
    // Operands that are not saved leave only their geometry behind, so that their memory can go.
    const left: Operand[] = [];
    for (let k = 0; k < operands.length; k++) {
      const x = operands[k];
      left.push(x instanceof Tensor && saved[k + 1] === null ? geometry(x) : x);
    }
    this.operands = left;
  }

  get name(): string {
    return nodeName({ op: this.op, attrs: undefined, scalars: this.#scalars, inputShapes: [] });
  }

  value(k: number): Operand {
    if (this.#saved === null) throw releasedError(this.op);
    return (this.#saved[k] as Saved).get(this.op);
  }

  backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[] {
    const grads: (Tensor | null)[] = [];
    const run = createGraph ? evaluateFormula : runFormula;
    for (let k = 0; k < this.#formulas.length; k++) {
      const formula = this.#formulas[k];
      grads.push(formula === null ? null : run(formula, g, this, this.operands[k] as Tensor));
    }
    return grads;
  }

  override release(): void {
    this.#saved = forgetAll(this.#saved);
  }
}

/** A stand-in for a tensor of which only shape, dtype and device are still needed. */
function geometry(x: Tensor): Tensor {
  return { shape: x.shape, ndim: x.shape.length, dtype: x.dtype } as Tensor;
}

/** The node of any other op: a rule written with the public ops. */
export class StructuralNode<K extends keyof StructuralOps> extends Node implements Context<StructuralOps[K]> {
  readonly next: readonly (Node | null)[];
  readonly op: K;
  readonly attrs: StructuralOps[K];
  readonly shape: Shape;
  readonly layout: Context<unknown>["layout"];
  readonly device: string;
  readonly #shapes: readonly Shape[];
  readonly #dtypes: readonly string[];
  #saved: (Saved | null)[] | null;

  constructor(
    op: K,
    inputs: readonly Operand[],
    versions: readonly number[] | null,
    attrs: StructuralOps[K],
    output: Tensor,
    next: readonly (Node | null)[],
  ) {
    super();
    this.op = op;
    this.attrs = attrs;
    this.next = next;
    this.shape = output.shape;
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
    saved.push(null);
    this.#shapes = shapes;
    this.#dtypes = dtypes;
    const { saves, keeps } = ruleOf(op);
    for (const s of saves) {
      if (s === "output") saved[inputs.length] = new Saved(output, output.storage.version);
      else if (s < inputs.length) {
        const x = inputs[s] as Tensor;
        saved[s] = new Saved(x, versions === null ? x.storage.version : versions[s]);
      }
    }
    if (keeps !== undefined) {
      for (const key of keeps as readonly string[]) {
        const kept = (attrs as unknown as Readonly<Record<string, Tensor | undefined>>)[key];
        if (kept !== undefined) saved.push(new Saved(kept, kept.storage.version));
      }
    }
    this.#saved = saved;
  }

  get name(): string {
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

  output(): Tensor {
    if (this.#saved === null) throw releasedError(this.op);
    return (this.#saved[this.#shapes.length] as Saved).get(this.op);
  }

  backward(g: Tensor, createGraph: boolean): readonly (Tensor | null)[] {
    return createGraph ? this.#gradients(g) : lifetime.tidy(() => this.#gradients(g));
  }

  #gradients(g: Tensor): (Tensor | null)[] {
    const grads = ruleOf(this.op).backward(this, g);
    for (let k = 0; k < grads.length; k++) {
      const grad = grads[k];
      if (this.next[k] === null) grads[k] = null;
      else if (grad !== null && grad.dtype !== this.#dtypes[k]) grads[k] = grad.to(this.#dtypes[k]);
    }
    return grads;
  }

  override addTo(before: Tensor, g: Tensor): boolean {
    const { addTo } = ruleOf(this.op);
    addTo?.(this, before, g);
    return addTo !== undefined;
  }

  override release(): void {
    this.#saved = forgetAll(this.#saved);
  }
}

function ruleOf<K extends keyof StructuralOps>(op: K): Rule<StructuralOps[K]> {
  return structuralRules[op] as unknown as Rule<StructuralOps[K]>;
}

/** Which inputs the gradients of an op read. */
export function readsOf(op: OpName, inputs: readonly Operand[]): ReadonlySet<number> {
  const reads = new Set<number>();
  if (!isElementwise(op)) {
    for (const s of ruleOf(op as keyof StructuralOps).saves) if (s !== "output") reads.add(s);
    return reads;
  }
  let scalars = 0;
  for (let k = 0; k < inputs.length; k++) if (!(inputs[k] instanceof Tensor)) scalars |= 1 << k;
  inputs.forEach((x, k) => {
    if (!(x instanceof Tensor) || !x.requiresGrad) return;
    for (const use of gradFormula(op, k, scalars)?.uses ?? []) if (use > 0 && use < 4) reads.add(use - 1);
  });
  return reads;
}

function isElementwise(op: OpName): op is ElementwiseName {
  return Object.hasOwn(elementwiseRules, op);
}

/** The node for an op, if any of its inputs wants a gradient. */
export function makeNode<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  versions: readonly number[] | null,
  attrs: Attrs<K>,
  output: Tensor,
  next: readonly (Node | null)[],
): Node | null {
  if (!isFloat(output.dtype) || next.every((n) => n === null)) return null;
  return isElementwise(op)
    ? new ElementwiseNode(op, inputs, versions, output, next)
    : new StructuralNode(op as keyof StructuralOps, inputs, versions, attrs as never, output, next);
}
