/**
 * What the threads tell each other, in one SharedArrayBuffer: words of control, programs of calls, and modules' bytes.
 *
 * Workers import this file: it must stay free of imports that a runtime has to resolve.
 */
import { VERSION } from "../version.ts";

/**
 * The job, in one word on which idle workers wait: where the tasks that nobody took begin and end (8 bits each), and a number
 * that differs from job to job. A thread takes a task by moving one of the two, if the word is still as it was read; so what a
 * job's program holds may be rewritten as soon as all of its tasks were taken and done.
 */
export const STATE = 0;
/** Tasks of the job that ended. */
export const DONE = 1;
/** Workers that wait for jobs, or have a part in one. */
export const READY = 2;
/** Workers that may take tasks; the others wait for this word to change. */
export const LIMIT = 3;
/** Tasks that workers have taken, of all jobs: what shows that they take part. */
export const TAKEN = 4;

export const MAX_TASKS = 128;
export const MAX_MODULES = 1024;
/** Where each task's calls begin in the program, and the end of the last. */
export const STARTS = 16;
/** How each task ended. */
export const OUTCOMES: number = STARTS + MAX_TASKS + 1;
export const FINISHED = 1;
/** A kernel threw. */
export const FAILED = 2;
/** A module could not be compiled, and no call was made. */
export const REFUSED = 3;
/** Where each module's bytes begin, and their number. */
export const MODULES: number = OUTCOMES + MAX_TASKS;

const CONTROL_BYTES = 16384;
/** Pages never touched take no memory. */
const PROGRAM_BYTES = 2 ** 22;
const CODE_BYTES = 2 ** 22;

/** What a worker is started with: room for its greeting, and nothing else until it has greeted. */
export interface Invitation {
  readonly greeting: SharedArrayBuffer;
}

/** What a worker that has greeted works on. */
export interface Post {
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
  /** Counted from zero. */
  readonly worker: number;
}

export interface Mailbox {
  readonly buffer: SharedArrayBuffer;
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Calls, one after the other: a module's number, its function's, how many arguments, the arguments. */
  readonly program: Float64Array<SharedArrayBuffer>;
  /** The modules, one after the other. */
  readonly code: Uint8Array<SharedArrayBuffer>;
}

/** What the worker's program of this version says first. Another program that lies under its name does not. */
export const GREETING: string = `flambeau-cpu-worker ${VERSION}`;
const GREETING_WORDS = 64;

export function newInvitation(): Invitation {
  return { greeting: new SharedArrayBuffer(4 * GREETING_WORDS) };
}

/** Writes the greeting: its characters, and last, for who reads meanwhile, their number. */
export function greet({ greeting }: Invitation): void {
  const words = new Int32Array(greeting);
  for (let k = 0; k < GREETING.length; k++) words[k + 1] = GREETING.charCodeAt(k);
  Atomics.store(words, 0, GREETING.length);
}

/** What a worker has said, or "". */
export function greetingIn({ greeting }: Invitation): string {
  const words = new Int32Array(greeting);
  return String.fromCharCode(...words.subarray(1, 1 + Atomics.load(words, 0)));
}

export function newMailbox(): Mailbox {
  return openMailbox(new SharedArrayBuffer(CONTROL_BYTES + PROGRAM_BYTES + CODE_BYTES));
}

export function openMailbox(buffer: SharedArrayBuffer): Mailbox {
  return {
    buffer,
    control: new Int32Array(buffer, 0, CONTROL_BYTES / 4),
    program: new Float64Array(buffer, CONTROL_BYTES, PROGRAM_BYTES / 8),
    code: new Uint8Array(buffer, CONTROL_BYTES + PROGRAM_BYTES, CODE_BYTES),
  };
}

/** A module's exported functions, in the order of its exports. */
export type Functions = readonly ((...args: number[]) => void)[];

/**
 * The number of a task that this thread has taken, or -1 when none is left. The calling thread takes the first, workers the
 * last: so the same rows of a tensor stay in the same core's cache from one kernel to the next.
 */
export function take(control: Int32Array, isWorker: boolean): number {
  for (;;) {
    const state = Atomics.load(control, STATE);
    if (!hasTasks(state)) return -1;
    const taken = isWorker ? state - 0x100 : state + 1;
    if (Atomics.compareExchange(control, STATE, state, taken) === state)
      return isWorker ? endOf(taken) : beginOf(state);
  }
}

/** Whether a job of this state has tasks that nobody took. */
export function hasTasks(state: number): boolean {
  return beginOf(state) < endOf(state);
}

function beginOf(state: number): number {
  return state & 0xff;
}

function endOf(state: number): number {
  return (state >> 8) & 0xff;
}

/**
 * Lists of arguments, by their number: used again for every call. A worker has nothing else to collect, and what little
 * it would allocate would lie until its own heap is full, thousands of training steps later.
 */
const lists: number[][] = [];

function argumentsOf(count: number): number[] {
  lists[count] ??= new Array<number>(count).fill(0);
  return lists[count];
}

/**
 * Makes the calls of a task.
 *
 * @throws Error what a kernel throws.
 */
export function replay(
  { control, program }: Mailbox,
  task: number,
  functionsOf: (module: number) => Functions,
): void {
  const end = control[STARTS + task + 1];
  for (let at = control[STARTS + task]; at < end; ) {
    const run = functionsOf(program[at])[program[at + 1]];
    const count = program[at + 2];
    at += 3;
    const args = argumentsOf(count);
    for (let k = 0; k < count; k++) args[k] = program[at + k];
    at += count;
    run.apply(undefined, args);
  }
}

/**
 * Loads the modules of a task's calls.
 *
 * @throws Error when one cannot be compiled.
 */
export function load(
  { control, program }: Mailbox,
  task: number,
  functionsOf: (module: number) => Functions,
): void {
  const end = control[STARTS + task + 1];
  for (let at = control[STARTS + task]; at < end; at += 3 + program[at + 2]) functionsOf(program[at]);
}
