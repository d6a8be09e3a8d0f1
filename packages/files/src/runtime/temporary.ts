/** Names of files that are not whole yet. */
import { serverProcess } from "./api.ts";
import type { NodeFs } from "./node.ts";
import { randomName } from "./random.ts";

/** Letters of a name that go into that of a temporary file: file systems allow 255 bytes. */
const MOST_LETTERS = 40;

/** `NAME.RANDOM.KIND`. */
export function temporaryName(name: string, kind: string): string {
  return `${shortened(name)}.${randomName()}.${kind}`;
}

/** Those of a folder's files that {@link temporaryName} named so and that were not written for so many milliseconds. */
export async function leftBehind(
  fs: NodeFs,
  folder: string,
  name: string,
  kind: string,
  age: number,
): Promise<string[]> {
  const start = `${shortened(name)}.`;
  const found: string[] = [];
  // A folder that may be written and not read has nothing to tidy up.
  for (const file of await fs.promises.readdir(folder).catch(() => [])) {
    if (!file.startsWith(start) || !new RegExp(`^[0-9a-f]{24}\\.${kind}$`).test(file.slice(start.length)))
      continue;
    const stats = await fs.promises.lstat(`${folder}/${file}`).catch(() => null);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > age) found.push(file);
  }
  return found;
}

function shortened(name: string): string {
  return [...name].slice(0, MOST_LETTERS).join("");
}

/** What is removed when the process ends. */
const open: Set<() => void> = new Set();

function removeAll(): void {
  for (const remove of open) remove();
}

/**
 * Removes a file when the process ends, if it is still there. One listener serves all of them: Node warns of more than ten.
 *
 * @returns what removes it now, and what gives it up to others.
 */
export function removedAtExit(fs: NodeFs, path: string): { remove(): void; release(): void } {
  const remove = (): void => {
    try {
      fs.unlinkSync(path);
    } catch {
      // It has its place already.
    }
  };
  const process = serverProcess();
  if (open.size === 0) process?.on("exit", removeAll);
  open.add(remove);
  return {
    remove,
    release(): void {
      open.delete(remove);
      if (open.size === 0) process?.off("exit", removeAll);
    },
  };
}
