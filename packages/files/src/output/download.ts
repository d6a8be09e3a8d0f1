import { ValueError } from "@flambeau/backend";
import type { FileParts } from "@flambeau/serialization";
import { type Callable, callable } from "@flambeau/tensor";
import { FileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import { here } from "../runtime/api.ts";

/** A file for the browser's downloads, as {@link download} makes it: a target of `save`. */
export class DownloadTarget {
  /** What the file is called. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const SIGNATURE = "download(name: string)";

/**
 * A target of `save` in a page: `await save(model.stateDict(), download("model.pt"))` puts the file among
 * the browser's downloads, under this name.
 *
 * @param name - what the file is called.
 * @throws ValueError when the name is empty or has a "/" in it.
 *
 * @example
 * ```ts
 * import { download } from "@flambeau/files";
 *
 * const target = download("model.pt");
 * console.log(target.name);
 * // model.pt
 * ```
 */
export const download: Callable<typeof SIGNATURE, DownloadTarget> = callable(SIGNATURE, (name) => {
  if (name === "" || /[/\\]/.test(name))
    throw new ValueError(`download: name is what the file is called, without folders; got "${name}"`);
  return new DownloadTarget(name);
});

/** Milliseconds for which the browser may still read what it was given. */
const KEPT = 60_000;

/** Collects the parts, and clicks a link to them. */
export async function writeDownload(
  { name }: DownloadTarget,
  { parts }: FileParts,
  meter: Meter,
): Promise<void> {
  const { document, URL } = here;
  if (document === undefined)
    throw new FileError(
      name,
      "only a page downloads files; a worker saves to opfs:, and Node, Bun and Deno to a path",
    );
  const blobs: unknown[] = [];
  for await (const part of parts()) {
    // A Blob copies it, and can leave it on the disk.
    blobs.push(new here.Blob([part]));
    meter.add(part.length);
  }
  const address = URL.createObjectURL(new here.Blob(blobs, { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  here.setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
