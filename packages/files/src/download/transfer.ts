import { DownloadError, FileError } from "../errors.ts";
import { chunksOf, refused } from "../input/response.ts";
import type { Chunks } from "../input/stream.ts";
import { here, type ResponseLike, type SignalLike } from "../runtime/api.ts";
import { abortable, checkSignal } from "../runtime/signal.ts";
import { type Answer, Lost, request } from "./request.ts";
import {
  isSameVersion,
  rangeOf,
  sizeWithoutRange,
  UNKNOWN,
  type Version,
  validatorOf,
  versionOf,
} from "./version.ts";

/** Attempts without a byte more after which a download is given up. */
const ATTEMPTS = 5;
/** Milliseconds before the second attempt, twice as many before each later one. */
const PAUSE = 500;

export interface TransferOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: SignalLike | undefined;
  /** Waits before another attempt; tests do not. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Drops what was received: the file begins anew. Without it that is an error. */
  readonly restart?: (version: Version) => Promise<void>;
}

/** What is downloaded, byte after byte, over as many connections as it takes. */
export class Transfer implements Chunks {
  readonly url: string;
  /** Bytes that are there. */
  at = 0;
  version: Version = UNKNOWN;
  readonly #options: TransferOptions;
  #chunks: Chunks | null = null;
  /** Bytes that come once more and are dropped. */
  #skip = 0;
  #failures = 0;
  /** Where in the file it was at most. */
  #furthest = 0;
  /** Whether ranges are asked for: no more after an answer with another one. */
  #takesRanges = true;

  /** @param from - the version and the number of bytes of it that are there already. */
  constructor(
    url: string,
    options: TransferOptions,
    from?: { readonly version: Version; readonly at: number },
  ) {
    this.url = url;
    this.#options = options;
    if (from === undefined || validatorOf(from.version) === null) return;
    this.version = from.version;
    this.at = from.at;
  }

  /**
   * Makes the first connection.
   *
   * @param known - the version of a copy: gives "same" where the server has no other.
   * @returns "new" when the file has to be read from its beginning, "rest" when what is there of it stays.
   * @throws DownloadError when the server refuses, or cannot be reached.
   */
  async open(known?: Version): Promise<"same" | "new" | "rest"> {
    for (;;) {
      try {
        return await this.#connect(known);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** @throws DownloadError when the connection was lost too often, or the file changed meanwhile and cannot begin anew. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      try {
        if (this.#chunks === null) {
          const { version, at } = this;
          if ((await this.#connect()) === "new" && at > 0) await this.#restart(version);
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

  async #restart(before: Version): Promise<void> {
    const { restart } = this.#options;
    if (restart === undefined) throw new DownloadError(this.url, changed(before, this.version));
    await restart(this.version);
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
    this.at += fresh.length;
    if (this.at > this.#furthest) {
      this.#furthest = this.at;
      this.#failures = 0;
    }
    return fresh;
  }

  async #connect(known?: Version): Promise<"same" | "new" | "rest"> {
    const { at } = this;
    const validator = validatorOf(this.version);
    // Bytes as they are: with a compression, ranges and lengths would be those of the compressed file.
    const headers: Record<string, string> = { ...this.#options.headers, "Accept-Encoding": "identity" };
    if (at > 0 && validator !== null && this.#takesRanges) {
      headers.Range = `bytes=${at}-`;
      headers["If-Range"] = validator;
    } else if (known?.etag != null) headers["If-None-Match"] = known.etag;
    else if (known?.modified != null) headers["If-Modified-Since"] = known.modified;
    const answer = await request(this.url, headers, this.#options.signal);
    const { response } = answer;
    if (response.status === 304 && known !== undefined) return "same";
    if (response.status === 416 && at > 0) return this.#outOfRange(response);
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      await response.body?.getReader().cancel();
      throw new Lost(`the server answers ${response.status}`, { cause: refused(this.url, response) });
    }
    if (!response.ok) throw refused(this.url, response);
    return response.status === 206 ? this.#goOn(answer, at) : this.#begin(answer, at);
  }

  /** The whole file: of the same version, what is there already is passed over. */
  #begin({ response, sha256 }: Answer, at: number): "new" | "rest" {
    const version = versionOf(response, sha256);
    const previous = this.version;
    const isSame = at > 0 && isSameVersion(response, version.size, previous);
    this.#chunks = chunksOf(this.url, response.body as NonNullable<ResponseLike["body"]>);
    this.version = isSame ? { ...version, sha256: sha256 ?? previous.sha256 } : version;
    this.#skip = isSame ? at : 0;
    this.at = isSame ? at : 0;
    return isSame ? "rest" : "new";
  }

  /** A part of the file: used if it is the rest of the same version, else the file is asked for without ranges. */
  async #goOn({ response, sha256 }: Answer, at: number): Promise<"new" | "rest"> {
    const previous = this.version;
    const range = rangeOf(response);
    const size = range?.size ?? previous.size;
    if (range?.start === at && size !== null && at > 0 && isSameVersion(response, size, previous)) {
      this.#chunks = chunksOf(this.url, response.body as NonNullable<ResponseLike["body"]>);
      this.version = { ...previous, size, sha256: sha256 ?? previous.sha256 };
      this.#skip = 0;
      return "rest";
    }
    await response.body?.getReader().cancel();
    if (at === 0 || !this.#takesRanges)
      throw new DownloadError(
        this.url,
        `the server answers with a part (${response.headers.get("content-range") ?? "of no range"}) when it is asked for all of the file`,
      );
    return this.#withoutRanges();
  }

  /** The part that is there may be all of it; otherwise it is none of the file's. */
  async #outOfRange(response: ResponseLike): Promise<"rest" | "new"> {
    await response.body?.getReader().cancel();
    const { at, version } = this;
    const etag = response.headers.get("etag");
    if (
      sizeWithoutRange(response) === at &&
      version.size === at &&
      (etag === null || etag === version.etag)
    ) {
      this.#chunks = { next: async () => null, cancel: async () => {} };
      return "rest";
    }
    return this.#withoutRanges();
  }

  #withoutRanges(): Promise<"rest" | "new"> {
    this.#takesRanges = false;
    return this.#connect() as Promise<"rest" | "new">;
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
    const { pause, signal } = this.#options;
    const milliseconds = PAUSE * 2 ** (this.#failures - 1);
    await (pause === undefined ? sleep(milliseconds, signal) : abortable(signal, pause(milliseconds)));
  }
}

async function sleep(milliseconds: number, signal: SignalLike | undefined): Promise<void> {
  let timer: unknown;
  const slept = new Promise<void>((resolve) => {
    timer = here.setTimeout(resolve, milliseconds);
  });
  try {
    await abortable(signal, slept);
  } finally {
    // It would keep the process running.
    here.clearTimeout(timer);
  }
}

function changed(before: Version, after: Version): string {
  return `the file changed on the server while it was read (ETag ${before.etag ?? "none"}, now ${after.etag ?? "none"}); load it again`;
}
