import { here, type SignalLike } from "./runtime/api.ts";
import { checkSignal } from "./runtime/signal.ts";

/** How far a transfer is. */
export interface Progress {
  /** Bytes so far. */
  readonly loaded: number;
  /** Bytes there will be, or null where that is not known. */
  readonly total: number | null;
}

/** The callback and the bar of a transfer, and the signal that stops it. */
export interface Watching {
  /** Called with the bytes that were transferred so far, and with all of them: `({ loaded, total }) => ...`. */
  readonly onProgress?: (progress: Progress) => void;
  /** Whether a bar is drawn where the standard error stream is a terminal. Default false. */
  readonly progress?: boolean;
  /** Stops the transfer, which then throws the signal's reason: an AbortError, unless the program gave another one. */
  readonly signal?: SignalLike;
}

/** Milliseconds between two drawings of a bar. */
const PAUSE = 100;
const CELLS = 30;

/** Counts the bytes of a transfer. */
export class Meter {
  readonly signal: SignalLike | undefined;
  readonly #name: string;
  readonly #onProgress: Watching["onProgress"];
  readonly #stream: { readonly columns?: number; write(text: string): unknown } | undefined;
  #drawn = 0;
  #loaded = 0;
  /** Bytes of the files before. */
  #before = 0;
  #total: number | null;
  /** Bytes of the files before one that is read again. */
  #again: number | null = null;

  constructor(name: string, total: number | null, { onProgress, progress, signal }: Watching) {
    this.signal = signal;
    this.#name = name;
    this.#total = total;
    this.#onProgress = onProgress;
    const stderr = here.process?.stderr;
    if (progress && stderr?.isTTY) this.#stream = stderr;
  }

  /** Bytes of all files so far. */
  get loaded(): number {
    return this.#loaded;
  }

  /** The file that is begun with next is one once more that was begun with after so many bytes. */
  again(before: number): void {
    this.#again = before;
  }

  /** Begins with a file of this size, after those before. */
  expect(size: number | null): void {
    this.#before = this.#again ?? this.#loaded;
    this.#again = null;
    this.#total = size === null ? null : this.#before + size;
  }

  /** @throws the signal's reason when it was aborted. */
  add(bytes: number): void {
    this.reach(this.#loaded - this.#before + bytes);
  }

  /**
   * So many bytes of the file are there; what was there before is not told again.
   *
   * @throws the signal's reason when it was aborted.
   */
  reach(bytes: number): void {
    checkSignal(this.signal);
    const loaded = this.#before + bytes;
    if (loaded <= this.#loaded) return;
    this.#loaded = loaded;
    this.#onProgress?.({ loaded, total: this.#total });
    const now = Date.now();
    if (this.#stream === undefined || (now - this.#drawn < PAUSE && loaded !== this.#total)) return;
    this.#drawn = now;
    this.#stream.write(`\r${barOf(this.#name, loaded, this.#total).slice(0, this.#stream.columns ?? 80)}`);
  }

  /** Ends the bar's line. */
  end(): void {
    if (this.#drawn > 0) this.#stream?.write("\n");
  }
}

/** A line such as `model.pt  [####......]  40%  4.0 of 10.0 MB`. */
export function barOf(name: string, loaded: number, total: number | null): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  if (total === null) return `${name}  ${megabytes(loaded)} MB`;
  const part = total === 0 ? 1 : Math.min(loaded / total, 1);
  const filled = Math.round(part * CELLS);
  const percent = String(Math.floor(100 * part)).padStart(3);
  return `${name}  [${"#".repeat(filled)}${".".repeat(CELLS - filled)}] ${percent}%  ${megabytes(loaded)} of ${megabytes(total)} MB`;
}
