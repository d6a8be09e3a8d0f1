/** A page's cells: what they hold, what they printed, and the worker that runs them one after the other. */
import { markRaw, reactive } from "vue";
import type { CellSyntaxError, Compiled } from "./compile.ts";
import { editsOf, isLink, keepEdits, keptEdit, linkOf, readLink } from "./edits.ts";
import type { DeviceName, Failure, FromWorker, ToWorker } from "./messages.ts";
import { OutputLog } from "./output-log.ts";

/** "interrupted" is stopped with what it had made; of a "stopped" cell nothing is left. */
export type CellState = "idle" | "waiting" | "running" | "done" | "failed" | "interrupted" | "stopped";

export interface Cell {
  readonly original: string;
  source: string;
  state: CellState;
  outputs: OutputLog;
  /** Counts up when there are outputs to draw: at most once a frame. */
  drawn: number;
  failure: Failure | undefined;
  /** Whether it ran at all since the page was opened or reset: until then it shows its recorded output. */
  hasRun: boolean;
}

interface View {
  cells: Cell[];
  device: DeviceName;
  status: string;
  isRunning: boolean;
}

/** How long a cell has to stop by itself, in milliseconds: a busy machine may leave its worker waiting for a while. */
const PATIENCE = 1000;

export class Notebook {
  readonly view: View = reactive({ cells: [], device: "cpu", status: "", isRunning: false });
  #worker: Worker | undefined;
  #isReady: Promise<void> | undefined;
  #finish: ((failure: Failure | undefined) => void) | undefined;
  #waiting: number[] = [];
  /** What waiting cells were before. */
  readonly #before = new Map<number, CellState>();
  #isStopping = false;
  /** Counts the cells that were run. */
  #runs = 0;
  /** Where a stop is requested, if the page may share memory. */
  readonly #stop: Int32Array | undefined = globalThis.crossOriginIsolated
    ? new Int32Array(new SharedArrayBuffer(4))
    : undefined;
  /** Cells with outputs that the next frame draws. */
  readonly #undrawn = new Set<Cell>();
  /** Counts up when the worker goes or a run is given up, so that what was waiting for it stops there. */
  #life = 0;
  /** The names that each cell declared when it last ran in this worker. */
  readonly #declared = new Map<number, readonly string[]>();
  readonly #page: string;

  /** `page` is the address under which the reader's edits are kept. */
  constructor(page: string) {
    this.#page = page;
    if (isLink(location.hash)) void this.#openLink();
  }

