/** Every page opens without an error, with and without isolation, and no link is broken. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { watch } from "../../../../tools/browser/chromium.ts";
import { publishedVersion } from "../../../../tools/release/published.ts";
import { root } from "../../build/paths.ts";
import { check, newContext, open, visit } from "./harness.ts";
import { brokenLinks } from "./links.ts";
import type { Surroundings } from "./surroundings.ts";

export async function checkPages({ browser, folder, base, isolated, plain }: Surroundings): Promise<void> {
  const all = globSync("**/*.html", { cwd: folder })
    .filter((path) => path !== "404.html")
    .sort();
  const pages = all.filter((path) => !path.startsWith("source/"));
  const written = pages.filter((path) => !path.startsWith("api/"));

  // A page of the API is like another of its kind.
  const kinds = pages.filter((path) => !path.startsWith("api/") || isFirstOfKind(path, pages));

  await check(`no link is broken on ${all.length} pages, and each has a heading`, () => {
    assert.deepEqual(brokenLinks(folder, base), []);
    const bare = pages.filter((path) => !readFileSync(join(folder, path), "utf8").includes("<h1"));
    assert.deepEqual(bare, []);
  });
  await check(`${kinds.length} pages open without an error by links, within the site`, async () => {
    const rest = kinds.filter((path) => path !== "index.html");
    const problems: string[] = [];
    const read = (): Promise<void> =>
      visit(browser, "about:blank", async ({ page, errors }) => {
        // A reader who saves data gets no pages fetched ahead, and the test opens each page once.
        await page.addInitScript(() => {
          Object.defineProperty(navigator, "connection", { value: { saveData: true } });
        });
        await open(page, isolated.url);
        for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
          await follow(page, `${base}${path}`).catch((error: Error) => errors.push(error.message));
          problems.push(...errors.splice(0).map((error) => `${path}: ${error}`));
        }
      });
    await Promise.all([read(), read()]);
    assert.deepEqual(problems, []);
  });
  for (const [name, site, paths] of [
    ["isolated", isolated, kinds.filter((path) => !path.startsWith("api/") || isFirstOfName(path, kinds))],
    ["not isolated", plain, written.filter((path) => !path.startsWith("decisions/"))],
  ] as const) {
    await check(`${paths.length} pages open without an error by their address, ${name}`, async () => {
      const context = await newContext(browser);
      const rest = [...paths];
      const problems: string[] = [];
      const work = async (): Promise<void> => {
        const page = await context.newPage();
        const errors = watch(page);
        for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
          await open(page, `${site.url}${path}`);
          if ((await page.locator("h1").count()) === 0) errors.push("no heading");
          problems.push(...errors.splice(0).map((error) => `${path}: ${error}`));
        }
      };
      await Promise.all(Array.from({ length: 3 }, work));
      await context.close();
      assert.deepEqual(problems, []);
    });
  }
  await check("the page tells whether it is isolated", async () => {
    const isIsolated = async (url: string): Promise<boolean> => {
      let told = false;
      await visit(browser, url, async ({ page }) => {
        told = await page.evaluate(() => crossOriginIsolated);
      });
      return told;
    };
    assert.equal(await isIsolated(isolated.url), true);
    assert.equal(await isIsolated(plain.url), false);
  });
  await check("the search says that it loads, and finds PyTorch's names", async () => {
    await visit(browser, isolated.url, async ({ page }) => {
      let release = (): void => {};
      const isReleased = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(/localSearchIndexroot/, async (route) => {
        await isReleased;
        await route.continue();
      });
      await page.keyboard.press("Control+k");
      const input = page.locator(".VPLocalSearchBox input");
      await input.fill("zero");
      const told = await page
        .locator(".VPLocalSearchBox .results")
        .evaluate((list) => getComputedStyle(list, "::before").content);
      assert.equal(told, '"Searching…"');
      release();
      for (const [words, found] of SEARCHES) {
        await input.fill(words);
        // Results come a moment after the last letter.
        await page.locator(`.VPLocalSearchBox li:first-child .result[href*="${found}"]`).waitFor();
      }
    });
  });
  await check(
    "what cannot be installed yet is said where it would be, and what the first page draws is in sight",
    async () => {
      await visit(
        browser,
        `${isolated.url}guides/install.html`,
        async ({ page }) => {
          assert.equal(await page.locator(".not-published").count(), publishedVersion === null ? 1 : 0);
          await page.setViewportSize({ width: 1280, height: 800 });
          await open(page, isolated.url);
          assert.equal(await page.locator(".not-published").count(), publishedVersion === null ? 1 : 0);
          const box = await page.locator(".live-plane").boundingBox();
          assert.ok(
            box !== null && box.y + box.height < 800 && box.x + box.width < 1280,
            JSON.stringify(box),
          );
          // README shows it, too: the picture in the repository is of the same figure.
          const [drawn, kept] = await Promise.all([
            page
              .locator(".cell-figure")
              .evaluate(async (image) => (await fetch((image as HTMLImageElement).src)).text()),
            readFileSync(join(root, "docs", "moons.svg"), "utf8"),
          ]);
          assert.equal(/^<svg [^>]*>/.exec(kept)?.[0], /^<svg [^>]*>/.exec(drawn)?.[0]);
          assert.equal(kept.match(/<circle /g)?.length, drawn.match(/<circle /g)?.length);
        },
        { viewport: { width: 1280, height: 800 } },
      );
    },
  );
}

/** What a reader of PyTorch's documentation types, and where the first result leads. */
const SEARCHES: readonly (readonly [words: string, found: string])[] = [
  ["zero_grad", "optim/classes/Optimizer.html#zerograd"],
  ["torch.save", "files/functions/save"],
  ["torch.no_grad", "autograd/functions/noGrad.html"],
  ["checkpoint", "functions/checkpoint"],
  ["DataLoader batch_size", "data/classes/DataLoader.html"],
  ["masked_fill", "tensor/functions/maskedFill.html"],
  ["BCEWithLogitsLoss", "nn/classes/BCEWithLogitsLoss.html"],
];

/** Whether a page of the API is the first of its package's pages of its kind: functions, classes, the index, ... */
function isFirstOfKind(path: string, sorted: readonly string[]): boolean {
  const folder = dirname(path);
  return sorted.find((other) => dirname(other) === folder) === path;
}

/** Clicks on a link, which the site's router takes, and waits until the page is there. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(async (path) => {
    // The element of a page's text is classed by the page's address.
    const shown = (): string | undefined => document.querySelector(".vp-doc:has(h1)")?.className;
    const before = shown();
    const link = document.createElement("a");
    link.href = path;
    document.querySelector(".VPContent")?.append(link);
    link.click();
    // A guard against hangs.
    const end = performance.now() + 300_000;
    while (shown() === undefined || shown() === before) {
      if (performance.now() > end) throw new Error("it does not open");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }, path);
}

/** Whether it is the first such page of all packages: links within the site have led to the others. */
function isFirstOfName(path: string, sorted: readonly string[]): boolean {
  const name = basename(dirname(path));
  return sorted.find((other) => other.startsWith("api/") && basename(dirname(other)) === name) === path;
}
