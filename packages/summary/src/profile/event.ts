import { itemSize } from "@flambeau/backend";
import type { OpCall, Tensor } from "@flambeau/tensor";

/** One run of an op, or of a group of them, in a {@link Profile}. */
export interface ProfileEvent {
  /** The op as PyTorch writes it: "matmul"; with an underscore where it overwrites its input: "add_". Of a module, its class: "Linear". */
  readonly name: string;
  /** What ran: an op that gives a new tensor, a view, a write in place, a kernel of the backward pass, or a module. */
  readonly kind: OpCall["kind"];
  /** The shapes of the operands, `[]` for numbers; null unless they were recorded. */
  readonly inputShapes: readonly (readonly number[])[] | null;
  /** The device of the operands and results; "cpu" where there are none. */
  readonly device: string;
  /** Microseconds from the start of the profile. */
  readonly start: number;
  /** Microseconds that the host spent, with what runs within. */
  readonly duration: number;
  /** Microseconds less those of the events within. */
  readonly selfDuration: number;
  /** Bytes of memory that the op gave to its results, less those that the events within gave. */
  readonly selfBytes: number;
  /** How many events this one lies within. */
  readonly depth: number;
}

/** An event that has not ended. */
interface Open {
  readonly start: number;
  children: number;
}

/** Collects events, in the order in which they end. */
export class Collector {
  readonly events: ProfileEvent[] = [];
  /** Whether an op ran on a device that computes on its own time. */
  isAsync = false;
  readonly #recordShapes: boolean;
  readonly #withModules: boolean;
  readonly #clock: () => number;
  readonly #from: number;
  readonly #open: Open[] = [];
  /** Memory that was counted. */
  readonly #counted = new WeakSet<object>();

  constructor(recordShapes: boolean, withModules: boolean, clock: () => number) {
    this.#recordShapes = recordShapes;
    this.#withModules = withModules;
    this.#clock = clock;
    this.#from = this.#now();
  }

  #now(): number {
    return 1000 * this.#clock();
  }

  /** The hook of ops. */
  see(call: OpCall, execute: () => readonly Tensor[]): void {
    if (call.kind === "group" && !this.#withModules) {
      execute();
      return;
    }
    const event: Open = { start: this.#now() - this.#from, children: 0 };
    this.#open.push(event);
    let outputs: readonly Tensor[] = [];
    try {
      outputs = execute();
    } finally {
      const duration = this.#now() - this.#from - event.start;
      this.#open.pop();
      const parent = this.#open.at(-1);
      if (parent !== undefined) parent.children += duration;
      this.#add(call, outputs, event, duration);
    }
  }

  #add(call: OpCall, outputs: readonly Tensor[], { start, children }: Open, duration: number): void {
    const { kind, inputs } = call;
    const tensors = [...inputs.filter((x) => typeof x === "object"), ...outputs];
    if (tensors.some((x) => x.storage.backend.downloadSync === undefined)) this.isAsync = true;
    this.events.push({
      name: kind === "write" ? `${call.name}_` : call.name,
      kind,
      inputShapes: this.#recordShapes
        ? inputs.map((x) => (typeof x === "object" ? x.shape.slice() : []))
        : null,
      device: tensors.at(-1)?.device ?? "cpu",
      start,
      duration,
      selfDuration: duration - children,
      selfBytes: kind === "op" || kind === "gradient" ? this.#bytesOf(outputs) : 0,
      depth: this.#open.length,
    });
  }

  /** Memory counts once, for the innermost op that gives it. */
  #bytesOf(outputs: readonly Tensor[]): number {
    let bytes = 0;
    for (const { storage, dtype } of outputs) {
      if (this.#counted.has(storage)) continue;
      this.#counted.add(storage);
      bytes += storage.length * itemSize(dtype);
    }
    return bytes;
  }
}
