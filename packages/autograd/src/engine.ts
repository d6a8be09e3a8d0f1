import { type GradHook, lifetime, type Tensor } from "@flambeau/tensor";
import { checkGradient } from "./check.ts";
import { GradientBuffer } from "./gradient-buffer.ts";
import { GradModeGuard } from "./mode.ts";
import type { Edge, Gradients, Node } from "./nodes/node.ts";
import { settings, watched } from "./traces.ts";

/** Options of a run. */
export interface RunOptions {
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  /** Collect the gradients that arrive at these edges, and leave the leaves alone. */
  readonly captures?: Map<Edge, Tensor | null>;
  /** Go no further than to nodes made after this one; gradients that arrive at older ones are collected before their hooks. */
  readonly since?: number;
}

/** The nodes of the run in progress; a hook may start another within it. */
let active: readonly Node[] = [];

/** Numbers the outputs of nodes; returns how many there are. */
function number(nodes: readonly Node[]): number {
  let place = 0;
  for (let i = 0; i < nodes.length; i++) {
    nodes[i].place = place;
    place += nodes[i].outputs;
  }
  return place;
}

/** Every node that gradients pass from the roots on, latest first, and of those made before `since` the first on each way. */
function inOrder(roots: readonly (readonly [Edge, Tensor])[], since: number): Node[] {
  const nodes: Node[] = [];
  // While nodes are collected, `place` is the position in the list.
  const add = (node: Node): void => {
    if (nodes[node.place] !== node) node.place = nodes.push(node) - 1;
  };
  for (const [edge] of roots) add(edge.node);
  for (let i = 0; i < nodes.length; i++) {
    const { next, seq } = nodes[i];
    if (seq < since) continue;
    for (let k = 0; k < next.length; k++) {
      const edge = next[k];
      if (edge !== null) add(edge.node);
    }
  }
  return nodes.sort((a, b) => b.seq - a.seq);
}

/** Of the nodes, those that have to run so that gradients reach the captured edges. */
function leadingTo(captures: ReadonlyMap<Edge, unknown>, nodes: readonly Node[], since: number): Set<Node> {
  const needed = new Set<Node>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (nodes[i].seq < since) continue;
    if (nodes[i].next.some((e) => e !== null && (captures.has(e) || needed.has(e.node))))
      needed.add(nodes[i]);
  }
  return needed;
}

/** The gradient after the hooks of an edge; one that a hook returns has to fit as the first did. */
function passHooks(hooks: readonly GradHook[], grad: Tensor): Tensor {
  for (const hook of hooks.slice()) {
    const replaced = hook(grad);
    if (replaced === undefined || replaced === null) continue;
    checkGradient("a hook", grad, replaced);
    grad = replaced.to(grad.dtype);
  }
  return grad;
}

/** Runs gradients from the roots back through the graph. */
export function run(roots: readonly (readonly [Edge, Tensor])[], options: RunOptions): void {
  const { createGraph, retainGraph, captures, since = -Infinity } = options;
  const watches = settings.enabled;
  const outer = active;
  const nodes = inOrder(roots, since);
  const buffer = new GradientBuffer(number(nodes), createGraph);
  active = nodes;
  const needed = captures === undefined ? null : leadingTo(captures, nodes, since);
  for (const [edge, grad] of roots) buffer.add(edge, grad);
  const guard = new GradModeGuard(createGraph);
  const device = roots[0]?.[1].storage.backend;
  const wasTransient = device?.transient;
  if (wasTransient !== undefined) device.transient = !createGraph;

  /** What a node works with: the gradient of an output after hooks, of which users may get hold. */
  const seen = (edge: Edge, arrived: Tensor): Tensor => {
    if (edge.hooks === null && !captures?.has(edge)) return arrived;
    lifetime.show(arrived);
    const isOlder = edge.node.seq < since;
    const grad = edge.hooks === null || isOlder ? arrived : passHooks(edge.hooks, arrived);
    if (captures?.has(edge)) {
      lifetime.show(grad);
      captures.set(edge, grad);
    }
    return grad;
  };

  const runOne = (node: Node): void => {
    const arrived = buffer.take(node);
    if (arrived === null) return;
    const grad = seen(node, arrived);
    if (needed === null || needed.has(node)) {
      if (watches)
        buffer.pass(
          node,
          [grad],
          watched(node, () => node.backward(grad, createGraph)),
        );
      else if (!buffer.addedTo(node, grad)) buffer.pass(node, [grad], node.backward(grad, createGraph));
      if (!retainGraph) node.release();
    }
    buffer.release(arrived);
  };

  const runAll = (node: Node): void => {
    const edges = Array.from({ length: node.outputs }, (_, k) => node.edge(k));
    const arrived = edges.map((edge) => buffer.take(edge));
    if (arrived.every((grad) => grad === null)) return;
    const grads: Gradients = arrived.map((grad, k) => (grad === null ? null : seen(edges[k], grad)));
    if (needed === null || needed.has(node)) {
      const passed = watches
        ? watched(node, () => node.backwardAll(grads, createGraph))
        : node.backwardAll(grads, createGraph);
      buffer.pass(node, grads, passed);
      if (!retainGraph) node.release();
    }
    for (const grad of arrived) if (grad !== null) buffer.release(grad);
  };

  try {
    for (let i = 0; i < nodes.length; i++) {
      if (nodes[i].outputs === 1) runOne(nodes[i]);
      else runAll(nodes[i]);
    }
  } finally {
    guard[Symbol.dispose]();
    if (wasTransient !== undefined) device.transient = wasTransient;
    active = outer;
    number(outer);
  }
}
