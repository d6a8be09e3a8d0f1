/** Where files are written to: paths, a browser's files and downloads, streams. */
import { ArgumentError, isOf, quote, ValueError } from "@flambeau/backend";
import type { FileParts } from "@flambeau/serialization";
import { describeValue } from "@flambeau/tensor";
import { parseAddress } from "../address.ts";
import { lastName } from "../names.ts";
import type { Meter } from "../progress.ts";
import { type ByteSink, type FileHandleLike, serverProcess, type UrlLike } from "../runtime/api.ts";
import { DownloadTarget, writeDownload } from "./download.ts";
import { writeHandle, writePrivate, writeStream } from "./writable.ts";

/** Where a file is written. */
export type SaveTarget = string | UrlLike | FileHandleLike | ByteSink | DownloadTarget;

type Write = (parts: FileParts, meter: Meter) => Promise<void>;

interface Writer {
  /** What the target is called. */
  readonly name: string;
  /** Gives what writes it. */
  open(): Promise<Write>;
}

/**
 * What writes to a target.
 *
 * @param what - the function that the target was given to, for errors.
 * @throws ArgumentError when it is none.
 */
export function writerOf(what: string, target: SaveTarget): Writer {
  const text = isOf("URL", target) ? (target as UrlLike).href : target;
  if (typeof text === "string") return { name: text, open: () => writerAt(what, text) };
  const given = (name: string, write: Write): Writer => ({ name, open: async () => write });
  if (text instanceof DownloadTarget)
    return given(text.name, (parts, meter) => writeDownload(text, parts, meter));
  if (isOf("FileSystemFileHandle", text)) {
    const handle = text as FileHandleLike;
    return given(handle.name, (parts, meter) => writeHandle(handle, parts, meter));
  }
  if (isOf("WritableStream", text))
    return given("the stream", (parts, meter) => writeStream(text as ByteSink, parts, meter));
  throw new ArgumentError(
    `${what}: target is a path, "opfs:name", download(name), a FileSystemFileHandle or a WritableStream; got ${describeValue(target)}`,
  );
}

async function writerAt(what: string, text: string): Promise<Write> {
  if (serverProcess() === undefined && !/^[a-z]+:/i.test(text)) throw noPath(what, text);
  const address = await parseAddress(what, text);
  switch (address.kind) {
    case "path": {
      const { writePath } = await import("./write-path.ts");
      return (parts, meter) => writePath(address.path, parts, meter);
    }
    case "opfs":
      return (parts, meter) => writePrivate(address.path, parts, meter);
    default:
      throw new ValueError(
        `${what}: ${quote(text)} is an address that is read only; send the bytes of savePt or saveSafetensors with fetch`,
      );
  }
}

function noPath(what: string, text: string): ValueError {
  return new ValueError(
    `${what}: a browser has no paths; write "opfs:${text}" for a private file of the page's, or download("${lastName(text)}") for one of the user's`,
  );
}
