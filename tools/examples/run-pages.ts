/**
 * Runs the cells of pages, each page as one program on the CPU, and prints as JSON what each cell printed and drew, or
 * what broke off. A process of its own for each page would cost a second each; a cell seeds what it draws.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

/** A page as it is to be run. */
export interface PageProgram {
  readonly path: string;
  readonly file: string;
}

/** What a cell printed, or drew, in order. */
export type CellOutput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "figure"; readonly svg: string; readonly description: string };

/** What a page's cells gave. */
export interface PageRun {
  readonly path: string;
  readonly cells: readonly (readonly CellOutput[])[];
  /** Why it broke off. */
  readonly error?: string;
}

if (process.argv[1]?.endsWith("run-pages.ts")) {
  const programs = JSON.parse(readFileSync(process.argv[2], "utf8")) as PageProgram[];
  const runs: PageRun[] = [];
  const { log } = console;
  for (const program of programs) runs.push(await runPage(program));
  console.log = log;
  console.log(JSON.stringify(runs));
}

async function runPage({ path, file }: PageProgram): Promise<PageRun> {
  const cells: CellOutput[][] = [];
  const emit = (output: CellOutput): void => void cells.at(-1)?.push(output);
  const show = (figure: { readonly svg: string }, description = "Figure"): void => {
    if (typeof figure?.svg !== "string") throw new TypeError("show expects a figure");
    emit({ type: "figure", svg: figure.svg, description });
  };
  const $cell = (): void => void cells.push([]);
  Object.assign(globalThis, { device: "cpu", show, $cell, [Symbol.for("flambeau.show")]: show });
  console.log = (...values: unknown[]): void => emit({ type: "text", text: format(...values) });
  try {
    await import(pathToFileURL(file).href);
    return { path, cells };
  } catch (error) {
    return { path, cells, error: (error as Error).stack };
  }
}
