/** Where a downloaded file is kept. */
import { fileError } from "../errors.ts";
import type { Input } from "../input/input.ts";
import type { Meter } from "../progress.ts";
import type { SignalLike } from "../runtime/api.ts";
import type { Version } from "./version.ts";

/** What is written beside a file that was downloaded whole, or in part. */
export interface Kept extends Version {
  readonly url: string;
  /** Bytes that are there. */
  readonly length: number;
}

/** The place of one address in a cache. What it throws is a {@link CacheError}. */
export interface Store {
  /** Runs while no other page or worker works at this place, where the runtime has locks. */
  alone<T>(signal: SignalLike | undefined, run: () => Promise<T>): Promise<T>;
  /** The whole file, or null where there is none. */
  whole(): Promise<Kept | null>;
  /** Takes what is there of an interrupted download for this one, or null where there is nothing that can be gone on with. */
  resume(): Promise<Kept | null>;
  /** Begins, or begins anew. */
  begin(version: Version): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  /** Keeps what is there for a later download. */
  suspend(): Promise<void>;
  /** Makes what is there the whole file. */
  finish(version: Version): Promise<void>;
  /** Deletes what is there of the download. */
  discard(): Promise<void>;
  /** What is there of the download, to be read. */
  openPart(meter: Meter): Promise<Input>;
  /** The whole file, to be read. */
  open(meter: Meter): Promise<Input>;
}

/** The cache failed, not the download: it is missing, read-only or full. */
export class CacheError extends Error {}

/** Runs what uses the cache. @throws CacheError whatever is wrong. */
export async function guarded<T>(place: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof CacheError) throw cause;
    throw new CacheError(fileError(place, cause).message, { cause });
  }
}

/** What a text of JSON says is kept, or null when it is damaged. */
export function parseKept(text: string, url: string): Kept | null {
  try {
    const { etag, modified, size, sha256, length, ...kept } = JSON.parse(text) as Kept;
    if (kept.url !== url || !Number.isSafeInteger(length)) return null;
    return {
      url,
      length,
      etag: textOf(etag),
      modified: textOf(modified),
      sha256: textOf(sha256),
      size: Number.isSafeInteger(size) ? size : null,
    };
  } catch {
    return null;
  }
}

/** The text of what is kept. */
export function noteOf(url: string, { etag, modified, size, sha256 }: Version, length: number): Uint8Array {
  const kept: Kept = { url, etag, modified, size, sha256, length };
  return new TextEncoder().encode(JSON.stringify(kept));
}

function textOf(x: unknown): string | null {
  return typeof x === "string" ? x : null;
}
