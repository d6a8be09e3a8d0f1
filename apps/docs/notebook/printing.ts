/** What cells print and draw, sent to the page in order as it comes. */
import { format } from "./inspect.ts";
import type { FromWorker, Output } from "./messages.ts";

// Taken before any cell can declare a name like these.
const post = globalThis.postMessage.bind(globalThis) as (message: FromWorker) => void;
const { error: report } = console;

/** A page of more lines helps nobody, and slows the browser down. */
const MOST_OUTPUTS = 5000;

interface FarTensor {
  readonly device: string;
  toStringAsync(): Promise<string>;
}

let cell = -1;
let count = 0;
let pending: Promise<void> | undefined;

export function send(message: FromWorker): void {
  post(message);
}

/** From here on, output belongs to this cell. */
export function startOutput(index: number): void {
  cell = index;
  count = 0;
}

/** Waits until everything printed has been sent. */
export async function finishOutput(): Promise<void> {
  while (pending !== undefined) await pending;
}

function emit(output: Output): void {
  // Before the first cell only the dev server's own code prints.
  if (cell < 0) return;
  count++;
  if (count > MOST_OUTPUTS) return;
  const last = {
    type: "text" as const,
    text: `(more than ${MOST_OUTPUTS} outputs: the rest is not shown)`,
    isWarning: true,
  };
  send({ type: "output", cell, output: count === MOST_OUTPUTS ? last : output });
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

/** Draws a figure below the cell. */
export function show(figure: unknown, description = "Figure"): void {
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
