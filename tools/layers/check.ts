/**
 * `npm run check:layers`: holds the packages' imports, dependencies and globals against tools/layers/table.ts, and the
 * picture in ARCHITECTURE.md against what the table draws. `npm run docs:layers` (`--write`) draws it anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runtimes.ts";
import { picture } from "./picture.ts";
import { checkSources } from "./sources.ts";
import { layers, packageName } from "./table.ts";

const begin = "<!-- layers: generated from tools/layers/table.ts by `npm run docs:layers` -->";
const end = "<!-- /layers -->";
const architecture = join(root, "ARCHITECTURE.md");

if (process.argv.includes("--write")) {
  const text = readFileSync(architecture, "utf8");
  writeFileSync(architecture, text.replace(section(text), `${begin}\n\n${picture()}\n\n${end}`));
  console.log("ARCHITECTURE.md: layers drawn");
} else {
  const { problems, imported } = checkSources();
  problems.push(...checkTable(), ...checkManifests(imported), ...checkPicture());
  for (const problem of problems) console.error(problem);
  console.log(`layers: ${Object.keys(layers).length} packages, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** The table goes from the bottom up: a package may import only what stands above its own line. */
function checkTable(): string[] {
  const order = Object.keys(layers);
  return order.flatMap((name, index) =>
    layers[name].mayImport
      .filter((other) => !order.slice(0, index).includes(other))
      .map((other) => `tools/layers/table.ts: ${name} may not import ${other}, which is not below it`),
  );
}

/** A package.json names exactly what the sources import. */
function checkManifests(imported: Map<string, Set<string>>): string[] {
  return Object.keys(layers).flatMap((name) => {
    const path = `packages/${name}/package.json`;
    const manifest = JSON.parse(readFileSync(join(root, path), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const used = [...(imported.get(name) ?? [])];
    const faults =
      manifest.name === packageName(name) ? [] : [`${path}: its name should be ${packageName(name)}`];
    for (const other of used.filter((one) => !declared.includes(one))) {
      faults.push(`${path}: imports ${other} without listing it in dependencies`);
    }
    // An optional peer is imported where it is found, by a name that bundlers do not follow.
    const optional = manifest.peerDependenciesMeta ?? {};
    for (const other of declared.filter((one) => !used.includes(one) && optional[one]?.optional !== true)) {
      faults.push(`${path}: lists ${other} in dependencies and does not import it`);
    }
    return faults;
  });
}

function checkPicture(): string[] {
  const drawn = section(readFileSync(architecture, "utf8"));
  return drawn === `${begin}\n\n${picture()}\n\n${end}`
    ? []
    : ["ARCHITECTURE.md: the layers have changed since they were drawn; run `npm run docs:layers`"];
}

function section(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`ARCHITECTURE.md has no section between ${begin} and ${end}`);
  return text.slice(from, to + end.length);
}
