import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import { tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/optim.json" with { type: "json" };
import { lrScheduler, SGD } from "../src/index.ts";
import { leaf } from "./support.ts";

const { CosineAnnealingLR, ExponentialLR, LambdaLR, LRScheduler, MultiStepLR, ReduceLROnPlateau, StepLR } =
  lrScheduler;

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

type Kind = new (optimizer: SGD, arg: any, options: object) => InstanceType<typeof StepLR>;
const kinds = { StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR } as unknown as Record<string, Kind>;

describe("schedules are PyTorch's", () => {
  for (const { name, args, options, rates: start, history, text } of fixture.schedulers) {
    test(`${name} ${JSON.stringify(args)} ${JSON.stringify(options)}`, () => {
      const optimizer = sgd(...start);
      const scheduler = new kinds[name](optimizer, args[0], options);
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
      const before = new kinds[name](first, args[0], options);
      for (let epoch = 0; epoch < 4; epoch++) before.step();
      const second = sgd(...start.map(() => 9));
      const after = new kinds[name](second, args[0], options);
      after.loadStateDict(before.stateDict());
      second.loadStateDict(first.stateDict());
      for (let epoch = 5; epoch < history.length; epoch++) {
        after.step();
        assertRates(rates(second), history[epoch], `epoch ${epoch}`);
      }
    });
  }

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
    assert.equal("lrLambdas" in scheduler.stateDict(), false);
    assert.throws(() => new LambdaLR(optimizer, [() => 1]), /1 functions for 2 groups/);
  });
});

describe("schedulers", () => {
  test("refuse what is none of theirs", () => {
    const optimizer = sgd(1);
    assert.throws(() => new StepLR({} as never, 1), ValueError);
    assert.throws(() => new StepLR(optimizer, 0), ValueError);
    assert.throws(() => new MultiStepLR(optimizer, [1.5]), ValueError);
    assert.throws(() => new CosineAnnealingLR(optimizer, 0), ValueError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { factor: 1 }), ValueError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { mode: "up" as never }), ValueError);
    assert.throws(() => new ReduceLROnPlateau(optimizer, { minLr: [0, 0] }), ValueError);
    assert.throws(() => new StepLR(sgd(1), 1, { lastEpoch: 3 }), /needs its initialLr/);
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
