/** What is read, made of what a user gives. */
import { ArgumentError, isOf, kindOfArray, ValueError } from "@flambeau/backend";
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
import { checkInput, HashCheck } from "./hash.ts";
import type { Input } from "./input.ts";
import type { PathInput } from "./path-input.ts";
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

/** How a file is had: all but `sha256` are of files that are downloaded, and an error for others. */
export interface RemoteOptions {
  /**
   * Whether a file that is downloaded is kept for the next time, or in which folder. Default true: in the system's folder for
   * caches (`$XDG_CACHE_HOME/flambeau`; the variable FLAMBEAU_CACHE names another one), in a page among its private files.
   */
  readonly cache?: boolean | string;
  /** What the SHA-256 of the file has to be, in hexadecimal. A stream is compared as it passes, others before anything of them is used. */
  readonly sha256?: string;
  /** Headers that are sent with the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The server that has the addresses of `hf:`. Default: the variable HF_ENDPOINT, or "https://huggingface.co". */
  readonly endpoint?: string;
  /** A token that is sent to the server, and to no other it redirects to. Default for `hf:`: the variable HF_TOKEN. */
  readonly token?: string;
}

/**
 * Opens a source. The address is what files beside it are found by, or null.
 *
 * @throws ValueError when an option is none of the source's, or no hash.
 */
export async function openSource(
  what: string,
  source: LoadSource,
  { sha256, ...options }: RemoteOptions,
  meter: Meter,
): Promise<{ input: Input; address: string | null }> {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw new ValueError(`${what}: sha256 is 64 hexadecimal digits; got "${sha256}"`);
  const hash = sha256?.toLowerCase();
  const text = isOf("URL", source) ? (source as UrlLike).href : source;
  if (typeof text === "string") {
    const address = await parseAddress(what, text);
    return { input: await openAddress(what, address, { ...options, sha256: hash }, meter), address: text };
  }
  refuse(what, options, REMOTE, "files that are downloaded; this source is given as it is");
  return { input: await openObject(what, text, hash, meter), address: null };
}

const REMOTE = ["cache", "headers", "endpoint", "token"] as const;

/** @throws ValueError when one of these options is given, which would change nothing. */
function refuse(
  what: string,
  options: RemoteOptions,
  names: readonly (keyof RemoteOptions)[],
  of: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) throw new ValueError(`${what}: ${given} is of ${of}`);
}

type Hashed = Omit<RemoteOptions, "sha256"> & { readonly sha256: string | undefined };

function openAddress(what: string, address: Address, options: Hashed, meter: Meter): Promise<Input> {
  const { kind } = address;
  const isRemote = kind === "hf" || (kind === "url" && /^https?:/i.test(address.url));
  if (!isRemote) refuse(what, options, REMOTE, "files that are downloaded; this one is at hand");
  else if (kind === "url")
    refuse(what, options, ["endpoint"], '"hf:" addresses; this one says its server itself');
  const { sha256 } = options;
  switch (address.kind) {
    case "path":
      return compared(openPath(address.path, meter), sha256);
    case "opfs":
      return compared(openPrivate(address.path, meter), sha256);
    case "hf":
      return openRemote(hubAddress(address.path, options), options, hubToken(options), meter);
    case "url":
      return isRemote
        ? openRemote(address.url, options, options.token, meter)
        : openLocal(address.url, sha256, meter);
  }
}

/** A file that is there whole, once its hash is known to be right. */
async function compared(
  opening: Promise<PathInput | BlobInput | BytesInput>,
  sha256: string | undefined,
): Promise<Input> {
  const input = await opening;
  if (sha256 === undefined) return input;
  try {
    await checkInput(input, input.size, new HashCheck(input.name, sha256));
    return input;
  } catch (error) {
    await input.close();
    throw error;
  }
}

function openRemote(
  url: string,
  { cache = true, sha256, headers = {} }: Hashed,
  token: string | undefined,
  meter: Meter,
): Promise<Input> {
  const all = token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` };
  return openDownload(url, { cache, sha256, headers: all, signal: meter.signal }, meter);
}

/** `data:` and `blob:`, which are in memory already. */
async function openLocal(url: string, sha256: string | undefined, meter: Meter): Promise<Input> {
  const name = url.slice(0, 40);
  const response = await here.fetch(url, { headers: {}, redirect: "follow" }).catch((error: unknown) => {
    throw fileError(name, error);
  });
  return openResponse(response, meter, sha256);
}

/** Of Node's code a page loads nothing. */
async function openPath(path: string, meter: Meter): Promise<PathInput> {
  const { PathInput } = await import("./path-input.ts");
  return PathInput.open(path, meter);
}

async function openPrivate(address: string, meter: Meter): Promise<BlobInput> {
  const handle = await privateFile(address, { create: false });
  return openHandle(handle, meter, address);
}

async function openHandle(
  handle: FileHandleLike,
  meter: Meter,
  name: string = handle.name,
): Promise<BlobInput> {
  const file = await handle.getFile().catch((error: unknown) => {
    throw fileError(name, error);
  });
  return new BlobInput(name, file, meter);
}

function openObject(
  what: string,
  source: unknown,
  sha256: string | undefined,
  meter: Meter,
): Promise<Input> | Input {
  const whole = wholeOf(source, meter);
  if (whole !== null) return compared(whole, sha256);
  if (isOf("Response", source)) return openResponse(source as ResponseLike, meter, sha256);
  if (isOf("ReadableStream", source)) {
    const name = "the stream";
    const check = sha256 === undefined ? null : new HashCheck(name, sha256);
    return new StreamInput(name, null, chunksOf(name, source as ByteStream), meter, check);
  }
  throw new ArgumentError(
    `${what}: source is a path, an address, bytes, a File, a Blob, a FileSystemFileHandle, a Response or a ReadableStream; got ${describeValue(source)}`,
  );
}

/** A source that can be read twice, or null. */
function wholeOf(source: unknown, meter: Meter): Promise<BlobInput | BytesInput> | null {
  const bytesOf = async (bytes: Uint8Array): Promise<BytesInput> => new BytesInput("the bytes", bytes, meter);
  if (kindOfArray(source) === "Uint8Array") return bytesOf(source as Uint8Array);
  if (isOf("ArrayBuffer", source)) return bytesOf(new Uint8Array(source as ArrayBuffer));
  if (isOf("FileSystemFileHandle", source)) return openHandle(source as FileHandleLike, meter);
  if (!isOf("Blob", source) && !isOf("File", source)) return null;
  const blob = source as BlobLike;
  return Promise.resolve(new BlobInput(blob.name ?? "the blob", blob, meter));
}
