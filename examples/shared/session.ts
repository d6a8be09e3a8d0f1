/** A run: on a terminal with a line of progress, a curve of the loss and checkpoints; in a test with nothing written. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Figure, plotLines } from "@flambeau/plot";
import { type ProgressBar, progress } from "@flambeau/progress";
import { defaultGenerator, loadCheckpoint, saveCheckpoint, setDefaultDType, type Tensor } from "flambeau";
import type { Parts, Program, Run, Start } from "./run.ts";

export interface Settings {
  readonly device: string;
  /** Overrides the program's own number of epochs or steps. */
  readonly length?: number;
  /** Where checkpoints and pictures go; nowhere when left out. */
  readonly folder?: string;
  readonly resume?: boolean;
  /** Takes the lines that the program prints; standard output when left out. */
  readonly print?: (line: string) => void;
  /** Called after each step, with the number of steps so far. */
  readonly onStep?: (step: number) => void;
}

export class Session implements Run {
  readonly device: string;
  /** The loss of each step. */
  readonly losses: number[] = [];
  readonly #settings: Settings;
  #bar: ProgressBar | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.device = settings.device;
  }

  length(own: number): number {
    return this.#settings.length ?? own;
  }

  async resume({ extra: _, ...parts }: Parts): Promise<Start> {
    const { resume = false } = this.#settings;
    const path = this.#path("checkpoint.pt");
    if (!resume || path === null || !existsSync(path)) return { done: 0, extra: null };
    const { epoch, extra } = await loadCheckpoint(path, { ...parts, generator: defaultGenerator });
    const { losses, own } = extra as { readonly losses: number[]; readonly own: unknown };
    this.losses.push(...losses);
    return { done: epoch ?? 0, extra: own };
  }

  async save(done: number, { extra: own = null, ...parts }: Parts): Promise<void> {
    const path = this.#path("checkpoint.pt");
    if (path === null) return;
    const extra = { losses: this.losses, own };
    await saveCheckpoint(path, { ...parts, epoch: done, generator: defaultGenerator, extra });
  }

  *steps(first: number, end: number): Generator<number, void, undefined> {
    const bar = this.#start({ total: end, initial: first, unit: "step" });
    for (let step = first; step < end; step++) {
      yield step;
      bar.update();
    }
    bar.close();
  }

  async *batches<T>(
    loader: AsyncIterable<T> | Iterable<T>,
    description: string,
  ): AsyncGenerator<T, void, undefined> {
    const { length } = loader as { readonly length?: number };
    const bar = this.#start({ total: length ?? null, desc: description, unit: "batch" });
    for await (const batch of loader) {
      yield batch;
      bar.update();
    }
    bar.close();
  }

  async loss(value: Tensor | number): Promise<void> {
    const loss = typeof value === "number" ? value : await value.item();
    this.losses.push(loss);
    this.#bar?.setPostfix({ loss });
    this.#settings.onStep?.(this.losses.length);
  }

  print(line: string): void {
    (this.#settings.print ?? console.log)(line);
  }

  async figure(name: string, figure: Figure): Promise<void> {
    const path = this.#path(`${name}.svg`);
    if (path !== null) await figure.save(path);
  }

  /** Runs the program of a name, and draws the curve of its loss. */
  async run(name: string): Promise<void> {
    const { main } = (await import(`../${name}/main.ts`)) as Program;
    await main(this);
    // A program may change it.
    setDefaultDType("float32");
    if (this.#settings.folder !== undefined && this.losses.length > 0)
      await this.figure("loss", await plotLines(this.losses, { yLabel: "loss", title: "Loss of each step" }));
  }

  #path(name: string): string | null {
    const { folder } = this.#settings;
    if (folder === undefined) return null;
    mkdirSync(folder, { recursive: true });
    return join(folder, name);
  }

  /** A new line of progress, unless the lines of the program go elsewhere than to standard output. */
  #start(options: { total: number | null; desc?: string; initial?: number; unit: string }): ProgressBar {
    this.#bar = progress({ ...options, disable: this.#settings.print !== undefined });
    return this.#bar;
  }
}
