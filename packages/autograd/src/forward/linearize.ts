import { AutogradError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";
import { edgeOf, Meta } from "../meta.ts";
import { enableGrad, GradModeGuard, isGradEnabled } from "../mode.ts";
import { LeafNode } from "../nodes/leaf.ts";
import type { Edge, Node } from "../nodes/node.ts";
import { StartNode } from "../nodes/start.ts";
import { pushThrough } from "./push.ts";
import type { Along, Tangents } from "./rules.ts";

/** What a function gives that is differentiated. */
export type Outputs = Tensor | readonly Tensor[];

/** A function at a point: what it gives there, and its derivative. */
export interface Linear {
  /** What the function gave: a tensor, or a list. */
  readonly outputs: readonly Tensor[];
  readonly isList: boolean;
  /** The outputs' tangents for tangents of the inputs; null for zeros. */
  readonly push: (tangents: Tangents) => (Tensor | null)[];
}

/** The copies of inputs that a function is called with, each the output of a node of its own. */
function started(inputs: readonly Tensor[]): { copies: Tensor[]; starts: StartNode[] } {
  const starts = inputs.map((x) => new StartNode(edgeOf(x)));
  const copies = inputs.map((x, k) => {
    const copy = x.detach().clone();
    copy.recorder = new Meta(copy, starts[k]);
    return copy;
  });
  return { copies, starts };
}

/** The tensors that a function gave. */
export function listOf(what: string, outputs: Outputs): readonly Tensor[] {
  const list = outputs instanceof Tensor ? [outputs] : outputs;
  if (Array.isArray(list) && list.every((y) => y instanceof Tensor)) return list;
  throw new AutogradError(
    `${what}: the function gives a tensor or an array of tensors; got ${describeValue(outputs)}`,
  );
}

/** A function's run with a graph from copies of its inputs. */
interface Trace {
  /** Whether gradients were recorded around it. */
  readonly isOuter: boolean;
  readonly starts: readonly StartNode[];
  /** What the function gave, with the graph. */
  readonly traced: readonly Tensor[];
  /** Whether the outputs have gradients outside. */
  readonly isRecorded: boolean;
  /** What the caller gets: cut off from the graph where nothing outside has gradients. */
  readonly outputs: readonly Tensor[];
  readonly isList: boolean;
}

/** Runs a function with a graph from copies of its inputs. What it does within `noGrad` is constant. */
export function trace(what: string, fn: (...inputs: Tensor[]) => Outputs, inputs: readonly Tensor[]): Trace {
  const isOuter = isGradEnabled();
  const { copies, starts } = started(inputs);
  let given: Outputs;
  try {
    given = enableGrad(() => fn(...copies));
  } finally {
    open(starts, false);
  }
  const traced = listOf(what, given);
  const isRecorded = isOuter && traced.some((y) => dependsOnMore(y, starts));
  const outputs = isRecorded ? traced : traced.map((y) => y.detach());
  return { isOuter, starts, traced, isRecorded, outputs, isList: !(given instanceof Tensor) };
}

/**
 * Runs a function with a graph from copies of its inputs, along which tangents are pushed in the order in which its ops ran.
 */
export function linearize(
  what: string,
  fn: (...inputs: Tensor[]) => Outputs,
  inputs: readonly Tensor[],
): Linear {
  const { isOuter, starts, traced, isRecorded, ...result } = trace(what, fn, inputs);
  const nodes = between(starts, traced);
  return {
    ...result,
    push: (tangents) => {
      open(starts, true);
      const guard = new GradModeGuard(isOuter && (isRecorded || tangents.some((t) => t?.requiresGrad)));
      try {
        return push(starts, nodes, traced, tangents);
      } finally {
        guard[Symbol.dispose]();
        open(starts, false);
      }
    },
  };
}

const along: Along = (fn, inputs, t) => linearize("jvp", fn, inputs).push(t);

/** Whether what depends on the starts is no constant. */
export function open(starts: readonly StartNode[], isOpen: boolean): void {
  for (const start of starts) start.isOpen = isOpen;
}

/** The nodes that may depend on the starts, in the order in which they were made. */
function between(starts: readonly StartNode[], outputs: readonly Tensor[]): Node[] {
  const first = starts[0]?.seq ?? 0;
  const nodes = new Set<Node>();
  const add = (edge: Edge | null): void => {
    if (edge !== null && edge.node.seq >= first) nodes.add(edge.node);
  };
  for (const y of outputs) add(edgeOf(y));
  // A set goes on with what is added to it.
  for (const node of nodes) if (!isOne(starts, node)) node.next.forEach(add);
  return [...nodes].sort((a, b) => a.seq - b.seq);
}

/** Whether a node is a start of this function, not of one within it. */
function isOne(starts: readonly StartNode[], node: Node): boolean {
  return node instanceof StartNode && starts.includes(node);
}

function push(
  starts: readonly StartNode[],
  nodes: readonly Node[],
  outputs: readonly Tensor[],
  tangents: Tangents,
): (Tensor | null)[] {
  const found = new Map<Node, readonly (Tensor | null)[]>();
  starts.forEach((start, k) => {
    if (tangents[k] != null) found.set(start, [tangents[k]]);
  });
  const at = (edge: Edge | null): Tensor | null =>
    edge === null ? null : (found.get(edge.node)?.[edge.outputNr] ?? null);
  for (const node of nodes) {
    if (isOne(starts, node)) continue;
    const given = node.next.map(at);
    if (given.some((t) => t !== null)) found.set(node, pushThrough(node, given, along));
  }
  return outputs.map((y) => at(edgeOf(y)));
}

/** Whether a tensor depends on a leaf, or on the start of a function around this one. */
export function dependsOnMore(y: Tensor, own: readonly StartNode[]): boolean {
  const seen = new Set<Node>();
  const edge = edgeOf(y);
  if (edge !== null) seen.add(edge.node);
  for (const node of seen) {
    if (node instanceof LeafNode || (node instanceof StartNode && node.isOpen && !own.includes(node)))
      return true;
    for (const next of node.next) if (next !== null) seen.add(next.node);
  }
  return false;
}
