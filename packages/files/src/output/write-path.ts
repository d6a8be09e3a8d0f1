import type { FileParts } from "@flambeau/serialization";
import { FileError, fileError } from "../errors.ts";
import { Meter } from "../progress.ts";
import { type NodeFile, type NodeFs, node, type Stats } from "../runtime/node.ts";
import { leftBehind, removedAtExit, temporaryName } from "../runtime/temporary.ts";
import { inMemory } from "./in-memory.ts";

/** Bytes that are written at a time: between two writes progress is reported, and a signal looked at. */
const STEP = 16 * 2 ** 20;
const TEMPORARY = "tmp";
/** Milliseconds without a write after which a temporary file is nobody's any more. */
const DAY = 24 * 60 * 60 * 1000;
/** Links that lead to each other, as many as Linux follows. */
const MOST_LINKS = 40;

/** Writes bytes to a file with a path, as {@link writePath}. */
export function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  return writePath(path, inMemory(bytes), new Meter(path, bytes.length, {}));
}

/**
 * Writes a file whole or not at all: to another name in its folder, then to the disk, then under its name. After an error there is no such
 * other file; one that a killed process left goes with a write a day later.
 *
 * @throws FileError when the folder is not there, is not writable, or the disk is full, or the path is no file's.
 */
export async function writePath(path: string, { parts }: FileParts, meter: Meter): Promise<void> {
  const fs = await node("fs");
  try {
    await writeWhole(fs, await targetOf(fs, path), parts, meter);
  } catch (error) {
    if (meter.signal?.aborted && error === meter.signal.reason) throw error;
    const { code } = error as { readonly code?: unknown };
    // An error without a code is one of what is written, and not of the file system's.
    if (typeof code !== "string" || error instanceof FileError) throw error;
    if (code !== "ENOENT") throw fileError(path, error);
    const folder = (await node("path")).dirname(path);
    throw new FileError(path, `there is no folder "${folder}"; make it first`, error);
  }
}

interface Target {
  readonly path: string;
  /** Of the file that is there, or null where there is none. */
  readonly mode: number | null;
}

/** What a link leads to is written, also where nothing is there yet, and the link stays. */
async function targetOf(fs: NodeFs, path: string): Promise<Target> {
  const { dirname, isAbsolute } = await node("path");
  let at = path;
  for (let i = 0; i < MOST_LINKS; i++) {
    const stats = await lstatOf(fs, at);
    if (stats === null) return { path: at, mode: null };
    if (!stats.isSymbolicLink()) {
      checkFile(path, stats);
      return { path: at, mode: stats.mode & 0o777 };
    }
    const link = await fs.promises.readlink(at);
    at = isAbsolute(link) ? link : `${await fs.promises.realpath(dirname(at))}/${link}`;
  }
  throw new FileError(path, `it is a link that leads on for more than ${MOST_LINKS} links`);
}

async function lstatOf(fs: NodeFs, path: string): Promise<Stats | null> {
  return fs.promises.lstat(path).catch((error: { readonly code?: string }) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

function checkFile(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw new FileError(path, "it is a folder; name a file in it");
  if (!stats.isFile())
    throw new FileError(
      path,
      "it is a device, a pipe or a socket, which no other file can replace; give a WritableStream",
    );
}

async function writeWhole(
  fs: NodeFs,
  { path, mode }: Target,
  parts: FileParts["parts"],
  meter: Meter,
): Promise<void> {
  const { dirname, basename, join } = await node("path");
  const folder = dirname(path);
  const hidden = `.${basename(path)}`;
  for (const file of await leftBehind(fs, folder, hidden, TEMPORARY, DAY))
    await fs.promises.rm(join(folder, file), { force: true });
  const temporary = join(folder, temporaryName(hidden, TEMPORARY));
  // Fails where there is one of that name.
  const file = await fs.promises.open(temporary, "wx", mode ?? 0o666);
  const { remove, release } = removedAtExit(fs, temporary);
  try {
    try {
      await writeParts(file, parts, meter);
      if (mode !== null) await file.chmod(mode).catch(() => {});
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.promises.rename(temporary, path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    release();
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
