/** Markdown-it: ```ts run fences become cells, with the bar before a page's first and the output after each. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { isCell } from "../../../tools/examples/pages.ts";
import { recordPath } from "../build/paths.ts";
import type { Recorded } from "../build/record.ts";

interface Place {
  readonly relativePath?: string;
}

export function renderCells(md: MarkdownRenderer): void {
  const runs = readRuns();
  const fence = md.renderer.rules.fence;
  if (fence === undefined) throw new Error("markdown-it has no fence rule");
  md.core.ruler.push("cells", ({ tokens, env }) => {
    const cells = tokens.flatMap((token, i) => (token.type === "fence" && isCell(token.info) ? [i] : []));
    const path = join("docs", (env as Place).relativePath ?? "");
    cells.forEach((at, index) => {
      const next = tokens[at + 1];
      const shown = next?.type === "fence" && next.info.trim() === "text" ? next : undefined;
      if (shown !== undefined) shown.hidden = true;
      tokens[at].meta = { index, outputs: runs.get(path)?.cells[index] ?? textOutput(shown?.content) };
    });
  });
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = tokens[at];
    if (token.hidden) return "";
    if (!isCell(token.info)) return fence(tokens, at, options, env, self);
    const { index, outputs } = token.meta as { index: number; outputs: unknown[] };
    const code = encodeURIComponent(token.content.trimEnd());
    const shown = outputs.length > 0 ? encodeURIComponent(JSON.stringify(outputs)) : "";
    token.info = "ts";
    const block = fence(tokens, at, options, env, self);
    token.info = "ts run";
    const bar = index === 0 ? "<NotebookBar />\n" : "";
    return `${bar}<RunCell :index="${index}" code="${quoted(code)}" outputs="${quoted(shown)}">\n${block}</RunCell>\n`;
  };
}

/** encodeURIComponent leaves the single quote alone, which is of no harm between double ones. */
function quoted(text: string): string {
  return text.replaceAll('"', "%22");
}

function textOutput(text: string | undefined): unknown[] {
  return text === undefined ? [] : [{ type: "text", text: text.trimEnd() }];
}

/** What the cells gave when the site was made; without it (a dev server that skipped it) the text blocks stand in. */
function readRuns(): Map<string, Recorded> {
  if (!existsSync(recordPath)) return new Map();
  const runs = JSON.parse(readFileSync(recordPath, "utf8")) as Recorded[];
  return new Map(runs.map((run) => [run.path, run]));
}
