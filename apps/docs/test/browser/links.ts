/** Every link of the built site, looked up in its files: pages, their anchors, images, scripts. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is broken: the page and the link. Links to other sites are not looked up. */
export function brokenLinks(folder: string, base: string): string[] {
  const ids = new Map<string, Set<string>>();
  const idsOf = (file: string): Set<string> => {
    let found = ids.get(file);
    if (found === undefined) {
      found = new Set([...readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(([, id]) => text(id)));
      ids.set(file, found);
    }
    return found;
  };
  const broken: string[] = [];
  for (const page of globSync("**/*.html", { cwd: folder }).sort()) {
    const html = readFileSync(join(folder, page), "utf8");
    const links = new Set([...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => text(link)));
    for (const link of links) {
      if (/^(https?:|data:|mailto:|\/\/)/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const file = target(folder, base, page, path);
      const isThere = file !== undefined && (!anchor || idsOf(file).has(decodeURIComponent(anchor)));
      if (!isThere) broken.push(`${page}: ${link}`);
    }
  }
  return broken;
}

function target(folder: string, base: string, page: string, path: string): string | undefined {
  const plain = decodeURIComponent(path.split("?")[0]);
  if (plain === "") return join(folder, page);
  if (plain.startsWith("/") && !plain.startsWith(base)) return undefined;
  const at = plain.startsWith("/")
    ? join(folder, plain.slice(base.length))
    : join(folder, dirname(page), plain);
  const found = [at, `${at}.html`, join(at, "index.html")].find(
    (name) => existsSync(name) && statSync(name).isFile(),
  );
  return found;
}

function text(html: string): string {
  return html
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
