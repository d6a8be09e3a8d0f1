import { type GradHook, lifetime, type Tensor } from "@flambeau/tensor";
import { checkGradient } from "./check.ts";
import { GradModeGuard } from "./mode.ts";
import type { Node } from "./node.ts";

/** Options of a run. */
export interface RunOptions {
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  /** Collect the gradients that arrive at these nodes, and leave the leaves alone. */
  readonly captures?: Map<Node, Tensor | null>;
}

/** The nodes of the run that is on; a hook may start another within it. */
let active: readonly Node[] = [];

function number(nodes: readonly Node[]): void {
  for (let i = 0; i < nodes.length; i++) nodes[i].place = i;
}

/** Every node that gradients pass from the roots on, latest first; each knows its place. */
function inOrder(roots: readonly (readonly [Node, Tensor])[]): Node[] {
  const nodes: Node[] = [];
  const add = (node: Node): void => {
    if (nodes[node.place] !== node) node.place = nodes.push(node) - 1;
  };
  for (const [node] of roots) add(node);
  for (let i = 0; i < nodes.length; i++) {
    const { next } = nodes[i];
    for (let k = 0; k < next.length; k++) {
      const node = next[k];
      if (node !== null) add(node);
    }
  }
  nodes.sort((a, b) => b.seq - a.seq);
  number(nodes);
  return nodes;
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

/**
 * Runs gradients from the roots back through the graph.
 *
 * Gradients that rules make are abandoned at once, and kept as long as they are on their way: their memory goes back when
 * the last node they are for, or they are part of the gradient for, has used them.
 */
export function run(roots: readonly (readonly [Node, Tensor])[], options: RunOptions): void {
  const { createGraph, retainGraph, captures } = options;
  const outer = active;
  const nodes = inOrder(roots);
  active = nodes;
  const needed = captures === undefined ? null : leadingTo(captures, nodes);
  /** What has arrived at each node. */
  const pending: (Tensor | null)[] = new Array(nodes.length).fill(null);
  for (const [node, grad] of roots) arrive(pending, node, grad, createGraph);
  const guard = new GradModeGuard(createGraph);
  const device = roots[0]?.[1].storage.backend;
  const wasTransient = device?.transient;
  if (wasTransient !== undefined) device.transient = !createGraph;
  try {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      const arrived = pending[i];
      if (arrived === null) continue;
      pending[i] = null;
      let grad = arrived;
      if (node.hooks !== null) {
        lifetime.show(grad);
        grad = passHooks(node, grad);
      }
      if (captures?.has(node)) {
        lifetime.show(grad);
        captures.set(node, grad);
      }
      if (needed === null || needed.has(node)) {
        if (createGraph || !addedToFirst(pending, node, grad)) pass(pending, node, grad, createGraph);
        if (!retainGraph) node.release();
      }
      lifetime.forget(arrived.storage);
    }
  } finally {
    guard[Symbol.dispose]();
    if (wasTransient !== undefined) device.transient = wasTransient;
    active = outer;
    number(outer);
  }
}

/** Gives a node's inputs their gradients. */
function pass(pending: (Tensor | null)[], node: Node, grad: Tensor, createGraph: boolean): void {
  const grads = node.backward(grad, createGraph);
  for (let k = 0; k < node.next.length; k++) {
    const next = node.next[k];
    const g = grads[k];
    if (next === null || g === null || g === undefined) continue;
    // What the rule neither got nor had saved it has made.
    if (!createGraph && node.isOurs && g.storage !== grad.storage && !lifetime.isKept(g))
      g.storage.abandoned = true;
    arrive(pending, next, g, createGraph);
  }
}

/** The same for a node that can add to what its input has, if that may be written to. */
function addedToFirst(pending: readonly (Tensor | null)[], node: Node, grad: Tensor): boolean {
  const next = node.next[0];
  const before = next === null || next === undefined ? null : pending[next.place];
  return before !== null && lifetime.isSole(before) && node.addTo(before, grad);
}

function arrive(pending: (Tensor | null)[], node: Node, grad: Tensor, createGraph: boolean): void {
  const before = pending[node.place];
  lifetime.keep(grad.storage);
  if (before === null) {
    pending[node.place] = grad;
    return;
  }
  if (!createGraph && lifetime.isSole(before)) before.add_(grad);
  else {
    const sum = before.add(grad);
    sum.storage.abandoned = !createGraph;
    lifetime.keep(sum.storage);
    lifetime.forget(before.storage);
    pending[node.place] = sum;
  }
  lifetime.forget(grad.storage);
}
