import { type Derivative, type ElementwiseName, type Operand, Tensor } from "@flambeau/tensor";
import { evaluateFormula, type GradFormula, gradFormula, runFormula, type SavedValues } from "../formula.ts";
import { nodeName } from "./names.ts";
import { type Edge, type Gradients, Node } from "./node.ts";
import { forgetAll, releasedError, Saved } from "./saved.ts";

/** The node of an elementwise op: one compiled formula per operand. */
export class ElementwiseNode extends Node implements SavedValues {
  readonly next: readonly (Edge | null)[];
  readonly op: ElementwiseName;
  /** What was given; tensors that no formula reads are kept for their shape alone. */
  operands: readonly Operand[];
  readonly #scalars: number;
  /** Of the output. */
  readonly like: Geometry;
  /** By operand; null where no gradient is needed or there is none. */
  readonly formulas: readonly (GradFormula | null)[];
  #saved: (Saved | null)[] | null;

  constructor(
    op: ElementwiseName,
    derivative: Derivative,
    operands: readonly Operand[],
    versions: readonly number[] | null,
    output: Tensor,
    next: readonly (Edge | null)[],
  ) {
    super();
    this.op = op;
    this.next = next;
    let scalars = 0;
    for (let k = 0; k < operands.length; k++) if (!(operands[k] instanceof Tensor)) scalars |= 1 << k;
    this.#scalars = scalars;
    const saved: (Saved | null)[] = [null, null, null, null, null];
    const formulas: (GradFormula | null)[] = [];
    for (let k = 0; k < next.length; k++) {
      const formula = next[k] === null ? null : gradFormula(op, derivative, k, scalars);
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
    this.formulas = formulas;
    this.like = { shape: output.shape, dtype: output.dtype };
    this.#saved = saved;
    // Operands that are not saved leave only their geometry behind, so that their memory can go.
    const left: Operand[] = [];
    for (let k = 0; k < operands.length; k++) {
      const x = operands[k];
      left.push(x instanceof Tensor && saved[k + 1] === null ? geometry(x) : x);
    }
    this.operands = left;
  }

  protected get opName(): string {
    return nodeName({ op: this.op, attrs: undefined, scalars: this.#scalars, inputShapes: [] });
  }

  value(k: number): Operand {
    if (this.#saved === null) throw releasedError(this.op);
    return (this.#saved[k] as Saved).get(this.op);
  }

  backward(g: Tensor, createGraph: boolean): Gradients {
    const grads: (Tensor | null)[] = [];
    const run = createGraph ? evaluateFormula : runFormula;
    for (let k = 0; k < this.formulas.length; k++) {
      const formula = this.formulas[k];
      grads.push(formula === null ? null : run(formula, g, this, this.operands[k] as Tensor));
    }
    return grads;
  }

  override release(): void {
    this.#saved = forgetAll(this.#saved);
  }
}

/** What is left of a tensor when its elements are not needed. */
type Geometry = Pick<Tensor, "shape" | "dtype">;

/** A stand-in for a tensor of which only shape, dtype and device are still needed. */
function geometry(x: Tensor): Tensor {
  return { shape: x.shape, ndim: x.shape.length, dtype: x.dtype } as Tensor;
}
