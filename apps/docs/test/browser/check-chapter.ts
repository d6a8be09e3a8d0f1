/** The chapter's pages print what the program prints, and what the pages say. */
import assert from "node:assert/strict";
import { chapterPages, difference, normalize, programLines } from "./chapter.ts";
import { check, visit } from "./harness.ts";
import { printed, runAll } from "./notebooks.ts";
import type { Site } from "./server.ts";
import type { Surroundings } from "./surroundings.ts";

export async function checkChapter({ browser, isolated, plain }: Surroundings): Promise<void> {
  const program = normalize(programLines());
  const read = async (site: Site, device: "CPU" | "WebGPU"): Promise<string[]> => {
    const lines: string[] = [];
    for (const { path, cells } of chapterPages()) {
      await visit(browser, `${site.url}${path}`, async ({ page }) => {
        if (device === "WebGPU") await page.getByLabel("WebGPU").check();
        await runAll(page, 300_000);
        for (const cell of cells) lines.push(...(await printed(page, cell)));
        const figures = page.locator(".cell-figure");
        for (const figure of await figures.all()) {
          const isDrawn = await figure.evaluate((image) => (image as HTMLImageElement).naturalWidth > 100);
          assert.ok(isDrawn, "a figure is not drawn");
          assert.match((await figure.getAttribute("src")) ?? "", /^data:/, "a figure is not of this run");
        }
      });
    }
    return normalize(lines);
  };
  await check("the whole chapter on the CPU prints what npm start prints, with threads allowed", async () => {
    assert.equal(difference(await read(isolated, "CPU"), program), undefined);
  });
  await check("the whole chapter on the CPU prints the same without isolation", async () => {
    assert.equal(difference(await read(plain, "CPU"), program), undefined);
  });
  await check("the whole chapter on WebGPU prints the same to four digits", async () => {
    assert.equal(difference(await read(isolated, "WebGPU"), program, 1e-4), undefined);
  });
}
