/**
 * The files that TypeScript reads to check cells, by path: the packages' declarations, made from their sources as the build
 * makes them, those of the language and of a worker's globals, and the two names that cells have without an import.
 */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../../../tools/runtimes.ts";

const GLOBALS = `
/** The device that the page's switch is on: "cpu" or "webgpu". */
declare const device: string;
/** Draws a figure below the cell, in place of one that was shown with the same description. */
declare function show(figure: { readonly svg: string }, description?: string): void;
`;

/** What a worker's code can use: the language of the engines at hand, and a worker's globals. */
export const LIBRARIES: readonly string[] = ["es2024", "esnext.disposable", "webworker"];

/** @throws Error when a declaration cannot be made. */
export function declarations(): Record<string, string> {
  const files: Record<string, string> = { "/globals.d.ts": GLOBALS };
  for (const path of globSync("packages/*/src/**/*.ts", { cwd: root }).sort()) {
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(join(root, path), "utf8"), {
      fileName: path,
      compilerOptions: { declaration: true, isolatedDeclarations: true, target: ts.ScriptTarget.ES2022 },
    });
    if (diagnostics.length > 0)
      throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(diagnostics[0].messageText, "\n")}`);
    const [, name, rest] = /^packages.([^/\\]+).src.(.*)\.ts$/.exec(path) as unknown as string[];
    files[`/packages/${name}/${rest.replaceAll("\\", "/")}.d.ts`] = outputText;
  }
  const folder = dirname(createRequire(import.meta.url).resolve("typescript"));
  const add = (name: string): void => {
    const path = `/lib.${name}.d.ts`;
    if (path in files) return;
    files[path] = readFileSync(join(folder, path), "utf8");
    for (const [, inner] of files[path].matchAll(/<reference lib="([^"]+)"/g)) add(inner);
  };
  for (const name of LIBRARIES) add(name);
  return files;
}
