/**
 * `npm run test:examples`: every example in the docs works and prints what it says it prints.
 *
 * An example is a ```ts block under an `@example` of a package's source, or in the READMEs or docs.
 * All are type-checked together and run one after the other; what each prints is compared with the comments that follow
 * its `console.log` calls (see examples/extract.ts). The ```ts run cells of a page are one program, and what a cell prints
 * is compared with the ```text block after it (see examples/pages.ts). Code that is not run is quoted from a file that
 * has it (see examples/quotes.ts).
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "./examples/check.ts";
import { type Example, examplesOfMarkdown, examplesOfSource, matches } from "./examples/extract.ts";
import { cellsOf, pageProgram } from "./examples/pages.ts";
import { checkQuotes } from "./examples/quotes.ts";
import { runPages } from "./examples/record.ts";
import { quietEnvironment, root, runCommand } from "./runtimes.ts";

// Inside the repository, so that examples import the packages as users do.
const folder = join(root, ".cache", "examples");
const documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "packages/*/README.md", "docs/**/*.md"];
const examples = find();
if (examples.length === 0) throw new Error("no example was found");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const example of examples) writeFileSync(example.file, example.code);

const pages = findPages();
for (const page of pages) writeFileSync(page.file, page.code);

const problems = [...check([...examples, ...pages]), ...run(), ...comparePages(), ...quotes()];
for (const problem of problems) console.error(`${problem}\n`);
const cells = pages.reduce((sum, { cells }) => sum + cells.length, 0);
const count = `${examples.length} examples and ${cells} cells on ${pages.length} pages ran`;
console.log(problems.length > 0 ? `${count}, ${problems.length} problems` : count);
process.exitCode = problems.length > 0 ? 1 : 0;

function find(): Example[] {
  const paths = ["packages/*/src/**/*.ts", ...documents];
  const found: Example[] = [];
  for (const path of globSync(paths, { cwd: root, exclude: isGenerated }).sort()) {
    const text = readFileSync(join(root, path), "utf8");
    const blocks = path.endsWith(".md") ? examplesOfMarkdown(text) : examplesOfSource(text);
    for (const { line, code } of blocks) {
      found.push({ file: join(folder, `example-${found.length + 1}.ts`), path, line, code });
    }
  }
  return found;
}

/** The API pages repeat the examples of the sources. */
function isGenerated(path: string): boolean {
  return path === "docs/api";
}

function findPages() {
  return globSync("docs/**/*.md", { cwd: root, exclude: isGenerated })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .map(({ path, text }, i) => ({
      path,
      cells: cellsOf(text),
      code: pageProgram(text),
      line: 0,
      file: join(folder, `page-${i + 1}.ts`),
    }))
    .filter(({ cells }) => cells.length > 0);
}

function quotes(): string[] {
  return globSync(documents, { cwd: root, exclude: isGenerated }).flatMap((path) =>
    checkQuotes(path, readFileSync(join(root, path), "utf8")),
  );
}

function comparePages(): string[] {
  const problems: string[] = [];
  const runs = runPages(pages);
  pages.forEach(({ path, cells }, p) => {
    const { cells: outputs, error } = runs[p];
    cells.forEach(({ line, expected }, i) => {
      const texts = (outputs[i] ?? []).flatMap((output) => (output.type === "text" ? [output.text] : []));
      const printed = texts.flatMap((text) => text.split("\n"));
      const isSilent = expected === undefined && printed.length === 0;
      if (i >= outputs.length || isSilent || (expected !== undefined && matches(printed, expected))) return;
      const says = expected === undefined ? "shows no output" : `says that it prints\n${expected.join("\n")}`;
      problems.push(`${path}:${line}: prints\n${printed.join("\n")}\nand ${says}`);
    });
    if (error !== undefined) problems.push(`${path}: cell ${outputs.length} broke off: ${error}`);
  });
  return problems;
}

function run(): string[] {
  const list = join(folder, "list.json");
  writeFileSync(list, JSON.stringify(examples));
  const [command, ...leading] = runCommand("node", join(root, "tools", "examples", "run.ts"));
  const { status, stdout, stderr, error } = spawnSync(command, [...leading, list], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...quietEnvironment },
  });
  if (error) throw error;
  return status === 0 ? (JSON.parse(stdout) as string[]) : [`the examples broke off: ${stderr}`];
}
