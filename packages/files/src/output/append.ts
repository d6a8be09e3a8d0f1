import { ValueError } from "@flambeau/backend";
import { fileError } from "../errors.ts";
import { serverProcess } from "../runtime/api.ts";
import { node } from "../runtime/node.ts";

/**
 * A file that grows at its end.
 *
 * @internal
 */
export interface Appender {
  /** Its path. */
  readonly path: string;
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a new file in a folder, and the folder, for packages whose files grow while a program runs.
 *
 * @param nameOf - the file's name, by the machine's and the process's number.
 * @throws ValueError in a browser, which has no paths; FileError when the file cannot be made.
 * @internal
 */
export async function openAppender(
  what: string,
  folder: string,
  nameOf: (host: string, pid: number) => string,
): Promise<Appender> {
  const process = serverProcess();
  if (process === undefined)
    throw new ValueError(`${what}: a browser has no paths; run on Node, Bun or Deno`);
  const [{ promises: fs }, { join }, os] = [await node("fs"), await node("path"), await node("os")];
  const path = join(folder, nameOf(os.hostname(), process.pid));
  const attempt = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw fileError(path, error);
    });
  await attempt(fs.mkdir(folder, { recursive: true }));
  const file = await attempt(fs.open(path, "ax"));
  return {
    path,
    async append(bytes) {
      for (let at = 0; at < bytes.length; )
        at += (await attempt(file.write(bytes, at, bytes.length - at, null))).bytesWritten;
    },
    close: () => attempt(file.close()),
  };
}
