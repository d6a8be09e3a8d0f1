/**
 * `node tools/test.ts RUNTIME [PART OF A PATH ...]`: runs the test files on node, node20, bun or deno.
 *
 * The runtime's own runner does the work and writes a JUnit report, from which the tally comes; its output is shown when
 * something failed. Node 24, Bun and Deno run the packages' sources, Node 20 runs the built packages, as its users do.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Report, readReport } from "./junit.ts";
import { findRuntime, quietEnvironment, type RuntimeName, root, sourceCondition } from "./runtimes.ts";
import { gpuEnvironment } from "./swiftshader.ts";

/** No test may take longer than this, in milliseconds: a hang is a failure. */
const timeout = 300_000;

/** Files that run at a time. Left alone, Node keeps one core for its runner, half of a machine of two. */
const jobs = availableParallelism();

const runtime = process.argv[2] as RuntimeName;
const filters = process.argv.slice(3);
const files = testFiles(filters);
if (files.length === 0)
  throw new Error(`no test file matches ${filters.join(", ") || "packages/*/test, apps/*/test or tests"}`);

// Runs beside each other must not read one another's report.
const reportPath = join(root, ".cache", `tests-${runtime}-${process.pid}.xml`);
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(reportPath, { force: true });

const binary = findRuntime(runtime);
const started = performance.now();
const { status, signal, stdout, stderr, error } = spawnSync(binary, testArguments(runtime), {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 2 ** 30,
  env: { ...process.env, ...quietEnvironment, ...gpuEnvironment(), NO_COLOR: "1", FORCE_COLOR: undefined },
});
if (error) throw error;
const seconds = (performance.now() - started) / 1000;
const report = readReport(reportPath);
rmSync(reportPath, { force: true });

// A crash can end a runner before it blames a test: it counts as one failure all the same.
if (status !== 0 && report.failed === 0) report.failed = 1;
if (report.failed > 0) console.error(failures(stdout, stderr, signal));
for (const name of report.empty) console.error(`no test in ${name}`);
report.failed += report.empty.length;
if (report.passed + report.failed === 0) {
  console.error("no test ran");
  report.failed = 1;
}
for (const line of counts(`${stdout}\n${stderr}`)) console.log(line);
for (const name of report.skipped) console.log(`skipped on ${runtime}: ${name}`);
console.log(tally(report));
process.exitCode = report.failed > 0 ? 1 : 0;

function testFiles(parts: string[]): string[] {
  const patterns = ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "tests/**/*.test.ts"];
  return globSync(patterns, {
    cwd: root,
    exclude: (path) => path === "node_modules" || path.endsWith("/node_modules"),
  })
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort();
}

function testArguments(name: RuntimeName): string[] {
  const reporters = [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${reportPath}`,
  ];
  switch (name) {
    case "node":
      return [
        "--test",
        `--conditions=${sourceCondition}`,
        `--test-concurrency=${jobs}`,
        `--test-timeout=${timeout}`,
        ...reporters,
        ...files,
      ];
    case "node20":
      return [
        "--test",
        "--enable-source-maps",
        "--no-warnings",
        `--test-concurrency=${jobs}`,
        `--test-timeout=${timeout}`,
        "--import=./tools/node20/register.js",
        ...reporters,
        ...files,
      ];
    case "bun":
      return [
        "test",
        "--no-install",
        "--only-failures",
        `--parallel=${jobs}`,
        `--conditions=${sourceCondition}`,
        `--timeout=${timeout}`,
        "--reporter=junit",
        `--reporter-outfile=${reportPath}`,
        // Bun takes a path for a filter unless it starts like this.
        ...files.map((file) => `./${file}`),
      ];
    case "deno":
      return [
        "test",
        "--allow-all",
        "--no-check",
        "--no-remote",
        "--cached-only",
        "--parallel",
        // The only one that shows what tests print.
        "--reporter=pretty",
        `--conditions=${sourceCondition}`,
        `--junit-path=${reportPath}`,
        ...files,
      ];
  }
}

/** What tests say of how much they have tried: lines with "counted: " and, after it, the device. */
function counts(out: string): string[] {
  return out
    .split("\n")
    .filter((line) => line.includes("counted: "))
    .map((line) => `${runtime}: ${line.slice(line.indexOf("counted: ") + "counted: ".length)}`);
}

/** What a reader needs of a failing run: Node's and Deno's reporters list every test, so leave out what passed. */
function failures(out: string, err: string, killedBy: string | null): string {
  // Deno tells the errors at the end, unless it crashed.
  const told = out
    .slice(Math.max(0, out.indexOf("\n ERRORS \n")))
    .split("\n")
    .filter((line) => !/^\s*[✔▶ℹ﹣]/.test(line));
  const parts = [told.join("\n"), err];
  if (killedBy !== null) parts.push(`${runtime} was ended by ${killedBy}`);
  return parts.filter((part) => part.trim() !== "").join("\n");
}

function tally({ passed, failed, skipped }: Report): string {
  const version = spawnSync(binary, ["--version"], { encoding: "utf8" })
    .stdout.split("\n")[0]
    .replace(/^(deno |v)/, "")
    .split(" ")[0];
  const label = runtime === "node20" ? "node" : runtime;
  return `${label} ${version}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${files.length} files, ${seconds.toFixed(1)} s)`;
}
