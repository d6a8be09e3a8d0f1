import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, showAs } from "@flambeau/tensor";
import type { Curve, drawCurves, LinesOptions } from "./curves.ts";
import { displayOf, type ShowFigure } from "./display.ts";
import type { Figure } from "./figure.ts";
import { checkRange } from "./range.ts";
import { here } from "./runtime.ts";
import { Throttle } from "./throttle.ts";

const SIGNATURE =
  "liveLines(labels?: array, *, xLabel = 'step', yLabel = 'value', yScale: 'linear'|'log' = 'linear', xRange?: numbers, yRange?: numbers, title?: string, mininterval: number = 0.5, show?: function, clock?: function)";
const PUSH = "push(step: number, values: any)";

/** Options of {@link liveLines}. */
export interface LiveLinesOptions extends Omit<LinesOptions, "labels"> {
  /** The least seconds between two drawings. Default: 0.5. */
  readonly mininterval?: number;
  /** Takes the figure each time that it is drawn. Default: what shows it in a notebook; elsewhere nothing is drawn before `figure()`. */
  readonly show?: ShowFigure | null;
  /** Gives the time in milliseconds. Default: a clock of the runtime that never goes back. */
  readonly clock?: (() => number) | null;
}

interface Types extends LiveLinesOptions {
  /** The names of the curves, in the legend; where left out, those of the values that are pushed by name. */
  readonly labels: readonly unknown[] | null;
}

/** What {@link LiveLines} adds at a step: one value, one for each curve (null for none), or values by the curves' names. */
export type LiveValues =
  | number
  | bigint
  | readonly (number | bigint | null | undefined)[]
  | Readonly<Record<string, number | bigint | null | undefined>>;

interface Line extends Curve {
  readonly x: number[];
  readonly y: number[];
}

type Settings = Omit<LiveLinesOptions, "mininterval" | "show" | "clock"> & {
  readonly labels: readonly string[] | null;
  readonly interval: number;
  readonly show: ShowFigure | null;
  readonly now: () => number;
};

/**
 * Curves that grow while a training goes on, and the figure that shows them; {@link liveLines} makes it.
 *
 * @example
 * ```ts
 * import { liveLines } from "@flambeau/plot";
 *
 * const curves = liveLines();
 * for (let epoch = 1; epoch <= 3; epoch++) curves.push(epoch, { training: 1 / epoch, validation: 1.5 / epoch });
 * console.log(String(curves), (await curves.figure()).svg.includes("validation"));
 * // LiveLines(2 curves, 3 steps) true
 * ```
 */
export class LiveLines {
  readonly #settings: Settings;
  readonly #throttle: Throttle | null;
  readonly #lines: Line[];
  #steps = 0;
  /** Loaded with the first drawing. */
  #draw: typeof drawCurves | null = null;

  /** @internal */
  constructor(settings: Settings) {
    this.#settings = settings;
    this.#lines = (settings.labels ?? []).map((label) => ({ x: [], y: [], label }));
    const { show, interval, now } = settings;
    const timers = {
      now,
      setTimeout: (callback: () => void, wait: number) => here.setTimeout(callback, wait),
      clearTimeout: (timer: unknown) => here.clearTimeout(timer),
    };
    this.#throttle = show === null ? null : new Throttle(() => this.#redraw(show), interval, timers);
  }

