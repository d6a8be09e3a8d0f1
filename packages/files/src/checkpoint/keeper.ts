import { ValueError, warn } from "@flambeau/backend";
import { type FileParts, FormatError, ptParts } from "@flambeau/serialization";
import { type Args, bind } from "@flambeau/tensor";
import { FileError } from "../errors.ts";
import { type Folder, openFolder } from "./folder.ts";
import { loadCheckpoint } from "./load.ts";
import type { Checkpointed, CheckpointParts } from "./parts.ts";
import { type Checkpoint, objectOf } from "./save.ts";

/** A checkpoint that is kept. */
export interface KeptCheckpoint {
  /** Its path, or its address among a page's private files. */
  readonly path: string;
  /** The number that was saved as `epoch`, or null. */
  readonly epoch: number | null;
  /** What it was judged by, or null where that was not given or is no finite number. */
  readonly metric: number | null;
}

interface Entry {
  readonly file: string;
  readonly epoch: number | null;
  readonly metric: number | null;
}

/** What the folder's note says: the checkpoints in the order of their making, and what is on its way. */
interface Note {
  readonly entries: readonly Entry[];
  /** A checkpoint that is being written: there whole, or not at all. */
  readonly pending: Entry | null;
  /** Files that are being deleted, or could not be yet. */
  readonly removed: readonly string[];
}

interface Options {
  /** Where the checkpoints are: a path, or "opfs:name" in a browser. It is made if it is not there. */
  readonly folder: string;
  /** How many of the last checkpoints are kept. Default 3. */
  readonly last?: number;
  /** How many of those with the best metrics are kept. Default 1. */
  readonly best?: number;
  /** What the files' names begin with: keepers of other names in the same folder leave them alone. Default "checkpoint". */
  readonly name?: string;
  /** "min" where a smaller metric is better, as of losses; "max" where a larger one is. Default "min". */
  readonly mode?: "min" | "max";
}

interface Saved extends Checkpoint {
  /** What the checkpoint is judged by. */
  readonly metric?: number;
}

const SIGNATURE =
  'CheckpointKeeper(folder: string, *, last = 3, best = 1, mode: string = "min", name: string = "checkpoint")';
const SAVE =
  "save(*, epoch?: number, model?: any, optimizer?: any, scheduler?: any, generator?: generator, extra?: any, metric?: number)";
const EMPTY: Note = { entries: [], pending: null, removed: [] };

/**
 * Keeps the last checkpoints of a training and the best ones, in a folder. A new one is written whole before an old one is deleted, and only files
 * that a keeper of this name wrote are. It goes on with what is in the folder, so that a program that was interrupted starts
 * with `load`. One keeper at a time uses a name in a folder.
 *
 * @throws ValueError when `last` or `best` is no count, both are 0, or the mode or the name is none.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { CheckpointKeeper } from "@flambeau/files";
 * import { nn } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const keeper = new CheckpointKeeper(mkdtempSync("/tmp/run-"), { last: 1, best: 1 });
 * for (const [epoch, metric] of [0.5, 0.25, 0.75, 0.5].entries()) await keeper.save({ epoch, model, metric });
 * console.log((await keeper.list()).map(({ epoch }) => epoch));
 * // [ 1, 3 ]
 * const { epoch } = await keeper.load({ model });
 * console.log(epoch, (await keeper.best())?.metric);
 * // 3 0.25
 * ```
 */
export class CheckpointKeeper {
  /** Where the checkpoints are. */
  readonly folder: string;
  readonly #last: number;
  readonly #best: number;
  readonly #sign: 1 | -1;
  readonly #name: string;
  #opened: Promise<Folder> | null = null;
  /** What is being done, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(...args: Args<typeof SIGNATURE, Options>) {
    const { folder, last, best, mode, name } = bind<typeof SIGNATURE, Options>(SIGNATURE, args);
    for (const [what, count] of Object.entries({ last, best })) {
      if (!Number.isSafeInteger(count) || count < 0)
        throw new ValueError(`CheckpointKeeper: ${what} is how many are kept, 0 or more; got ${count}`);
    }
    if (last + best === 0) throw new ValueError("CheckpointKeeper: with last 0 and best 0 nothing is kept");
    if (mode !== "min" && mode !== "max")
      throw new ValueError(`CheckpointKeeper: mode is "min" or "max"; got "${mode}"`);
    if (!/^[\w.-]*\w$/.test(name))
      throw new ValueError(
        `CheckpointKeeper: name begins the files' names: letters, digits, "_", "-" and "."; got "${name}"`,
      );
    this.folder = folder;
    this.#last = last;
    this.#best = best;
    this.#sign = mode === "min" ? 1 : -1;
    this.#name = name;
  }

  /**
   * Writes a checkpoint, as {@link saveCheckpoint}, and deletes those that are neither among the last nor among the best any more. What cannot
   * be deleted is a warning, and tried again later. It has the values of the time of the call, also when it has to wait for others.
   *
   * @returns its path.
   * @throws FileError when it cannot be written; the earlier ones are still there.
   */
  save(...args: Args<typeof SAVE, Saved>): Promise<string> {
    return this.#save(bind<typeof SAVE, Saved>(SAVE, args));
  }

