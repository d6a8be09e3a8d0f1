/** Light and dark, wide and narrow: no serious finding of axe, nothing wider than the screen, and pictures to look at. */
import assert from "node:assert/strict";
import { globSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../build/paths.ts";
import { check, findings, newContext, open, visit } from "./harness.ts";
import { state, write } from "./notebooks.ts";
import type { Surroundings } from "./surroundings.ts";

/** One page of each kind; those with colors of their own, beside the theme's, come first. */
const KINDS = [
  "index.html",
  "live/digits.html",
  "live/gpt.html",
  "chapter/3-networks.html",
  "api/@flambeau/nn/classes/Linear.html",
  "programs/digits-cnn.html",
  "chapter/2-tensors.html",
  "guides/from-pytorch.html",
  "benchmark.html",
  "decisions/index.html",
  "api/index.html",
  "api/@flambeau/tensor/functions/matmul.html",
  "source/tensor/src/ops/matmul.ts.html",
];

export async function checkLooks({ browser, folder, isolated }: Surroundings): Promise<void> {
  const screens = join(root, ".cache", "screens");
  mkdirSync(screens, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const path of colorScheme === "light" ? KINDS : KINDS.slice(0, 5)) {
      const name = path.replaceAll(/[/@]+/g, "-").replace(".html", "");
      await check(`${path} is accessible, ${colorScheme}`, async () => {
        await visit(
          browser,
          `${isolated.url}${path}`,
          async ({ page }) => {
            await page.screenshot({ path: join(screens, `${name}-${colorScheme}.png`) });
            assert.deepEqual(await findings(page), []);
          },
          { colorScheme, viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" },
        );
      });
    }
    await check(`a cell that failed is accessible, ${colorScheme}`, async () => {
      await visit(
        browser,
        `${isolated.url}chapter/2-tensors.html`,
        async ({ page }) => {
          await write(
            page,
            0,
            'const text = "a string"; // a comment\nconsole.warn("careful", 1.5);\nclass A extends Missing {}\n',
          );
          await page.keyboard.press("Shift+Enter");
          await state(page, 0, "failed");
          await page.screenshot({ path: join(screens, `failed-${colorScheme}.png`) });
          assert.deepEqual(await findings(page), []);
        },
        { colorScheme, viewport: { width: 1280, height: 900 } },
      );
    });
  }
  const paths = globSync("**/*.html", { cwd: folder }).filter(
    (path) => path !== "404.html" && (KINDS.includes(path) || !/^(api|source)\//.test(path)),
  );
  await check(
    `nothing on ${paths.length} pages is wider than a narrow screen, and figures can be read there`,
    async () => {
      const context = await newContext(browser, {
        viewport: { width: 390, height: 844 },
        colorScheme: "dark",
      });
      const page = await context.newPage();
      const wide: string[] = [];
      for (const path of paths.sort()) {
        await open(page, `${isolated.url}${path}`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 390) wide.push(`${path}: ${width}`);
        // Their smallest text has 12 px of the width that a figure is drawn for.
        const small = await page
          .locator(".cell-figure")
          .evaluateAll((images) =>
            (images as HTMLImageElement[])
              .map((image) => (12 * image.width) / Number(image.getAttribute("width")))
              .filter((size) => !(size >= 8.9)),
          );
        if (small.length > 0)
          wide.push(`${path}: figures with text of ${small.map((size) => size.toFixed(1))} px`);
        if (KINDS.includes(path)) {
          await page.screenshot({
            path: join(screens, `${path.replaceAll(/[/@]+/g, "-").replace(".html", "")}-narrow.png`),
          });
        }
      }
      await context.close();
      assert.deepEqual(wide, []);
    },
  );
}
