/** Runs every page's cells and keeps what they print and draw, so that the site shows it before a reader runs anything. */
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cellsOf, pageProgram } from "../../../tools/examples/pages.ts";
import { runPages } from "../../../tools/examples/record.ts";
import type { CellOutput } from "../../../tools/examples/run-pages.ts";
import type { Output } from "../notebook/messages.ts";
import { OutputLog } from "../notebook/output-log.ts";
import { figuresPath, recordPath, root } from "./paths.ts";

/** A page's recorded outputs, a list for each cell. */
export interface Recorded {
  readonly path: string;
  readonly cells: readonly (readonly Output[])[];
}

/** @throws Error when a page's cells break off. */
export function record(): Recorded[] {
  const folder = join(dirname(recordPath), "programs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = globSync("docs/**/*.md", { cwd: root, exclude: (path) => path === "docs/api" })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter(({ text }) => cellsOf(text).length > 0)
    .map(({ path, text }, i) => {
      const file = join(folder, `page-${i + 1}.ts`);
      writeFileSync(file, pageProgram(text));
      return { path, file };
    });
  const runs = runPages(pages);
  for (const { path, error } of runs) if (error !== undefined) throw new Error(`${path}: ${error}`);
  rmSync(figuresPath, { recursive: true, force: true });
  mkdirSync(figuresPath, { recursive: true });
  const recorded = runs.map(({ path, cells }) => ({
    path,
    cells: cells.map((outputs) => shown(outputs).map(keep)),
  }));
  writeFileSync(recordPath, JSON.stringify(recorded));
  return recorded;
}

/** What is left of a cell's outputs at its end. */
function shown(outputs: readonly CellOutput[]): readonly CellOutput[] {
  const log = new OutputLog();
  log.add(outputs);
  return log.outputs as readonly CellOutput[];
}

/** Figures become files, so that a page is as light as its text. */
function keep(output: CellOutput): Output {
  if (output.type === "text") return output;
  const name = `${createHash("sha256").update(output.svg).digest("hex").slice(0, 12)}.svg`;
  writeFileSync(join(figuresPath, name), output.svg);
  const side = (label: string): number =>
    Number(new RegExp(`<svg[^>]* ${label}="(\\d+)`).exec(output.svg)?.[1] ?? 0);
  return {
    type: "file",
    path: `figures/${name}`,
    description: output.description,
    size: [side("width"), side("height")],
  };
}
