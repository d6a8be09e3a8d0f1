/** Writes the models of packages/onnx's tests as ONNX files, and has the onnx package of a Python check them, where it is installed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportOnnx } from "@flambeau/onnx";
import { manualSeed } from "@flambeau/tensor";
import { models } from "../../packages/onnx/test/models/index.ts";
import { program } from "../../packages/onnx/test/models/model.ts";
import { setting } from "../../tests/src/setting.ts";
import { root } from "../runtimes.ts";

const python = setting("PYTHON") ?? "/usr/bin/python3";
if (spawnSync(python, ["-c", "import onnx"]).status !== 0) {
  console.log(`skipped: ONNX files (${python} has no onnx; PYTHON names another one)`);
  process.exit(0);
}
const folder = join(root, ".cache", "onnx");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, { make, inputs, axes }] of Object.entries(models)) {
  manualSeed(1);
  const bytes = await exportOnnx(program(make()), inputs(3, 5), { dynamicAxes: axes });
  writeFileSync(join(folder, `${name.replaceAll(/\W+/g, "-")}.onnx`), bytes);
}
const { status } = spawnSync(python, [join(import.meta.dirname, "onnx_check.py"), folder], {
  stdio: "inherit",
});
process.exit(status ?? 1);
