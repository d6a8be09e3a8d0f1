/** Exported models that are trained by two processes, and by one, in a few starts of PyTorch: see fleet.py. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "@flambeau/files";
import type { Tensor } from "@flambeau/tensor";
import { difference, type Project } from "./project.ts";

/** Epochs are of two to six steps. The process that fleet.py kills in the fourth step goes on after the second. */
const STEPS = ["--steps", "6", "--seed", "3", "--checkpoint-every", "2"];

/** What two processes and one computed of a model: each the largest difference. */
export interface Compared {
  /** Losses in eval mode: of two processes, and of one with batches twice as large. */
  readonly evalMode: number;
  /** Losses in training: of two processes, and of one that takes both halves of a batch in turn. */
  readonly training: number;
  /** Losses and weights: of two processes of which one was killed, and of two that were not. */
  readonly killed: number;
}

/** Runs projects by their names, all in two starts. @throws Error when a program fails. */
export async function compared(projects: ReadonlyMap<string, Project>): Promise<Map<string, Compared>> {
  const [first] = projects.values();
  copyFileSync(join(import.meta.dirname, "fleet.py"), first.path("fleet.py"));
  const jobs = (hows: readonly (readonly [name: string, how: string])[], rows: number): string => {
    const args = [...STEPS, "--batch-size", String(rows)];
    const path = first.path(`jobs-of-${rows}.json`);
    const all = [...projects.values()].flatMap(({ folder }) =>
      hows.map(([name, how]) => ({ folder, name, how, args })),
    );
    writeFileSync(path, JSON.stringify(all));
    return path;
  };
  const single = jobs(
    [
      ["eval-1", "eval"],
      ["train-1", "halves"],
    ],
    8,
  );
  first.run("fleet.py", single);
  const double = jobs(
    [
      ["eval-2", "eval"],
      ["train-2", "train"],
      ["crash-2", "crash"],
    ],
    4,
  );
  // A killed process is noticed when the next look is taken.
  const restarts = ["--max_restarts", String(projects.size), "--monitor_interval", "0.2"];
  first.torchrun(2, ...restarts, "fleet.py", double);
  const results = new Map<string, Compared>();
  for (const [name, project] of projects) {
    const losses = (run: string): number[] => lossesIn(project.path(`${run}.jsonl`));
    const weights = (run: string): Promise<number[]> => weightsIn(project.path(`${run}.pt`));
    // Written by the process before it was killed: without it there was no restart.
    readFileSync(project.path("crash-2.crashed"));
    results.set(name, {
      evalMode: difference(losses("eval-1"), losses("eval-2")),
      training: difference(losses("train-1"), losses("train-2")),
      killed: Math.max(
        difference(losses("train-2"), losses("crash-2")),
        difference(await weights("train-2"), await weights("crash-2")),
      ),
    });
  }
  return results;
}

function lossesIn(path: string): number[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { readonly loss: number }).loss);
}

async function weightsIn(path: string): Promise<number[]> {
  const { model } = (await load(path)) as { readonly model: Readonly<Record<string, Tensor>> };
  return Object.values(model).flatMap((x) => x.double().flatten().tolist<number[]>());
}
