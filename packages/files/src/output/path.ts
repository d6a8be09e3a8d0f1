import type { FileParts } from "@flambeau/serialization";
import { fileError } from "../errors.ts";
import { Meter } from "../progress.ts";
import { serverProcess } from "../runtime/api.ts";
import { type NodeFile, type NodeFs, node } from "../runtime/node.ts";
import { abandoned, ownName } from "../runtime/processes.ts";

/** Bytes that are written at a time: between two writes progress is reported, and a signal looked at. */
const STEP = 16 * 2 ** 20;
const TEMPORARY = "tmp";

let count = 0;

/** Writes bytes to a file with a path, as {@link writePath}. */
export function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return writePath(path, { size: bytes.length, parts }, new Meter(path, bytes.length, {}));
}

/**
 * Writes a file whole or not at all: to another name in its folder, then to the disk, then under its name. After an error there is no such
 * other file; one that a killed process left goes with the next write.
 *
 * @throws FileError when the folder is not there, is not writable, or the disk is full.
 */
export async function writePath(path: string, { parts }: FileParts, meter: Meter): Promise<void> {
  const fs = await node("fs");
  try {
    await writeWhole(fs, await targetOf(fs, path), parts, meter);
  } catch (error) {
    if (meter.signal?.aborted && error === meter.signal.reason) throw error;
    throw isOfSystem(error) ? fileError(path, error) : error;
  }
}

/** An error of the file system's, and not of what is written. */
function isOfSystem(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown }).code === "string";
}

/** What a link leads to is written, and the link stays. */
async function targetOf(fs: NodeFs, path: string): Promise<string> {
  return fs.promises.realpath(path).catch(() => path);
}

async function writeWhole(fs: NodeFs, path: string, parts: FileParts["parts"], meter: Meter): Promise<void> {
  const { dirname, basename, join } = await node("path");
  const folder = dirname(path);
  const hidden = `.${basename(path)}`;
  // Two writes of one process to one file have a name each.
  const temporary = join(folder, ownName(hidden, `${++count}.${TEMPORARY}`));
  await sweep(fs, folder, hidden);
  const remove = (): void => {
    try {
      fs.unlinkSync(temporary);
    } catch {
      // It was not made, or has its place already.
    }
  };
  const process = serverProcess();
  process?.on("exit", remove);
  try {
    const file = await fs.promises.open(temporary, "wx");
    try {
      await writeParts(file, parts, meter);
      const { mode } = await fs.promises.stat(path).catch(() => ({ mode: 0 }));
      if (mode !== 0) await file.chmod(mode & 0o777).catch(() => {});
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.promises.rename(temporary, path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process?.off("exit", remove);
  }
  await syncFolder(fs, folder);
}

async function writeParts(file: NodeFile, parts: FileParts["parts"], meter: Meter): Promise<void> {
  for await (const part of parts()) {
    for (let at = 0; at < part.length; ) {
      const { bytesWritten } = await file.write(part, at, Math.min(STEP, part.length - at), null);
      at += bytesWritten;
      meter.add(bytesWritten);
    }
  }
}

/** Removes what processes that were killed left of writes to this file. */
async function sweep(fs: NodeFs, folder: string, hidden: string): Promise<void> {
  const files = await fs.promises.readdir(folder);
  const numbered = files.filter((file) => file.startsWith(`${hidden}.`) && /\.\d+\.tmp$/.test(file));
  for (const file of numbered) {
    const kind = /\d+\.tmp$/.exec(file)?.[0] as string;
    if (abandoned([file], hidden, kind).length > 0)
      await fs.promises.rm(`${folder}/${file}`, { force: true });
  }
}

/** The new name is on the disk, too. Not every system lets a folder be opened. */
async function syncFolder(fs: NodeFs, folder: string): Promise<void> {
  try {
    const handle = await fs.promises.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows.
  }
}
