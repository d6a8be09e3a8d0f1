/**
 * `npm run test:python`: what is saved here, read by PyTorch and NumPy. Not part of the gate, whose fixtures are the other way round:
 * it needs a Python that has torch and numpy, the one that the variable PYTHON names or Debian's, and says so where there is none.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveNpz, savePt, saveSafetensors } from "@flambeau/serialization";
import { arange, manualSeed, randn, type Tensor, tensor } from "@flambeau/tensor";
// The seed of the tests, for `Math.random`.
import "../../tests/src/seed.ts";
import { setting } from "../../tests/src/setting.ts";
import { root } from "../runtimes.ts";
import { Description } from "./describe.ts";
import { Objects } from "./objects.ts";
import { checkpoint, trainings } from "./training.ts";

const OBJECTS = 200;
const python = setting("PYTHON") ?? "/usr/bin/python3";
const found = spawnSync(python, ["-c", "import torch, numpy"]);
if (found.status !== 0) {
  console.log(`skipped: test:python (${python} has no torch and numpy; PYTHON names another one)`);
  process.exit(0);
}

const folder = join(root, ".cache", "python");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const cases: object[] = [];

async function add(name: string, kind: string, bytes: Uint8Array, expected: unknown): Promise<void> {
  writeFileSync(join(folder, name), bytes);
  cases.push({ name, kind, expected });
}

manualSeed(1);
for (let i = 0; i < OBJECTS; i++) {
  const value = new Objects().value(4);
  await add(`object-${i}.pt`, "object", await savePt(value), new Description().of(value));
}
const list: unknown[] = [1];
const twice = tensor([1, 2]);
await add(
  "twice.pt",
  "object",
  await savePt([twice, twice, list, list]),
  new Description().of([twice, twice, list, list]),
);
const long = {
  items: Array.from({ length: 2500 }, (_, i) => i),
  names: Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`k${i}`, i])),
};
await add("long.pt", "object", await savePt(long), new Description().of(long));

for (const { name, checkpoint: half, final } of trainings()) {
  const bytes = await savePt(half);
  await add(
    `training-${name}.pt`,
    "training",
    bytes,
    final().map((p) => new Description().of(p)),
  );
}

const parameters = await checkpoint(join(folder, "checkpoint.pt"));
cases.push({
  name: "checkpoint.pt",
  kind: "checkpoint",
  expected: parameters.map((p) => new Description().of(p)),
});

const tensors: Record<string, Tensor> = {
  scalar: tensor(3.5),
  matrix: randn([3, 4]).t(),
  double: randn([2], { dtype: "float64" }),
  long: arange(5, { dtype: "int64" }),
  int: arange(5, { dtype: "int32" }),
  byte: arange(5, { dtype: "uint8" }),
  mask: tensor([true, false]),
  empty: randn([0, 3]),
};
const expected = Object.entries(tensors).map(([key, x]) => [key, new Description().of(x)]);
await add("weights.pt", "weights", await savePt(tensors), expected);
await add("plain.npz", "npz", await saveNpz(tensors), expected);
await add("compressed.npz", "npz", await saveNpz(tensors, { compressed: true }), expected);
await add("weights.safetensors", "safetensors", await saveSafetensors(tensors), expected);

writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
const { status } = spawnSync(python, [join(root, "tools", "python", "check.py"), folder], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
