/**
 * Endurance: does memory stay flat when nobody disposes of anything? `npm run bench:soak -- [--runtime NAME ...]
 * [--filter REGEX] [--part N]` runs each work on each runtime, in a process of its own, and prints a table; `--part 10`
 * takes a tenth of the steps. Exits with 1 where memory does not stay flat or passes the bound.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type RuntimeName, root, runCommand } from "../../../tools/runtimes.ts";
import { progressLine } from "./progress.ts";
import { type SoakMark, type SoakName, soakWorks } from "./soak-works.ts";

/** Of the network's training: bytes that may be resident, and the share by which they may change after the first tenth. */
const MOST = 400e6;
const DRIFT = 0.05;

const { values: options } = parseArgs({
  options: {
    runtime: { type: "string", multiple: true, default: ["node", "bun", "deno"] },
    filter: { type: "string", default: "" },
    part: { type: "string", default: "1" },
  },
});
const progress = progressLine(process.stderr);
const rows = [
  "| runtime | work | steps | ms a step | MB after a tenth | MB at the end | change | within bounds |",
];
rows.push("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const runtime of options.runtime as RuntimeName[]) {
  for (const work of Object.keys(soakWorks) as SoakName[]) {
    if (!new RegExp(options.filter).test(work)) continue;
    const steps = soakWorks[work] / Number(options.part);
    const marks = await run(runtime, work, steps);
    const row =
      marks === null ? `| ${runtime} | ${work} | ${steps} | failed | | | | |` : rowOf(runtime, work, marks);
    if (row.endsWith("failed | | | | |") || row.endsWith("no |")) process.exitCode = 1;
    rows.push(row);
    progress.done(row);
  }
}
console.log(rows.join("\n"));

/** The marks of a run, or null if it ended badly. */
async function run(runtime: RuntimeName, work: SoakName, steps: number): Promise<SoakMark[] | null> {
  const [command, ...rest] = runCommand(runtime, "apps/benchmark/src/soak-work.ts");
  const child = spawn(command, [...rest, work, String(steps)], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const marks: SoakMark[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const mark = JSON.parse(line) as SoakMark;
    marks.push(mark);
    progress.say(`${runtime}, ${work}: ${mark.step} of ${steps}, ${megabytes(mark.resident)} MB`);
  }
  const [status] = await ended;
  return status === 0 && marks.length === 10 ? marks : null;
}

function rowOf(runtime: RuntimeName, work: SoakName, marks: readonly SoakMark[]): string {
  const [first, last] = [marks[0], marks[marks.length - 1]];
  const change = last.resident / first.resident - 1;
  // A loop over large tensors only has to come to its end.
  const fits =
    !work.startsWith("train") ||
    (Math.abs(change) < DRIFT && Math.max(...marks.map(({ resident }) => resident)) < MOST);
  const cells = [
    runtime,
    work,
    last.step,
    ((1000 * last.seconds) / last.step).toFixed(2),
    megabytes(first.resident),
    megabytes(last.resident),
    `${(100 * change).toFixed(1)}%`,
    fits ? "yes" : "no",
  ];
  return `| ${cells.join(" | ")} |`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
