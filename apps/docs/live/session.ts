/** A page's training: its settings, what the worker said, and the worker. */
import { markRaw, reactive } from "vue";
import { type DeviceName, isLink, linkOf, readLink, type Shared } from "./link.ts";
import type { FromWorker, ProgramName, ToWorker } from "./messages.ts";
import { initialSettings, type Settings, type Slider } from "./slider.ts";

/** What a page says of its program. */
export interface Program {
  readonly name: ProgramName;
  readonly sliders: readonly Slider[];
  /** Steps that one start takes. */
  readonly length: number;
  shown(piece: unknown, step: number): void;
  answered?(answer: unknown): void;
  /** Clears what was shown of an earlier model. */
  made?(): void;
}

export type State = "idle" | "starting" | "training" | "paused" | "failed";

interface View {
  state: State;
  step: number;
  losses: number[];
  /** Counts up when there are losses to draw: at most once a frame. */
  drawn: number;
  rate: number;
  settings: Settings;
  device: DeviceName;
  hasGpu: boolean;
  message: string;
}

export class LiveSession {
  readonly view: View;
  readonly #program: Program;
  readonly #usual: Shared;
  #length: number;
  #worker: Worker | undefined;
  #life = 0;
  /** Whether the model that the worker has, or makes, is that of the settings. */
  #isMade = false;
  #frame = 0;
  /** When which step was reached, in the last second. */
  #times: (readonly [time: number, step: number])[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#usual = { settings: initialSettings(program.sliders), device: "cpu", length: program.length };
    this.#length = program.length;
    const { settings, device } = this.#usual;
    this.view = reactive({
      state: "idle",
      step: 0,
      losses: markRaw([]),
      drawn: 0,
      rate: 0,
      settings,
      device,
      hasGpu: false,
      message: "",
    });
  }

  /** Takes what the address carries, now and when a link is opened in the page. Called once the page is alive. */
  async open(): Promise<void> {
    addEventListener("hashchange", this.#follow);
    this.view.hasGpu = await opensGpu();
    this.#readAddress();
  }

  readonly #follow = (): void => {
    // Headings have addresses, too.
    if (!isLink(location.hash)) return;
    this.#readAddress();
    if (this.#isMade) this.restart();
  };

  #readAddress(): void {
    const { settings, device, length } = readLink(location.hash, this.#program.sliders, this.#usual);
    Object.assign(this.view, { settings, device });
    this.#length = length;
    if (device === "cpu" || this.view.hasGpu) return;
    this.view.device = "cpu";
    this.view.message = "The link is for WebGPU, which does not open here: this is the CPU.";
  }

  /** Starts, or goes on. */
  train(): void {
    if (!this.#isMade) this.#make();
    if (this.view.state !== "starting") this.view.state = "training";
    this.#times = [];
    this.#tell({ type: "train", until: this.view.step + this.#length });
  }

  pause(): void {
    this.#tell({ type: "pause" });
  }

  /** The untrained model again, which trains at once where one trained. */
  restart(): void {
    const { state } = this.view;
    this.#make();
    if (state === "training" || state === "starting") this.train();
  }

  /** Whether the question was sent: there is a model to ask. */
  ask(question: unknown): boolean {
    if (this.#isMade) this.#tell({ type: "ask", question });
    return this.#isMade;
  }

  set({ name, rebuilds }: Slider, value: number): void {
    this.view.settings = { ...this.view.settings, [name]: value };
    this.#writeAddress();
    if (!this.#isMade) return;
    if (rebuilds) this.restart();
    else this.#tell({ type: "set", settings: { ...this.view.settings } });
  }

  setDevice(device: DeviceName): void {
    if (device === this.view.device) return;
    this.view.device = device;
    this.#writeAddress();
    if (this.#isMade) this.restart();
  }

  async copyLink(): Promise<void> {
    this.#writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      this.view.message = "The link to these settings is in the clipboard.";
    } catch {
      this.view.message = "The link to these settings is in the address bar.";
    }
  }

  dispose(): void {
    removeEventListener("hashchange", this.#follow);
    this.#worker?.terminate();
    cancelAnimationFrame(this.#frame);
  }

  #writeAddress(): void {
    const { settings, device } = this.view;
    const link = linkOf({ settings, device, length: this.#length }, this.#usual);
    history.replaceState(history.state, "", location.pathname + location.search + link);
  }

  #make(): void {
    this.#life++;
    this.#isMade = true;
    if (this.view.state === "failed") this.view.message = "";
    Object.assign(this.view, { state: "starting", step: 0, losses: markRaw([]), rate: 0 });
    this.view.drawn++;
    this.#program.made?.();
    const { settings, device } = this.view;
    const { name: program } = this.#program;
    this.#tell({ type: "make", life: this.#life, program, settings: { ...settings }, device });
  }

  #tell(message: ToWorker): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "live" });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.life === this.#life) this.#take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(`The worker ended: ${event.message ?? "it could not be loaded"}`);
    };
    return worker;
  }

  #take(data: FromWorker): void {
    if (data.type === "made") {
      if (this.view.state === "starting") this.view.state = "training";
    } else if (data.type === "losses") this.#addLosses(data.step, data.losses);
    else if (data.type === "shown") this.#program.shown(data.piece, data.step);
    else if (data.type === "answered") this.#program.answered?.(data.answer);
    else if (data.type === "paused") this.view.state = "paused";
    else if (data.isDevice) {
      this.#fail(`${data.reason} Back on the CPU.`);
      this.view.device = "cpu";
      this.view.hasGpu = false;
    } else this.#fail(data.reason);
  }

  #fail(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isMade = false;
    Object.assign(this.view, { state: "failed", message: reason });
  }

  #addLosses(step: number, losses: readonly number[]): void {
    this.view.step = step;
    this.view.losses.push(...losses);
    const now = performance.now();
    this.#times.push([now, step]);
    while (this.#times.length > 2 && now - this.#times[0][0] > 1000) this.#times.shift();
    const [time, first] = this.#times[0];
    if (now > time) this.view.rate = (1000 * (step - first)) / (now - time);
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.view.drawn++;
    });
  }
}

/** Whether WebGPU has a device here, which is given back at once. */
async function opensGpu(): Promise<boolean> {
  try {
    const adapter = await navigator.gpu?.requestAdapter();
    const device = await adapter?.requestDevice();
    device?.destroy();
    return device !== undefined;
  } catch {
    return false;
  }
}
