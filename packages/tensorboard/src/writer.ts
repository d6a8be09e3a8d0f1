import { quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Appender, openAppender } from "@flambeau/files";
import { Tensor } from "@flambeau/tensor";
import { makeHistogram } from "./histogram.ts";
import { double, doubles, type Field, float, int, join, nested } from "./message.ts";
import { record } from "./record.ts";

/** Options of {@link SummaryWriter}. */
export interface SummaryWriterOptions {
  /** How many events wait before they are written. Default: 10. */
  readonly maxQueue?: number;
  /** What the file's name ends in. Default: nothing. */
  readonly filenameSuffix?: string;
}

/** Files of one process in one second have different numbers. */
let made = 0;

/**
 * Writes a run to a new event file in a folder, which TensorBoard shows: `tensorboard --logdir runs`. Events are in the order of the calls, with
 * the values of the time of the call. After a crash the file reads up to its last whole record.
 *
 * @throws ValueError when the folder or an option is none. In a browser, and when the file cannot be made, `flush` and `close` throw.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readdirSync } from "node:fs";
 * import { SummaryWriter } from "@flambeau/tensorboard";
 *
 * const folder = mkdtempSync("/tmp/runs-");
 * const writer = new SummaryWriter(folder);
 * for (let epoch = 0; epoch < 3; epoch++) writer.addScalar("loss", 1 / (1 + epoch), epoch);
 * await writer.close();
 * console.log(readdirSync(folder)[0].startsWith("events.out.tfevents."));
 * // true
 * ```
 */
