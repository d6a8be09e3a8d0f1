/**
 * Code that a document quotes from the repository: a ```typescript block that names its file, whose lines stand in that
 * file. Code in a document is either quoted like this or run, so that none goes out of date unnoticed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runtimes.ts";
import { fences, isCell } from "./pages.ts";

/** What is wrong with a document's blocks of code that are not run. */
export function checkQuotes(path: string, text: string): string[] {
  return fences(text).flatMap(({ info, line, lines }) => {
    const [language, source, ...rest] = info.split(/\s+/);
    if (!/^(ts|typescript|tsx|js|javascript|mjs|jsx)$/.test(language) || info === "ts" || isCell(info))
      return [];
    if (source === undefined || rest.length > 0 || !existsSync(join(root, source))) {
      return [
        `${path}:${line}: this code is neither run (\`\`\`ts) nor quoted from a file (\`\`\`typescript FILE)`,
      ];
    }
    const quoted = unindented(lines.join("\n"));
    return unindented(readFileSync(join(root, source), "utf8")).includes(quoted)
      ? []
      : [`${path}:${line}: ${source} does not read like this (any more):\n${lines.join("\n")}`];
  });
}

/** A quotation may leave out the indentation that it has in its file. */
function unindented(text: string): string {
  return `\n${text.trim().replaceAll(/^ +/gm, "")}\n`;
}
