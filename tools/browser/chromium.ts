/** Headless Chromium for tests: Debian's, or the one that CHROMIUM names, with WebGPU on a software adapter. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Why there is no browser to test in; null where there is one. */
export function missingChromium(): string | null {
  const path = chromiumPath();
  if (existsSync(path)) return null;
  return `no Chromium at ${path}: install it (apt-get install chromium) or name it in CHROMIUM`;
}

/** Nothing in it calls home. Memory in /dev/shm is scarce in containers. */
export async function startChromium(): Promise<Browser> {
  const missing = missingChromium();
  if (missing !== null) throw new Error(missing);
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox",
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      // Tests of memory collect by themselves.
      "--js-flags=--expose-gc",
    ],
  });
}

/** Collects what goes wrong in a page: errors on the console, exceptions, requests that failed. */
export function watch(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`exception: ${error.stack}`));
  page.on("response", (response) => {
    if (response.status() >= 400) errors.push(`${response.status()}: ${response.url()}`);
  });
  return errors;
}

function chromiumPath(): string {
  return process.env.CHROMIUM ?? "/usr/bin/chromium";
}
