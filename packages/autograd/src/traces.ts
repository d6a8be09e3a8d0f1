/**
 * The stacks that `detectAnomaly` keeps of the calls that made the nodes of a graph, and the check of what they return. Modelled on PyTorch 1.13,
 * torch/csrc/autograd/python_anomaly_mode.cpp and engine.cpp, whose words the messages have.
 *
 * @module
 */
import { AutogradError, DeviceError, warn } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import type { Gradients, Node } from "./nodes/node.ts";

/** Read for every node that is made, so fields of one object. */
export const settings = { enabled: false, checkNan: true };

/** The call that made a node. */
interface Trace {
  readonly error: Error;
  /** The node whose backward pass made this one, where one has. */
  readonly parent: Node | null;
}

const traces = new WeakMap<Node, Trace>();
/** The node that runs, while nodes are traced. */
let running: Node | null = null;

/** V8's setting of how many calls a stack shows, which other engines have not. */
const stacks = Error as { stackTraceLimit?: number };
/** The library's own calls come first. */
const DEPTH = 64;

/** Records the call that makes a node. */
export function trace(node: Node): void {
  const { stackTraceLimit: before } = stacks;
  if (before !== undefined) stacks.stackTraceLimit = DEPTH;
  const error = new Error("the forward call");
  if (before !== undefined) stacks.stackTraceLimit = before;
  traces.set(node, { error, parent: running });
}

/** What a node returns, which is no nan; an error has the call that made the node. */
export function watched(node: Node, run: () => Gradients): Gradients {
  const outer = running;
  running = node;
  try {
    const grads = run();
    if (settings.checkNan) check(node, grads);
    return grads;
  } catch (error) {
    // An error of the read is not one of the node.
    if (!(error instanceof DeviceError)) report(node);
    if (error instanceof AutogradError) error.cause ??= traces.get(node)?.error;
    throw error;
  } finally {
    running = outer;
  }
}

function check(node: Node, grads: Gradients): void {
  for (const [i, grad] of grads.entries()) {
    if (grad === null || grad === undefined || node.next[i] === null || !hasNan(grad)) continue;
    throw new AutogradError(`Function '${node.name}' returned nan values in its ${i}th output.`);
  }
}

function hasNan(grad: Tensor): boolean {
  const { backend } = grad.storage;
  if (backend.downloadSync === undefined)
    throw new DeviceError(
      `detectAnomaly: gradients on ${backend.name} cannot be read at once; run it on the CPU, or give { checkNan: false }`,
    );
  return grad.detach().isnan().any().itemSync<boolean>();
}

function report(node: Node): void {
  const found = traces.get(node);
  if (found === undefined) {
    warn(
      `Error detected in ${node.name}. No forward pass information available. Enable detect anomaly during forward pass for more information.`,
    );
    return;
  }
  warn(
    `Error detected in ${node.name}. Traceback of forward call that caused the error:\n${callsOf(found.error)}`,
  );
  for (let { parent } = found; parent !== null; parent = traces.get(parent)?.parent ?? null) {
    const above = traces.get(parent);
    warn(
      above === undefined
        ? `Previous calculation was induced by ${parent.name}. No forward pass information available. Enable detect anomaly during forward pass for more information.`
        : `Previous calculation was induced by ${parent.name}. Traceback of forward call that induced the previous calculation:\n${callsOf(above.error)}`,
    );
  }
}

/** The calls of a stack, without the message that V8 writes above them. */
function callsOf({ stack = "", message, name }: Error): string {
  const head = `${name}: ${message}\n`;
  return stack.startsWith(head) ? stack.slice(head.length) : stack;
}
