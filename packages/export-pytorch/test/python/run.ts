/**
 * Runs in PyTorch what is written here: models with their gradients, every recorded module and operation, every name. Not part of the gate: it
 * needs a Python that has torch 1.13, black and flake8, the one that the variable PYTHON names or Debian's, and says so where there is none.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setting } from "../../../../tests/src/setting.ts";

const python = setting("PYTHON") ?? "/usr/bin/python3";
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = fileURLToPath(new URL("../../../../.cache/export-pytorch/", import.meta.url));

if (spawnSync(python, ["-c", "import torch, black, flake8"]).status !== 0) {
  console.log(`skipped: ${python} has no torch, black and flake8; PYTHON names another one`);
  process.exit(0);
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

function run(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  return status === 0;
}

const checks = [
  ["models", "models", "check_models"],
  ["modules", "modules", "check_models"],
  ["operations", "operations", "check_operations"],
  ["random", "random", "check_operations"],
  ["names", "names.json", "check_names"],
];
let failed = false;
for (const [what, to, check] of checks) {
  const wrote = run(process.execPath, [...process.execArgv, `${here}write-${what}.ts`, `${folder}${to}`]);
  const passed = wrote && run(python, ["-W", "ignore", `${here}${check}.py`, `${folder}${to}`]);
  console.log(`${what}: ${passed ? "passed" : "failed"}`);
  failed ||= !passed;
}
process.exit(failed ? 1 : 0);
