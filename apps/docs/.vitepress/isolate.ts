/**
 * What the dev server does beside Vite's own: it isolates pages (COOP and COEP), so that they may share memory with the
 * threads of the CPU device, and shows the packages' sources, to which the API pages link, and the recorded figures.
 */
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, normalize } from "node:path";
import type { Plugin } from "vitepress";
import { isolation } from "../../../tools/browser/serve.ts";
import { figuresPath, root } from "../build/paths.ts";
import { sourcePage } from "../build/sources.ts";

export function isolate(): Plugin {
  return {
    name: "flambeau-isolation",
    configureServer(server) {
      // Vite's own setting reaches scripts alone: VitePress answers for pages.
      server.middlewares.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
        for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
        next();
      });
      server.middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        const figure = /\/figures\/([\da-f]+\.svg)/.exec(request.url ?? "")?.[1];
        if (figure !== undefined && existsSync(join(figuresPath, figure))) {
          response.setHeader("Content-Type", "image/svg+xml");
          response.end(readFileSync(join(figuresPath, figure)));
          return;
        }
        const path = /\/source\/([^?#]*\.ts)\.html/.exec(request.url ?? "")?.[1];
        const file = path === undefined ? "" : join(root, "packages", normalize(`/${path}`));
        if (path === undefined || !existsSync(file)) return next();
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        response.end(sourcePage(`packages/${path}`, readFileSync(file, "utf8")));
      });
    },
  };
}
