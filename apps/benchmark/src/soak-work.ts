/**
 * One endurance run in this process: `soak-work.ts WORK STEPS`. A line of JSON per tenth of the way, with the memory
 * then in use; nothing is disposed of by hand.
 */
import process from "node:process";
import { cpu } from "@flambeau/cpu-backend";
import { manualSeed, nn, optim, rand, randint, type Tensor } from "flambeau";

/** How far a run has come. */
export interface SoakMark {
  readonly step: number;
  /** Seconds since the first step. */
  readonly seconds: number;
  /** Bytes of the process in main memory. */
  readonly resident: number;
  /** Bytes of tensors in WebAssembly memory, dropped ones included until they are collected. */
  readonly used: number;
}

/** What can be run, with the number of steps of a full run. */
export const soakWorks = {
  "train, await item()": 10_000,
  "train, itemSync()": 10_000,
  "add 1e6, synchronous": 100_000,
} as const;

export type SoakName = keyof typeof soakWorks;

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
  return (step) => {
    if (step % (steps / 10) !== 0) return;
    const mark: SoakMark = {
      step,
      seconds: (performance.now() - started) / 1000,
      resident: process.memoryUsage().rss,
      used: cpu.memory().used,
    };
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
