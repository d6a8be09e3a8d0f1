/** Every page opens without an error, with and without isolation, and no link is broken. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { check, open, visit, watch } from "./harness.ts";
import { brokenLinks } from "./links.ts";
import type { Surroundings } from "./surroundings.ts";

export async function checkPages({ browser, folder, base, isolated, plain }: Surroundings): Promise<void> {
  const all = globSync("**/*.html", { cwd: folder })
    .filter((path) => path !== "404.html")
    .sort();
  const pages = all.filter((path) => !path.startsWith("source/"));
  const written = pages.filter((path) => !path.startsWith("api/"));

  await check(`no link is broken on ${all.length} pages`, () => {
    assert.deepEqual(brokenLinks(folder, base), []);
  });
  for (const [name, site, paths] of [
    ["isolated", isolated, pages],
    ["not isolated", plain, written],
  ] as const) {
    await check(`${paths.length} pages open without an error, ${name}`, async () => {
      const context = await browser.newContext();
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
  await check("the search finds a word of a docstring and one of the chapter", async () => {
    await visit(browser, isolated.url, async ({ page }) => {
      for (const word of ["BCEWithLogitsLoss", "gradient descent"]) {
        await page.keyboard.press("Control+K");
        await page.locator(".VPLocalSearchBox input").fill(word);
        await page.locator(".VPLocalSearchBox .result").first().waitFor();
        await page.keyboard.press("Escape");
      }
    });
  });
}
