import { BlobInput } from "../input/blob.ts";
import type { Input } from "../input/input.ts";
import type { Meter } from "../progress.ts";
import { type BlobLike, type DirectoryLike, here, type Locks, type SignalLike } from "../runtime/api.ts";
import { privateRoot } from "../runtime/opfs.ts";
import { randomName } from "../runtime/random.ts";
import { keyOf } from "./key.ts";
import { CacheError, guarded, type Kept, noteOf, parseKept, type Store } from "./store.ts";
import { type Version, validatorOf } from "./version.ts";

/**
 * Bytes of a piece. What is written to a private file is there once the file is closed, and opening it again copies it: so a download is
 * kept in pieces, which make one Blob.
 */
const PIECE = 16 * 2 ** 20;
const FOLDER = "flambeau-cache";
const NOTE = "kept.json";
/** What it is called in messages. */
const PLACE = "the cache among the page's private files";

/**
 * A file of the cache in a page's private files: a folder `whole`, one `part`, with the pieces `0`, `1` and so on and a note. Tabs and workers of
 * an origin share them, and take turns by a lock. Where a browser has no locks, each has a part of its own, which no other goes on with.
 */
export class OpfsStore implements Store {
  readonly #url: string;
  readonly #folder: DirectoryLike;
  readonly #locks: Locks | undefined = here.navigator?.locks;
  readonly #part: string = this.#locks === undefined ? `part.${randomName()}` : "part";
  #pieces = 0;
  #length = 0;
  #pending: Uint8Array[] = [];
  #bytes = 0;
  #version: Version | null = null;

  private constructor(url: string, folder: DirectoryLike) {
    this.#url = url;
    this.#folder = folder;
  }

  /** Null where the runtime has no private files. */
  static async open(url: string): Promise<OpfsStore | null> {
    const root = await privateRoot();
    if (root === null) return null;
    try {
      const cache = await root.getDirectoryHandle(FOLDER, { create: true });
      return new OpfsStore(url, await cache.getDirectoryHandle(keyOf(url), { create: true }));
    } catch {
      return null;
    }
  }

  alone<T>(signal: SignalLike | undefined, run: () => Promise<T>): Promise<T> {
    if (this.#locks === undefined) return run();
    return this.#locks.request(`${FOLDER}/${keyOf(this.#url)}`, { ...(signal && { signal }) }, run);
  }

  whole(): Promise<Kept | null> {
    return this.#kept("whole");
  }

  async resume(): Promise<Kept | null> {
    const kept = await this.#kept(this.#part);
    if (kept === null || kept.length > (kept.size ?? kept.length)) return null;
    this.#version = kept;
    this.#length = kept.length;
    this.#pieces = (await this.#blobs(this.#part)).length;
    return kept;
  }

  async #kept(folder: string): Promise<Kept | null> {
    try {
      const kept = parseKept(await this.#read(folder, NOTE), this.#url);
      const length = (await this.#blobs(folder)).reduce((sum, { size }) => sum + size, 0);
      if (kept === null || (folder === "whole" && length !== kept.length)) return null;
      return { ...kept, length };
    } catch {
      return null;
    }
  }

  async begin(version: Version): Promise<void> {
    await this.discard();
    [this.#pieces, this.#length, this.#version] = [0, 0, version];
    await this.#note(this.#part, version);
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= PIECE) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#bytes === 0) return;
    const [pending, bytes] = [this.#pending, this.#bytes];
    [this.#pending, this.#bytes] = [[], 0];
    await this.#write(this.#part, String(this.#pieces), pending);
    this.#pieces++;
    this.#length += bytes;
  }

  async suspend(): Promise<void> {
    const isKept = this.#locks !== undefined && this.#version !== null && validatorOf(this.#version) !== null;
    await (isKept ? this.#flush() : this.discard());
  }

  finish(version: Version): Promise<void> {
    return guarded(PLACE, async () => {
      await this.#flush();
      const parts = await this.#blobs(this.#part);
      await this.#remove("whole");
      for (const [i, blob] of parts.entries())
        await this.#write("whole", String(i), [new Uint8Array(await blob.arrayBuffer())]);
      // The note comes last: without it there is no file.
      await this.#note("whole", version);
      await this.#remove(this.#part);
    });
  }

  async discard(): Promise<void> {
    [this.#pending, this.#bytes] = [[], 0];
    await this.#remove(this.#part);
  }

  openPart(meter: Meter): Promise<Input> {
    return guarded(PLACE, async () => {
      await this.#flush();
      return this.#open(this.#part, meter);
    });
  }

  open(meter: Meter): Promise<Input> {
    return guarded(PLACE, () => this.#open("whole", meter));
  }

  async #open(folder: string, meter: Meter): Promise<Input> {
    return new BlobInput(this.#url, new here.Blob(await this.#blobs(folder)), meter);
  }

  /** The pieces in order. */
  async #blobs(folder: string): Promise<BlobLike[]> {
    const handle = await this.#folder.getDirectoryHandle(folder);
    const names: string[] = [];
    for await (const name of handle.keys()) if (name !== NOTE) names.push(name);
    names.sort((a, b) => Number(a) - Number(b));
    return Promise.all(names.map(async (name) => (await handle.getFileHandle(name)).getFile()));
  }

  #note(folder: string, version: Version): Promise<void> {
    return this.#write(folder, NOTE, [noteOf(this.#url, version, this.#length)]);
  }

  async #read(folder: string, name: string): Promise<string> {
    const handle = await (await this.#folder.getDirectoryHandle(folder)).getFileHandle(name);
    return new TextDecoder().decode(await (await handle.getFile()).arrayBuffer());
  }

  #write(folder: string, name: string, parts: readonly Uint8Array[]): Promise<void> {
    return guarded(PLACE, async () => {
      const handle = await this.#folder.getDirectoryHandle(folder, { create: true });
      const file = await handle.getFileHandle(name, { create: true });
      const writer = await file.createWritable?.();
      if (writer === undefined) throw new CacheError(`${PLACE}: this browser cannot write private files`);
      try {
        for (const part of parts) await writer.write(part);
      } catch (error) {
        await writer.abort(error).catch(() => {});
        throw error;
      }
      await writer.close();
    });
  }

  async #remove(folder: string): Promise<void> {
    await this.#folder.removeEntry(folder, { recursive: true }).catch(() => {});
  }
}
