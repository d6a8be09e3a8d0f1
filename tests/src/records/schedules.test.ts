/**
 * Every learning-rate schedule against PyTorch 1.13 (tools/fixtures/schedules.py): 30 epochs of two groups' rates, and the same
 * with schedule and optimizer saved at every epoch and loaded into fresh ones.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { optim, tensor } from "flambeau";
import fixture from "../../fixtures/schedules.json" with { type: "json" };

interface ScheduleCase {
  readonly schedule: string;
  readonly args: readonly unknown[];
  readonly optimizer: "SGD" | "Adam";
  /** The rates of the groups, and their momenta where those change too, at each epoch. */
  readonly history: readonly (readonly number[])[];
  /** What `step` takes each time. */
  readonly step?: readonly number[];
}

type Schedule = optim.lrScheduler.LRScheduler & { step(value?: number): void };
type Optimizer = optim.SGD | optim.Adam;
type Make = new (...args: unknown[]) => Schedule;

const cases = fixture.cases as unknown as readonly ScheduleCase[];

/** Those of tools/fixtures/schedules.py. */
const functions: Readonly<Record<string, (epoch: number) => number>> = {
  decay: (epoch) => 0.95 ** epoch,
  steps: (epoch) => 1 / (1 + Math.floor(epoch / 4)),
};

function optimizerOf({ optimizer }: ScheduleCase, rates: readonly number[] = fixture.rates): Optimizer {
  const groups = rates.map((lr) => ({ params: [tensor([0], { requiresGrad: true })], lr }));
  return optimizer === "SGD"
    ? new optim.SGD(groups, { lr: 1, momentum: 0.9 })
    : new optim.Adam(groups, { lr: 1 });
}

/** An argument with schedules and functions in place of their descriptions. */
function read(x: unknown, optimizer: Optimizer): unknown {
  if (Array.isArray(x)) return x.map((e) => read(e, optimizer));
  if (typeof x !== "object" || x === null) return x;
  if ("function" in x) return functions[x.function as string];
  if ("schedule" in x) return scheduleOf(x as ScheduleCase, optimizer);
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, read(value, optimizer)]));
}

function scheduleOf(
  { schedule, args }: Pick<ScheduleCase, "schedule" | "args">,
  optimizer: Optimizer,
): Schedule {
  // The one that takes its optimizer from the schedules in it.
  const before = schedule === "ChainedScheduler" ? [] : [optimizer];
  const all = args.map((arg) => read(arg, optimizer));
  const schedules = { ...optim.lrScheduler, ...optim.swaUtils };
  return new (schedules as unknown as Record<string, Make>)[schedule](...before, ...all);
}

function assertRow(optimizer: Optimizer, wanted: readonly number[], epoch: number): void {
  const groups = optimizer.paramGroups as readonly {
    lr: number;
    momentum?: number;
    betas?: readonly number[];
  }[];
  const row = [...groups.map(({ lr }) => lr), ...groups.map((g) => g.betas?.[0] ?? g.momentum ?? 0)];
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(row[i] - value) <= 1e-12, `epoch ${epoch}: ${row}, PyTorch has ${wanted}`);
}

describe("schedules are PyTorch's", () => {
  for (const c of cases) {
    const name = `${c.schedule}(${JSON.stringify(c.args).slice(1, -1)}) of ${c.optimizer}`;
    test(name, () => {
      const optimizer = optimizerOf(c);
      const schedule = scheduleOf(c, optimizer);
      for (const [epoch, wanted] of c.history.entries()) {
        if (epoch > 0) schedule.step(c.step?.[epoch - 1]);
        assertRow(optimizer, wanted, epoch);
        assert.deepEqual(
          schedule.getLastLr(),
          optimizer.paramGroups.map(({ lr }) => lr),
        );
      }
    });

    test(`${name}: goes on from a saved state`, () => {
      let optimizer = optimizerOf(c);
      let schedule = scheduleOf(c, optimizer);
      for (const [epoch, wanted] of c.history.entries()) {
        if (epoch > 0) schedule.step(c.step?.[epoch - 1]);
        assertRow(optimizer, wanted, epoch);
        // A schedule starts with its first rate, which the optimizer's state then replaces.
        const next = optimizerOf(c, [9, 9]);
        const restored = scheduleOf(c, next);
        restored.loadStateDict(schedule.stateDict());
        next.loadStateDict(optimizer.stateDict());
        [optimizer, schedule] = [next, restored];
      }
    });
  }
});
