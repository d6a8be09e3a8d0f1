/**
 * `node packages/cpu-backend/test/twins.ts` writes the twins in src/float32 anew; twins.test.ts holds them to it.
 *
 * V8 collects the kinds of arrays that a loop has met per function in the source, and a loop that has met two kinds
 * takes two to three times as long over each element: a float64 data set would slow float32 training down. So the
 * loops that training runs on exist twice, once for float32 alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

export const twins: readonly string[] = [
  "dot",
  "fold-number",
  "index-runs",
  "loops-float",
  "loops-number",
  "planes",
];

const source = new URL("../src/", import.meta.url);

/** The text of a twin: its original's, with imports from one folder up, except of other twins. */
export function twinOf(name: string): string {
  const lines = readFileSync(new URL(`${name}.ts`, source), "utf8").split("\n");
  const isImport = (line: string): boolean => line.startsWith("import ");
  const imports = lines
    .filter(isImport)
    .map((line) =>
      line.replace(/"\.\/(.*)\.ts"/, (path, other) => (twins.includes(other) ? path : `"../${other}.ts"`)),
    );
  const isUp = (line: string): boolean => line.includes('"../');
  return [
    `// The twin of ../${name}.ts for float32 alone, written by test/twins.ts, which says why. Change the original.`,
    ...imports.filter(isUp),
    ...imports.filter((line) => !isUp(line)),
    ...lines.filter((line) => !isImport(line)),
  ].join("\n");
}

/** The twin as it lies in the source. */
export function readTwin(name: string): string {
  return readFileSync(new URL(`float32/${name}.ts`, source), "utf8");
}

if (import.meta.main) {
  mkdirSync(new URL("float32/", source), { recursive: true });
  for (const name of twins) writeFileSync(new URL(`float32/${name}.ts`, source), twinOf(name));
}
