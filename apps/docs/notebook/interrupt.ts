/**
 * How a running cell is stopped with its variables intact: compiled cells come by here at each loop's turn and each
 * await, now and then let the worker read its messages, and throw once a stop was requested.
 *
 * A loop in a function that cannot wait sees a request only through shared memory, which isolated pages have. A call
 * that takes long by itself sees none: the page ends the worker then.
 */

/** What a cell throws when it is stopped. */
export class Interrupt extends Error {
  override name: string = "Interrupt";
}

/** How long a cell may run before the worker reads its messages. */
const TURN = 16;
/** A look at the clock costs as much as a short loop's turn, so short ones look less often. */
const MOST_SKIPPED = 32;

let isStopped = false;
let flag: Int32Array | undefined;
let lastTurn = 0;
let lastLook = 0;
let skip = 1;
let skipped = 0;

const { port1, port2 } = new MessageChannel();
const resumes: (() => void)[] = [];
port1.onmessage = () => resumes.shift()?.();

/** Takes the memory in which the page requests a stop; without it messages do. */
export function watchFlag(memory: SharedArrayBuffer | undefined): void {
  flag = memory === undefined ? undefined : new Int32Array(memory);
}

/** Requests that the running cell stops. */
export function requestStop(): void {
  isStopped = true;
}

/** Starts a cell's run: earlier requests do not count. */
export function startRun(): void {
  isStopped = false;
  lastTurn = lastLook = performance.now();
}

function isRequested(): boolean {
  return isStopped || (flag !== undefined && Atomics.load(flag, 0) !== 0);
}

/** Whether the cell should let the worker take a turn, or stop. */
export function isDue(): boolean {
  if (isRequested()) return true;
  if (++skipped < skip) return false;
  skipped = 0;
  const now = performance.now();
  const isShort = now - lastLook < TURN / 8;
  skip = isShort ? Math.min(skip * 2, MOST_SKIPPED) : 1;
  lastLook = now;
  return now - lastTurn > TURN;
}

/** @throws Interrupt after a request. */
export function check(): void {
  if (isRequested()) throw new Interrupt("stopped");
}

/** Lets the worker read its messages. @throws Interrupt after a request. */
export async function turn(): Promise<void> {
  check();
  await new Promise<void>((resolve) => {
    resumes.push(resolve);
    port2.postMessage(null);
  });
  lastTurn = performance.now();
  check();
}

/** What a cell awaits: the value itself, or, where a turn is due, the value after it. */
export function wait<T>(value: T): T | Promise<T> {
  if (!isDue()) return value;
  const settled = Promise.resolve(value);
  // It may be rejected during the turn; the cell sees that afterwards.
  settled.catch(() => {});
  return turn().then(() => settled) as Promise<T>;
}
