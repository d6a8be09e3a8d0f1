/**
 * `node tools/test.ts RUNTIME [PART OF A PATH ...]`: runs the test files on node, node20, bun or deno.
 *
 * The runtime's own runner does the work and writes a JUnit report, from which the tally comes; what it says of failures
 * is shown as it runs. Node 24, Bun and Deno run the packages' sources, Node 20 runs the built packages, as its users do.
 * What runs where is in tools/testing/plan.ts; files that are named run everywhere.
 */
import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findRuntime, quietEnvironment, type RuntimeName, root } from "./runtimes.ts";
import { gpuEnvironment } from "./swiftshader.ts";
import { runnerArguments, shownLine } from "./testing/commands.ts";
import { type Report, readReport } from "./testing/junit.ts";
import { plans, settingsOf } from "./testing/plan.ts";

const runtime = process.argv[2] as RuntimeName;
const parts = process.argv.slice(3).map((part) => part.replace(/^\.\//, ""));
const plan = plans[runtime];
const files = testFiles();
if (files.length === 0)
  throw new Error(
    `no test file matches ${parts.join(", ") || "packages/*/test, apps/*/test, examples/test or tests"}`,
  );

// Runs beside each other must not read one another's report.
const reportPath = join(root, ".cache", `tests-${runtime}-${process.pid}.xml`);
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(reportPath, { force: true });

const binary = findRuntime(runtime);
const started = performance.now();
const status = await run();
const seconds = (performance.now() - started) / 1000;
const report = readReport(reportPath);
rmSync(reportPath, { force: true });

// A crash can end a runner before it blames a test: it counts as one failure all the same.
if (status !== 0 && report.failed === 0) {
  console.log(`${runtime} ended with ${status}`);
  report.failed = 1;
}
for (const name of report.empty) console.log(`no test in ${name}`);
report.failed += report.empty.length;
if (report.passed + report.failed === 0) {
  console.log("no test ran");
  report.failed = 1;
}
for (const name of report.skipped) console.log(`skipped on ${runtime}: ${name}`);
console.log(tally(report));
process.exitCode = report.failed > 0 ? 1 : 0;

function testFiles(): string[] {
  const patterns = [
    "packages/*/test/**/*.test.ts",
    "apps/*/test/**/*.test.ts",
    "examples/test/*.test.ts",
    "tests/**/*.test.ts",
  ];
  return globSync(patterns, {
    cwd: root,
    exclude: (path) => path === "node_modules" || path.endsWith("/node_modules"),
  })
    .filter((file) =>
      parts.length === 0
        ? !plan.without.some((part) => file.includes(part))
        : parts.some((part) => file.includes(part)),
    )
    .sort();
}

/** Runs the files and shows what there is to see; the exit status, or the signal that ended the runner. */
function run(): Promise<number | string> {
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  const runner = spawn(binary, runnerArguments(runtime, files, reportPath), {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...settingsOf(plan),
      ...process.env,
      ...quietEnvironment,
      ...gpuEnvironment(),
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
    },
  });
  for (const stream of [runner.stdout, runner.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      const shown = shownLine(runtime, line);
      if (shown !== undefined) console.log(shown);
    });
  }
  runner.on("error", reject);
  runner.on("close", (code, signal) => resolve(code ?? signal ?? "nothing"));
  return promise;
}

function tally({ passed, failed, skipped }: Report): string {
  const version = spawnSync(binary, ["--version"], { encoding: "utf8" })
    .stdout.split("\n")[0]
    .replace(/^(deno |v)/, "")
    .split(" ")[0];
  const label = runtime === "node20" ? "node" : runtime;
  return `${label} ${version}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${files.length} files, ${seconds.toFixed(1)} s)`;
}