  /**
   * Adds values at a step. The figure is drawn anew where the last drawing is long enough ago, and otherwise later.
   *
   * @param step - where the values stand.
   * @param values - a number where there is one curve; an array of one for each curve; or an object of numbers by the curves' names. A
   *   curve whose value is null or left out goes on at a later step; one that is not finite is a gap.
   * @throws ArgumentError for values that are no numbers; ValueError for a step that is not finite, and values for other curves than
   *   there are; what `show` threw since the last call.
   */
  push(...args: Args<typeof PUSH, { readonly values: LiveValues }>): void {
    const { step, values } = bind<typeof PUSH, { readonly values: LiveValues }>(PUSH, args);
    if (!Number.isFinite(step)) throw new ValueError(`push: step is a finite number; got ${quote(step)}`);
    const added = this.#read(values);
    for (const [line, value] of added) {
      line.x.push(step);
      line.y.push(value);
      if (!this.#lines.includes(line)) this.#lines.push(line);
    }
    this.#steps++;
    this.#throttle?.request();
  }

  /** Shows what was not shown yet, and waits until it is. @throws what `show` threw since the last call. */
  async flush(): Promise<void> {
    await this.#throttle?.flush();
  }

  /** The figure of all values so far. */
  async figure(): Promise<Figure> {
    await this.#load();
    return this.#drawn();
  }

  /** How many curves and steps there are. */
  toString(): string {
    const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
    return `LiveLines(${count(this.#lines.length, "curve")}, ${count(this.#steps, "step")})`;
  }

  /** Each value with its curve, which may be a new one. Nothing is added before all are read. */
  #read(values: LiveValues): [Line, number][] {
    if (typeof values === "number" || typeof values === "bigint") return this.#inOrder([values]);
    if (Array.isArray(values)) return this.#inOrder(values);
    const prototype: unknown = Object.getPrototypeOf(Object(values));
    if (typeof values === "object" && (prototype === null || Object.getPrototypeOf(prototype) === null))
      return Object.entries(values).flatMap(([name, value]) => {
        const number = toNumber(value, name);
        return number === null ? [] : [[this.#named(name), number]];
      });
    throw new ArgumentError(`push: ${NUMBERS}; got ${describeValue(values)}`);
  }

  #inOrder(values: readonly unknown[]): [Line, number][] {
    const isFirst = this.#lines.length === 0;
    if (!isFirst && values.length !== this.#lines.length)
      throw new ValueError(
        `push: there must be a value for each of ${this.#lines.length} curves, or null; got ${values.length}`,
      );
    const lines = isFirst ? values.map((): Line => ({ x: [], y: [] })) : this.#lines;
    const numbers = values.map((value, i) => toNumber(value, `value ${i}`));
    // All curves are there from the first step on, also those without a value in it.
    if (isFirst) this.#lines.push(...lines);
    return numbers.flatMap((number, i): [Line, number][] => (number === null ? [] : [[lines[i], number]]));
  }

  #named(name: string): Line {
    const found = this.#lines.find(({ label }) => label === name);
    if (found !== undefined) return found;
    const names = this.#lines.map(({ label }) => label);
    if (this.#settings.labels !== null || names.includes(undefined))
      throw new ValueError(
        names.includes(undefined)
          ? `push: the curves have no names; give { labels: [...] } to liveLines`
          : `push: no curve is called ${quote(name)}; there are ${names.map(quote).join(", ")}`,
      );
    return { x: [], y: [], label: name };
  }

  #redraw(show: ShowFigure): unknown {
    if (this.#draw !== null) return show(this.#drawn());
    return this.#load().then(() => show(this.#drawn()));
  }

  async #load(): Promise<void> {
    this.#draw ??= (await import("./curves.ts")).drawCurves;
  }

  #drawn(): Figure {
    return (this.#draw as typeof drawCurves)(this.#lines, this.#settings);
  }
}
showAs(LiveLines.prototype, {
  bundle: async (lines) => ({
    "image/svg+xml": (await lines.figure()).svg,
    "text/plain": String(lines),
  }),
});

const NUMBERS =
  "values are numbers, an array of numbers or an object of numbers by name; of a tensor give await loss.item()";

/** @throws ArgumentError for what is neither a number nor null. */
function toNumber(value: unknown, name: string): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  throw new ArgumentError(`push: ${NUMBERS}; got ${describeValue(value)} for ${name}`);
}

/**
 * Curves that grow while a training goes on. In the cells of this site and in Deno's kernel for Jupyter the figure is drawn as it grows,
 * in its place; a terminal shows nothing. Elsewhere `show` takes it: in a page `(figure) => { element.innerHTML = figure.svg; }`, in
 * tslab's kernel for Jupyter `(figure) => display.svg(figure.svg)` with `const display = tslab.newDisplay()`, for a file
 * `(figure) => figure.save("loss.svg")`.
 *
 * Call `await curves.flush()` after the loop: what the last drawing left out is shown then.
 *
 * @throws ValueError for a range that is none, names that are given twice, or seconds below 0.
 *
 * @example
 * ```ts
 * import { liveLines } from "@flambeau/plot";
 *
 * let drawings = 0;
 * const curves = liveLines(["training"], { yLabel: "loss", show: () => drawings++, mininterval: 60 });
 * for (let epoch = 1; epoch <= 100; epoch++) curves.push(epoch, 1 / epoch);
 * await curves.flush();
 * const figure = await curves.figure();
 * console.log(drawings, figure.svg.includes("loss over step: training"));
 * // 2 true
 * ```
 */
export function liveLines(...args: Args<typeof SIGNATURE, Types>): LiveLines {
  const { labels, mininterval, show, clock, ...options } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
  if (!(mininterval >= 0))
    throw new ValueError(`liveLines: mininterval is seconds from 0; got ${quote(mininterval)}`);
  const { xRange, yRange, yScale, yLabel, xLabel, title } = options;
  if (xRange !== undefined) checkRange(xRange, "xRange");
  if (yRange !== undefined) checkRange(yRange, "yRange", yScale === "log");
  const names = labels?.map(String) ?? null;
  if (names !== null && new Set(names).size < names.length)
    throw new ValueError(`liveLines: labels must differ; got ${names.map(quote).join(", ")}`);
  return new LiveLines({
    ...options,
    labels: names,
    interval: mininterval * 1000,
    show: show ?? displayOf(title ?? `${yLabel} over ${xLabel}`),
    now: clock ?? (() => here.performance.now()),
  });
}
