import { isFloat } from "@flambeau/backend";
import {
  type Attrs,
  type Derivative,
  type ElementwiseName,
  type Operand,
  type OpName,
  type StructuralOps,
  Tensor,
} from "@flambeau/tensor";
import { gradFormula } from "../formula.ts";
import { elementwiseRules } from "../rules/elementwise.ts";
import { ElementwiseNode } from "./elementwise.ts";
import type { Edge, Node } from "./node.ts";
import { ruleOf, StructuralNode } from "./structural.ts";

/** Which inputs the gradients of an op read. */
export function readsOf<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  attrs: Attrs<K>,
): ReadonlySet<number> {
  const reads = new Set<number>();
  const derivative = derivativeOf(op, attrs);
  if (derivative === null) {
    for (const s of ruleOf(op as keyof StructuralOps).saves) if (s !== "output") reads.add(s);
    return reads;
  }
  let scalars = 0;
  for (let k = 0; k < inputs.length; k++) if (!(inputs[k] instanceof Tensor)) scalars |= 1 << k;
  inputs.forEach((x, k) => {
    if (!(x instanceof Tensor) || !x.requiresGrad) return;
    for (const use of gradFormula(op, derivative, k, scalars)?.uses ?? [])
      if (use > 0 && use < 4) reads.add(use - 1);
  });
  return reads;
}

/** The formulas of an elementwise op, its own or those of the table; null of any other. */
function derivativeOf<K extends OpName>(op: K, attrs: Attrs<K>): Derivative | null {
  if (Object.hasOwn(elementwiseRules, op)) return elementwiseRules[op as ElementwiseName];
  return Array.isArray(attrs) ? attrs : null;
}

/** The node for an op, if any of its inputs needs a gradient. */
export function makeNode<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  versions: readonly number[] | null,
  attrs: Attrs<K>,
  outputs: readonly Tensor[],
  next: readonly (Edge | null)[],
): Node | null {
  if (!outputs.some((y) => isFloat(y.dtype)) || next.every((edge) => edge === null)) return null;
  const derivative = derivativeOf(op, attrs);
  return derivative !== null
    ? new ElementwiseNode(op as ElementwiseName, derivative, inputs, versions, outputs[0], next)
    : new StructuralNode(op as keyof StructuralOps, inputs, versions, attrs as never, outputs, next);
}
