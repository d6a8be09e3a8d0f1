/** Trains in turns of about a twentieth of a second, and reads its messages between them. */
import { stack, type Tensor } from "flambeau";
import type { FromWorker, ProgramName, ToWorker } from "./messages.ts";
import type { Settings } from "./slider.ts";
import type { MakeTraining, Training } from "./training.ts";

/** Milliseconds that a turn is meant to take. */
const TURN = 50;

export class DeviceRefused extends Error {}

interface Surroundings {
  /** @throws DeviceRefused when the device does not open. */
  open(device: string): Promise<void>;
  find(program: ProgramName): Promise<MakeTraining>;
  send(message: FromWorker): void;
  /** Lets messages come in, for so many milliseconds. */
  breathe(time: number): Promise<void>;
}

export class Trainer {
  readonly #around: Surroundings;
  readonly #inbox: ToWorker[] = [];
  #wake: () => void = () => {};
  #life = 0;
  #training: Training | undefined;
  /** What is being shown, piece by piece; no step is taken meanwhile. */
  #showing: AsyncGenerator<unknown, void, undefined> | undefined;
  #step = 0;
  #until = 0;
  /** Whether the page waits for the last step that it wants. */
  #isWanted = false;
  /** Steps in a turn. */
  #stride = 1;
  /** Steps a second, at most. */
  #speed = Number.POSITIVE_INFINITY;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  receive(message: ToWorker): void {
    this.#inbox.push(message);
    this.#wake();
  }

  /** Works as long as the worker lives. */
  async run(): Promise<never> {
    for (;;) {
      const message = this.#inbox.shift();
      try {
        if (message !== undefined) await this.#take(message);
        else if (this.#showing !== undefined) await this.#showPiece(this.#showing);
        else if (this.#training !== undefined && this.#step < this.#until) await this.#turn(this.#training);
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  async #take(message: ToWorker): Promise<void> {
    if (message.type === "make") await this.#make(message);
    else if (message.type === "train") {
      this.#until = message.until;
      this.#isWanted = true;
    } else if (message.type === "pause") this.#pause();
    else if (message.type === "set") this.#set(message.settings);
    else {
      const answer = await this.#training?.answer?.(message.question);
      if (answer !== undefined) this.#around.send({ type: "answered", life: this.#life, answer });
    }
  }

  async #make({ life, program, settings, device }: Extract<ToWorker, { type: "make" }>): Promise<void> {
    this.#life = life;
    this.#training = undefined;
    this.#showing = undefined;
    this.#step = 0;
    this.#until = 0;
    this.#isWanted = false;
    this.#stride = 1;
    this.#speed = settings.speed ?? Number.POSITIVE_INFINITY;
    await this.#around.open(device);
    const make = await this.#around.find(program);
    this.#training = await make(settings, device);
    this.#around.send({ type: "made", life });
    this.#showing = this.#training.show();
  }

  async #turn(training: Training): Promise<void> {
    const started = performance.now();
    const toShow = training.showEvery - (this.#step % training.showEvery);
    const atSpeed = Math.max(1, Math.floor((this.#speed * TURN) / 1000));
    const count = Math.min(this.#stride, this.#until - this.#step, toShow, atSpeed);
    const steps: Tensor[] = Array.from({ length: count }, () => training.step());
    const losses = await stack(steps).toArray<number[]>();
    this.#step += count;
    this.#around.send({ type: "losses", life: this.#life, step: this.#step, losses });
    const took = performance.now() - started;
    if (took < TURN / 2) this.#stride = 2 * count;
    else if (took > 2 * TURN) this.#stride = Math.max(1, Math.floor(count / 2));
    if (this.#step % training.showEvery === 0 || this.#step === this.#until) this.#showing = training.show();
    await this.#around.breathe(Math.max(0, (1000 * count) / this.#speed - took));
  }

  async #showPiece(showing: AsyncGenerator<unknown, void, undefined>): Promise<void> {
    const { done, value: piece } = await showing.next();
    if (!done) this.#around.send({ type: "shown", life: this.#life, step: this.#step, piece });
    else {
      this.#showing = undefined;
      if (this.#step === this.#until) this.#pause();
    }
    await this.#around.breathe(0);
  }

  #set(settings: Settings): void {
    this.#speed = settings.speed ?? Number.POSITIVE_INFINITY;
    this.#training?.set(settings);
  }

  #pause(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#until = this.#step;
    this.#around.send({ type: "paused", life: this.#life, step: this.#step });
  }

  #fail(error: unknown): void {
    this.#training = undefined;
    this.#showing = undefined;
    this.#inbox.length = 0;
    const reason = error instanceof Error ? error.message : String(error);
    const isDevice = error instanceof DeviceRefused;
    this.#around.send({ type: "failed", life: this.#life, reason, isDevice });
  }
}
