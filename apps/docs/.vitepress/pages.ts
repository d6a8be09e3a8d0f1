/** The pages of a folder of docs/, with their titles, for the navigation. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docs } from "../build/paths.ts";

export interface PageLink {
  readonly text: string;
  readonly link: string;
}

/** In the order of their file names, but those named in `order` first. */
export function pagesIn(section: string, order: readonly string[] = []): PageLink[] {
  const folder = join(docs, section);
  if (!existsSync(folder)) return [];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({
      text: titleOf(readFileSync(join(folder, `${name}.md`), "utf8")) ?? name,
      link: `/${section}/${name === "README" ? "" : name}`,
    }));
}

function titleOf(text: string): string | undefined {
  const [, front] = /^---\n([\s\S]*?)\n---/.exec(text) ?? [];
  const title = /^title:\s*(.*)$/m.exec(front ?? "")?.[1] ?? /^#\s+(.*)$/m.exec(text)?.[1];
  return title?.replaceAll(/["`]/g, "");
}
