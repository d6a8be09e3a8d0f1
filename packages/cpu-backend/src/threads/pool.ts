import { DeviceError } from "@flambeau/backend";
import { Job } from "./job.ts";
import {
  DONE,
  FINISHED,
  type Functions,
  GREETING,
  greetingIn,
  type Invitation,
  LIMIT,
  MAX_MODULES,
  type Mailbox,
  MODULES,
  newInvitation,
  newMailbox,
  OUTCOMES,
  READY,
  REFUSED,
  replay,
  STATE,
  take,
} from "./mailbox.ts";
import { type StartedWorker, startWorker, waitWhile } from "./runtime.ts";

/** Looks so often whether workers are done before it waits. */
const SPINS = 20_000;
/** Milliseconds of one wait: then a thread that is itself to be terminated can see it. */
const SLICE = 100;

interface Applicant {
  readonly invitation: Invitation;
  readonly worker: StartedWorker;
}

/**
 * Workers on one shared memory, and the jobs they take part in. The calling thread is one of the threads.
 *
 * A task that a worker has begun is waited for, however long it takes: a worker cannot end within a task, as it catches what
 * kernels throw, and one that is slow, stopped by a debugger or put aside by the system comes back. So no clock decides
 * anything here.
 */
export class Pool {
  readonly #memory: WebAssembly.Memory;
  readonly #mailbox: Mailbox = newMailbox();
  /** What is being written; only one job is at a time. */
  readonly job: Job = new Job(this.#mailbox);
  /** In the order of their numbers; those from `#hired` on have not greeted yet. */
  readonly #workers: Applicant[] = [];
  #hired = 0;
  readonly #functions: Functions[] = [];
  #codeEnd = 0;
  #jobs = 0;
  readonly #onBroken: (reason: string) => void;
  /** A worker was lost, or could not be started: there will be none. */
  #isBroken = false;

  /** `onBroken` is told once why there are no workers any more. */
  constructor(memory: WebAssembly.Memory, onBroken: (reason: string) => void = () => {}) {
    this.#memory = memory;
    this.#onBroken = onBroken;
  }

  /** How many of `wanted` threads a job would have now; starts those that are missing. */
  threads(wanted: number): number {
    const { control } = this.#mailbox;
    while (!this.#isBroken && this.#workers.length < wanted - 1) this.#start();
    while (this.#hired < this.#workers.length && this.#hire());
    if (this.#isBroken) return 1;
    if (Atomics.load(control, LIMIT) !== wanted - 1) {
      Atomics.store(control, LIMIT, wanted - 1);
      Atomics.notify(control, LIMIT);
    }
    return Math.min(wanted, 1 + Atomics.load(control, READY));
  }

  /** Makes a module's functions callable in jobs; its number in them, or -1 when there is no room for its bytes. */
  register(bytes: Uint8Array, functions: Functions): number {
    const { control, code } = this.#mailbox;
    const module = this.#functions.length;
    if (module === MAX_MODULES || this.#codeEnd + bytes.length > code.length) return -1;
    code.set(bytes, this.#codeEnd);
    control[MODULES + 2 * module] = this.#codeEnd;
    control[MODULES + 2 * module + 1] = bytes.length;
    this.#codeEnd += bytes.length;
    this.#functions.push(functions);
    return module;
  }

  /** Empties the job. */
  newJob(): Job {
    this.job.reset();
    return this.job;
  }

  /**
   * Runs a job's tasks on all threads, in any order; all are done on return.
   *
   * @throws DeviceError when a worker failed within a task, and what a kernel throws.
   */
  run({ tasks }: Job): void {
    const { control } = this.#mailbox;
    control.fill(0, OUTCOMES, OUTCOMES + tasks);
    Atomics.store(control, DONE, 0);
    this.#jobs = (this.#jobs + 1) & 0x7fff;
    Atomics.store(control, STATE, (this.#jobs << 16) | (tasks << 8));
    Atomics.notify(control, STATE);
    const errors: unknown[] = [];
    for (let task = take(control, false); task >= 0; task = take(control, false)) {
      try {
        this.#replay(task);
      } catch (error) {
        // Told when the others have finished: until then they use the memory.
        errors.push(error);
      }
      control[OUTCOMES + task] = FINISHED;
      Atomics.add(control, DONE, 1);
    }
    this.#waitFor(tasks);
    for (let task = 0; task < tasks; task++) {
      const outcome = Atomics.load(control, OUTCOMES + task);
      if (outcome === FINISHED) continue;
      this.#giveUp("a worker could not run a kernel");
      // A task that was refused has not begun. One that failed throws the same error here.
      this.#replay(task);
      if (outcome !== REFUSED)
        throw new DeviceError("a worker thread failed in the middle of an operation, whose result is lost");
    }
    if (errors.length > 0) throw errors[0];
  }

  #replay(task: number): void {
    replay(this.#mailbox, task, (module) => this.#functions[module]);
  }

  /** Waits for the tasks that workers took. */
  #waitFor(tasks: number): void {
    const { control } = this.#mailbox;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, DONE) === tasks) return;
    for (let done = 0; done !== tasks; done = Atomics.load(control, DONE))
      waitWhile(control, DONE, done, SLICE);
  }

  #start(): void {
    const invitation = newInvitation();
    try {
      const worker = startWorker(invitation, (reason) => this.#giveUp(reason));
      this.#workers.push({ invitation, worker });
    } catch (error) {
      // There is no file; or a permission or the page's policy refuses it.
      this.#giveUp((error as Error).message);
    }
  }

  /** Gives the next worker the memory, if it has greeted. */
  #hire(): boolean {
    const { invitation, worker } = this.#workers[this.#hired];
    const greeting = greetingIn(invitation);
    if (greeting === "") return false;
    if (greeting !== GREETING) {
      this.#giveUp(`its worker is "${greeting}" and not "${GREETING}"`);
      return false;
    }
    worker.post({ memory: this.#memory, mailbox: this.#mailbox.buffer, worker: this.#hired++ });
    return true;
  }

  /** From now on there is one thread. */
  #giveUp(reason: string): void {
    // Workers that are terminated say that they ended.
    if (this.#isBroken) return;
    this.#isBroken = true;
    for (const { worker } of this.#workers.splice(0)) worker.terminate();
    this.#hired = 0;
    this.#onBroken(reason);
  }
}
