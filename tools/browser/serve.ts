/** A server for tests in a browser, on this machine's own address only. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};

/** With these a page may share memory with workers. */
export const isolation: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** What is to be sent for a path; its name's ending says what it is. */
export interface Served {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Site {
  /** The address of the root, with a slash at its end. */
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly requests: readonly string[];
  close(): void;
}

/** Serves what `find` has for a path, isolated (COOP and COEP) or not; 404 where that is undefined. */
export async function serve(
  find: (path: string) => Served | undefined | Promise<Served | undefined>,
  isIsolated: boolean,
): Promise<Site> {
  const requests: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    requests.push(path);
    if (isIsolated) for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    try {
      const found = await find(path);
      if (found === undefined) response.writeHead(404).end();
      else {
        for (const [name, value] of Object.entries(found.headers ?? {})) response.setHeader(name, value);
        response
          .setHeader("Content-Type", TYPES[extname(found.name)] ?? "application/octet-stream")
          .end(found.content);
      }
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
