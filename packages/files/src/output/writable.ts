/** Files that a browser writes: whole, or not at all. */
import type { FileParts } from "@flambeau/serialization";
import { FileError, fileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import type { ByteSink, ByteWriter, FileHandleLike } from "../runtime/api.ts";
import { namesOf, privateFile, privateFolder } from "../runtime/opfs.ts";
import { abortable } from "../runtime/signal.ts";

/** Writes parts one after the other. After an error the writer is aborted, and the file is what it was. */
export async function writeTo(
  name: string,
  writer: ByteWriter,
  { parts }: FileParts,
  meter: Meter,
): Promise<void> {
  const guarded = (promise: Promise<void>): Promise<void> =>
    abortable(meter.signal, promise).catch((error: unknown) => {
      throw meter.signal?.aborted ? error : fileError(name, error);
    });
  try {
    for await (const part of parts()) {
      await guarded(writer.write(part));
      meter.add(part.length);
    }
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
  await guarded(writer.close());
}

/** Writes a file of the page's, or one that the user chose: the browser puts it in its place when it is closed. */
export async function writeHandle(
  handle: FileHandleLike,
  parts: FileParts,
  meter: Meter,
  name: string = handle.name,
): Promise<void> {
  if (handle.createWritable === undefined)
    throw new FileError(name, "this browser cannot write files in place; use download(name)");
  const writer = await handle.createWritable().catch((error: unknown) => {
    throw fileError(name, error);
  });
  await writeTo(name, writer, parts, meter);
}

/** Writes a private file of the page's, and makes the folders that it is in. */
export async function writePrivate(address: string, parts: FileParts, meter: Meter): Promise<void> {
  const names = namesOf(address);
  const folder = await privateFolder(address, names.slice(0, -1), { create: true });
  const name = names[names.length - 1];
  const existed = await folder.getFileHandle(name).then(
    () => true,
    () => false,
  );
  const handle = await privateFile(address, { create: true });
  try {
    await writeHandle(handle, parts, meter, address);
  } catch (error) {
    // Making the handle made an empty file.
    if (!existed) await folder.removeEntry(name).catch(() => {});
    throw error;
  }
}

/** Writes to a `WritableStream`, and closes it. */
export async function writeStream(sink: ByteSink, parts: FileParts, meter: Meter): Promise<void> {
  let writer: ByteWriter;
  try {
    writer = sink.getWriter();
  } catch (error) {
    throw new FileError("the stream", "it is being written by someone else", error);
  }
  try {
    await writeTo("the stream", writer, parts, meter);
  } finally {
    writer.releaseLock?.();
  }
}
