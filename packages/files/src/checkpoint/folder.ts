/** A folder with checkpoints: one with a path, or one among a page's private files. */
import { fileError } from "../errors.ts";
import { writeFile } from "../output/path.ts";
import { writePrivate } from "../output/writable.ts";
import { Meter } from "../progress.ts";
import { serverProcess } from "../runtime/api.ts";
import { node } from "../runtime/node.ts";
import { privateFolder } from "../runtime/opfs.ts";

export interface Folder {
  /** The path or address of a file in it. */
  addressOf(name: string): string;
  /** A file's text, or null where there is none. */
  read(name: string): Promise<string | null>;
  /** Writes a text, whole or not at all. */
  write(name: string, text: string): Promise<void>;
  has(name: string): Promise<boolean>;
  remove(name: string): Promise<void>;
}

/** @throws FileError when the folder cannot be made. */
export async function openFolder(address: string): Promise<Folder> {
  if (serverProcess() !== undefined && !address.startsWith("opfs:")) return openPath(address);
  return openPrivate(address.startsWith("opfs:") ? address : `opfs:${address}`);
}

async function openPath(path: string): Promise<Folder> {
  const [fs, { join }] = [(await node("fs")).promises, await node("path")];
  await fs.mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw fileError(path, error);
  });
  const addressOf = (name: string): string => join(path, name);
  return {
    addressOf,
    read: (name) =>
      fs.readFile(addressOf(name)).then(
        (bytes) => new TextDecoder().decode(bytes),
        (error) => {
          if (error.code === "ENOENT") return null;
          throw fileError(addressOf(name), error);
        },
      ),
    write: (name, text) => writeFile(addressOf(name), new TextEncoder().encode(text)),
    has: (name) =>
      fs.stat(addressOf(name)).then(
        () => true,
        () => false,
      ),
    remove: (name) => fs.rm(addressOf(name), { force: true }),
  };
}

async function openPrivate(address: string): Promise<Folder> {
  const names = address
    .slice("opfs:".length)
    .split("/")
    .filter((name) => name !== "");
  const folder = await privateFolder(address, names, { create: true });
  const addressOf = (name: string): string => `opfs:${[...names, name].join("/")}`;
  const has = (name: string): Promise<boolean> =>
    folder.getFileHandle(name).then(
      () => true,
      () => false,
    );
  return {
    addressOf,
    has,
    async read(name) {
      if (!(await has(name))) return null;
      const file = await (await folder.getFileHandle(name)).getFile();
      return new TextDecoder().decode(await file.arrayBuffer());
    },
    async write(name, text) {
      const bytes = new TextEncoder().encode(text);
      async function* parts(): AsyncGenerator<Uint8Array> {
        yield bytes;
      }
      await writePrivate(addressOf(name), { size: bytes.length, parts }, new Meter(name, bytes.length, {}));
    },
    remove: (name) => folder.removeEntry(name).catch(() => {}),
  };
}
