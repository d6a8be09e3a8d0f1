/** What a page's files are outside of it: a download on the disk, and a file that is chosen. */
import assert from "node:assert/strict";
import { loadCheckpoint } from "@flambeau/files";
import { Linear } from "@flambeau/nn";
import { Adam } from "@flambeau/optim";
import { savePt } from "@flambeau/serialization";
import { tensor } from "@flambeau/tensor";
import type { Browser, Page } from "playwright-core";
import { type Report, runPage } from "./site.ts";

/** Runs the page of pages/files.ts, then downloads from it and gives it a file. */
export async function runFiles(browser: Browser, url: string): Promise<Report> {
  const outcomes: Report["outcomes"][number][] = [];
  const check = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      outcomes.push({ name, state: "passed", message: "" });
    } catch (error) {
      outcomes.push({ name, state: "failed", message: String((error as Error).stack) });
    }
  };
  const look = async (page: Page): Promise<void> => {
    await check(
      "download(name) is a file that the browser puts on the disk, and training goes on with it",
      async () => {
        const [file, weights] = await Promise.all([
          page.waitForEvent("download"),
          page.evaluate("trainForUser()"),
        ]);
        assert.equal(file.suggestedFilename(), "run.pt");
        const model = new Linear(2, 1);
        const optimizer = new Adam(model.parameters(), 0.5);
        const { epoch } = await loadCheckpoint(await file.path(), { model, optimizer });
        assert.equal(epoch, 1);
        optimizer.zeroGrad();
        model(tensor([[1, 2]]))
          .sum()
          .backward();
        optimizer.step();
        assert.deepEqual(await model.weight.toArray(), weights);
      },
    );
    await check("a file that the user chooses", async () => {
      const buffer = Buffer.from(await savePt({ a: tensor([5, 6]) }));
      await page.setInputFiles("input", { name: "chosen.pt", mimeType: "", buffer });
      assert.deepEqual(await page.evaluate("loadChosen()"), [5, 6]);
    });
  };
  const report = await runPage(browser, url, { look });
  return { ...report, outcomes: [...report.outcomes, ...outcomes] };
}
