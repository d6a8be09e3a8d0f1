import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, dispatch } from "@flambeau/tensor";
import { MovingAverage } from "./average.ts";
import { lineOf } from "./line.ts";
import { shortText } from "./numbers.ts";
import { Screen } from "./screen.ts";
import { standardWriter, type Writer } from "./writer.ts";

const SIGNATURE =
  "progress(iterable?: iterable|dataset, desc = '', total?: number, leave = true, *, file?: object, ncols?: int, mininterval?: number, disable = false, unit = 'it', unitScale = false, unitDivisor: number = 1000, initial: number = 0, smoothing: number = 0.3, postfix?: object, clock?: function)";
const UPDATE = "update(n: number = 1)";
const SET_POSTFIX = "setPostfix(postfix: object)";
const SET_DESCRIPTION = "setDescription(desc: string)";
const WRITE = "write(text: string)";

/** What stands at the end of the line, by name. */
export type Postfix = Readonly<Record<string, unknown>>;

/** Options of {@link progress}. */
export interface ProgressOptions {
  /** What stands in front of the line. Default: nothing. */
  readonly desc?: string;
  /** How many there will be. Default: the length of what is gone through, where it has one. */
  readonly total?: number | null;
  /** Whether the line stays when all is done. Default: true. */
  readonly leave?: boolean;
  /** Where the line is written to. Default: the standard error stream, or in browsers the console. */
  readonly file?: Writer | null;
  /** How many characters a line has; 0 for one without a bar. Default: what the terminal has. */
  readonly ncols?: number | null;
  /** The least seconds between two lines. Default: 0.1 on a terminal, and 10 elsewhere, where each line stays. */
  readonly mininterval?: number | null;
  /** Whether nothing is written. Default: false. */
  readonly disable?: boolean;
  /** What is counted. Default: "it". */
  readonly unit?: string;
  /** Whether numbers are written with k, M, G. Default: false. */
  readonly unitScale?: boolean;
  /** What is between two of these: 1000, or 1024. Default: 1000. */
  readonly unitDivisor?: number;
  /** How many were done before. Default: 0. */
  readonly initial?: number;
  /** How much the last lines' rate counts, from 0 (the mean of all) to 1 (the last alone). Default: 0.3. */
  readonly smoothing?: number;
  /** What stands at the end of the line, as in `{ loss: 0.5 }`. Default: nothing. */
  readonly postfix?: Postfix | null;
  /** Gives the time in milliseconds. Default: a clock of the runtime that never goes back. */
  readonly clock?: (() => number) | null;
}

/** Options with their defaults. */
type Settings = Required<Omit<ProgressOptions, "postfix" | "file" | "clock">> & {
  readonly postfix: Postfix | null;
  readonly file: Writer;
  readonly clock: () => number;
};

/**
 * How far something is, and the line that shows it; {@link progress} makes it. Its text is the line without a bar.
 *
 * @example
 * ```ts
 * import { progress } from "@flambeau/progress";
 *
 * let time = 0;
 * const bar = progress({ total: 4, desc: "steps", disable: true, clock: () => time });
 * time += 2000;
 * bar.update(2);
 * bar.setPostfix({ loss: 0.123456 });
 * console.log(String(bar));
 * // steps:  50% 2/4 [00:02<00:02,  1.00it/s, loss=0.123]
 * ```
 */
export class ProgressBar {
  /** How many were done. */
  n: number;
  /** How many there will be, or null where that is not known. */
  readonly total: number | null;
  readonly #settings: Settings;
  readonly #screen: Screen | null;
  readonly #interval: number;
  readonly #counts: MovingAverage;
  readonly #times: MovingAverage;
  readonly #start: number;
  #lastTime: number;
  #lastCount: number;
  #desc: string;
  #postfix: string;
  #isClosed = false;

