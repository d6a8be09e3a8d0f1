import { quote, ValueError } from "@flambeau/backend";
import { parseAddress } from "./address.ts";
import { FileError, fileError } from "./errors.ts";
import { serverProcess } from "./runtime/api.ts";
import { node } from "./runtime/node.ts";
import { temporaryName } from "./runtime/temporary.ts";

/**
 * Refuses a folder that cannot be made: a file has its name, or it is there and not empty.
 *
 * @param what - the function that was called, for errors.
 * @returns its path.
 * @throws ValueError when it is no path; FileError
 * @internal
 */
export async function checkFolder(what: string, target: string): Promise<string> {
  if (serverProcess() === undefined)
    throw new ValueError(`${what}: a browser has no paths; run on Node, Bun or Deno`);
  const address = await parseAddress(what, target);
  if (address.kind !== "path")
    throw new ValueError(`${what}: target is the path of a folder; got ${quote(target)}`);
  // One that ends in a slash has no name.
  const path = address.path.replace(/(?<=.)[/\\]+$/, "");
  const { promises: fs } = await node("fs");
  const entries = await fs.readdir(path).catch((error: { readonly code?: string }) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR")
      throw new FileError(target, "there is a file of that name; name a folder", error);
    throw fileError(target, error);
  });
  if (entries.length > 0) {
    const cause = Object.assign(new Error("ENOTEMPTY"), { code: "ENOTEMPTY" });
    throw new FileError(target, "the folder is there, and not empty; name another one, or remove it", cause);
  }
  return path;
}

/**
 * Makes a folder with files, whole or not at all, for packages that write several: they are written to a folder beside it, which then takes its name.
 *
 * @param what - the function that was called, for errors.
 * @param files - paths within the folder, with slashes, and their bytes.
 * @throws as {@link checkFolder}, and FileError when it cannot be written; what `files` throws.
 * @internal
 */
export async function saveFolder(
  what: string,
  target: string,
  files: AsyncIterable<readonly [path: string, bytes: Uint8Array]>,
): Promise<void> {
  const path = await checkFolder(what, target);
  const [{ promises: fs }, { dirname, basename, join }] = [await node("fs"), await node("path")];
  const { writeFile } = await import("./output/write-path.ts");
  const temporary = join(dirname(path), temporaryName(`.${basename(path)}`, "tmp"));
  const attempt = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: { readonly code?: string }) => {
      if (error instanceof FileError)
        throw new FileError(target, error.message.replace(`${error.target}: `, ""), error);
      if (error.code === "ENOENT")
        throw new FileError(target, `there is no folder "${dirname(path)}"; make it first`, error);
      throw fileError(target, error);
    });
  await attempt(fs.mkdir(temporary));
  try {
    for await (const [name, bytes] of files) {
      const file = join(temporary, ...name.split("/"));
      await attempt(fs.mkdir(dirname(file), { recursive: true }));
      await attempt(writeFile(file, bytes));
    }
    // Of a folder that is there and empty, which not every system replaces.
    await fs.rmdir(path).catch(() => {});
    await attempt(fs.rename(temporary, path));
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}
