/** `node tools/run.ts RUNTIME FILE [ARGUMENTS]`: runs one TypeScript file from the sources on node, bun or deno. */
import { spawnSync } from "node:child_process";
import { quietEnvironment, type RuntimeName, root, runCommand } from "./runtimes.ts";
import { gpuEnvironment } from "./swiftshader.ts";

const [runtime, file, ...rest] = process.argv.slice(2);
if (runtime === undefined || file === undefined)
  throw new Error("usage: node tools/run.ts RUNTIME FILE [ARGUMENTS]");
const [command, ...leading] = runCommand(runtime as RuntimeName, file);
const { status, error } = spawnSync(command, [...leading, ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...quietEnvironment, ...gpuEnvironment() },
});
if (error) throw error;
process.exitCode = status ?? 1;
