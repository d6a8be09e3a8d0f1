/** The origin private file system of browsers, by paths. */
import { ValueError } from "@flambeau/backend";
import { FileError, fileError } from "../errors.ts";
import { type DirectoryLike, type FileHandleLike, here } from "./api.ts";

/** The folder that the page's private files are in, or null where the runtime has none. */
export async function privateRoot(): Promise<DirectoryLike | null> {
  try {
    return (await here.navigator?.storage?.getDirectory?.()) ?? null;
  } catch {
    // Private windows of some browsers have the method and refuse its call.
    return null;
  }
}

/** The names of a path such as "runs/1/model.pt". @throws ValueError when it is none. */
export function namesOf(address: string): string[] {
  const path = address.slice("opfs:".length);
  const names = path.split("/").filter((name) => name !== "");
  if (names.length === 0 || names.some((name) => name === "." || name === ".."))
    throw new ValueError(
      `"${address}" is no file of the page's: "opfs:" is followed by names, as in "opfs:runs/model.pt"`,
    );
  return names;
}

/** @throws FileError when there is none, or the runtime has no such files. */
export async function privateFolder(
  address: string,
  names: readonly string[],
  options: { create: boolean },
): Promise<DirectoryLike> {
  let folder = await privateRoot();
  if (folder === null)
    throw new FileError(
      address,
      "the runtime has no origin private file system; give a path on Node, Bun and Deno (browsers have it on https and localhost)",
    );
  try {
    for (const name of names) folder = await folder.getDirectoryHandle(name, options);
    return folder;
  } catch (error) {
    throw fileError(address, error);
  }
}

/** @throws FileError as {@link privateFolder}. */
export async function privateFile(address: string, options: { create: boolean }): Promise<FileHandleLike> {
  const names = namesOf(address);
  const folder = await privateFolder(address, names.slice(0, -1), options);
  try {
    return await folder.getFileHandle(names[names.length - 1], options);
  } catch (error) {
    throw fileError(address, error);
  }
}
