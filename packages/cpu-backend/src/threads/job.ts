import { MAX_TASKS, type Mailbox, STARTS } from "./mailbox.ts";

/** Writes the calls of a job's tasks down. */
export class Job {
  tasks = 0;
  /** Whether all calls found room; such a job may be run. */
  isComplete = true;
  readonly #control: Int32Array;
  readonly #program: Float64Array;
  #at = 0;

  constructor({ control, program }: Mailbox) {
    this.#control = control;
    this.#program = program;
  }

  reset(): void {
    this.tasks = 0;
    this.#at = 0;
    this.isComplete = true;
  }

  /** The calls that follow, up to the next `task`, are one task. */
  task(): void {
    if (this.tasks === MAX_TASKS) this.isComplete = false;
    else this.#control[STARTS + this.tasks++] = this.#at;
    this.#control[STARTS + this.tasks] = this.#at;
  }

  /** Adds a call of a module's function. */
  call(module: number, run: number, args: readonly number[]): void {
    const program = this.#program;
    let at = this.#at;
    if (at + 3 + args.length > program.length) {
      this.isComplete = false;
      return;
    }
    program[at++] = module;
    program[at++] = run;
    program[at++] = args.length;
    for (let k = 0; k < args.length; k++) program[at++] = args[k];
    this.#at = at;
    this.#control[STARTS + this.tasks] = at;
  }
}
