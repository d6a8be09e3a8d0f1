import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/optim.json" with { type: "json" };
import { Adagrad, Adam, lrScheduler, RMSprop, SGD } from "../src/index.ts";
import { leaf } from "./support.ts";

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  LambdaLR,
  LinearLR,
  LRScheduler,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = lrScheduler;

function sgd(...rates: number[]): SGD {
  return new SGD(rates.map((lr) => ({ params: [leaf([0])], lr })));
}

function rates(optimizer: SGD): number[] {
  return optimizer.paramGroups.map(({ lr }) => lr);
}

function assertRates(actual: number[], expected: number[], label: string): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((lr, i) => {
    assert.ok(
      Math.abs(lr - expected[i]) <= 1e-15 + 1e-12 * Math.abs(expected[i]),
      `${label}: ${actual}, not ${expected}`,
    );
  });
}

type Kind = new (optimizer: SGD, ...args: any[]) => InstanceType<typeof StepLR>;
const kinds = lrScheduler as unknown as Record<string, Kind>;

describe("schedules are PyTorch's", () => {
  for (const { name, args, options, rates: start, history, text } of fixture.schedulers) {
    test(`${name} ${JSON.stringify(args)} ${JSON.stringify(options)}`, () => {
      const optimizer = sgd(...start);
      const scheduler = new kinds[name](optimizer, ...args, options);
      history.forEach((expected, epoch) => {
        if (epoch > 0) scheduler.step();
        assertRates(rates(optimizer), expected, `epoch ${epoch}`);
        assert.deepEqual(scheduler.getLastLr(), rates(optimizer));
        assert.equal(scheduler.lastEpoch, epoch);
      });
      if (name === "StepLR") assert.equal(String(optimizer), text);
    });

    test(`${name} ${JSON.stringify(args)} ${JSON.stringify(options)}: goes on from a saved state`, () => {
      const first = sgd(...start);
      const before = new kinds[name](first, ...args, options);
      for (let epoch = 0; epoch < 4; epoch++) before.step();
      const second = sgd(...start.map(() => 9));
      const after = new kinds[name](second, ...args, options);
      after.loadStateDict(before.stateDict());
      second.loadStateDict(first.stateDict());
      for (let epoch = 5; epoch < history.length; epoch++) {
        after.step();
        assertRates(rates(second), history[epoch], `epoch ${epoch}`);
      }
    });
  }

  fixture.many.forEach(({ kind, specs, milestones, rates: start, history }) => {
    const make = (
      optimizer: SGD,
    ): InstanceType<typeof SequentialLR> | InstanceType<typeof ChainedScheduler> => {
      const all = specs.map(
        ([name, args, options]) => new kinds[name as string](optimizer, ...(args as []), options),
      );
      return milestones === null ? new ChainedScheduler(all) : new SequentialLR(optimizer, all, milestones);
    };
    test(`${kind} of ${specs.map(([name]) => name).join(", ")}, saved on the way`, () => {
      let optimizer = sgd(...start);
      let scheduler = make(optimizer);
      history.forEach((expected, epoch) => {
        if (epoch > 0) scheduler.step();
        assertRates(rates(optimizer), expected, `epoch ${epoch}`);
        assert.deepEqual(scheduler.getLastLr(), rates(optimizer));
        const next = sgd(...start.map(() => 9));
        const restored = make(next);
        restored.loadStateDict(scheduler.stateDict());
        next.loadStateDict(optimizer.stateDict());
        [optimizer, scheduler] = [next, restored];
      });
    });
  });

  fixture.cycles.forEach(({ name, maxLr, options, history }) => {
    test(`OneCycleLR of ${name} ${JSON.stringify(options)}`, () => {
      const groups = [{ params: [leaf([0])] }, { params: [leaf([0])] }];
      const optimizer = new { SGD, Adam, RMSprop }[name as "SGD"](groups, { lr: 0.1 });
      const scheduler = new OneCycleLR(optimizer, maxLr, options as object);
      history.forEach((expected, step) => {
        if (step > 0) scheduler.step();
        optimizer.paramGroups.forEach(
          (group: { lr: number; momentum?: number; betas?: readonly number[] }, i) => {
            assertRates([group.lr, group.betas?.[0] ?? group.momentum ?? 0], expected[i], `step ${step}`);
          },
        );
      });
    });
  });

  fixture.fractions.forEach(({ t0, options, epochs, history }) => {
    test(`CosineAnnealingWarmRestarts stepped to any epoch, ${JSON.stringify(options)}`, () => {
      const optimizer = sgd(0.1);
      const scheduler = new CosineAnnealingWarmRestarts(optimizer, t0, options);
      epochs.forEach((epoch, i) => {
        scheduler.step(epoch ?? undefined);
        assertRates([scheduler.lastEpoch, ...rates(optimizer)], history[i], `step ${i}`);
      });
    });
  });

  fixture.plateaus.forEach(({ options, rates: start, metrics, history }) => {
    test(`ReduceLROnPlateau ${JSON.stringify(options)}`, () => {
      const optimizer = sgd(...start);
      const scheduler = new ReduceLROnPlateau(optimizer, options as object);
      metrics.forEach((metric, i) => {
        scheduler.step(i % 2 ? metric : tensor(metric, { dtype: "float64" }));
        assertRates(rates(optimizer), history[i], `metric ${i}`);
      });
      assert.deepEqual(scheduler.getLastLr(), rates(optimizer));
    });
  });
});

