/** Starts turbo with telemetry and update checks off, on every operating system. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { quietEnvironment, root } from "./runtimes.ts";

const turbo = join(root, "node_modules", "turbo", "bin", "turbo");
const { status } = spawnSync(process.execPath, [turbo, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...quietEnvironment },
});
process.exitCode = status ?? 1;
