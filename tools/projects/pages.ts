/** Pages of the projects: their servers, and what the pages show. */
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { join, normalize } from "node:path";
import type { Browser } from "playwright-core";
import { startChromium } from "../browser/chromium.ts";
import { type Served, serve } from "../browser/serve.ts";
import type { Check } from "./list.ts";
import { startTool, stopTool, toolOf } from "./tools.ts";

/** Only a hang lasts so long, in milliseconds. */
const LIMIT = 120_000;

let browser: Promise<Browser> | undefined;

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** What a check's page shows in its `pre`, in Chromium or as a server rendered it. */
export async function textOfPage(
  check: Check,
  folder: string,
  installed: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { folder: files, server, isolated } = check.site as NonNullable<Check["site"]>;
  if (server === undefined) {
    const site = await serve((path) => fileIn(join(folder, files as string), path), isolated);
    try {
      return await textInChromium(`${site.url}${check.run[0]}`);
    } finally {
      site.close();
    }
  }
  const port = await freePort();
  const command = server.map((part) => part.replace("{port}", String(port)));
  const child = startTool(toolOf(command, installed), folder, { ...env, ISOLATED: isolated ? "yes" : "no" });
  let log = "";
  child.stdout?.on("data", (text) => (log += text));
  child.stderr?.on("data", (text) => (log += text));
  try {
    const url = `http://localhost:${port}/${check.run[0]}`;
    await listening(port);
    return check.rendersOnServer ? await textOnServer(url) : await textInChromium(url);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${log}`);
  } finally {
    stopTool(child);
  }
}

async function textInChromium(url: string): Promise<string> {
  browser ??= startChromium();
  const context = await (await browser).newContext();
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error.stack)));
    await page.goto(url);
    const shown = page.locator("pre");
    await shown
      .filter({ hasText: "threads: " })
      .waitFor({ timeout: LIMIT })
      .catch((error) => errors.push(String(error)));
    const text = await shown.textContent();
    return [text, ...errors].join("\n");
  } finally {
    await context.close();
  }
}

async function textOnServer(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  return /<pre>(.*?)<\/pre>/s.exec(html)?.[1] ?? html;
}

/** Waits until a server listens; a request would already run the program. */
async function listening(port: number): Promise<void> {
  const end = Date.now() + LIMIT;
  const isOpen = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, "localhost", () => resolve(true)).on("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  while (!(await isOpen())) {
    if (Date.now() > end) throw new Error(`nothing listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A file of a built page; a page for bundles that come without one. */
function fileIn(folder: string, path: string): Served | undefined {
  const file = join(folder, normalize(path));
  if (existsSync(file)) return { name: file, content: readFileSync(file) };
  if (path !== "/index.html") return undefined;
  const script = existsSync(join(folder, "page.js")) ? "page.js" : "main.js";
  return {
    name: "index.html",
    content: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body><pre></pre><script type="module" src="/${script}"></script></body></html>`,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