  async #save({ metric, ...checkpoint }: Saved): Promise<string> {
    const parts = ptParts(objectOf("save", checkpoint));
    return this.#next(async (folder, note) => {
      const entry: Entry = {
        file: await this.#freeName(folder, note),
        epoch: checkpoint.epoch ?? null,
        metric: Number.isFinite(metric) ? (metric as number) : null,
      };
      await this.#write(folder, { ...note, pending: entry });
      await folder.write(entry.file, parts);
      const all = [...note.entries, entry];
      const kept = this.#kept(all);
      const old = all.filter((one) => !kept.includes(one)).map(({ file }) => file);
      const { removed } = await this.#settle(folder, {
        entries: kept,
        pending: null,
        removed: [...note.removed, ...old],
      });
      if (removed.length > 0)
        warn(
          `CheckpointKeeper: ${removed.map((file) => folder.addressOf(file)).join(", ")} cannot be deleted; the next save tries it again`,
        );
      return folder.addressOf(entry.file);
    });
  }

  /** The checkpoints that are kept, in the order of their making. */
  list(): Promise<KeptCheckpoint[]> {
    return this.#next(async (folder, { entries }) => entries.map((entry) => shown(folder, entry)));
  }

  /** The checkpoint that was made last, or null where there is none. */
  async latest(): Promise<KeptCheckpoint | null> {
    return (await this.list()).at(-1) ?? null;
  }

  /** The best of those that have a metric, the first of equals, or null where none has one. */
  best(): Promise<KeptCheckpoint | null> {
    return this.#next(async (folder, { entries }) => {
      const [best] = this.#ranked(entries);
      return best === undefined ? null : shown(folder, best);
    });
  }

  /**
   * Lets the parts go on from a checkpoint, as {@link loadCheckpoint}.
   *
   * @param which - "latest" or "best".
   * @throws ValueError when there is none.
   */
  async load(parts: CheckpointParts = {}, which: "latest" | "best" = "latest"): Promise<Checkpointed> {
    if (which !== "latest" && which !== "best")
      throw new ValueError(`CheckpointKeeper: load takes "latest" or "best"; got "${which}"`);
    const found = which === "latest" ? await this.latest() : await this.best();
    if (found === null)
      throw new ValueError(
        `CheckpointKeeper: there is no ${which === "best" ? "checkpoint with a metric" : "checkpoint"} in ${this.folder} yet`,
      );
    return loadCheckpoint(found.path, parts);
  }

  /** Runs what needs the folder, after what was asked for before. */
  #next<T>(run: (folder: Folder, note: Note) => Promise<T>): Promise<T> {
    const task = this.#queue.then(async () => {
      this.#opened ??= openFolder(this.folder);
      const folder = await this.#opened.catch((error: unknown) => {
        this.#opened = null;
        throw error;
      });
      return run(folder, await this.#recovered(folder));
    });
    this.#queue = task.catch(() => {});
    return task;
  }

  /** What there is, after whatever ended the program before. */
  async #recovered(folder: Folder): Promise<Note> {
    const text = await folder.read(this.#note);
    if (text === null) return EMPTY;
    const note = parseNote(folder.addressOf(this.#note), text);
    const candidates = note.pending === null ? note.entries : [...note.entries, note.pending];
    const entries: Entry[] = [];
    for (const entry of candidates) if (await folder.has(entry.file)) entries.push(entry);
    const found: Note = { entries, pending: null, removed: note.removed };
    if (note.pending === null && note.removed.length === 0) return found;
    // What is there can be read also where nothing can be written.
    return this.#settle(folder, found).catch((error: unknown) => {
      if (error instanceof FileError) return found;
      throw error;
    });
  }

  /** Deletes what is no more kept: the note lists it before, and no longer after, but for what could not be deleted. */
  async #settle(folder: Folder, note: Note): Promise<Note> {
    await this.#write(folder, note);
    const left: string[] = [];
    for (const file of note.removed) {
      await folder.remove(file).catch((error: unknown) => {
        if (!(error instanceof FileError)) throw error;
        left.push(file);
      });
    }
    if (left.length === note.removed.length) return note;
    const settled = { ...note, removed: left };
    // The note that is there says enough: what is deleted already can be deleted again.
    await this.#write(folder, settled).catch(() => {});
    return settled;
  }

  get #note(): string {
    return `${this.#name}s.json`;
  }

  #write(folder: Folder, note: Note): Promise<void> {
    return folder.write(this.#note, partsOf(`${JSON.stringify(note, null, 2)}\n`));
  }

  /** The next number whose file is not there: another's file is never written over. */
  async #freeName(folder: Folder, { entries }: Note): Promise<string> {
    const last = entries.at(-1)?.file.slice(this.#name.length + 1);
    for (let i = last === undefined ? 1 : Number.parseInt(last, 10) + 1; ; i++) {
      const file = `${this.#name}-${String(i).padStart(6, "0")}.pt`;
      if (!(await folder.has(file))) return file;
    }
  }

  #kept(entries: readonly Entry[]): Entry[] {
    const best = this.#ranked(entries).slice(0, this.#best);
    const first = entries.length - this.#last;
    return entries.filter((entry, i) => i >= first || best.includes(entry));
  }

  #ranked(entries: readonly Entry[]): Entry[] {
    return entries
      .filter(({ metric }) => metric !== null)
      .sort((a, b) => this.#sign * ((a.metric as number) - (b.metric as number)));
  }
}

function partsOf(text: string): FileParts {
  const bytes = new TextEncoder().encode(text);
  return {
    size: bytes.length,
    async *parts() {
      yield bytes;
    },
  };
}

function shown(folder: Folder, { file, epoch, metric }: Entry): KeptCheckpoint {
  return { path: folder.addressOf(file), epoch, metric };
}

function parseNote(address: string, text: string): Note {
  try {
    const { entries, pending, removed } = JSON.parse(text) as Note;
    const all = [...entries, ...(pending === null ? [] : [pending]), ...removed.map((file) => ({ file }))];
    if (all.every(({ file }) => /^[\w.-]+-\d{6,}\.pt$/.test(file))) return { entries, pending, removed };
  } catch {
    // As one that has other things in it.
  }
  throw new FormatError(
    `CheckpointKeeper: ${address} is none of a keeper's notes; give another folder or { name }`,
  );
}
