/**
 * `npm run check:release`: holds what every published package must have against what it has: one version for all, an
 * entry for each kind of reader, a README with an example, a license, and a jsr.json that says the same as its
 * package.json; and the repository's README against what npm has. `npm run release:jsr` (`--write`) writes the jsr.json
 * files and the versions in sources, copies the license and, once Changesets has made a version, says that npm has it
 * (published.ts).
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../runtimes.ts";
import { jsrManifest } from "./jsr.ts";
import { type Package, publishedPackages } from "./packages.ts";
import { publishedVersion } from "./published.ts";

/** Where a page is shown that names a full version, as pages should. */
const DOCUMENTS = ["README.md", "docs/guides/install.md"];
const PINNED = /(\/npm\/flambeau@)(\d+\.\d+\.\d+)/g;

/** Where a package's own sources read its version, if they do. */
const versionFile = "src/version.ts";

const packages = publishedPackages();
const { version } = packages[0].manifest;
/** What README says until something can be installed. */
const NOT_YET = /<!-- until the first release -->\n[\s\S]*?<!-- \/until the first release -->\n\n?/;

if (process.argv.includes("--write")) {
  for (const { folder, manifest } of packages) {
    writeFileSync(join(folder, "jsr.json"), jsrManifest(manifest));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    if (existsSync(join(folder, versionFile)))
      writeFileSync(join(folder, versionFile), versionModule(manifest));
  }
  console.log(`${packages.length} packages: jsr.json and LICENSE written`);
  if (wasVersioned()) {
    const file = join(root, "tools", "release", "published.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace(/ = (?:null|".*");/, ` = "${version}";`));
    const readme = join(root, "README.md");
    writeFileSync(readme, readFileSync(readme, "utf8").replace(NOT_YET, ""));
    for (const file of DOCUMENTS.map((path) => join(root, path)))
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(PINNED, `$1${version}`));
    console.log(`published.ts: ${version}`);
  }
} else {
  const problems = packages.flatMap((one) => check(one).map((problem) => `${one.manifest.name}: ${problem}`));
  problems.push(...checkPublished());
  for (const problem of problems) console.error(problem);
  console.log(`release: ${packages.length} packages, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function versionModule({ version }: Package["manifest"]): string {
  return `/** The package's version, as its package.json has it; \`npm run release:jsr\` writes it. */\nexport const VERSION = "${version}";\n`;
}

/** Whether Changesets has made a version: it writes changelogs, and what it versions the workflow publishes. */
function wasVersioned(): boolean {
  return existsSync(join(packages[0].folder, "CHANGELOG.md"));
}

/** The site and README say that nothing can be installed yet, just as long as that is so. */
function checkPublished(): string[] {
  const expected = wasVersioned() ? version : null;
  const others = DOCUMENTS.filter((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(PINNED)].some(([, , named]) => named !== version),
  );
  const saysNotYet = NOT_YET.test(readFileSync(join(root, "README.md"), "utf8"));
  return [
    ...others.map((path) => `${path}: names another version than ${version} (npm run release:jsr)`),
    ...(publishedVersion === expected
      ? []
      : [`published.ts: ${publishedVersion}, not ${expected} (npm run release:jsr)`]),
    ...(saysNotYet === (expected === null)
      ? []
      : ["README.md: the note until the first release (npm run release:jsr)"]),
  ];
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
    // Two versions of a package in one program do not take each other's tensors.
    if (packages.some((other) => other.manifest.name === name))
      demand(range === version, `depends on ${name} ${range}, not on ${version} alone`);
  }
  demand(/```ts\n[\s\S]*import /.test(text("README.md")), "README.md has no example");
  demand(
    text("LICENSE") === readFileSync(join(root, "LICENSE"), "utf8"),
    "LICENSE is not the repository's (npm run release:jsr)",
  );
  demand(
    !existsSync(join(folder, versionFile)) || text(versionFile) === versionModule(manifest),
    `${versionFile} has another version than package.json (npm run release:jsr)`,
  );
  demand(
    text("jsr.json") === jsrManifest(manifest),
    `${relative(root, join(folder, "jsr.json"))} differs from package.json (npm run release:jsr)`,
  );
  return problems;
}