  /** @internal */
  constructor(settings: Settings) {
    const { disable, file, mininterval, smoothing, initial, total, clock, desc, postfix } = settings;
    this.n = initial;
    this.total = total;
    this.#settings = settings;
    this.#screen = disable ? null : new Screen(file);
    this.#interval = mininterval ?? (this.#screen?.isTerminal ? 0.1 : 10);
    this.#counts = new MovingAverage(smoothing);
    this.#times = new MovingAverage(smoothing);
    this.#desc = desc;
    this.#postfix = textOf(postfix ?? {});
    this.#start = clock();
    this.#lastTime = this.#start;
    this.#lastCount = initial;
    // On a terminal the line is there from the start.
    if (this.#screen?.isTerminal) this.refresh();
  }

  /**
   * So many more are done. Writes a line where the last one is long enough ago.
   *
   * @param n - how many.
   */
  update(...args: Args<typeof UPDATE>): void {
    const { n } = bind(UPDATE, args);
    this.#advance(n);
  }

  /**
   * Sets what stands at the end of the line; the next line shows it.
   *
   * @param postfix - values by name, as in `{ loss: 0.5 }`; numbers are written with three digits.
   */
  setPostfix(...args: Args<typeof SET_POSTFIX, { readonly postfix: Postfix }>): void {
    const { postfix } = bind<typeof SET_POSTFIX, { readonly postfix: Postfix }>(SET_POSTFIX, args);
    this.#postfix = textOf(postfix);
  }

  /**
   * Sets what stands in front of the line; the next line shows it.
   *
   * @param desc - the text.
   */
  setDescription(...args: Args<typeof SET_DESCRIPTION>): void {
    this.#desc = bind(SET_DESCRIPTION, args).desc;
  }

  /**
   * Writes a text above the line, which would break it otherwise.
   *
   * @param text - the text, without a line break at its end.
   */
  write(...args: Args<typeof WRITE>): void {
    const { text } = bind(WRITE, args);
    this.#screen?.above(text, this.#line());
  }

  /** Writes the line now. */
  refresh(): void {
    this.#screen?.draw(this.#line());
  }

  /** Ends: the last line has the mean rate. A loop that `progress` goes through ends by itself. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Where lines stay, the last one says how it ended.
    this.#screen?.end(this.#settings.leave || !this.#screen.isTerminal ? this.#line() : null);
  }

  /** The line, without a bar. */
  toString(): string {
    return this.#line(0);
  }

  /** @internal */
  *through<T>(iterable: Iterable<T>): Generator<T, void, undefined> {
    try {
      for (const item of iterable) {
        yield item;
        this.#advance(1);
      }
    } finally {
      this.close();
    }
  }

  /** @internal */
  async *throughAsync<T>(iterable: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
    try {
      for await (const item of iterable) {
        yield item;
        this.#advance(1);
      }
    } finally {
      this.close();
    }
  }

  #advance(n: number): void {
    this.n += n;
    if (this.#screen === null || this.#isClosed) return;
    const time = this.#settings.clock();
    const seconds = (time - this.#lastTime) / 1000;
    if (seconds < this.#interval) return;
    this.#counts.add(this.n - this.#lastCount);
    this.#times.add(seconds);
    this.#lastTime = time;
    this.#lastCount = this.n;
    this.refresh();
  }

  #line(columns: number | null = this.#settings.ncols ?? this.#screen?.columns ?? 0): string {
    const { initial, clock, smoothing, unit, unitScale, unitDivisor } = this.#settings;
    const elapsed = (clock() - this.#start) / 1000;
    const mean = elapsed > 0 ? (this.n - initial) / elapsed : null;
    const isRecent = smoothing > 0 && !this.#isClosed && this.#times.value > 0;
    const rate = isRecent ? this.#counts.value / this.#times.value : mean;
    const { n, total } = this;
    const texts = { desc: this.#desc, unit, unitScale, unitDivisor, postfix: this.#postfix };
    return lineOf({ ...texts, n, total, elapsed, rate }, columns);
  }
}

/** What can be gone through. */
type Source = Iterable<unknown> | AsyncIterable<unknown>;

/** The line of a loop, which goes through what the loop is over: with `for`, with `for await`, or both. */
export type Loop<I> = ProgressBar &
  (I extends Iterable<infer T> ? Iterable<T> : unknown) &
  (I extends AsyncIterable<infer T> ? AsyncIterable<T> : unknown);

class SourceLoop extends ProgressBar {
  readonly #source: Source;

  constructor(source: Source, settings: Settings) {
    super(settings);
    this.#source = source;
  }

  [Symbol.iterator](): Iterator<unknown> {
    if (Symbol.iterator in Object(this.#source)) return this.through(this.#source as Iterable<unknown>);
    throw new ArgumentError("progress: this iterable gives promises; write for await (... of progress(...))");
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.throughAsync(this.#source);
  }
}

type WithoutIterable<S extends string> = S extends `${infer Head}iterable?: iterable|dataset, ${infer Rest}`
  ? `${Head}${Rest}`
  : never;

/**
 * Goes through something and shows how far it is: how many are done, the time taken and left, how many a second. The line is that of
 * Python's tqdm.
 *
 * On a terminal the line is written over; elsewhere (a log, Jupyter, a page's console) there is a line every ten seconds, and one at the end. Of
 * loops within loops the terminal shows the innermost. A `break` or an error ends the line, too.
 *
 * The iterable is a DataLoader, an array, a generator, also an asynchronous one with `for await`. Without it `update` counts, and `close`
 * ends the line.
 *
 * @throws ArgumentError for what cannot be gone through, or written to; ValueError when a number is out of range.
 *
 * @example
 * ```ts
 * import { progress } from "@flambeau/progress";
 *
 * const lines: string[] = [];
 * let time = 0;
 * const options = { desc: "epoch 1", file: { write: (text: string) => lines.push(text) }, clock: () => time };
 * const bar = progress([3, 2, 1, 0], options);
 * for (const loss of bar) {
 *   time += 5000;
 *   bar.setPostfix({ loss });
 * }
 * console.log(lines.join("").trimEnd());
 * // epoch 1:  50% 2/4 [00:10<00:10,  5.00s/it, loss=2]
 * // epoch 1: 100% 4/4 [00:20<00:00,  5.00s/it, loss=0]
 * // epoch 1: 100% 4/4 [00:20<00:00,  5.00s/it, loss=0]
 * ```
 */
export function progress<I extends Source>(
  iterable: I,
  ...rest: Args<WithoutIterable<typeof SIGNATURE>, ProgressOptions>
): Loop<I>;
export function progress<I extends Source>(options: ProgressOptions & { readonly iterable: I }): Loop<I>;
export function progress(options?: ProgressOptions): ProgressBar;
export function progress(...args: unknown[]): ProgressBar {
  const { iterable, ...given } = bind<typeof SIGNATURE, ProgressOptions>(SIGNATURE, args);
  const total = given.total ?? lengthOf(iterable);
  const file = given.file ?? standardWriter();
  if (typeof file.write !== "function")
    throw new ArgumentError(
      `progress: file is an object with write(text), such as a stream; got ${describeValue(file)}`,
    );
  const { ncols = null, mininterval = null, postfix = null, clock = dispatch.now, smoothing } = given;
  for (const [name, value] of Object.entries({ total, ncols, mininterval }))
    if (value !== null && !(value >= 0))
      throw new ValueError(`progress: ${name} is a number from 0; got ${quote(value)}`);
  if (!(smoothing >= 0 && smoothing <= 1))
    throw new ValueError(`progress: smoothing is a number from 0 to 1; got ${quote(smoothing)}`);
  const settings = { ...given, total, file, ncols, mininterval, postfix, clock };
  if (iterable === undefined) return new ProgressBar(settings);
  const source: unknown = iterable;
  if (!(Symbol.iterator in Object(source)) && !(Symbol.asyncIterator in Object(source)))
    throw new ArgumentError(
      `progress: iterable is something to go through, such as a DataLoader or an array; got ${describeValue(source)}`,
    );
  return new SourceLoop(source as Source, settings);
}

/** How many there will be, where that is known before. */
function lengthOf(source: unknown): number | null {
  try {
    const { length, size } = Object(source) as { readonly length?: unknown; readonly size?: unknown };
    return [length, size].find((x): x is number => typeof x === "number") ?? null;
  } catch {
    // A loader over a data set that does not say its length.
    return null;
  }
}

function textOf(postfix: Postfix): string {
  return Object.entries(postfix)
    .map(
      ([name, value]) => `${name}=${(typeof value === "number" ? shortText(value) : String(value)).trim()}`,
    )
    .join(", ");
}
