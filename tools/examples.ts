/**
 * `npm run test:examples`: every example in the docs works and prints what it says it prints.
 *
 * An example is a ```ts block under an `@example` of a package's source, or in the READMEs or docs.
 * All are type-checked together and run one after the other; what each prints is compared with the comments that follow
 * its `console.log` calls (see examples/extract.ts).
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "./examples/check.ts";
import { type Example, examplesOfMarkdown, examplesOfSource } from "./examples/extract.ts";
import { quietEnvironment, root, runCommand } from "./runtimes.ts";

// Inside the repository, so that examples import the packages as users do.
const folder = join(root, ".cache", "examples");
const examples = find();
if (examples.length === 0) throw new Error("no example was found");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const example of examples) writeFileSync(example.file, example.code);

const problems = [...check(examples), ...run()];
for (const problem of problems) console.error(`${problem}\n`);
console.log(`${examples.length} examples ran${problems.length > 0 ? `, ${problems.length} problems` : ""}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function find(): Example[] {
  const paths = ["packages/*/src/**/*.ts", "README.md", "packages/*/README.md", "docs/**/*.md"];
  const found: Example[] = [];
  for (const path of globSync(paths, { cwd: root }).sort()) {
    const text = readFileSync(join(root, path), "utf8");
    const blocks = path.endsWith(".md") ? examplesOfMarkdown(text) : examplesOfSource(text);
    for (const { line, code } of blocks) {
      found.push({ file: join(folder, `example-${found.length + 1}.ts`), path, line, code });
    }
  }
  return found;
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
