/** A page's cells: what they hold, what they printed, and the worker that runs them one after the other. */
import { reactive } from "vue";
import type { CellSyntaxError, Compiled } from "./compile.ts";
import type { DeviceName, Failure, FromWorker, Output, ToWorker } from "./messages.ts";

export type CellState = "idle" | "waiting" | "running" | "done" | "failed" | "stopped";

export interface Cell {
  readonly original: string;
  source: string;
  state: CellState;
  outputs: Output[];
  failure: (Failure & { readonly hint?: string }) | undefined;
  /** Whether it ran at all since the page was opened or reset: until then it shows its recorded output. */
  hasRun: boolean;
}

interface View {
  cells: Cell[];
  device: DeviceName;
  status: string;
  isRunning: boolean;
}

export class Notebook {
  readonly view: View = reactive({ cells: [], device: "cpu", status: "", isRunning: false });
  #worker: Worker | undefined;
  #isReady: Promise<void> | undefined;
  #finish: ((failure: Failure | undefined) => void) | undefined;
  #waiting: number[] = [];
  /** Counts up when the worker goes, so that what was waiting for it knows. */
  #life = 0;
  /** The names that each cell declared when it last ran in this worker. */
  readonly #declared = new Map<number, readonly string[]>();

  addCell(index: number, source: string): Cell {
    this.view.cells[index] = {
      original: source,
      source,
      state: "idle",
      outputs: [],
      failure: undefined,
      hasRun: false,
    };
    return this.view.cells[index];
  }

  runAll(): Promise<void> {
    return this.run(...this.view.cells.keys());
  }

  /** Runs cells after those that are waiting already; after one that fails, none of them. */
  async run(...indices: number[]): Promise<void> {
    for (const index of indices) {
      if (this.#waiting.includes(index)) continue;
      this.#waiting.push(index);
      if (this.view.cells[index].state !== "running") this.view.cells[index].state = "waiting";
    }
    if (this.view.isRunning) return;
    this.view.isRunning = true;
    const life = this.#life;
    const started = performance.now();
    try {
      await this.#runWaiting(life);
      if (life === this.#life)
        this.view.status = `Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`;
    } catch (error) {
      if (life === this.#life) this.view.status = error instanceof Error ? error.message : String(error);
    }
    if (life === this.#life) {
      this.view.isRunning = false;
      this.#forgetWaiting();
    }
  }

  async #runWaiting(life: number): Promise<void> {
    this.view.status = "Starting…";
    await this.#start();
    while (life === this.#life && this.#waiting.length > 0) {
      const index = this.#waiting.shift() as number;
      const cell = this.view.cells[index];
      this.view.status = `Running cell ${index + 1} of ${this.view.cells.length}…`;
      Object.assign(cell, { state: "running", outputs: [], failure: undefined, hasRun: true });
      const failure = await this.#runOne(index, cell.source);
      if (life !== this.#life) return;
      if (failure !== undefined) {
        Object.assign(cell, {
          state: "failed",
          failure: { ...failure, hint: await this.#hintFor(failure, index) },
        });
        throw new Error(`Cell ${index + 1} failed.`);
      }
      // A cell that was asked for again while it ran waits already.
      cell.state = this.#waiting.includes(index) ? "waiting" : "done";
    }
  }

  async #runOne(index: number, source: string): Promise<Failure | undefined> {
    const { brokenLine, compile } = await import("./compile.ts");
    let compiled: Compiled;
    try {
      compiled = compile(source);
    } catch (error) {
      const { name, message, line } = error as CellSyntaxError;
      if (line === undefined) throw error;
      return { name, message, cell: index, line };
    }
    const failure = await new Promise<Failure | undefined>((resolve) => {
      this.#finish = resolve;
      this.#tell({ type: "run", cell: index, compiled });
    });
    this.#declared.set(index, compiled.names);
    if (failure?.name !== "SyntaxError" || failure.line !== undefined) return failure;
    return { ...failure, cell: index, line: brokenLine(source) };
  }

  /** What may help: a name that another cell would declare. */
  async #hintFor({ name, message }: Failure, index: number): Promise<string | undefined> {
    const missing =
      name === "ReferenceError" ? /^(?:Can't find variable: )?([\w$]+)/.exec(message)?.[1] : undefined;
    if (missing === undefined) return undefined;
    const { compile } = await import("./compile.ts");
    const owner = this.view.cells.findIndex((cell, i) => {
      try {
        return (
          i !== index &&
          !this.#declared.get(i)?.includes(missing) &&
          compile(cell.source).names.includes(missing)
        );
      } catch {
        return false;
      }
    });
    return owner < 0 ? undefined : `Cell ${owner + 1} defines ${missing}: run it first, or run all.`;
  }

  /** Ends the worker. What the cells made is gone with it. */
  stop(): void {
    if (!this.view.isRunning) return;
    for (const cell of this.view.cells) if (cell.state === "running") cell.state = "stopped";
    this.#end();
    this.view.status = "Stopped. What the cells had made is gone: the next run starts afresh.";
  }

  /** Back to the page as it was opened. */
  reset(): void {
    this.#end();
    for (const cell of this.view.cells) {
      Object.assign(cell, {
        source: cell.original,
        state: "idle",
        outputs: [],
        failure: undefined,
        hasRun: false,
      });
    }
    this.view.status = "Reset: every cell is as it was.";
  }

  setDevice(device: DeviceName): void {
    if (device === this.view.device) return;
    this.#end();
    this.view.device = device;
    for (const cell of this.view.cells) if (cell.state !== "idle") cell.state = "stopped";
    this.view.status = `The next run starts afresh, on ${device === "cpu" ? "the CPU" : "WebGPU"}.`;
  }

  dispose(): void {
    this.#end();
  }

  #end(): void {
    this.#life++;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = undefined;
    this.#finish = undefined;
    this.#declared.clear();
    this.#forgetWaiting();
    this.view.isRunning = false;
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    for (const cell of this.view.cells)
      if (cell.state === "waiting") cell.state = cell.hasRun ? "stopped" : "idle";
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #start(): Promise<void> {
    this.#isReady ??= new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), {
        type: "module",
        name: "notebook",
      });
      this.#worker = worker;
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === "ready") resolve();
        else if (data.type === "refused") this.#refuse(data.reason, reject);
        else if (data.type === "output") this.view.cells[data.cell].outputs.push(data.output);
        else this.#finish?.(data.failure);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        const reason = event.message ?? "the worker could not be loaded";
        this.#finish?.({ name: "Error", message: reason });
        this.#end();
        this.view.status = `The worker ended: ${reason}`;
        reject(new Error(reason));
      };
      this.#tell({ type: "start", device: this.view.device });
    });
    return this.#isReady;
  }

  #refuse(reason: string, reject: (error: Error) => void): void {
    this.#end();
    this.view.device = "cpu";
    this.view.status = `${reason} Back on the CPU.`;
    reject(new Error(reason));
  }
}
