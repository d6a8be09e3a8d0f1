/**
 * `npm run test:explore [-- --minutes N] [--seed FIRST] [PART OF A PATH ...]`: runs the test files that draw on Node 24 with
 * one fresh seed after the other, for an hour if nothing is said. Not a part of the gate: what fails here is a finding, and
 * the line printed with it replays it.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./runtimes.ts";

const { values, positionals } = parseArgs({
  options: { minutes: { type: "string", default: "60" }, seed: { type: "string" } },
  allowPositionals: true,
});
const end = performance.now() + Number(values.minutes) * 60_000;
let seed = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(values.seed);

const drawing = memo((file: string): boolean => {
  const text = readFileSync(join(root, file), "utf8");
  if (text.includes('from "fast-check"')) return true;
  const imports = [...text.matchAll(/\bfrom "(\.\.?\/[^"]+\.ts)"/g)];
  return imports.some(([, path]) => drawing(relative(root, join(root, dirname(file), path))));
});
const files = globSync(
  ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "tests/src/**/*.test.ts"],
  {
    cwd: root,
    exclude: (path) => path.endsWith("node_modules"),
  },
)
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
  .filter(drawing)
  .sort();
if (files.length === 0) throw new Error("no test file that draws matches");

let rounds = 0;
const found: string[] = [];
do {
  // A file at a time, so that a failure names its own.
  for (const file of files) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "tools", "test.ts"), "node", file],
      {
        cwd: root,
        encoding: "utf8",
        maxBuffer: 2 ** 30,
        env: { ...process.env, FLAMBEAU_SEED: String(seed), FLAMBEAU_EXPLORE: "1" },
      },
    );
    if (status !== 0) {
      found.push(`FLAMBEAU_SEED=${seed} npm test -- ${file}`);
      console.log(`${stdout}${stderr}\nfailed; again: ${found.at(-1)}`);
    }
    if (performance.now() > end) break;
  }
  rounds++;
  console.log(`round ${rounds}, seed ${seed}: ${files.length} files, ${found.length} failures so far`);
  seed = (seed + 1) % 2 ** 31;
} while (performance.now() < end);
for (const line of found) console.log(`failed: ${line}`);
process.exitCode = found.length > 0 ? 1 : 0;

/** Remembers what a function of a path gave; a path that is being looked at counts as false, so that cycles end. */
function memo(f: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    if (!known.has(path)) {
      known.set(path, false);
      known.set(path, f(path));
    }
    return known.get(path) as boolean;
  };
}
