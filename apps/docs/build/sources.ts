/** The packages' sources as plain pages, so that the API pages can link to a line without a host of repositories. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./paths.ts";

const STYLE = `
:root { color-scheme: light dark; --line: #6a6f76; --mark: #ffe8cc; }
@media (prefers-color-scheme: dark) { :root { --line: #a2a8b0; --mark: #4a2f12; } }
body { margin: 0; font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
h1 { font-size: 16px; margin: 16px 24px; }
pre { margin: 0; padding: 0 24px 48px; overflow-x: auto; }
pre span { display: block; min-height: 1.5em; }
pre span::before { content: attr(data-line); display: inline-block; width: 4ch; margin-right: 2ch; text-align: right; color: var(--line); }
pre span:target { background: var(--mark); }`;

/** A source as a page: one line of it is one element, `#L12`. */
export function sourcePage(path: string, text: string): string {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line, i) => `<span id="L${i + 1}" data-line="${i + 1}">${escapeHtml(line)}</span>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(path)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(path)}</h1><pre tabindex="0">${lines.join("")}</pre></main></body></html>
`;
}

/** Writes the pages of all packages' sources into a folder. */
export function writeSources(folder: string): void {
  for (const path of globSync("packages/*/src/**/*.ts", { cwd: root })) {
    const file = join(folder, "source", `${path.replace(/^packages./, "")}.html`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, sourcePage(path, readFileSync(join(root, path), "utf8")));
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
