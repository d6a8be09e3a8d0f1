import { DownloadError, FileError } from "../errors.ts";
import { chunksOf, lengthOf, refused } from "../input/response.ts";
import type { Chunks } from "../input/stream.ts";
import { here, type ResponseLike, type SignalLike } from "../runtime/api.ts";
import { abortable, checkSignal } from "../runtime/signal.ts";
import { type Answer, Lost, request } from "./request.ts";

/** Attempts without a byte more after which a download is given up. */
const ATTEMPTS = 5;
/** Milliseconds before the second attempt, twice as many before each later one. */
const PAUSE = 500;

/** Which version of a file a server has. */
export interface Version {
  /** The strong ETag, or null where the server gives none: a part of the file cannot be told from a part of another one then. */
  readonly etag: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
}

export interface TransferOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: SignalLike | undefined;
  /** Waits before another attempt; tests do not. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** What is downloaded, byte after byte, over as many connections as it takes. */
export class Transfer implements Chunks {
  readonly url: string;
  /** Bytes that are there. */
  at = 0;
  version: Version = { etag: null, size: null, sha256: null };
  readonly #options: TransferOptions;
  #chunks: Chunks | null = null;
  /** Bytes that come once more and are dropped. */
  #skip = 0;
  #failures = 0;

  /** @param from - the version and the number of bytes of it that are there already. */
  constructor(
    url: string,
    options: TransferOptions,
    from?: { readonly version: Version; readonly at: number },
  ) {
    this.url = url;
    this.#options = options;
    if (from?.version.etag == null) return;
    this.version = from.version;
    this.at = from.at;
  }

  /**
   * Makes the first connection.
   *
   * @param known - the ETag of a copy: gives "same" where the server has no other.
   * @returns "new" when the file has to be read from its beginning, "rest" when what is there of it stays.
   * @throws DownloadError when the server refuses, or cannot be reached.
   */
  async open(known?: string): Promise<"same" | "new" | "rest"> {
    for (;;) {
      try {
        return await this.#connect(known);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** @throws DownloadError when the connection was lost too often, or the file changed on the server meanwhile. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      try {
        if (this.#chunks === null) {
          const { version, at } = this;
          if ((await this.#connect()) === "new" && at > 0)
            throw new DownloadError(this.url, changed(version, this.version));
        }
        const chunk = await this.#receive();
        if (chunk === null || chunk.length > 0) return chunk;
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#chunks?.cancel(reason).catch(() => {});
    this.#chunks = null;
  }

  async #receive(): Promise<Uint8Array | null> {
    const { signal } = this.#options;
    const chunk = await abortable(signal, (this.#chunks as Chunks).next()).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof FileError ? new Lost(error.message, { cause: error }) : error;
    });
    const { size } = this.version;
    if (chunk === null) {
      if (size !== null && this.at < size) throw new Lost(`it ends after ${this.at} of ${size} bytes`);
      return null;
    }
    const fresh = chunk.subarray(Math.min(this.#skip, chunk.length));
    this.#skip -= chunk.length - fresh.length;
    if (size !== null && this.at + fresh.length > size)
      throw new DownloadError(this.url, `the server sends more than the ${size} bytes that it announced`);
    if (fresh.length > 0) this.#failures = 0;
    this.at += fresh.length;
    return fresh;
  }

  async #connect(known?: string): Promise<"same" | "new" | "rest"> {
    const { at } = this;
    const { etag } = this.version;
    // Bytes as they are: with a compression, ranges and lengths would be those of the compressed file.
    const headers: Record<string, string> = { ...this.#options.headers, "Accept-Encoding": "identity" };
    if (at > 0 && etag !== null) {
      headers.Range = `bytes=${at}-`;
      headers["If-Range"] = etag;
    } else if (known !== undefined) headers["If-None-Match"] = known;
    const answer = await request(this.url, headers, this.#options.signal);
    const { response } = answer;
    if (response.status === 304 && known !== undefined) return "same";
    if (response.status === 416 && at > 0) return this.#outOfRange(response);
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      await response.body?.getReader().cancel();
      throw new Lost(`the server answers ${response.status}`, { cause: refused(this.url, response) });
    }
    if (!response.ok) throw refused(this.url, response);
    return this.#begin(answer, at);
  }

  #begin({ response, sha256 }: Answer, at: number): "new" | "rest" {
    const range = rangeOf(response);
    const previous = this.version;
    const version: Version = {
      etag: strong(response.headers.get("etag")),
      size: range === null ? lengthOf(response) : range.size,
      sha256: sha256 ?? null,
    };
    this.#chunks = chunksOf(this.url, response.body as NonNullable<ResponseLike["body"]>);
    const isSame = at > 0 && version.etag !== null && version.etag === previous.etag;
    if (range !== null && (range.start !== at || (at > 0 && !isSame)))
      throw new DownloadError(
        this.url,
        `the server answers with a range from byte ${range.start} of another file`,
      );
    this.version = isSame ? { ...version, sha256: version.sha256 ?? previous.sha256 } : version;
    if (isSame) {
      // A server that takes no ranges begins anew: what is there already is passed over.
      this.#skip = range === null ? at : 0;
      return "rest";
    }
    this.at = 0;
    this.#skip = 0;
    return "new";
  }

  /** The part that is there may be all of it; otherwise it is none of the file's. */
  async #outOfRange(response: ResponseLike): Promise<"rest" | "new"> {
    await response.body?.getReader().cancel();
    const total = /^bytes \*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
    if (Number(total) === this.at) {
      this.version = { ...this.version, size: this.at };
      this.#chunks = { next: async () => null, cancel: async () => {} };
      return "rest";
    }
    this.version = { etag: null, size: null, sha256: null };
    this.at = 0;
    return this.#connect() as Promise<"new">;
  }

  /** @throws what is no lost connection, and the last of too many that are. */
  async #recover(error: unknown): Promise<void> {
    await this.cancel();
    if (!(error instanceof Lost)) throw error;
    checkSignal(this.#options.signal);
    if (++this.#failures >= ATTEMPTS) {
      const { cause } = error;
      if (cause instanceof DownloadError) throw cause;
      throw new DownloadError(
        this.url,
        `the download fails (${error.message}) after ${this.at} bytes, ${ATTEMPTS} times; check the connection and try again`,
        null,
        error,
      );
    }
    const { pause = sleep, signal } = this.#options;
    await abortable(signal, pause(PAUSE * 2 ** (this.#failures - 1)));
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => here.setTimeout(resolve, milliseconds));
}

function changed(before: Version, after: Version): string {
  return `the file changed on the server while it was read (ETag ${before.etag ?? "none"}, now ${after.etag ?? "none"}); load it again`;
}

/** Weak ETags stand for files that differ in bytes. */
function strong(etag: string | null): string | null {
  return etag === null || etag.startsWith("W/") ? null : etag;
}

/** Where the bytes of a partial answer begin, and the size of the whole file. */
function rangeOf({ status, headers }: ResponseLike): { start: number; size: number | null } | null {
  if (status !== 206) return null;
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (found === null) return { start: -1, size: null };
  return { start: Number(found[1]), size: found[2] === "*" ? null : Number(found[2]) };
}
