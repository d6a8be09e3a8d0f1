import { type GradFn, type GradHook, showAs, type Tensor } from "@flambeau/tensor";
import { settings, trace } from "../traces.ts";

/** The gradient of each output of a node; null where none has arrived. */
export type Gradients = readonly (Tensor | null)[];

/** Where a gradient goes: to one of the outputs of a node. */
export interface Edge {
  readonly node: Node;
  /** The number of the output. */
  readonly outputNr: number;
  /** Called with the gradient before the node uses it. */
  hooks: GradHook[] | null;
}

let created = 0;

/**
 * A step of the backward pass: turns the gradients of an op's outputs into those of its inputs. Nodes are numbered in the
 * order of their creation, so that descending numbers are a topological order.
 *
 * A node is the edge to its own first output, so that ops of one output need no edge of their own.
 */
export abstract class Node implements Edge, GradFn {
  readonly seq: number;
  /** The number of outputs. */
  readonly outputs: number;
  /** The position of the first output among those of a run of the engine. */
  place = 0;
  /** Where the gradient of each input goes; null where none is needed. */
  abstract readonly next: readonly (Edge | null)[];
  hooks: GradHook[] | null = null;
  /** The name of the op as printed; see `rename`. */
  protected abstract readonly opName: string;
  #others: Edge[] | null = null;
  #name: string | null = null;

  /** `isLeaf`: leaves may be younger than what uses them, and come before all other nodes. */
  constructor(outputs = 1, isLeaf = false) {
    this.outputs = outputs;
    this.seq = isLeaf ? created++ - 2 ** 52 : created++;
    if (settings.enabled) trace(this);
  }

  get node(): Node {
    return this;
  }

  get outputNr(): number {
    return 0;
  }

  /** The one edge to an output. */
  edge(output: number): Edge {
    if (output === 0) return this;
    this.#others ??= Array.from({ length: this.outputs - 1 }, (_, i) => {
      return { node: this, outputNr: i + 1, hooks: null };
    });
    return this.#others[output - 1];
  }

  get name(): string {
    return this.#name ?? this.opName;
  }

  /** Replaces the printed name: several ops of PyTorch are one of this library (`squeeze` is a reshape). */
  rename(name: string): void {
    this.#name = name;
  }

  get nextFunctions(): readonly (readonly [GradFn | null, number])[] {
    return this.next.map((edge) => [edge?.node ?? null, edge?.outputNr ?? 0]);
  }

  toString(): string {
    return `<${this.name}>`;
  }

  /** The gradients of the inputs, given that of the only output. */
  abstract backward(g: Tensor, createGraph: boolean): Gradients;

  /** The gradients of the inputs, given those of several outputs, at least one of which is there. */
  backwardAll(_grads: Gradients, _createGraph: boolean): Gradients {
    throw new Error(`${this.name} has one output`);
  }

  /**
   * Instead of `backward`, adds the gradient of the only input to one that came there another way; false, and nothing done,
   * where a gradient of its own costs no more.
   */
  addTo(_before: Tensor, _g: Tensor): boolean {
    return false;
  }

  /** Releases saved tensors. */
  release(): void {}

  /** Whether the engine alone owns the gradients that the node creates. */
  get isOurs(): boolean {
    return true;
  }
}
showAs(Node.prototype, { parts: ({ name, nextFunctions }) => ({ name, nextFunctions }) });
