/**
 * `npm run test:chromium [-- PART OF A PATH ...]`: runs tests in pages of headless Chromium.
 *
 * The test files are those of the other runtimes, as far as they need nothing of Node's but its test module: the op suite
 * and the gradient suite on every device, and the kernels' own tests. Programs of pages/ are run with the built
 * packages, as a page without a bundler has them. Where there is no browser all is skipped; where CI is "true", that fails.
 */
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Browser } from "playwright-core";
import { missingChromium, startChromium } from "../../tools/browser/chromium.ts";
import { root } from "../../tools/runtimes.ts";
import { plans, settingsOf } from "../../tools/testing/plan.ts";
import { nodeModulesOf } from "./bundle.ts";
import { runConsole } from "./console.ts";
import { runFiles } from "./files.ts";
import { policies } from "./policies.ts";
import { type Report, runPage, serveTests } from "./site.ts";

const isCi = process.env.CI === "true";
const parts = process.argv.slice(2);
const wanted = (path: string): boolean => parts.length === 0 || parts.some((part) => path.includes(part));

const patterns = [
  "tests/src/**/*.test.ts",
  "packages/{cpu,webgpu}-backend/test/*.test.ts",
  "packages/files/test/sources.test.ts",
];
const plan = plans.chromium;
const files = globSync(patterns, { cwd: root })
  .filter((file) => wanted(file) && !plan.without.some((part) => file.includes(part)))
  .sort();
interface Program {
  readonly path: string;
  /** Served with COOP and COEP. */
  readonly isIsolated: boolean;
  /** Default `runPage`. */
  readonly run?: (browser: Browser, url: string) => Promise<Report>;
}

/** In the page itself or in a worker in it. */
const pages: readonly Program[] = [
  { path: "pages/classifier", isIsolated: false },
  { path: "pages/threads", isIsolated: true },
  { path: "worker/threads", isIsolated: true },
  { path: "pages/threads", isIsolated: false },
  { path: "pages/memory", isIsolated: true },
  { path: "pages/memory", isIsolated: false },
  { path: "pages/frames", isIsolated: false },
  { path: "pages/console", isIsolated: false, run: runConsole },
  { path: "pages/files", isIsolated: false, run: runFiles },
  ...Object.keys(policies).flatMap((name) =>
    [true, false].map((isIsolated) => ({ path: `policy/${name}`, isIsolated, run: runUnderPolicy })),
  ),
];

/** The console says what was forbidden. */
function runUnderPolicy(browser: Browser, url: string): Promise<Report> {
  return runPage(browser, url, { expected: /Content Security Policy/ });
}

const started = performance.now();
const counts = { passed: 0, failed: 0, skipped: 0 };
let ran = 0;
const missing = missingChromium();
const version = missing === null ? await runAll() : skipAll(missing);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const { passed, failed, skipped } = counts;
console.log(
  `chromium ${version}: ${passed} passed, ${failed} failed, ${skipped} skipped (${ran} pages, ${seconds} s)`,
);
process.exitCode = failed > 0 || ran + skipped === 0 ? 1 : 0;

function skipAll(reason: string): string {
  const all = [...files, ...pages.map(({ path }) => path).filter(wanted)];
  for (const path of all) console.log(`${isCi ? "FAILED" : "skipped"} in Chromium: ${path}: ${reason}`);
  counts[isCi ? "failed" : "skipped"] = all.length;
  return "(none)";
}

async function runAll(): Promise<string> {
  const browser = await startChromium();
  const [isolated, plain] = await Promise.all([serveTests(true), serveTests(false)]);
  const settings = new URLSearchParams(settingsOf(plan));
  for (const name of ["CI", "FLAMBEAU_SEED", "FLAMBEAU_DRAWS", "FLAMBEAU_GPU_DRAWS"]) {
    const value = process.env[name];
    if (value !== undefined) settings.set(name, value);
  }
  try {
    const waiting = [...files];
    const runNext = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        const needed = await nodeModulesOf(file);
        if (needed.length > 0) console.log(`not in pages: ${file}, which needs ${needed.join(", ")}`);
        else count(file, await runPage(browser, `${plain.url}tests/${file}?${settings}`));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, runNext));
    // What these measure is their own: one at a time.
    for (const { path, isIsolated, run = runPage } of pages.filter((page) => wanted(page.path))) {
      const site = isIsolated ? isolated : plain;
      const report = await run(browser, `${site.url}${path}?${settings}`);
      count(`${path}${isIsolated ? ", isolated" : ""}`, report);
    }
  } finally {
    await browser.close();
    isolated.close();
    plain.close();
  }
  return browser.version();
}

function count(name: string, { outcomes, lines }: Report): void {
  ran++;
  for (const { name: test, state, message } of outcomes) {
    counts[state]++;
    if (state === "failed")
      console.log(`FAILED in Chromium: ${name}: ${test}\n${message.replaceAll(/^/gm, "    ")}`);
    if (state === "skipped") console.log(`skipped in Chromium: ${name}: ${test}`);
  }
  for (const line of lines) {
    const at = line.indexOf("counted: ");
    if (at >= 0) console.log(`chromium: ${line.slice(at + "counted: ".length)}`);
  }
  if (outcomes.length > 0) return;
  counts.failed++;
  console.log(`FAILED in Chromium: ${name}: no test ran`);
}