describe("LambdaLR", () => {
  test("sets each group's first learning rate times its function", () => {
    const optimizer = sgd(0.5, 2);
    const scheduler = new LambdaLR(optimizer, [(epoch) => 1 / (epoch + 1), (epoch) => 0.5 ** epoch]);
    scheduler.step();
    scheduler.step();
    assert.deepEqual(rates(optimizer), [0.5 / 3, 0.5]);
    assert.deepEqual(scheduler.stateDict().lr_lambdas, [null, null]);
    assert.throws(() => new LambdaLR(optimizer, [() => 1]), /1 functions for 2 groups/);
  });
});

describe("MultiplicativeLR", () => {
  test("multiplies by each group's function", () => {
    const optimizer = sgd(0.5, 2);
    const scheduler = new MultiplicativeLR(optimizer, [(epoch) => 1 / epoch, () => 0.5]);
    for (let epoch = 0; epoch < 3; epoch++) scheduler.step();
    assertRates(rates(optimizer), [0.5 / 6, 0.25], "after 3");
    assert.deepEqual(scheduler.stateDict().lr_lambdas, [null, null]);
    scheduler.restart();
    assertRates(rates(optimizer), [0.5 / 6, 0.25], "begun anew");
  });
});

describe("schedulers", () => {
  test("refuse what is none of theirs", () => {
    const optimizer = sgd(1);
    assert.throws(() => new StepLR({} as never, 1), ArgumentError);
    assert.throws(() => new StepLR(optimizer, 0), ValueError);
    assert.throws(() => new MultiStepLR(optimizer, [1.5]), ValueError);
    assert.throws(() => new CosineAnnealingLR(optimizer, 0), ValueError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { factor: 1 }), ValueError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { mode: "up" as never }), ArgumentError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { minLr: [0, 0] }), ValueError);
    assert.throws(() => new StepLR(sgd(1), 1, { lastEpoch: 3 }), /needs its initialLr/);
    assert.throws(() => new LinearLR(optimizer, { startFactor: 0 }), ValueError);
    assert.throws(() => new LinearLR(optimizer, { endFactor: 2 }), ValueError);
    assert.throws(() => new ConstantLR(optimizer, { factor: 1.5 }), ValueError);
    assert.throws(() => new PolynomialLR(optimizer, { totalIters: 0 }), ValueError);
    assert.throws(() => new MultiplicativeLR(optimizer, []), ValueError);
    assert.throws(() => new CosineAnnealingWarmRestarts(optimizer, 2.5), ValueError);
    assert.throws(() => new CosineAnnealingWarmRestarts(sgd(1), 2).step(-1), ValueError);
    assert.throws(() => new OneCycleLR(optimizer, 1), /totalSteps/);
    assert.throws(() => new OneCycleLR(optimizer, 1, { totalSteps: 5, pctStart: 2 }), ValueError);
    assert.throws(() => new OneCycleLR(optimizer, [1, 2], { totalSteps: 5 }), ValueError);
    assert.throws(() => new OneCycleLR(new Adagrad([leaf([0])]), 1, { totalSteps: 5 }), /no momentum/);
    const cycle = new OneCycleLR(sgd(1), 1, { totalSteps: 2 });
    cycle.step();
    cycle.step();
    assert.throws(() => cycle.step(), /is over/);
    assert.throws(() => new ChainedScheduler([]), ValueError);
    assert.throws(
      () => new ChainedScheduler([new StepLR(sgd(1), 1), new StepLR(sgd(1), 1)]),
      /another optimizer/,
    );
    const own = sgd(1);
    const two = [new StepLR(own, 1), new StepLR(own, 1)];
    assert.throws(() => new SequentialLR(own, two, []), ValueError);
    assert.throws(() => new SequentialLR(own, two, [0]), ValueError);
    const sequence = new SequentialLR(own, two, [3]);
    assert.throws(
      () => sequence.loadStateDict({ last_epoch: 1, _schedulers: [two[0].stateDict(), {}] }),
      ValueError,
    );
    assert.equal(sequence.lastEpoch, 0);
    const scheduler = new StepLR(optimizer, 2);
    assert.throws(() => scheduler.loadStateDict({ gamma: 3 }), ValueError);
    assert.throws(() => scheduler.loadStateDict(new MultiStepLR(optimizer, [1]).stateDict()), ValueError);
    assert.equal(scheduler.gamma, 0.1);
    assert.deepEqual(rates(optimizer), [1]);
  });

  test("go on from an epoch", () => {
    const optimizer = sgd(0.25);
    optimizer.paramGroups[0].initialLr = 1;
    const scheduler = new CosineAnnealingLR(optimizer, 10, { lastEpoch: 4 });
    assert.ok(scheduler instanceof LRScheduler);
    assertRates(rates(optimizer), [0.5], "epoch 5");
  });
});
