/** The dev server, begun without a cache as after a clone: a page is not loaded anew, so a run is not lost. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "vitepress";
import { root } from "../../build/paths.ts";
import { check, visit } from "./harness.ts";
import { cell, printed, runAll, write } from "./notebooks.ts";
import type { Surroundings } from "./surroundings.ts";

export async function checkDev({ browser }: Surroundings): Promise<void> {
  await check("on a fresh dev server a page runs, is edited and is never loaded anew", async () => {
    const cache = mkdtempSync(join(tmpdir(), "flambeau-docs-"));
    process.env.DOCS_CACHE = cache;
    const server = await createServer(join(root, "apps", "docs"), { host: "127.0.0.1", port: 0 });
    try {
      await server.listen();
      const url = server.resolvedUrls?.local[0] as string;
      await visit(browser, url, async ({ page }) => {
        let loads = 0;
        page.on("load", () => loads++);
        await runAll(page);
        assert.equal((await printed(page, 0)).length, 3);
        await write(page, 0, "const shape: number = 'text';");
        await cell(page, 0).locator(".cm-lintRange-error").waitFor();
        assert.equal(loads, 0);
      });
    } finally {
      await server.close();
      delete process.env.DOCS_CACHE;
      rmSync(cache, { recursive: true, force: true });
    }
  });
}
