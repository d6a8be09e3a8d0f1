/**
 * `npm run test:projects [-- PART OF A TITLE ...]`: packs the packages, installs the tarballs together with bundlers, test
 * runners and compilers into a temporary folder, builds every project of list.ts there and runs it.
 *
 * What is installed is pinned by package.json and package-lock.json here; `--lock` writes the latter anew. Where there is no Chromium, its checks are
 * skipped; where CI is "true", that fails.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { missingChromium } from "../browser/chromium.ts";
import { install, packAll } from "../release/pack.ts";
import { root } from "../runtimes.ts";
import { difference } from "./expected.ts";
import { type Check, type Project, projects } from "./list.ts";
import { closeBrowser, textOfPage } from "./pages.ts";
import { runTool, toolOf } from "./tools.ts";

const here = import.meta.dirname;
const parts = process.argv.slice(2).filter((part) => part !== "--lock");
const wanted = projects.filter(
  ({ title }) => parts.length === 0 || parts.some((part) => title.includes(part)),
);
const started = performance.now();
const counts = { passed: 0, failed: 0, skipped: 0 };
const temporary = mkdtempSync(join(tmpdir(), "flambeau-projects-"));

try {
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const lock = join(here, "package-lock.json");
  const writesLock = process.argv.includes("--lock");
  if (!writesLock) copyFileSync(lock, join(temporary, "package-lock.json"));
  install(temporary, packAll(join(temporary, "packed")).tarballs, dependencies);
  if (writesLock)
    writeFileSync(lock, withoutTarballs(readFileSync(join(temporary, "package-lock.json"), "utf8")));
  console.log(`installed after ${seconds()} s`);
  const waiting = wanted.map((project, index) => ({ project, index }));
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      await make(one.project, one.index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
} finally {
  await closeBrowser();
  rmSync(temporary, { recursive: true, force: true });
}
const { passed, failed, skipped } = counts;
console.log(`projects: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds()} s)`);
process.exitCode = failed > 0 || passed + skipped === 0 ? 1 : 0;

/** A lock file's text without our own packages, which are packed anew for every run. */
function withoutTarballs(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, { resolved?: string; dependencies?: object }> };
  const { "": project, ...packages } = lock.packages;
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const others = Object.entries(packages).filter(
    ([, { resolved }]) => resolved?.startsWith("file:") !== true,
  );
  lock.packages = { "": { ...project, dependencies }, ...Object.fromEntries(others) };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

/** Builds a project and runs its checks; one that cannot be built fails all of them. */
async function make(project: Project, index: number): Promise<void> {
  const folder = join(temporary, `project-${index}`);
  cpSync(join(here, "program"), folder, { recursive: true });
  if (project.folder !== "program") cpSync(join(here, project.folder), folder, { recursive: true });
  for (const [name, text] of Object.entries(project.files ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  let problem: string | undefined;
  for (const command of project.build ?? []) {
    const { status, output } = await runTool(toolOf(command, temporary), folder, project.env);
    if (status !== 0) problem ??= `${command.join(" ")} ended with ${status}\n${output}`;
  }
  for (const check of project.checks) {
    const title = [project.title, check.name, check.where].filter((part) => part !== "").join(", ");
    const missing = check.where === "Chromium" ? missingChromium() : null;
    if (missing !== null) {
      counts[process.env.CI === "true" ? "failed" : "skipped"]++;
      console.log(`${process.env.CI === "true" ? "FAILED" : "skipped"}: ${title}: ${missing}`);
      continue;
    }
    const wrong = problem ?? (await differenceOf(check, folder, project.env));
    counts[wrong === undefined ? "passed" : "failed"]++;
    console.log(wrong === undefined ? `ok: ${title}` : `FAILED: ${title}\n${wrong}`);
  }
}

/** How what a check prints differs from what it should; undefined where it does not. */
async function differenceOf(check: Check, folder: string, env: Project["env"]): Promise<string | undefined> {
  const { expected, site } = check;
  try {
    if (site !== undefined)
      return difference(expected, 0, await textOfPage(check, folder, temporary, env), site.isolated);
    const { status, output } = await runTool(toolOf([check.where, ...check.run], root), folder, env);
    return difference(expected, status, output, true);
  } catch (error) {
    return String((error as Error).stack);
  }
}
