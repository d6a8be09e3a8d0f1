import { AutogradError, sameShape } from "@flambeau/backend";
import { type StructuralOps, Tensor, zeros } from "@flambeau/tensor";
import { evaluateFormula, runFormula } from "../formula.ts";
import { grad } from "../grad.ts";
import { enableGrad, isGradEnabled } from "../mode.ts";
import { ElementwiseNode } from "../nodes/elementwise.ts";
import { FunctionNode } from "../nodes/function.ts";
import { GateNode } from "../nodes/gate.ts";
import type { Node } from "../nodes/node.ts";
import { StartNode } from "../nodes/start.ts";
import { StructuralNode } from "../nodes/structural.ts";
import { ViewWriteNode } from "../nodes/view-write.ts";
import { type Along, type ForwardRule, forwardRules, type Tangents } from "./rules.ts";

type Like = Pick<Tensor, "shape" | "dtype" | "device">;

/**
 * The tangents of a node's outputs, given those of its inputs, at least one of which is there; null for zeros. Recorded if ops
 * are.
 */
export function pushThrough(node: Node, t: Tangents, along: Along): readonly (Tensor | null)[] {
  if (node instanceof ElementwiseNode) return [pushElementwise(node, t)];
  if (node instanceof StructuralNode) return pushStructural(node, t, along);
  if (node instanceof StartNode) return t;
  if (node instanceof ViewWriteNode) return [pushWrite(node, t, along)];
  if (node instanceof FunctionNode) {
    const likes = node.slots.map((slot) => node.results[slot] as Like);
    return pushByReverse(node, t, likes, true);
  }
  if (node instanceof GateNode) return pushByReverse(node, t, node.likes, true);
  throw new AutogradError(`${node.name} has no forward derivative`);
}

/** The gradient's formula is linear in the gradient: with a tangent in its place it is that operand's part of the tangent. */
function pushElementwise(node: ElementwiseNode, t: Tangents): Tensor | null {
  const run = isGradEnabled() ? evaluateFormula : runFormula;
  const { shape, dtype } = node.like;
  let sum: Tensor | null = null;
  for (let k = 0; k < node.formulas.length; k++) {
    const formula = node.formulas[k];
    const tangent = t[k] ?? null;
    if (formula === null || tangent === null) continue;
    const wide = sameShape(tangent.shape, shape) ? tangent : tangent.expand(shape);
    const part = run(formula, wide.to(dtype), node, node.like as Tensor);
    sum = sum === null ? part : sum.add(part);
  }
  return sum;
}

function pushStructural<K extends keyof StructuralOps>(
  node: StructuralNode<K>,
  t: Tangents,
  along: Along,
): readonly (Tensor | null)[] {
  const rule = forwardRules[node.op] as ForwardRule<StructuralOps[K]> | "byReverse";
  if (rule === "byReverse") return pushByReverse(node, t, node.likes, false);
  const made = rule(node, t, along);
  const list = made === null || made instanceof Tensor ? [made] : made;
  return list.map((x, k) => (x === null ? null : x.to(node.likes[k].dtype)));
}

/** The tangent of the base, with that of the written part in its place. */
function pushWrite(node: ViewWriteNode, t: Tangents, along: Along): Tensor {
  const like = t.find((x) => x !== null) as Tensor;
  const base = t[0] ?? zeros(node.base.shape, { dtype: like.dtype, device: like.device });
  const [whole, part] = node.copied(base);
  const before = t[0] === null ? null : part.clone();
  const inner = [before, ...t.slice(1)];
  const written = inner.some((x) => x !== null) ? pushThrough(node.write, inner, along)[0] : null;
  if (written === null) part.zero_();
  else part.copy_(written);
  return whole;
}

/**
 * The backward pass is linear in the gradients of the outputs; the derivative by them of its product with the tangents is the
 * tangent of the outputs. Source: J. Townsend, "A new trick for calculating Jacobian vector products" (2017).
 */
function pushByReverse(
  node: Node,
  t: Tangents,
  likes: readonly Like[],
  isOwn: boolean,
): readonly (Tensor | null)[] {
  const createGraph = isGradEnabled();
  return enableGrad(() => {
    const gs = likes.map((like) =>
      zeros(like.shape, { dtype: like.dtype, device: like.device, requiresGrad: true }),
    );
    const grads = gs.length === 1 ? node.backward(gs[0], true) : node.backwardAll(gs, true);
    const products = grads.flatMap((g, k) => {
      const tangent = t[k] ?? null;
      return g === null || tangent === null ? [] : [g.mul(tangent.to(g.dtype)).sum()];
    });
    if (products.length === 0) return gs.map(() => null);
    const tracked = products.filter((product) => product.requiresGrad);
    if (tracked.length === 0) {
      if (!isOwn) return gs.map(() => null);
      throw new AutogradError(
        `${node.name}: a forward derivative needs a backward() whose result can be differentiated by the gradients it is given; write it with ops that are recorded`,
      );
    }
    return grad(tracked, gs, { createGraph, allowUnused: true });
  });
}
