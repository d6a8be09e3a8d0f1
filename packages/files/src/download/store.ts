/** Where a downloaded file is kept. */
import type { Input } from "../input/input.ts";
import type { Meter } from "../progress.ts";
import type { Version } from "./transfer.ts";

/** What is written beside a file that was downloaded whole, or in part. */
export interface Kept extends Version {
  readonly url: string;
  /** Bytes that are there. */
  readonly length: number;
}

/** The place of one address in a cache. */
export interface Store {
  /** The whole file, or null where there is none. */
  whole(): Promise<Kept | null>;
  /** Takes what is there of an interrupted download for this one, or null where there is nothing that can be gone on with. */
  resume(): Promise<Kept | null>;
  /** Begins anew. */
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

/** What a text of JSON says is kept, or null when it is damaged. */
export function parseKept(text: string, url: string): Kept | null {
  try {
    const { etag, size, sha256, length, ...kept } = JSON.parse(text) as Kept;
    if (kept.url !== url || !Number.isSafeInteger(length)) return null;
    return {
      url,
      length,
      etag: textOf(etag),
      sha256: textOf(sha256),
      size: Number.isSafeInteger(size) ? size : null,
    };
  } catch {
    return null;
  }
}

function textOf(x: unknown): string | null {
  return typeof x === "string" ? x : null;
}
