/**
 * `node tools/release/publish-jsr.ts [--dry-run]`: publishes every package on JSR, from the lowest layer up. A version that JSR
 * has already is passed over, so a release that broke off can be run again.
 */
import { spawnSync } from "node:child_process";
import { findRuntime, quietEnvironment } from "../runtimes.ts";
import { publishedPackages } from "./packages.ts";

for (const { folder, manifest } of publishedPackages()) {
  const { status, error } = spawnSync(
    findRuntime("deno"),
    ["publish", "--config", "jsr.json", ...process.argv.slice(2)],
    {
      cwd: folder,
      stdio: "inherit",
      env: { ...process.env, ...quietEnvironment },
    },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`${manifest.name} could not be published on JSR`);
}
