/**
 * One endurance run in this process: `soak-work.ts WORK STEPS`. A line of JSON per tenth of the way, with the memory
 * then in use; nothing is disposed of by hand.
 */
import process from "node:process";
import { cpu } from "@flambeau/cpu-backend";
import { rand } from "flambeau";
import { trainer } from "./soak-trainer.ts";
import type { SoakMark, SoakName } from "./soak-works.ts";

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
  if (work !== "add 1e6, synchronous") {
    const step = trainer(784, 128);
    const awaits = work === "train, await item()";
    let total = 0;
    for (let i = 1; i <= steps; i++) {
      const loss = step();
      total += awaits ? await loss.item() : loss.itemSync();
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
