import { fileError } from "../errors.ts";
import type { Input } from "../input/input.ts";
import { PathInput } from "../input/path.ts";
import { lastName } from "../names.ts";
import { writeFile } from "../output/path.ts";
import type { Meter } from "../progress.ts";
import { serverProcess } from "../runtime/api.ts";
import { type NodeFile, node } from "../runtime/node.ts";
import { abandoned, ownName } from "../runtime/processes.ts";
import { variable } from "./hub.ts";
import { Sha256 } from "./sha256.ts";
import { type Kept, parseKept, type Store } from "./store.ts";
import type { Version } from "./transfer.ts";

/** The folder for what can be had again: XDG's, or that of the system. */
async function cacheFolder(): Promise<string> {
  const [path, os] = [await node("path"), await node("os")];
  const own = variable("FLAMBEAU_CACHE");
  if (own !== undefined) return own;
  const { platform } = serverProcess() ?? { platform: "" };
  const system =
    variable("XDG_CACHE_HOME") ??
    (platform === "win32" ? variable("LOCALAPPDATA") : undefined) ??
    path.join(os.homedir(), platform === "darwin" ? "Library/Caches" : ".cache");
  return path.join(system, "flambeau");
}

/**
 * A file of the cache: `HASH/NAME`, `HASH/NAME.json`; while it is downloaded `NAME.PID.part`, which no other process writes, and after an
 * interruption `NAME.part`.
 */
export class NodeStore implements Store {
  readonly #url: string;
  readonly #folder: string;
  readonly #name: string;
  #file: NodeFile | null = null;
  #length = 0;
  #version: Version | null = null;

  private constructor(url: string, folder: string, name: string) {
    this.#url = url;
    this.#folder = folder;
    this.#name = name;
  }

  static async open(url: string, folder?: string): Promise<NodeStore> {
    const path = await node("path");
    const name =
      lastName(url)
        .replaceAll(/[^\w.-]/g, "_")
        .slice(-100) || "file";
    return new NodeStore(url, path.join(folder ?? (await cacheFolder()), keyOf(url)), name);
  }

  get #path(): string {
    return `${this.#folder}/${this.#name}`;
  }

  get #part(): string {
    return `${this.#folder}/${ownName(this.#name, "part")}`;
  }

  whole(): Promise<Kept | null> {
    return this.#kept(this.#path);
  }

  async resume(): Promise<Kept | null> {
    const fs = (await node("fs")).promises;
    const files = await fs.readdir(this.#folder).catch(() => [] as string[]);
    const found = [`${this.#name}.part`, ...abandoned(files, this.#name, "part")].filter((file) =>
      files.includes(file),
    );
    for (const file of found) {
      try {
        // The process that renames it first goes on with it.
        await fs.rename(`${this.#folder}/${file}.json`, `${this.#part}.json`);
        await fs.rename(`${this.#folder}/${file}`, this.#part);
      } catch {
        continue;
      }
      const kept = await this.#kept(this.#part);
      if (kept === null) continue;
      this.#version = kept;
      this.#length = kept.length;
      this.#file = await fs.open(this.#part, "r+");
      return kept;
    }
    return null;
  }

  /** What is kept at a path. The length of a part is that of its file. */
  async #kept(path: string): Promise<Kept | null> {
    const fs = (await node("fs")).promises;
    try {
      const kept = parseKept(new TextDecoder().decode(await fs.readFile(`${path}.json`)), this.#url);
      const { size } = await fs.stat(path);
      if (kept === null) return null;
      return path === this.#path ? (size === kept.length ? kept : null) : { ...kept, length: size };
    } catch {
      return null;
    }
  }

  async begin(version: Version): Promise<void> {
    await this.#guarded(async () => {
      const fs = (await node("fs")).promises;
      await this.#close();
      await fs.mkdir(this.#folder, { recursive: true });
      this.#version = version;
      this.#length = 0;
      await this.#note(this.#part, version);
      this.#file = await fs.open(this.#part, "w");
    });
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#guarded(async () => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await (this.#file as NodeFile).write(
          bytes,
          at,
          bytes.length - at,
          this.#length,
        );
        at += bytesWritten;
        this.#length += bytesWritten;
      }
    });
  }

  async suspend(): Promise<void> {
    await this.#close();
    const fs = (await node("fs")).promises;
    if (this.#version?.etag == null || this.#length === 0) return this.discard();
    await fs.rename(`${this.#part}.json`, `${this.#path}.part.json`).catch(() => {});
    await fs.rename(this.#part, `${this.#path}.part`).catch(() => {});
  }

  async finish(version: Version): Promise<void> {
    await this.#guarded(async () => {
      const fs = (await node("fs")).promises;
      await this.#file?.sync();
      await this.#close();
      await fs.rename(this.#part, this.#path);
      await this.#note(this.#path, version);
      await fs.unlink(`${this.#part}.json`);
    });
  }

  async discard(): Promise<void> {
    await this.#close();
    const fs = (await node("fs")).promises;
    for (const path of [this.#part, `${this.#part}.json`]) await fs.rm(path, { force: true }).catch(() => {});
  }

  openPart(meter: Meter): Promise<Input> {
    return PathInput.open(this.#part, meter, this.#url);
  }

  open(meter: Meter): Promise<Input> {
    return PathInput.open(this.#path, meter, this.#url);
  }

  #note(path: string, { etag, size, sha256 }: Version): Promise<void> {
    const kept: Kept = { url: this.#url, etag, size, sha256, length: this.#length };
    return writeFile(`${path}.json`, new TextEncoder().encode(JSON.stringify(kept)));
  }

  async #close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #guarded(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      throw fileError(`the cache ${this.#path}`, error);
    }
  }
}

/** A name for an address's folder. */
export function keyOf(url: string): string {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(url));
  return hash.digest().slice(0, 32);
}
