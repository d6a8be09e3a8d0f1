/** Runs pages' cells in a process of their own and gives what they printed and drew. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quietEnvironment, root, runCommand } from "../runtimes.ts";
import type { PageProgram, PageRun } from "./run-pages.ts";

/** @throws Error when the process ends without a result. */
export function runPages(programs: readonly PageProgram[]): PageRun[] {
  const folder = join(root, ".cache");
  mkdirSync(folder, { recursive: true });
  const list = join(folder, `pages-${process.pid}.json`);
  writeFileSync(list, JSON.stringify(programs.map(({ path, file }) => ({ path, file }))));
  const [command, ...leading] = runCommand("node", join(root, "tools", "examples", "run-pages.ts"));
  const { status, stdout, stderr, error } = spawnSync(command, [...leading, list], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...quietEnvironment },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the pages broke off: ${stderr}`);
  return JSON.parse(stdout) as PageRun[];
}
