import { AutogradError } from "@flambeau/backend";
import { type Attrs, type Operand, type OpName, Tensor } from "@flambeau/tensor";
import { readsOf } from "./nodes/make.ts";

/** Refuses a recorded write to a tensor whose history has no place for it. */
export function checkWrite(target: Tensor): void {
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
export function keptInputs<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  attrs: Attrs<K>,
  target: Tensor,
): readonly Operand[] {
  const reads = readsOf(op, inputs, attrs);
  return inputs.map((x, k) =>
    x instanceof Tensor && x.storage === target.storage && reads.has(k) ? x.clone() : x,
  );
}
