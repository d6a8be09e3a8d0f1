import { fileError } from "../errors.ts";
import { writePath } from "../output/write-path.ts";
import { Meter } from "../progress.ts";
import { node } from "../runtime/node.ts";
import type { Folder } from "./folder.ts";

/** @throws FileError when the folder cannot be made: a file has its name, or the disk is read-only. */
export async function openPath(path: string): Promise<Folder> {
  const [fs, { join }] = [(await node("fs")).promises, await node("path")];
  await fs.mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw fileError(path, error);
  });
  const addressOf = (name: string): string => join(path, name);
  const attempt = <T>(name: string, work: Promise<T>, absent: T): Promise<T> =>
    work.catch((error: { readonly code?: string }) => {
      if (error.code === "ENOENT") return absent;
      throw fileError(addressOf(name), error);
    });
  return {
    addressOf,
    read: (name) =>
      attempt(
        name,
        fs.readFile(addressOf(name)).then((bytes) => new TextDecoder().decode(bytes)),
        null,
      ),
    write: (name, parts) => writePath(addressOf(name), parts, new Meter(name, parts.size, {})),
    has: (name) =>
      attempt(
        name,
        fs.lstat(addressOf(name)).then(() => true),
        false,
      ),
    remove: (name) => attempt(name, fs.unlink(addressOf(name)), undefined),
  };
}
