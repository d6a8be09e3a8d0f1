/** What is read, made of what a user gives. */
import { ArgumentError, isOf, kindOfArray } from "@flambeau/backend";
import { describeValue } from "@flambeau/tensor";
import { type Address, parseAddress } from "../address.ts";
import { openDownload } from "../download/download.ts";
import { hubAddress, hubToken } from "../download/hub.ts";
import { fileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import type { BlobLike, ByteStream, FileHandleLike, ResponseLike, UrlLike } from "../runtime/api.ts";
import { here } from "../runtime/api.ts";
import { privateFile } from "../runtime/opfs.ts";
import { BlobInput } from "./blob.ts";
import { BytesInput } from "./bytes.ts";
import type { Input } from "./input.ts";
import { PathInput } from "./path.ts";
import { chunksOf, openResponse } from "./response.ts";
import { StreamInput } from "./stream.ts";

/** Where a file is read from. */
export type LoadSource =
  | string
  | UrlLike
  | Uint8Array
  | ArrayBuffer
  | BlobLike
  | FileHandleLike
  | ResponseLike
  | ByteStream;

/** How a file at an address is had. */
export interface RemoteOptions {
  /**
   * Whether a file that is downloaded is kept for the next time, or in which folder. Default true: in the system's folder for
   * caches (`$XDG_CACHE_HOME/flambeau`; the variable FLAMBEAU_CACHE names another one), in a page among its private files.
   */
  readonly cache?: boolean | string;
  /** What the SHA-256 of a file at an address has to be, in hexadecimal. Without a cache the whole file is in memory then. */
  readonly sha256?: string;
  /** Headers that are sent with the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The server that has the addresses of `hf:`. Default: the variable HF_ENDPOINT, or "https://huggingface.co". */
  readonly endpoint?: string;
  /** A token that is sent to the server, and to no other it redirects to. Default for `hf:`: the variable HF_TOKEN. */
  readonly token?: string;
}

/** Opens a source. The address is what files beside it are found by, or null. */
export async function openSource(
  what: string,
  source: LoadSource,
  options: RemoteOptions,
  meter: Meter,
): Promise<{ input: Input; address: string | null }> {
  const text = isOf("URL", source) ? (source as UrlLike).href : source;
  if (typeof text === "string") {
    const address = await parseAddress(what, text);
    return { input: await openAddress(address, options, meter), address: text };
  }
  return { input: await openObject(what, text, meter), address: null };
}

function openAddress(address: Address, options: RemoteOptions, meter: Meter): Promise<Input> {
  switch (address.kind) {
    case "path":
      return PathInput.open(address.path, meter);
    case "opfs":
      return openPrivate(address.path, meter);
    case "hf":
      return openRemote(hubAddress(address.path, options), options, hubToken(options), meter);
    case "url":
      return /^https?:/i.test(address.url)
        ? openRemote(address.url, options, options.token, meter)
        : openLocal(address.url, meter);
  }
}

function openRemote(
  url: string,
  { cache = true, sha256, headers = {} }: RemoteOptions,
  token: string | undefined,
  meter: Meter,
): Promise<Input> {
  const all = token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` };
  return openDownload(url, { cache, sha256, headers: all, signal: meter.signal }, meter);
}

/** `data:` and `blob:`, which are in memory already. */
async function openLocal(url: string, meter: Meter): Promise<Input> {
  const name = url.slice(0, 40);
  const response = await here.fetch(url, { headers: {}, redirect: "follow" }).catch((error: unknown) => {
    throw fileError(name, error);
  });
  return openResponse(response, meter);
}

async function openPrivate(address: string, meter: Meter): Promise<Input> {
  const handle = await privateFile(address, { create: false });
  return openHandle(handle, meter, address);
}

async function openHandle(handle: FileHandleLike, meter: Meter, name: string = handle.name): Promise<Input> {
  const file = await handle.getFile().catch((error: unknown) => {
    throw fileError(name, error);
  });
  return new BlobInput(name, file, meter);
}

async function openObject(what: string, source: unknown, meter: Meter): Promise<Input> {
  if (kindOfArray(source) === "Uint8Array") return new BytesInput("the bytes", source as Uint8Array, meter);
  if (isOf("ArrayBuffer", source))
    return new BytesInput("the bytes", new Uint8Array(source as ArrayBuffer), meter);
  if (isOf("Blob", source) || isOf("File", source)) {
    const blob = source as BlobLike;
    return new BlobInput(blob.name ?? "the blob", blob, meter);
  }
  if (isOf("FileSystemFileHandle", source)) return openHandle(source as FileHandleLike, meter);
  if (isOf("Response", source)) return openResponse(source as ResponseLike, meter);
  if (isOf("ReadableStream", source))
    return new StreamInput("the stream", null, chunksOf("the stream", source as ByteStream), meter);
  throw new ArgumentError(
    `${what}: source is a path, an address, bytes, a File, a Blob, a FileSystemFileHandle, a Response or a ReadableStream; got ${describeValue(source)}`,
  );
}
