/** Serves the built site under its base, isolated (COOP and COEP) or not. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { isolation } from "../../.vitepress/isolate.ts";

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

export interface Site {
  /** The address of the first page. */
  readonly url: string;
  close(): void;
}

export async function serve(folder: string, base: string, isIsolated: boolean): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const file = path.startsWith(base)
      ? find(join(folder, normalize(`/${path.slice(base.length)}`)))
      : undefined;
    if (isIsolated) for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    if (file === undefined) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function find(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return path;
  const index = join(path, "index.html");
  return existsSync(index) ? index : undefined;
}
