import type { Input } from "../input/input.ts";
import { PathInput } from "../input/path-input.ts";
import { lastName } from "../names.ts";
import { writeFile } from "../output/write-path.ts";
import type { Meter } from "../progress.ts";
import { type SignalLike, serverProcess } from "../runtime/api.ts";
import { type NodeFile, type NodeFs, node } from "../runtime/node.ts";
import { leftBehind, temporaryName } from "../runtime/temporary.ts";
import { variable } from "./hub.ts";
import { keyOf } from "./key.ts";
import { guarded, type Kept, noteOf, parseKept, type Store } from "./store.ts";
import { type Version, validatorOf } from "./version.ts";

/** Milliseconds without a byte after which a part is taken to be that of a process that ended. */
const QUIET = 10 * 60 * 1000;

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
 * A file of the cache: `HASH/NAME`, `HASH/NAME.json`; while it is downloaded `NAME.RANDOM.part`, which no other process writes, and after an
 * interruption `NAME.part`.
 */
export class NodeStore implements Store {
  readonly #url: string;
  readonly #folder: string;
  readonly #name: string;
  readonly #part: string;
  #file: NodeFile | null = null;
  #length = 0;
  #version: Version | null = null;

  private constructor(url: string, folder: string, name: string) {
    this.#url = url;
    this.#folder = folder;
    this.#name = name;
    this.#part = `${folder}/${temporaryName(name, "part")}`;
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

  /** Two processes that download one file both do: neither touches the other's part. */
  alone<T>(_signal: SignalLike | undefined, run: () => Promise<T>): Promise<T> {
    return run();
  }

  whole(): Promise<Kept | null> {
    return this.#kept(this.#path);
  }

  async resume(): Promise<Kept | null> {
    const fs = await node("fs");
    const quiet = await leftBehind(fs, this.#folder, this.#name, "part", QUIET);
    for (const file of [`${this.#name}.part`, ...quiet]) {
      const kept = await this.#taken(fs, `${this.#folder}/${file}`);
      if (kept === null) continue;
      this.#version = kept;
      this.#length = kept.length;
      return kept;
    }
    return null;
  }

  /** A part under the name of this one's, opened: the process that renames it first goes on with it. */
  async #taken({ promises: fs }: NodeFs, path: string): Promise<Kept | null> {
    try {
      await fs.rename(`${path}.json`, `${this.#part}.json`);
      await fs.rename(path, this.#part);
      const kept = await this.#kept(this.#part);
      if (kept !== null && kept.length <= (kept.size ?? kept.length)) {
        this.#file = await fs.open(this.#part, "r+");
        return kept;
      }
      await this.discard();
    } catch {
      // Another process has it, or the folder is read-only.
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

  begin(version: Version): Promise<void> {
    return this.#guarded(async () => {
      const fs = (await node("fs")).promises;
      await this.discard();
      await fs.mkdir(this.#folder, { recursive: true });
      this.#version = version;
      this.#length = 0;
      await this.#note(this.#part, version);
      this.#file = await fs.open(this.#part, "wx");
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#guarded(async () => {
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
    if (this.#version === null || validatorOf(this.#version) === null || this.#length === 0)
      return this.discard();
    await this.#guarded(async () => {
      const fs = (await node("fs")).promises;
      await this.#close();
      await fs.rename(`${this.#part}.json`, `${this.#path}.part.json`);
      await fs.rename(this.#part, `${this.#path}.part`);
    });
  }

  finish(version: Version): Promise<void> {
    return this.#guarded(async () => {
      const fs = (await node("fs")).promises;
      await this.#file?.sync();
      await this.#close();
      await fs.rename(this.#part, this.#path);
      await this.#note(this.#path, version);
      await fs.unlink(`${this.#part}.json`);
    });
  }

  discard(): Promise<void> {
    return this.#guarded(async () => {
      await this.#close();
      const fs = (await node("fs")).promises;
      for (const path of [this.#part, `${this.#part}.json`]) await fs.rm(path, { force: true });
    });
  }

  openPart(meter: Meter): Promise<Input> {
    return this.#guarded(() => PathInput.open(this.#part, meter, this.#url));
  }

  open(meter: Meter): Promise<Input> {
    return this.#guarded(() => PathInput.open(this.#path, meter, this.#url));
  }

  #note(path: string, version: Version): Promise<void> {
    return writeFile(`${path}.json`, noteOf(this.#url, version, this.#length));
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #guarded<T>(run: () => Promise<T>): Promise<T> {
    return guarded(`the cache ${this.#path}`, run);
  }
}
