/** Checks with names, counted, and pages to make them in. */
import type { AxeResults } from "axe-core";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { watch } from "../../../../tools/browser/chromium.ts";

export { watch };

let passed = 0;
let failed = 0;

/** Makes one check; a failure is told and counted, and the next one is made. */
export async function check(name: string, work: () => Promise<void> | void): Promise<void> {
  const started = performance.now();
  try {
    await work();
    passed++;
    console.log(`ok      ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n${String((error as Error).stack).replaceAll(/^/gm, "        ")}`);
  }
}

export function tally(browser: Browser): string {
  return `chromium ${browser.version()}: ${passed} passed, ${failed} failed, 0 skipped`;
}

export function hasFailed(): boolean {
  return failed > 0;
}

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page so far: errors on the console, exceptions, requests that failed. */
  readonly errors: string[];
}

/** A context of its own, in which nothing is waited for longer than a hang takes to tell from a busy machine. */
export async function newContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(300_000);
  return context;
}

/** Opens a page of the site in a context of its own, does something with it and closes it. */
export async function visit(
  browser: Browser,
  url: string,
  work: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await newContext(browser, options);
  try {
    const page = await context.newPage();
    const errors = watch(page);
    await open(page, url);
    await work({ page, errors });
    if (errors.length > 0) throw new Error(errors.join("\n"));
  } finally {
    await context.close();
  }
}

/** Opens a page and waits until its cells, if it has any, can be run. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "load" });
  const cells = page.locator("section.cell");
  if ((await cells.count()) > 0)
    await page.locator(".cell-run:disabled").first().waitFor({ state: "detached" });
}

/** Serious and critical findings of axe, each with where. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 4)
          .map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary}`)
          .join("; ")}`,
    );
}