export class SummaryWriter {
  /** The folder. */
  readonly logDir: string;
  readonly #maxQueue: number;
  readonly #file: Promise<Appender>;
  /** Records that are not written yet, in order. */
  #waiting: Promise<Uint8Array>[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(logDir: string, options: SummaryWriterOptions = {}) {
    const { maxQueue = 10, filenameSuffix = "" } = options;
    if (typeof logDir !== "string" || logDir === "")
      throw new ValueError(`SummaryWriter: logDir is the path of a folder; got ${quote(logDir)}`);
    if (!Number.isInteger(maxQueue) || maxQueue < 1)
      throw new ValueError(`SummaryWriter: maxQueue is an integer from 1; got ${quote(maxQueue)}`);
    if (typeof filenameSuffix !== "string" || /[/\\]/.test(filenameSuffix))
      throw new ValueError(
        `SummaryWriter: filenameSuffix is a part of a file's name; got ${quote(filenameSuffix)}`,
      );
    this.logDir = logDir;
    this.#maxQueue = maxQueue;
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    const n = made++;
    this.#file = openAppender(
      "SummaryWriter",
      logDir,
      (host, pid) => `events.out.tfevents.${seconds}.${host}.${pid}.${n}${filenameSuffix}`,
    );
    // Thrown by flush and close.
    this.#file.catch(() => {});
    this.#add(nested(3, "brain.Event:2"), null, null);
  }

  /**
   * Adds a number.
   *
   * @param tag - what its curve is called.
   * @param scalarValue - a number, or a tensor of one element.
   * @param globalStep - the step of the training.
   * @param walltime - seconds since 1970. Default: now.
   * @throws ValueError when an argument is none of these or the writer is closed; ShapeError for a tensor of several elements.
   */
  addScalar(tag: string, scalarValue: number | Tensor, globalStep?: number, walltime?: number): void {
    checkTag("addScalar", tag);
    if (typeof scalarValue !== "number" && !(scalarValue instanceof Tensor))
      throw new ValueError(`addScalar: scalarValue is a number or a tensor; got ${quote(scalarValue)}`);
    if (scalarValue instanceof Tensor && scalarValue.numel() !== 1)
      throw new ShapeError(`addScalar: scalarValue has one element; got shape [${scalarValue.shape}]`);
    const summary = async (): Promise<Field> => {
      const [number] = scalarValue instanceof Tensor ? await numbersOf(scalarValue) : [scalarValue];
      return summaryOf([...nested(1, tag), ...float(2, number)]);
    };
    this.#add(summary, globalStep, walltime);
  }

  /**
   * Adds the histogram of values, in PyTorch's buckets.
   *
   * @param tag - what it is called.
   * @param values - of any shape, finite.
   * @param globalStep - the step of the training.
   * @param walltime - seconds since 1970. Default: now.
   * @throws ValueError when an argument is none of these, there are no values or the writer is closed; `flush` throws it for values
   *   that are not finite.
   */
  addHistogram(tag: string, values: Tensor, globalStep?: number, walltime?: number): void {
    checkTag("addHistogram", tag);
    if (!(values instanceof Tensor))
      throw new ValueError(`addHistogram: values is a tensor; got ${quote(values)}`);
    if (values.numel() === 0) throw new ValueError("addHistogram: there are no values");
    const summary = async (): Promise<Field> => {
      const { min, max, num, sum, sumSquares, limits, counts } = makeHistogram(await numbersOf(values));
      const numbers = [min, max, num, sum, sumSquares].flatMap((x, i) => double(i + 1, x));
      const histogram = [...numbers, ...doubles(6, limits), ...doubles(7, counts)];
      return summaryOf([...nested(1, tag), ...nested(5, histogram)]);
    };
    this.#add(summary, globalStep, walltime);
  }

  /**
   * Adds a text, which TensorBoard shows as Markdown.
   *
   * @param tag - what it is called.
   * @param textString - the text.
   * @param globalStep - the step of the training.
   * @param walltime - seconds since 1970. Default: now.
   * @throws ValueError when an argument is none of these, or the writer is closed.
   */
  addText(tag: string, textString: string, globalStep?: number, walltime?: number): void {
    checkTag("addText", tag);
    if (typeof textString !== "string")
      throw new ValueError(`addText: textString is a string; got ${quote(textString)}`);
    const metadata = nested(1, nested(1, "text"));
    // DT_STRING, of shape [1].
    const tensor = [...int(1, 7), ...nested(2, nested(2, int(1, 1))), ...nested(8, textString)];
    const value = [...nested(1, `${tag}/text_summary`), ...nested(9, metadata), ...nested(8, tensor)];
    this.#add(summaryOf(value), globalStep, walltime);
  }

  /** Writes what waits. @throws what kept an event from being written. */
  async flush(): Promise<void> {
    this.#write();
    const done = this.#writing;
    // An error is told once; what comes after it is written.
    this.#writing = done.catch(() => {});
    await done;
  }

  /** Writes what waits, and closes the file. A second call does nothing. @throws as `flush`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.flush();
    } finally {
      await (await this.#file).close();
    }
  }

  /** As `close`, at the end of an `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #add(
    what: Field | (() => Promise<Field>),
    step: number | null = null,
    walltime: number | null = null,
  ): void {
    if (this.#isClosed) throw new ValueError("SummaryWriter: it is closed; make a new one");
    if (step !== null && !Number.isSafeInteger(step))
      throw new ValueError(`SummaryWriter: globalStep is an integer; got ${quote(step)}`);
    if (walltime !== null && !Number.isFinite(walltime))
      throw new ValueError(`SummaryWriter: walltime is seconds since 1970; got ${quote(walltime)}`);
    const head = [...double(1, walltime ?? Date.now() / 1000), ...(step === null ? [] : int(2, step))];
    const fields = typeof what === "function" ? what() : Promise.resolve(what);
    const event = fields.then((rest) => record(join([...head, ...rest])));
    event.catch(() => {});
    this.#waiting.push(event);
    if (this.#waiting.length >= this.#maxQueue) this.#write();
  }

  #write(): void {
    const events = this.#waiting;
    this.#waiting = [];
    const before = this.#writing;
    this.#writing = (async () => {
      const settled = await Promise.allSettled(events);
      const earlier = await before.then(
        () => null,
        (reason: unknown) => ({ reason }),
      );
      const records = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      await (await this.#file).append(join(records));
      const failed = earlier ?? settled.find((one) => one.status === "rejected");
      if (failed !== null && failed !== undefined) throw failed.reason;
    })();
    this.#writing.catch(() => {});
  }
}

function summaryOf(value: Field): Field {
  return nested(5, nested(1, value));
}

async function numbersOf(tensor: Tensor): Promise<Float64Array> {
  return Float64Array.from(await tensor.detach().data(), Number);
}

function checkTag(what: string, tag: unknown): void {
  if (typeof tag !== "string" || tag === "")
    throw new ValueError(`${what}: tag is a text that is not empty; got ${quote(tag)}`);
}
