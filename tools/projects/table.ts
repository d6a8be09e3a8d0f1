/**
 * The install guide's table of what works where, drawn from the list of projects. `npm run docs:projects` writes it; a test fails
 * where it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runtimes.ts";
import { type Check, type Project, projects } from "./list.ts";

const begin = "<!-- projects: generated from tools/projects/list.ts by `npm run docs:projects` -->";
const end = "<!-- /projects -->";
const guide = join(root, "docs", "guides", "install.md");

if (import.meta.main) {
  const text = readFileSync(guide, "utf8");
  writeFileSync(guide, text.replace(sectionOf(text), drawnSection()));
}

/** The guide's section as it is. */
export function writtenSection(): string {
  return sectionOf(readFileSync(guide, "utf8"));
}

/** The section as the list of projects has it. */
export function drawnSection(): string {
  const rows = projects.flatMap(rowsOf).map((cells) => `| ${cells.join(" | ")} |`);
  const head = ["| set-up | runs in | threads | names of your own classes |", "| --- | --- | --- | --- |"];
  return [begin, "", ...head, ...rows, "", end].join("\n");
}

function rowsOf(project: Project): string[][] {
  const rows = new Map<string, string[]>();
  for (const check of project.checks) {
    const [threads, names] = resultOf(project, check);
    // What a failing test shows, and the like, is no set-up of its own.
    const name = project.works === undefined && check.name !== "" ? `, ${check.name}` : "";
    const cells = [`${project.title}${name}`, check.where, threads, names];
    const key = [cells[0], threads, names].join("|");
    const row = rows.get(key);
    if (row === undefined) rows.set(key, cells);
    else if (!row[1].includes(check.where)) row[1] += `, ${check.where}`;
  }
  return [...rows.values()];
}

function resultOf({ works }: Project, { expected }: Check): [threads: string, names: string] {
  if ("lines" in expected) return [works ?? "", ""];
  const { threads, warning, ownNames } = expected;
  return [
    threads === 2 ? "yes" : warning === undefined ? "one" : "one, and a warning",
    ownNames ? "kept" : "minified",
  ];
}

function sectionOf(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`docs/guides/install.md has no section between ${begin} and ${end}`);
  return text.slice(from, to + end.length);
}
