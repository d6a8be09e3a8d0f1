/** The pages of the tests: what serves them, and how one is run to its end. */
import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import type { Browser, Page } from "playwright-core";
import { watch } from "../../tools/browser/chromium.ts";
import type { Outcome } from "../../tools/browser/page-test.ts";
import { type Served, type Site, serve } from "../../tools/browser/serve.ts";
import { root } from "../../tools/runtimes.ts";
import { bundlePage, bundleTests, importMap } from "./bundle.ts";
import { policies } from "./policies.ts";

/** No page may take longer than this, in milliseconds: a hang is a failure. */
const timeout = 600_000;

/**
 * Serves `/tests/FILES` (separated by commas), a page that runs test files; `/pages/NAME`, a page that runs
 * tests/chromium/pages/NAME.ts; `/worker/NAME`, one that does so in a worker; `/policy/NAME`, one that runs pages/policy.ts under
 * a policy of policies.ts; and the built packages. A worker has no import map, and most policies forbid one: there, imports are
 * named by their paths, as content networks do it.
 */
export function serveTests(isIsolated: boolean): Promise<Site> {
  return serve(async (path): Promise<Served | undefined> => {
    const [, kind, ...rest] = path.split("/");
    const name = rest.join("/");
    switch (kind) {
      case "tests":
        return path.endsWith("/bundle.js")
          ? { name: "bundle.js", content: await bundleTests(name.replace(/\/bundle\.js$/, "").split(",")) }
          : page(`<script type="module" src="${path}/bundle.js"></script>`);
      case "pages":
        return name.endsWith(".js")
          ? program(name)
          : page(
              `<script type="importmap">${JSON.stringify({ imports: importMap })}</script>` +
                `<script type="module" src="/pages/${name}.js"></script>`,
            );
      case "worker":
        return name.endsWith(".js")
          ? withPaths(await program(name), "/worker-")
          : page(`<script type="module">
const worker = new Worker("/worker/${name}.js", { type: "module" });
worker.onmessage = async ({ data }) => data === "finish" ? finish() : tell(data);
worker.onerror = (event) => { throw new Error(event.message); };
</script>`);
      case "policy":
        return underPolicy(name);
      case "script":
        return { name: "script.js", content: policies[name.replace(/\.js$/, "")].script ?? "" };
      case "packages":
      case "node_modules":
        return builtFile(path);
      case "worker-packages":
      case "worker-node_modules":
        return withPaths(builtFile(path.replace("/worker-", "/")), "/worker-");
      case "favicon.ico":
        return { name, content: "" };
      default:
        return undefined;
    }
  }, isIsolated);
}

function page(scripts: string): Served {
  const content = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>tests</title></head><body>${scripts}</body></html>`;
  return { name: "page.html", content };
}

/** All scripts are files: a policy forbids those in the page. */
function underPolicy(name: string): Served {
  const { policy, script } = policies[name];
  const before = script === undefined ? "" : `<script src="/script/${name}.js"></script>`;
  const served = page(`${before}<script type="module" src="/worker/policy.js"></script>`);
  return { ...served, headers: { "Content-Security-Policy": policy } };
}

async function program(name: string): Promise<Served> {
  const file = `tests/chromium/pages${normalize(`/${name}`)}`.replace(/\.js$/, ".ts");
  return { name, content: await bundlePage(file) };
}

function builtFile(path: string): Served | undefined {
  const file = join(root, normalize(`/${path}`));
  return existsSync(file) ? { name: file, content: readFileSync(file, "utf8") } : undefined;
}

function withPaths(served: Served | undefined, prefix: string): Served | undefined {
  if (served === undefined || !served.name.endsWith(".js")) return served;
  const content = String(served.content).replaceAll(
    /(\bfrom\s*|\bimport\s*\(?\s*)["'](@?flambeau[^"']*|fflate)["']/g,
    (_, before: string, name: string) => `${before}"${prefix}${importMap[name].slice(1)}"`,
  );
  return { name: served.name, content };
}

/** What a page did. */
export interface Report {
  readonly outcomes: readonly Outcome[];
  /** What it printed. */
  readonly lines: readonly string[];
}

export interface Watching {
  /** Looks at the page when its program has ended. */
  readonly look?: (page: Page) => Promise<void>;
  /** Errors of the page that are meant. */
  readonly expected?: RegExp;
}

/** Opens a page in a context of its own and waits until its program has told that it ends. */
export async function runPage(
  browser: Browser,
  url: string,
  { look, expected }: Watching = {},
): Promise<Report> {
  const outcomes: Outcome[] = [];
  const lines: string[] = [];
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const errors = watch(page);
    page.on("console", (message) => lines.push(message.text()));
    await page.exposeFunction("tell", (outcome: Outcome) => void outcomes.push(outcome));
    const problem = await new Promise<string | null>((resolve, reject) => {
      const late = setTimeout(() => resolve(`no end after ${timeout / 1000} s`), timeout);
      const end = (result: string | null): void => {
        clearTimeout(late);
        resolve(result);
      };
      page.on("crash", () => end("the page crashed"));
      // A program that does not load never says that it ends.
      page.on("response", (response) => {
        if (response.status() >= 400) end(`${response.status()}: ${response.url()}`);
      });
      page.on("pageerror", (error) => end(String(error.stack)));
      page
        .exposeFunction("finish", () => end(null))
        .then(() => page.goto(url), reject)
        .catch(reject);
    });
    await look?.(page);
    const wrong = [
      ...(problem === null ? [] : [problem]),
      ...errors.filter((text) => !text.includes(String(problem)) && expected?.test(text) !== true),
    ];
    if (wrong.length > 0)
      outcomes.push({ name: "no errors in the page", state: "failed", message: wrong.join("\n") });
  } finally {
    await context.close();
  }
  return { outcomes, lines };
}
