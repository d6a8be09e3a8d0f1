/** Serves the built site under its base, isolated (COOP and COEP) or not. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { type Site, serve as serveFound } from "../../../../tools/browser/serve.ts";

export type { Site };

export async function serve(folder: string, base: string, isIsolated: boolean): Promise<Site> {
  const site = await serveFound((path) => {
    const file = path.startsWith(base)
      ? find(join(folder, normalize(`/${path.slice(base.length)}`)))
      : undefined;
    return file === undefined ? undefined : { name: file, content: readFileSync(file) };
  }, isIsolated);
  return { ...site, url: `${site.url}${base.slice(1)}` };
}

function find(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return path;
  const index = join(path, "index.html");
  return existsSync(index) ? index : undefined;
}
