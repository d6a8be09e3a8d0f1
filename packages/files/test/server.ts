/** A server on this machine that fails as servers do. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server has at a path, and how it misbehaves. */
export interface Served {
  bytes: Uint8Array;
  etag?: string | undefined;
  /** The date of the last change. */
  modified?: string | undefined;
  /** The date of the answers. */
  date?: string | undefined;
  /** What a range that is asked for is answered with, instead of the range. */
  contentRange?: string | undefined;
  /** Whether it answers ranges. Default true. */
  ranges?: boolean;
  /** Sends so many bytes (twice as many the second time) and waits for `breakOff`, so many times. */
  dropAfter?: number;
  drops?: number;
  /** Sends so many bytes less than it announces, and closes the connection as if all were there. */
  truncate?: number;
  /** Answers with this status, so many times (default always). */
  status?: number;
  failures?: number;
  /** Where it leads. */
  redirect?: string;
  headers?: Record<string, string>;
  /** Called before each answer. */
  before?: (served: Served, request: IncomingMessage) => void;
}

export class Server {
  readonly files: Map<string, Served> = new Map();
  /** The requests so far: paths with what was sent along. */
  readonly log: {
    path: string;
    range: string | undefined;
    authorization: string | undefined;
    status: number;
  }[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  readonly #pending: ServerResponse[] = [];
  #broken = 0;

  /** Breaks the connections over which only a part was sent. */
  breakOff(): void {
    for (const response of this.#pending.splice(0)) response.destroy();
  }

  reset(): void {
    this.breakOff();
    this.files.clear();
    this.log.length = 0;
    this.#broken = 0;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): unknown {
    const path = (request.url as string).split("?")[0];
    const served = this.files.get(path);
    served?.before?.(served, request);
    const log = (status: number): void => {
      const { range, authorization } = request.headers;
      this.log.push({ path, range, authorization, status });
    };
    const end = (status: number, headers: Record<string, string> = {}): unknown => {
      log(status);
      return response.writeHead(status, { ...served?.headers, ...headers }).end();
    };
    if (served === undefined) return end(404);
    if (served.redirect !== undefined) return end(302, { location: served.redirect });
    if (served.status !== undefined && (served.failures === undefined || served.failures-- > 0))
      return end(served.status);
    const { bytes, etag, modified, date } = served;
    if (etag !== undefined && request.headers["if-none-match"] === etag) return end(304);
    if (modified !== undefined && request.headers["if-modified-since"] === modified) return end(304);
    const condition = request.headers["if-range"] as string | undefined;
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    let start = 0;
    const headers: Record<string, string> = {
      ...served.headers,
      ...(etag === undefined ? {} : { etag }),
      ...(modified === undefined ? {} : { "last-modified": modified }),
      ...(date === undefined ? {} : { date }),
    };
    if (range !== null && served.ranges !== false && [undefined, etag, modified].includes(condition)) {
      start = Number(range[1]);
      if (start >= bytes.length)
        return end(416, { "content-range": served.contentRange ?? `bytes */${bytes.length}` });
      headers["content-range"] = served.contentRange ?? `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    }
    const status = start > 0 ? 206 : 200;
    log(status);
    const body = bytes.subarray(start);
    headers["content-length"] = String(body.length);
    if (served.truncate !== undefined) {
      delete headers["content-length"];
      response.writeHead(status, headers).end(body.subarray(0, body.length - served.truncate));
      return response;
    }
    response.writeHead(status, headers);
    if (served.drops !== undefined && served.drops-- > 0) {
      // Later answers go further, so that something new comes also where ranges are not taken.
      response.write(body.subarray(0, (served.dropAfter ?? 0) * ++this.#broken));
      this.#pending.push(response);
      return response;
    }
    return response.end(body);
  }
}
