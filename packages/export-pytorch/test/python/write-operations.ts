/** Writes every operation as a function of Python, with operands and results: for check_operations.py. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manualSeed, save, Tensor } from "flambeau";
import { operations, prelude } from "../code/operations.ts";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tensorsIn) : [];
}

const lines = ["import torch", "import torch.nn.functional as F", "from torch import nn", ...prelude()];
const cases: unknown[] = [];
for (const { name, source, error, inputs, run } of operations()) {
  if (error !== undefined) {
    console.log(`${name}: ${error}`);
    continue;
  }
  const parameters = inputs.map((_, i) => `x${i}`).join(", ");
  lines.push("", "", `def case_${cases.length}(${parameters}):`, source);
  const given = inputs.map((x) => x.clone());
  manualSeed(3);
  cases.push({ name, inputs: given, outputs: tensorsIn(run()).map((x) => x.clone()) });
}
writeFileSync(join(folder, "operations.py"), `${lines.join("\n")}\n`);
await save({ cases }, join(folder, "operations.pt"));
console.log(`${cases.length} operations`);
