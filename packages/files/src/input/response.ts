import { kindOfArray } from "@flambeau/backend";
import { DownloadError, FileError, fileError } from "../errors.ts";
import type { Meter } from "../progress.ts";
import type { ByteStream, ResponseLike } from "../runtime/api.ts";
import { HashCheck } from "./hash.ts";
import { type Chunks, StreamInput } from "./stream.ts";

/** The chunks of a `ReadableStream`. */
export function chunksOf(name: string, stream: ByteStream): Chunks {
  let reader: ReturnType<ByteStream["getReader"]>;
  try {
    reader = stream.getReader();
  } catch (error) {
    throw new FileError(name, "the stream is being read by someone else, or was read", error);
  }
  return {
    async next() {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw fileError(name, error);
      });
      if (done) return null;
      if (kindOfArray(value) === "Uint8Array") return value as Uint8Array;
      throw new FileError(name, "the stream gives something other than bytes (Uint8Array)");
    },
    async cancel(reason) {
      try {
        await reader.cancel(reason);
      } finally {
        reader.releaseLock();
      }
    },
  };
}

/** The bytes that a response announces, or null where it does not, or has them compressed. */
export function lengthOf({ headers }: Pick<ResponseLike, "headers">): number | null {
  if ((headers.get("content-encoding") ?? "identity") !== "identity") return null;
  const length = headers.get("content-length");
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** @throws DownloadError when the response is an error, or was read before. */
export function openResponse(response: ResponseLike, meter: Meter, sha256?: string): StreamInput {
  const name = response.url === "" ? "the response" : response.url;
  const check = sha256 === undefined ? null : new HashCheck(name, sha256, DownloadError);
  if (!response.ok) throw refused(name, response);
  if (response.bodyUsed || response.body === null)
    throw new DownloadError(name, "the response has no body, or its body was read before");
  return new StreamInput(name, lengthOf(response), chunksOf(name, response.body), meter, check);
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "it needs a token: give { token }, or set HF_TOKEN",
  403: "it is not for this user: accept its terms on its page, or give another { token }",
  404: "there is no such file; check the name and the revision",
  429: "too many requests; wait a while",
};

export function refused(
  name: string,
  { status, statusText }: Pick<ResponseLike, "status" | "statusText">,
): DownloadError {
  const advice = ADVICE[status];
  const text = statusText === "" ? "" : ` ${statusText}`;
  return new DownloadError(
    name,
    `the server answers ${status}${text}${advice ? ` (${advice})` : ""}`,
    status,
  );
}
