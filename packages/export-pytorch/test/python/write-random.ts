/** Writes random programs with views and writes in place as functions of Python, with results: for check_operations.py. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cat, F, FlambeauError, manualSeed, randint, randn, save, type Tensor } from "flambeau";
import { sourceOf } from "../code/operations.ts";

// A line each: calls on one line are joined.
const steps: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, b) => a.mul(b),
  (a, b) => a.sub(b).tanh(),
  (a) => a.relu(),
  (a) => a.neg(),
  (a, b) => a.sum(1, true).add(b),
  (a) => a.exp().clamp(0, 3),
  (a, b) => a.add_(b),
  (a, b) => a.clone().mul_(b.sigmoid()),
  (a) => a.at(":", 0).unsqueeze(1).expand([3, 4]),
  (a, b) => {
    a.at(0).mul_(0.5);
    return b;
  },
  (a, b) => cat([a, b], 0).at("1:4"),
  (a, b) => F.relu(a.sub(0.1), true).add(b),
  (a, b) => {
    a.set([1, ":"], b.at(0));
    return a;
  },
  (a, b) => a.T.matmul(b).matmul(a.T).T,
  (a) => a.max(1, true).values.expand([3, 4]).mul(0.5),
];

/** A program that runs steps on what it has so far. */
function program(): (x: Tensor, y: Tensor) => readonly Tensor[] {
  const draw = (count: number): number[] => randint(1000, [count]).tolist<number[]>();
  const [length, count] = draw(2);
  const picks = Array.from({ length: 4 + (length % 10) }, () => draw(3));
  return (x, y) => {
    const pool = [x.mul(1), y];
    for (const [step, i, j] of picks) {
      const made = steps[step % steps.length](pool[i % pool.length], pool[j % pool.length]);
      pool.push(made.clamp(-4, 4), made);
    }
    return pool.slice(-1 - (count % 3));
  };
}

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const lines = ["import torch", "import torch.nn.functional as F"];
const cases: unknown[] = [];
for (let seed = 0; seed < 400; seed++) {
  manualSeed(seed);
  const run = program();
  const inputs = [randn([3, 4]), randn([3, 4])];
  try {
    const source = sourceOf(run as never, inputs);
    const outputs = run(inputs[0].clone(), inputs[1].clone()).map((y) => y.clone());
    lines.push("", "", `def case_${cases.length}(x0, x1):`, source);
    cases.push({ name: `program ${seed}`, inputs, outputs });
  } catch (error) {
    // It writes to an expanded tensor.
    if (!(error instanceof FlambeauError) || error.name !== "ShapeError") throw error;
  }
}
writeFileSync(join(folder, "operations.py"), `${lines.join("\n")}\n`);
await save({ cases }, join(folder, "operations.pt"));
console.log(`${cases.length} programs`);
