/** Draws the layers from their table: a graph for the eye, and the list of packages beneath it. */
import { layers, packageName } from "./table.ts";

/** The Markdown that stands between the markers in ARCHITECTURE.md. */
export function picture(): string {
  const names = Object.keys(layers);
  const nodes = names.map((name) => `  ${identifier(name)}["${packageName(name)}"]`);
  const edges = names.flatMap((name) =>
    nearest(name).map((other) => `  ${identifier(name)} --> ${identifier(other)}`),
  );
  const rows = names.map(
    (name) => `| [\`${packageName(name)}\`](packages/${name}) | ${layers[name].holds} |`,
  );
  return [
    "```mermaid",
    "flowchart TD",
    ...[...nodes].reverse(),
    ...[...edges].reverse(),
    "```",
    "",
    'An arrow reads "imports". Most packages may also import directly what they reach through an arrow; the table says which.',
    "",
    "| package | what it holds |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

/** The packages that `name` may import and that none of its other imports leads to already. */
function nearest(name: string): string[] {
  const { mayImport } = layers[name];
  const reached = new Set(mayImport.flatMap((other) => layers[other].mayImport));
  return mayImport.filter((other) => !reached.has(other));
}

function identifier(name: string): string {
  return name.replaceAll("-", "_");
}
