/** What cells print and draw, sent to the page in order as it comes, and in batches where much comes at once. */
import { format, inspect } from "./inspect.ts";
import type { FromWorker, Output } from "./messages.ts";
import { NAMELESS, OutputLog } from "./output-log.ts";

// Taken before any cell can declare a name like these.
const post = globalThis.postMessage.bind(globalThis) as (message: FromWorker) => void;
const { error: report } = console;

/** A frame, in milliseconds, and how many outputs go to the page one by one in it. */
const FRAME = 16;
const SINGLE = 16;

interface FarTensor {
  readonly device: string;
  toStringAsync(): Promise<string>;
}

let cell = -1;
let pending: Promise<void> | undefined;
/** What waits to be sent. */
let unsent = new OutputLog();
let timer: ReturnType<typeof setTimeout> | undefined;
let frameStart = 0;
let inFrame = 0;

export function send(message: FromWorker): void {
  post(message);
}

/** From here on, output belongs to this cell. */
export function startOutput(index: number): void {
  cell = index;
}

/** Waits until everything printed has been sent. */
export async function finishOutput(): Promise<void> {
  while (pending !== undefined) await pending;
  flush();
}

/**
 * The first outputs of a frame go at once, so that a cell's last words are not held back by what it computes next. The
 * others wait for the frame's end, which a cell that never lets go is past when it prints again.
 */
function emit(output: Output): void {
  // Before the first cell only the dev server's own code prints.
  if (cell < 0) return;
  unsent.add([output]);
  const now = performance.now();
  if (now - frameStart > FRAME) {
    frameStart = now;
    inFrame = 0;
  }
  inFrame++;
  if (inFrame <= SINGLE) flush();
  else timer ??= setTimeout(flush, FRAME);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const { outputs, dropped } = unsent;
  if (outputs.length === 0) return;
  unsent = new OutputLog();
  send({ type: "outputs", cell, outputs, dropped });
}

/** Prints at once, or after the prints before it, if values have to come from the GPU first. */
function print(values: readonly unknown[], isWarning = false): void {
  const far = [...new Set(farTensors(values, 0))];
  if (far.length === 0 && pending === undefined) {
    emit({ type: "text", text: format(values), isWarning });
    return;
  }
  // Asked for now, so that a later change in place does not show.
  const texts = far.map(async (tensor) => [tensor, await tensor.toStringAsync()] as const);
  const shown = far.length === 0 ? format(values) : undefined;
  enqueue(async () => {
    const text = shown ?? format(values, new Map<object, string>(await Promise.all(texts)));
    emit({ type: "text", text, isWarning });
  });
}

/** Shows the value of a cell's last statement, as a notebook does. */
export function showResult(value: unknown): void {
  if (value === undefined) return;
  if (isFigure(value)) show(value);
  else if (value instanceof Promise) print([`${inspect(value)}: put \`await\` before it to see its value`]);
  else print([typeof value === "string" ? inspect(value) : value]);
}

function enqueue(work: () => Promise<void> | void): void {
  const mine = (pending ?? Promise.resolve())
    .then(work)
    .catch((error: unknown) => emit({ type: "text", text: String(error), isWarning: true }))
    .then(() => {
      if (pending === mine) pending = undefined;
    });
  pending = mine;
}

function farTensors(value: unknown, depth: number): FarTensor[] {
  if (typeof value !== "object" || value === null || depth > 4 || ArrayBuffer.isView(value)) return [];
  const { device, toStringAsync } = value as Partial<FarTensor>;
  if (typeof toStringAsync === "function") return device === "cpu" ? [] : [value as FarTensor];
  if (value instanceof Map || value instanceof Set)
    return [...value].flatMap((item) => farTensors(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isPlain ? Object.values(value).flatMap((item) => farTensors(item, depth + 1)) : [];
}

function isFigure(value: unknown): value is { svg: string } {
  return typeof (value as { svg?: unknown } | null)?.svg === "string";
}

/** Draws a figure below the cell, in place of one that was shown with the same description. */
export function show(figure: unknown, description: string = NAMELESS): void {
  if (!isFigure(figure)) {
    const hint = figure instanceof Promise ? ": put `await` before it" : "";
    throw new TypeError(`show expects a figure, such as plot.plotRegression gives${hint}`);
  }
  const output: Output = { type: "figure", svg: figure.svg, description };
  if (pending === undefined) emit(output);
  else enqueue(() => emit(output));
}

/** Puts console's methods in place: what they print goes to the page. */
export function takeConsole(): void {
  for (const name of ["log", "info", "debug"] as const) {
    console[name] = (...values: unknown[]) => {
      if (values.length === 1 && isFigure(values[0])) show(values[0]);
      else print(values);
    };
  }
  for (const name of ["warn", "error"] as const) {
    console[name] = (...values: unknown[]) =>
      cell < 0 ? report.apply(console, values) : print(values, true);
  }
}
