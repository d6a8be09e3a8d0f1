import type { Tensor } from "@flambeau/tensor";
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

/** Of the nodes, those on a way to a captured one. */
function leadingTo(captures: ReadonlyMap<Node, unknown>, nodes: readonly Node[]): Set<Node> {
  const needed = new Set<Node>(captures.keys());
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (nodes[i].next.some((n) => n !== null && needed.has(n))) needed.add(nodes[i]);
  }
  return needed;
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
      if (arrived === undefined || (needed !== null && !needed.has(node))) continue;
      pending.delete(node);
      let { grad, owned } = arrived;
      if (node.hooks !== null) {
        owned = false;
        for (const hook of node.hooks.slice()) grad = hook(grad) ?? grad;
      }
      if (captures?.has(node)) {
        captures.set(node, grad);
        owned = false;
      }
      if (captures !== undefined && node.next.length === 0) continue;
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
  else if (before.owned && !createGraph) before.grad.add_(grad);
  else pending.set(node, { grad: before.grad.add(grad), owned: true });
}
