import { ValueError, warn } from "@flambeau/backend";
import { DownloadError } from "../errors.ts";
import { BytesInput } from "../input/bytes.ts";
import type { Input } from "../input/input.ts";
import { StreamInput } from "../input/stream.ts";
import { Meter } from "../progress.ts";
import { serverProcess } from "../runtime/api.ts";
import { NodeStore } from "./node-store.ts";
import { OpfsStore } from "./opfs-store.ts";
import { Sha256 } from "./sha256.ts";
import type { Kept, Store } from "./store.ts";
import { Transfer, type TransferOptions } from "./transfer.ts";

/** How a file is downloaded. */
export interface DownloadOptions extends TransferOptions {
  /** Whether the file is kept, or in which folder. */
  readonly cache: boolean | string;
  /** What the file's SHA-256 has to be, in hexadecimal. */
  readonly sha256?: string | undefined;
}

/** Bytes that are hashed at a time. */
const STEP = 4 * 2 ** 20;

/** Downloads of this program, by address: a second one waits for the first. */
const running: Map<string, Promise<unknown>> = new Map();

/**
 * Opens a file at an http address: from the cache, into which it is downloaded if it is not there or is another one now, or as a stream
 * where there is no cache.
 *
 * @throws DownloadError when it cannot be had, or is not what it should be.
 */
export async function openDownload(url: string, options: DownloadOptions, meter: Meter): Promise<Input> {
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(options.sha256))
    throw new ValueError(`sha256 is 64 hexadecimal digits; got "${options.sha256}"`);
  const store = await storeOf(url, options.cache);
  if (store === null) return openStream(url, options, meter);
  const key = `${typeof options.cache === "string" ? options.cache : ""} ${url}`;
  const before = running.get(key)?.catch(() => {}) ?? Promise.resolve();
  const task = before.then(() => fetchInto(store, url, options, meter));
  running.set(key, task);
  try {
    await task;
  } finally {
    if (running.get(key) === task) running.delete(key);
  }
  return store.open(new Meter(url, null, { signal: meter.signal }));
}

async function storeOf(url: string, cache: boolean | string): Promise<Store | null> {
  if (cache === false) return null;
  if (serverProcess() !== undefined) return NodeStore.open(url, cache === true ? undefined : String(cache));
  if (typeof cache === "string")
    throw new ValueError(
      `cache is a folder where there are paths; in a page it is true or false (got "${cache}")`,
    );
  return OpfsStore.open(url);
}

async function openStream(url: string, options: DownloadOptions, meter: Meter): Promise<Input> {
  const transfer = new Transfer(url, options);
  await transfer.open();
  const stream = new StreamInput(url, transfer.version.size, transfer, meter);
  const sha256 = options.sha256?.toLowerCase();
  return sha256 === undefined ? stream : checkedStream(stream, sha256);
}

/** A stream that is compared with a hash before anything of it is used. */
async function checkedStream(stream: StreamInput, sha256: string): Promise<Input> {
  const bytes = await stream.readAll();
  const hash = new Sha256();
  hash.update(bytes);
  checkHash(stream.name, hash.digest(), sha256);
  return new BytesInput(stream.name, bytes, new Meter(stream.name, null, {}));
}

async function fetchInto(store: Store, url: string, options: DownloadOptions, meter: Meter): Promise<void> {
  const wanted = options.sha256?.toLowerCase();
  const whole = await store.whole();
  // A file that is named by its hash cannot change.
  if (whole !== null && wanted !== undefined && whole.sha256 === wanted) return;
  const part = whole === null ? await store.resume() : null;
  const transfer = new Transfer(url, options, part === null ? undefined : { version: part, at: part.length });
  let state: Awaited<ReturnType<Transfer["open"]>>;
  try {
    state = await transfer.open(whole?.etag ?? undefined);
  } catch (error) {
    if (part !== null) await store.suspend();
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
    await store.suspend();
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
    if (sha256 !== null) {
      const input = await store.openPart(new Meter(url, null, { signal: meter.signal }));
      try {
        checkHash(url, await hashOf(input, at), sha256);
      } finally {
        await input.close();
      }
    }
    const kept: Omit<Kept, "url" | "length"> = { ...version, size: at, sha256 };
    await store.finish(kept);
  } catch (error) {
    await store.discard();
    throw error;
  }
}

async function hashOf(input: Input, size: number): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < size; at += STEP) hash.update(await input.read(at, Math.min(at + STEP, size)));
  return hash.digest();
}

function checkHash(url: string, got: string, wanted: string): void {
  if (got === wanted) return;
  throw new DownloadError(
    url,
    `its SHA-256 is ${got} instead of ${wanted}: it was damaged on the way, or is another file`,
  );
}
