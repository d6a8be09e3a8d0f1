import type { GradHook, Tensor } from "@flambeau/tensor";
import { checkGradient } from "./check.ts";
import { GradModeGuard } from "./mode.ts";
import type { Node } from "./node.ts";

/** A gradient on its way, and whether its memory belongs to the engine alone. */
interface Pending {
  grad: Tensor;
  owned: boolean;
}

/** Options of a run. */
export interface RunOptions {
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  /** Collect the gradients that arrive at these nodes, and leave the leaves alone. */
  readonly captures?: Map<Node, Tensor | null>;
}

/** Every node that gradients pass from the roots on, latest first. */
function inOrder(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>(roots);
  const nodes = [...seen];
  for (let i = 0; i < nodes.length; i++) {
    for (const next of nodes[i].next) {
      if (next !== null && !seen.has(next)) {
        seen.add(next);
        nodes.push(next);
      }
    }
  }
  // Leaves may be younger than what uses them; they come last.
  return nodes.sort((a, b) => Number(b.next.length > 0) - Number(a.next.length > 0) || b.seq - a.seq);
}

/** Of the nodes, those that have to run so that gradients reach the captured ones. */
function leadingTo(captures: ReadonlyMap<Node, unknown>, nodes: readonly Node[]): Set<Node> {
  const needed = new Set<Node>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (nodes[i].next.some((n) => n !== null && (captures.has(n) || needed.has(n)))) needed.add(nodes[i]);
  }
  return needed;
}

/** The gradient after a node's hooks; one that a hook gives has to fit as the first did. */
function passHooks(node: Node, grad: Tensor): Tensor {
  for (const hook of (node.hooks as readonly GradHook[]).slice()) {
    const replaced = hook(grad);
    if (replaced === undefined || replaced === null) continue;
    checkGradient("a hook", grad, replaced);
    grad = replaced.to(grad.dtype);
  }
  return grad;
}

/** Runs gradients from the roots back through the graph. */
export function run(roots: readonly (readonly [Node, Tensor])[], options: RunOptions): void {
  const { createGraph, retainGraph, captures } = options;
  const nodes = inOrder(roots.map(([node]) => node));
  const needed = captures === undefined ? null : leadingTo(captures, nodes);
  const pending = new Map<Node, Pending>();
  for (const [node, grad] of roots) arrive(pending, node, grad, false, createGraph);
  const guard = new GradModeGuard(createGraph);
  try {
    for (const node of nodes) {
      const arrived = pending.get(node);
      if (arrived === undefined) continue;
      pending.delete(node);
      let { grad, owned } = arrived;
      if (node.hooks !== null) {
        owned = false;
        grad = passHooks(node, grad);
      }
      if (captures?.has(node)) {
        captures.set(node, grad);
        owned = false;
      }
      if (needed !== null && !needed.has(node)) continue;
      const grads = node.backward(grad, createGraph, owned);
      if (!retainGraph) node.release();
      let shared = false;
      for (let k = 0; k < node.next.length; k++) {
        const next = node.next[k];
        const g = grads[k];
        if (next === null || g === null || g === undefined) continue;
        const own = g.storage !== grad.storage && g.base === null;
        shared ||= !own;
        arrive(pending, next, g, own, createGraph);
      }
      // A gradient that only the engine has seen goes back to the pool at once.
      if (owned && !shared && !createGraph && node.next.length > 0)
        grad.storage.backend.release(grad.storage);
    }
  } finally {
    guard[Symbol.dispose]();
  }
}

function arrive(
  pending: Map<Node, Pending>,
  node: Node,
  grad: Tensor,
  owned: boolean,
  createGraph: boolean,
): void {
  const before = pending.get(node);
  if (before === undefined) pending.set(node, { grad, owned });
  else if (before.owned && !createGraph) {
    before.grad.add_(grad);
    if (owned) grad.storage.backend.release(grad.storage);
  } else pending.set(node, { grad: before.grad.add(grad), owned: true });
}