  /** Adds a cell, with what the reader made of it on an earlier visit. */
  addCell(index: number, original: string): Cell {
    this.view.cells[index] = {
      original,
      source: (isLink(location.hash) ? undefined : keptEdit(this.#page, index, original)) ?? original,
      state: "idle",
      outputs: markRaw(new OutputLog()),
      drawn: 0,
      failure: undefined,
      hasRun: false,
    };
    return this.view.cells[index];
  }

  /** Takes a cell's new text and keeps it for the next visit; a link that was open is past then. */
  edit(index: number, source: string): void {
    if (source === this.view.cells[index].source) return;
    this.view.cells[index].source = source;
    if (isLink(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    keepEdits(this.#page, this.view.cells);
  }

  /** Puts a link to the page with its edits into the address bar and the clipboard. */
  async share(): Promise<void> {
    const edits = editsOf(this.view.cells);
    const url = location.origin + location.pathname + location.search + (await linkOf(edits));
    history.replaceState(history.state, "", url);
    const what = edits.length === 0 ? "this page" : "this page with your edits";
    try {
      await navigator.clipboard.writeText(url);
      this.view.status = `The link to ${what} is in the clipboard.`;
    } catch {
      this.view.status = `The link to ${what} is in the address bar.`;
    }
  }

  /** What a link carries is shown, not run, and not kept until the reader edits it. */
  async #openLink(): Promise<void> {
    try {
      for (const [index, source] of await readLink(location.hash)) {
        if (this.view.cells[index] !== undefined) this.view.cells[index].source = source;
      }
      this.view.status = "Cells of this page have the code of the link: read it before you run it.";
    } catch (error) {
      this.view.status = (error as Error).message;
    }
  }

  runAll(): Promise<void> {
    return this.run(...this.view.cells.keys());
  }

  /** Runs cells after those that are waiting already; after one that fails, none of them. */
  async run(...indices: number[]): Promise<void> {
    for (const index of indices) {
      if (this.#waiting.includes(index)) continue;
      this.#waiting.push(index);
      const cell = this.view.cells[index];
      this.#before.set(index, cell.state);
      if (cell.state !== "running") cell.state = "waiting";
    }
    if (this.view.isRunning) return;
    this.view.isRunning = true;
    this.#isStopping = false;
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
      const outputs = markRaw(new OutputLog());
      this.#runs++;
      Object.assign(cell, { state: "running", outputs, failure: undefined, hasRun: true });
      const failure = await this.#runOne(index, cell.source);
      if (life !== this.#life) return;
      cell.drawn++;
      if (failure?.name === "Interrupt") {
        cell.state = "interrupted";
        throw new Error("Stopped. What the cells had made so far is kept.");
      }
      if (failure !== undefined) {
        Object.assign(cell, {
          state: "failed",
          failure: { ...failure, hint: (await this.#hintFor(failure, index)) ?? failure.hint },
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
    if (this.#isStopping) return { name: "Interrupt", message: "" };
    const failure = await new Promise<Failure | undefined>((resolve) => {
      this.#finish = resolve;
      if (this.#stop !== undefined) Atomics.store(this.#stop, 0, 0);
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

  /** Has the running cell stop by itself, which keeps what the cells made; ends the worker where it does not. */
  stop(): void {
    if (!this.view.isRunning) return;
    this.#isStopping = true;
    this.#forgetWaiting();
    if (this.#stop !== undefined) Atomics.store(this.#stop, 0, 1);
    this.#tell({ type: "stop" });
    this.view.status = "Stopping…";
    if (!this.view.cells.some(({ state }) => state === "running")) {
      // The worker still starts: no cell has run in it yet.
      this.#life++;
      this.view.isRunning = false;
      this.view.status = "Stopped before a cell ran.";
      return;
    }
    const run = this.#runs;
    const life = this.#life;
    const giveUp = (): void => {
      if (run !== this.#runs || life !== this.#life || !this.view.isRunning) return;
      this.#loseAll();
      this.view.status =
        "Stopped. The cell did not come to an await or a loop's turn, so what the cells had made is gone: the next run starts afresh.";
    };
    setTimeout(giveUp, PATIENCE);
  }

  /** Back to the page as it was opened. */
  reset(): void {
    this.#end();
    for (const cell of this.view.cells) {
      Object.assign(cell, {
        source: cell.original,
        state: "idle",
        outputs: markRaw(new OutputLog()),
        failure: undefined,
        hasRun: false,
      });
    }
    keepEdits(this.#page, this.view.cells);
    if (isLink(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    this.view.status = "Reset: every cell is as it was.";
  }

  setDevice(device: DeviceName): void {
    if (device === this.view.device) return;
    this.#loseAll();
    this.view.device = device;
    this.view.status = `The next run starts afresh, on ${device === "cpu" ? "the CPU" : "WebGPU"}.`;
  }

  dispose(): void {
    this.#end();
  }

  /** Ends the worker: what the cells printed stays in sight, what they made is gone. */
  #loseAll(): void {
    this.#end();
    for (const cell of this.view.cells) if (cell.hasRun) cell.state = "stopped";
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
    for (const [index, cell] of this.view.cells.entries())
      if (cell.state === "waiting") cell.state = this.#before.get(index) ?? "idle";
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
        else if (data.type === "outputs") this.#addOutputs(data);
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
      const stop = this.#stop?.buffer as SharedArrayBuffer | undefined;
      this.#tell({ type: "start", device: this.view.device, stop });
    });
    return this.#isReady;
  }

  #addOutputs({ cell, outputs, dropped }: Extract<FromWorker, { type: "outputs" }>): void {
    const shown = this.view.cells[cell];
    shown.outputs.add(outputs, dropped);
    if (this.#undrawn.size === 0) requestAnimationFrame(() => this.#draw());
    this.#undrawn.add(shown);
  }

  #draw(): void {
    for (const cell of this.#undrawn) cell.drawn++;
    this.#undrawn.clear();
  }

  #refuse(reason: string, reject: (error: Error) => void): void {
    this.#end();
    this.view.device = "cpu";
    this.view.status = `${reason} Back on the CPU.`;
    reject(new Error(reason));
  }
}
