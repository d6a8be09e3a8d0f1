/**
 * One endurance run in this process: `soak-work.ts WORK STEPS`. A line of JSON per tenth of the way, with the memory
 * then in use; nothing is disposed of by hand.
 */
import process from "node:process";
import { cpu } from "@flambeau/cpu-backend";
import { manualSeed, nn, optim, rand, randint, type Tensor } from "flambeau";
import type { SoakMark, SoakName } from "./soak-works.ts";

/** The chapter's way to train, on a network with one hidden layer; the batch is drawn once. */
function trainer(): () => Tensor {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const criterion = new nn.CrossEntropyLoss();
  const x = rand([64, 784]);
  const y = randint(0, 10, [64]);
  return () => {
    optimizer.zeroGrad();
    const loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
}

function marker(steps: number): (step: number) => void {
  const started = performance.now();
  const [tenth, hundredth] = [steps / 10, steps / 100];
  let sum = 0;
  return (step) => {
    if ((tenth - (step % tenth)) % tenth < hundredth) sum += process.memoryUsage.rss();
    if (step % tenth !== 0) return;
    const mark: SoakMark = {
      step,
      seconds: (performance.now() - started) / 1000,
      resident: sum / hundredth,
      used: cpu.memory().used,
    };
    sum = 0;
    console.log(JSON.stringify(mark));
  };
}

/** Takes the steps of a work, one after the other. */
async function soak(work: SoakName, steps: number): Promise<void> {
  const mark = marker(steps);
  if (work === "train, await item()") {
    const step = trainer();
    let total = 0;
    for (let i = 1; i <= steps; i++) {
      total += await step().item();
      mark(i);
    }
    if (!Number.isFinite(total)) throw new Error("the loss is no number");
  } else if (work === "train, itemSync()") {
    const step = trainer();
    let total = 0;
    for (let i = 1; i <= steps; i++) {
      total += step().itemSync();
      mark(i);
    }
    if (!Number.isFinite(total)) throw new Error("the loss is no number");
  } else {
    const a = rand([1_000_000]);
    const b = rand([1_000_000]);
    let c = a;
    for (let i = 1; i <= steps; i++) {
      c = a.add(b);
      mark(i);
    }
    if (c.at(-1).itemSync() !== Math.fround(a.at(-1).itemSync() + b.at(-1).itemSync()))
      throw new Error("the sum is wrong");
  }
}

await soak(process.argv[2] as SoakName, Number(process.argv[3]));
