/**
 * `node tools/twins.ts` writes the twins of the CPU's hot loops anew, beside their originals in folders `float32`; a test holds them to it.
 *
 * V8 collects the kinds of arrays that a loop has met per function in the source, and a loop that has met two kinds
 * takes two to three times as long over each element: a float64 data set would slow float32 training down. So the
 * loops that training runs on exist twice, once for float32 alone.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** Files that have a twin, by their folders in the CPU's sources. */
export const twins: readonly (readonly [folder: string, name: string])[] = [
  ["interpreter", "fold-number"],
  ["interpreter", "loops-float"],
  ["interpreter", "loops-number"],
  ["kernels", "dot"],
  ["kernels", "index-runs"],
  ["kernels", "planes"],
];

const source = new URL("../packages/cpu-backend/src/", import.meta.url);

/** The text of a twin: its original's, with imports from one folder up, except of other twins. */
export function twinOf(folder: string, name: string): string {
  const lines = readFileSync(new URL(`${folder}/${name}.ts`, source), "utf8").split("\n");
  const isImport = (line: string): boolean => line.startsWith("import ");
  const hasTwin = (other: string): boolean => twins.some(([room, twin]) => room === folder && twin === other);
  const imports = lines
    .filter(isImport)
    .map((line) =>
      line
        .replace(/"\.\.\//, '"../../')
        .replace(/"\.\/(.*)\.ts"/, (path, other) => (hasTwin(other) ? path : `"../${other}.ts"`)),
    );
  const isUp = (line: string): boolean => line.includes('"../');
  return [
    `// The twin of ../${name}.ts for float32 alone, written by tools/twins.ts, which says why. Change the original.`,
    ...imports.filter(isUp),
    ...imports.filter((line) => !isUp(line)),
    ...lines.filter((line) => !isImport(line)),
  ].join("\n");
}

const placeOf = (folder: string, name: string): URL => new URL(`${folder}/float32/${name}.ts`, source);

/** The twin as it lies in the source. */
export function readTwin(folder: string, name: string): string {
  return readFileSync(placeOf(folder, name), "utf8");
}

if (import.meta.main)
  for (const [folder, name] of twins) writeFileSync(placeOf(folder, name), twinOf(folder, name));
