/**
 * `npm run test:browser [-- --built]`: builds the site for a sub-path and tries it in Chromium: every page, every link, the
 * chapter on the CPU and on WebGPU, the cells' buttons and keys, what trains by itself, accessibility, narrow screens, the dev server. `--built` takes the site
 * as it was built before. Pictures of pages go to .cache/screens.
 */
import { spawnSync } from "node:child_process";
import { startChromium } from "../../../../tools/browser/chromium.ts";
import { quietEnvironment, runCommand } from "../../../../tools/runtimes.ts";
import { root, site } from "../../build/paths.ts";
import { checkCells } from "./check-cells.ts";
import { checkChapter } from "./check-chapter.ts";
import { checkDev } from "./check-dev.ts";
import { checkLive } from "./check-live.ts";
import { checkLooks } from "./check-looks.ts";
import { checkPages } from "./check-pages.ts";
import { hasFailed, tally } from "./harness.ts";
import { serve } from "./server.ts";

/** A sub-path, as on a host of many projects. */
const base = "/flambeau/";

const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
if (!process.argv.includes("--built")) build();
const isolated = await serve(site, base, true);
const plain = await serve(site, base, false);
const browser = await startChromium();
try {
  const parts = {
    pages: checkPages,
    cells: checkCells,
    chapter: checkChapter,
    live: checkLive,
    looks: checkLooks,
    dev: checkDev,
  };
  for (const [name, part] of Object.entries(parts)) {
    if (only.length === 0 || only.includes(name))
      await part({ browser, folder: site, base, isolated, plain });
  }
} finally {
  console.log(tally(browser));
  await browser.close();
  isolated.close();
  plain.close();
}
process.exitCode = hasFailed() ? 1 : 0;

function build(): void {
  const [command, ...leading] = runCommand("node", `${root}/apps/docs/build/main.ts`);
  const { status, error } = spawnSync(command, [...leading, "build"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...quietEnvironment, DOCS_BASE: base },
  });
  if (error) throw error;
  if (status !== 0) throw new Error("the site does not build");
}
