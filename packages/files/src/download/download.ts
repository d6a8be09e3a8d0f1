import { ValueError, warn } from "@flambeau/backend";
import { DownloadError, FileError } from "../errors.ts";
import { checkInput, HashCheck } from "../input/hash.ts";
import type { Input } from "../input/input.ts";
import { StreamInput } from "../input/stream.ts";
import { Meter } from "../progress.ts";
import { type SignalLike, serverProcess } from "../runtime/api.ts";
import { abortable, checkSignal } from "../runtime/signal.ts";
import { OpfsStore } from "./opfs-store.ts";
import { CacheError, guarded, type Kept, type Store } from "./store.ts";
import { Transfer, type TransferOptions } from "./transfer.ts";

/** How a file is downloaded. */
export interface DownloadOptions extends TransferOptions {
  /** Whether the file is kept, or in which folder. */
  readonly cache: boolean | string;
  /** What the file's SHA-256 has to be, in hexadecimal of small letters. */
  readonly sha256?: string | undefined;
}

/** Downloads of this program, by address: a second one waits for the first. */
const running: Map<string, Promise<unknown>> = new Map();
/** The folders whose failure was reported. */
const reported: Set<string> = new Set();

/**
 * Opens a file at an http address: from the cache, into which it is downloaded if it is not there or is another one now, or as a stream
 * where there is no cache, or it fails.
 *
 * @throws DownloadError when it cannot be had, or is not what it should be.
 */
export async function openDownload(url: string, options: DownloadOptions, meter: Meter): Promise<Input> {
  const folder = typeof options.cache === "string" ? options.cache : "";
  const { loaded } = meter;
  try {
    const store = await storeOf(url, options.cache);
    if (store === null) return await openStream(url, options, meter);
    return await inTurn(`${folder} ${url}`, options.signal, () =>
      store.alone(options.signal, async () => {
        await fetchInto(store, url, options, meter);
        return store.open(new Meter(url, null, { signal: meter.signal }));
      }),
    );
  } catch (error) {
    if (!(error instanceof CacheError)) throw error;
    if (!reported.has(folder))
      warn(`load: ${error.message}; files are read without the cache, and downloaded again each time`);
    reported.add(folder);
    meter.again(loaded);
    return openStream(url, options, meter);
  }
}

/** After those of the same key that were begun before: an abort ends the waiting, too. */
async function inTurn<T>(key: string, signal: SignalLike | undefined, run: () => Promise<T>): Promise<T> {
  const before = running.get(key)?.catch(() => {}) ?? Promise.resolve();
  const task = before.then(() => {
    checkSignal(signal);
    return run();
  });
  running.set(key, task);
  const end = (): void => {
    if (running.get(key) === task) running.delete(key);
  };
  task.then(end, end);
  await abortable(signal, before);
  return task;
}

async function storeOf(url: string, cache: boolean | string): Promise<Store | null> {
  if (cache === false) return null;
  if (serverProcess() !== undefined) {
    return guarded("the cache", async () => {
      const { NodeStore } = await import("./node-store.ts");
      return NodeStore.open(url, cache === true ? undefined : String(cache));
    });
  }
  if (typeof cache === "string")
    throw new ValueError(
      `cache is a folder where there are paths; in a page it is true or false (got "${cache}")`,
    );
  return OpfsStore.open(url);
}

async function openStream(url: string, options: DownloadOptions, meter: Meter): Promise<Input> {
  const transfer = new Transfer(url, options);
  await transfer.open();
  const sha256 = options.sha256 ?? transfer.version.sha256;
  const check = sha256 === null ? null : new HashCheck(url, sha256, DownloadError);
  return new StreamInput(url, transfer.version.size, transfer, meter, check);
}

async function fetchInto(
  store: Store,
  url: string,
  { sha256: wanted, ...options }: DownloadOptions,
  meter: Meter,
): Promise<void> {
  const whole = await store.whole();
  // A file that is named by its hash cannot change.
  if (whole !== null && wanted !== undefined && whole.sha256 === wanted) return;
  const part = whole === null ? await store.resume() : null;
  const { loaded } = meter;
  const restart: TransferOptions["restart"] = async (version) => {
    await store.begin(version);
    meter.again(loaded);
    meter.expect(version.size);
  };
  const from = part === null ? undefined : { version: part, at: part.length };
  const transfer = new Transfer(url, { ...options, restart }, from);
  let state: Awaited<ReturnType<Transfer["open"]>>;
  try {
    state = await transfer.open(whole ?? undefined);
  } catch (error) {
    if (part !== null) await store.suspend().catch(() => {});
    if (!isUnreachable(error) || whole === null || wanted !== undefined) throw error;
    warn(`${(error as Error).message}; the copy in the cache is read`);
    return;
  }
  if (state === "same" && (wanted === undefined || whole?.sha256 === wanted)) return;
  if (state === "same") state = await transfer.open();
  await receive(store, transfer, state === "new", meter);
  await complete(store, transfer, wanted ?? transfer.version.sha256, meter);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof DownloadError && (error.status === null || error.status >= 500);
}

async function receive(store: Store, transfer: Transfer, isNew: boolean, meter: Meter): Promise<void> {
  meter.expect(transfer.version.size);
  try {
    if (isNew) await store.begin(transfer.version);
    for (let chunk = await transfer.next(); chunk !== null; chunk = await transfer.next()) {
      await store.append(chunk);
      meter.reach(transfer.at);
    }
  } catch (error) {
    await transfer.cancel(error);
    // A full disk gets its room back.
    await (error instanceof CacheError ? store.discard() : store.suspend()).catch(() => {});
    throw error;
  }
}

/** Compares what was downloaded with its hash, and makes it the file of the cache. */
async function complete(
  store: Store,
  transfer: Transfer,
  sha256: string | null,
  meter: Meter,
): Promise<void> {
  const { url, version, at } = transfer;
  try {
    if (sha256 !== null) await checkPart(store, at, new HashCheck(url, sha256, DownloadError), meter);
    const kept: Omit<Kept, "url" | "length"> = { ...version, size: at, sha256 };
    await store.finish(kept);
  } catch (error) {
    await store.discard().catch(() => {});
    throw error;
  }
}

async function checkPart(store: Store, size: number, check: HashCheck, meter: Meter): Promise<void> {
  const input = await store.openPart(new Meter(check.name, null, { signal: meter.signal }));
  try {
    await checkInput(input, size, check);
  } catch (error) {
    const isOfCache = error instanceof FileError && !(error instanceof DownloadError);
    throw isOfCache ? new CacheError(error.message, { cause: error }) : error;
  } finally {
    await input.close();
  }
}
