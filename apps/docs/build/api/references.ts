/** What a package exports from others: a table for each of them, instead of a heading for each name. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const SECTION = /^## References\n[\s\S]*?(?=^## |(?![\s\S]))/m;
const ENTRY = /^### ([^\n]+)\n\n(?:Re-exports|Renames and re-exports) \[[^\]]+\]\(([^)]+)\)/gm;
const ROW = /^\| \[[^\]]+\]\(([^)]+)\) \| (.*) \|$/gm;

/** Rewrites the lists of all packages, whose pages lie in a folder. */
export function tabulateReferences(api: string): void {
  const pages = ["index.md", ...globSync("**/index.md", { cwd: api }).sort()];
  const texts = new Map(pages.map((page) => [page, readFileSync(join(api, page), "utf8")]));
  const descriptions = new Map<string, string>();
  for (const [page, text] of texts) {
    for (const [, link, description] of text.matchAll(ROW))
      descriptions.set(
        join(dirname(page), link),
        withLinks(description, (to) => join(dirname(page), to)),
      );
  }
  for (const [page, text] of texts) {
    const section = SECTION.exec(text)?.[0];
    if (section === undefined) continue;
    const tables = new Map<string, string[]>();
    for (const [, name, link] of section.matchAll(ENTRY)) {
      const target = join(dirname(page), link);
      const isOwn = !link.startsWith("../");
      const title = isOwn
        ? "Other names"
        : target.endsWith("/index.md")
          ? "Namespaces"
          : `From ${packageOf(target)}`;
      const rows = tables.get(title) ?? [];
      tables.set(title, rows);
      rows.push(
        `| [${name}](${link}) | ${withLinks(descriptions.get(target) ?? "", (to) => relative(dirname(page), to))} |`,
      );
    }
    const lists = [...tables]
      .sort(([a], [b]) => Number(b === "Namespaces") - Number(a === "Namespaces"))
      .map(
        ([title, rows]) =>
          `## ${title}\n\n${rows.length > 20 ? sortedElsewhere(page, title) : ""}${table(rows)}`,
      );
    writeFileSync(
      join(api, page),
      text.replace(SECTION, () => lists.join("\n")),
    );
  }
}

/** A description with its links to pages as seen from elsewhere. */
function withLinks(description: string, move: (link: string) => string): string {
  return description.replaceAll(/\]\(([^)]+)\)/g, (_, link: string) => `](${move(link)})`);
}

function table(rows: readonly string[]): string {
  return `| Name | Description |\n| ------ | ------ |\n${rows.join("\n")}\n`;
}

/** A long list by the alphabet tells where the same is listed by what it is for. */
function sortedElsewhere(page: string, title: string): string {
  const from = title.replace("From ", "");
  return `[${from}](${relative(dirname(page), join(from, "index.md"))}) lists these by what they are for.\n\n`;
}

function packageOf(path: string): string {
  return /^(@flambeau\/)?[^/]+/.exec(path)?.[0] ?? path;
}
