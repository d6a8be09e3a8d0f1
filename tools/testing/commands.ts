/** How each runtime's own runner is started, and which of its lines are worth showing. */
import { availableParallelism } from "node:os";
import { type RuntimeName, sourceCondition } from "../runtimes.ts";

/** No test may take longer than this, in milliseconds: a hang is a failure. */
const timeout = 300_000;

/** Files that run at a time. Left alone, Node keeps one core for its runner, half of a machine of two. */
const jobs = availableParallelism();

/** Seeds all that is random, before each file. */
const preload = "./tests/src/seed.ts";

/** The arguments that run `files` and write a JUnit report. */
export function runnerArguments(
  runtime: RuntimeName,
  files: readonly string[],
  reportPath: string,
): string[] {
  const node = [
    "--test",
    `--test-concurrency=${jobs}`,
    `--test-timeout=${timeout}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${reportPath}`,
  ];
  switch (runtime) {
    case "node":
      return [...node, `--conditions=${sourceCondition}`, `--import=${preload}`, ...files];
    case "node20":
      return [
        ...node,
        "--enable-source-maps",
        "--no-warnings",
        "--import=./tools/node20/register.js",
        `--import=${preload}`,
        ...files,
      ];
    case "bun":
      return [
        "test",
        "--no-install",
        "--only-failures",
        `--parallel=${jobs}`,
        `--conditions=${sourceCondition}`,
        `--preload=${preload}`,
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
        `--preload=${preload}`,
        `--junit-path=${reportPath}`,
        ...files,
      ];
  }
}

/** Lines of runners that say nothing: of tests that passed, of tallies, which the report gives, and frames of output. */
const quiet: Readonly<Record<"node" | "bun" | "deno", RegExp>> = {
  node: /^\s*[✔▶ℹ﹣]/,
  bun: /^(bun test v|\s*\d+ (pass|fail|skip|expect\(\) calls)|Ran \d+ tests|\S+\.test\.ts:$)/,
  deno: /^(\S+ => .*(ok|ignored) \(\S+\)$|.*-{5} (pre-test |post-test )?output( end)? -{5}$|running \d+ tests? from|ok \| )/,
};

/** A line of a runner's as it is shown; undefined when it is not. */
export function shownLine(runtime: RuntimeName, line: string): string | undefined {
  const counted = line.indexOf("counted: ");
  if (counted >= 0) return `${runtime}: ${line.slice(counted + "counted: ".length)}`;
  if (line.trim() === "") return undefined;
  return quiet[runtime === "node20" ? "node" : runtime].test(line) ? undefined : line;
}
