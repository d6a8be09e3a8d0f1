/**
 * `npm run check:release`: holds what every published package must have against what it has: one version for all, an
 * entry for each kind of reader, a README with an example, a license, exact versions of each other, and a jsr.json that says
 * the same as its package.json. `npm run release:jsr` (`--write`) writes the jsr.json files and the version that sources name, and
 * copies the license.
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../runtimes.ts";
import { jsrManifest } from "./jsr.ts";
import { type Package, publishedPackages } from "./packages.ts";

const packages = publishedPackages();
const [
  {
    manifest: { version },
  },
] = packages;
/** The version as the sources have it, which errors name. */
const versionFile = join(root, "packages", "backend", "src", "version.ts");

if (process.argv.includes("--write")) {
  for (const { folder, manifest } of packages) {
    writeFileSync(join(folder, "jsr.json"), jsrManifest(manifest));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  }
  writeFileSync(versionFile, versionText());
  console.log(`${packages.length} packages: jsr.json and LICENSE written`);
} else {
  const problems = packages.flatMap((one) => check(one).map((problem) => `${one.manifest.name}: ${problem}`));
  if (readFileSync(versionFile, "utf8") !== versionText())
    problems.push(`${relative(root, versionFile)} has another version (npm run release:jsr)`);
  for (const problem of problems) console.error(problem);
  console.log(`release: ${packages.length} packages, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function check({ folder, manifest }: Package): string[] {
  const problems: string[] = [];
  const demand = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const text = (file: string): string =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "";

  demand(manifest.version === version, `version ${manifest.version}, where the others have ${version}`);
  demand(manifest.type === "module", 'no "type": "module"');
  demand(manifest.license === "MIT", "no license in package.json");
  demand(Boolean(manifest.description), "no description");
  demand(manifest.engines?.node === ">=20", 'engines.node is not ">=20"');
  demand(manifest.sideEffects !== undefined, "does not say whether it has side effects");
  for (const file of ["dist", "src", "README.md", "LICENSE"]) {
    demand(manifest.files?.includes(file) === true, `files lacks ${file}`);
  }
  for (const [path, target] of Object.entries(manifest.exports)) {
    const source = target["@flambeau/source"];
    demand(source !== undefined && existsSync(join(folder, source)), `exports ${path}: no source`);
    for (const condition of ["types", "default"]) {
      demand(target[condition]?.startsWith("./dist/"), `exports ${path}: no ${condition} in dist`);
    }
  }
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    // Two versions of a package in one program do not take each other's tensors, so a range would be a trap.
    if (packages.some((other) => other.manifest.name === name))
      demand(range === version, `depends on ${name} ${range}, not just ${version}`);
  }
  demand(/```ts\n[\s\S]*import /.test(text("README.md")), "README.md has no example");
  demand(
    text("LICENSE") === readFileSync(join(root, "LICENSE"), "utf8"),
    "LICENSE is not the repository's (npm run release:jsr)",
  );
  demand(
    text("jsr.json") === jsrManifest(manifest),
    `${relative(root, join(folder, "jsr.json"))} differs from package.json (npm run release:jsr)`,
  );
  return problems;
}

function versionText(): string {
  return readFileSync(versionFile, "utf8").replace(/"\d[^"]*"/, `"${version}"`);
}
