/** A folder with checkpoints: one with a path, or one among a page's private files. */
import type { FileParts } from "@flambeau/serialization";
import { fileError } from "../errors.ts";
import { writePrivate } from "../output/writable.ts";
import { Meter } from "../progress.ts";
import { serverProcess } from "../runtime/api.ts";
import { privateFolder } from "../runtime/opfs.ts";

export interface Folder {
  /** The path or address of a file in it. */
  addressOf(name: string): string;
  /** A file's text, or null where there is none. */
  read(name: string): Promise<string | null>;
  /** Writes a file, whole or not at all. */
  write(name: string, parts: FileParts): Promise<void>;
  has(name: string): Promise<boolean>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
}

/** @throws FileError when the folder cannot be made. Its methods throw it, too. */
export async function openFolder(address: string): Promise<Folder> {
  if (serverProcess() === undefined || address.startsWith("opfs:"))
    return openPrivate(address.startsWith("opfs:") ? address : `opfs:${address}`);
  const { openPath } = await import("./path-folder.ts");
  return openPath(address);
}

async function openPrivate(address: string): Promise<Folder> {
  const names = address
    .slice("opfs:".length)
    .split("/")
    .filter((name) => name !== "");
  const folder = await privateFolder(address, names, { create: true });
  const addressOf = (name: string): string => `opfs:${[...names, name].join("/")}`;
  const attempt = <T>(name: string, work: Promise<T>, absent: T): Promise<T> =>
    work.catch((error: { readonly name?: string }) => {
      if (error.name === "NotFoundError") return absent;
      throw fileError(addressOf(name), error);
    });
  return {
    addressOf,
    has: (name) =>
      attempt(
        name,
        folder.getFileHandle(name).then(() => true),
        false,
      ),
    read: (name) =>
      attempt(
        name,
        folder
          .getFileHandle(name)
          .then((handle) => handle.getFile())
          .then(async (file) => new TextDecoder().decode(await file.arrayBuffer())),
        null,
      ),
    write: (name, parts) => writePrivate(addressOf(name), parts, new Meter(name, parts.size, {})),
    remove: (name) => attempt(name, folder.removeEntry(name), undefined),
  };
}
