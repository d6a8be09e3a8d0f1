/** When training stops, and which weights are kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import { called } from "../../../tests/src/arguments.ts";
import { EarlyStopping } from "../src/index.ts";

/** What is a model to it: its state dict shares the weights, as a module's does. */
class Model {
  readonly weight: Tensor = tensor([0, 0]);
  stateDict(): Record<string, Tensor> {
    return { weight: this.weight };
  }
  loadStateDict({ weight }: Record<string, Tensor>): void {
    this.weight.copy_(weight);
  }
}

/** After which step it stops, or null. */
function stopOf(stopping: EarlyStopping, metrics: readonly number[]): number | null {
  for (const [i, metric] of metrics.entries()) if (stopping.step(metric)) return i + 1;
  return null;
}

describe("when it stops", () => {
  const cases: readonly (readonly [
    name: string,
    options: object,
    metrics: readonly number[],
    stop: number | null,
    best: number,
  ])[] = [
    ["after `patience` epochs without progress", { patience: 2 }, [3, 2, 2.5, 2.25, 1], 4, 2],
    ["an equal metric is no progress", { patience: 1 }, [3, 2, 2, 1], 3, 2],
    ["progress starts the count anew", { patience: 2 }, [3, 4, 2, 4, 1, 4], null, 1],
    ["mode max", { patience: 2, mode: "max" }, [1, 2, 1.5, 2], 4, 2],
    ["less progress than minDelta", { patience: 2, minDelta: 0.5 }, [3, 2.75, 2.5, 2], 3, 3],
    ["more progress than minDelta, bit by bit", { patience: 3, minDelta: 0.5 }, [3, 2.75, 2.25], null, 2.25],
    ["minDelta of mode max", { patience: 1, minDelta: 1, mode: "max" }, [0, 1, 3], 2, 0],
    ["nan is no progress", { patience: 2 }, [1, Number.NaN, Number.NaN, 0], 3, 1],
    ["nan from the beginning", { patience: 2 }, [Number.NaN, Number.NaN], 2, Infinity],
  ];
  for (const [name, options, metrics, stop, best] of cases)
    test(name, () => {
      const stopping = new EarlyStopping(options);
      assert.equal(stopOf(stopping, metrics), stop);
      assert.equal(stopping.stopped, stop !== null);
      assert.equal(stopping.best, best);
      assert.equal(stopping.lastEpoch, stop ?? metrics.length);
    });

  test("a tensor of one element is a metric", () => {
    const stopping = new EarlyStopping();
    stopping.step(tensor(0.5));
    assert.equal(stopping.best, 0.5);
  });
});

describe("the best weights", () => {
  test("are a copy that training does not change", () => {
    const model = new Model();
    const stopping = new EarlyStopping({ patience: 2 });
    for (const [i, metric] of [3, 1, 2].entries()) {
      model.weight.fill_(i + 1);
      stopping.step(metric, model);
    }
    assert.deepEqual(model.weight.toArraySync(), [3, 3]);
    stopping.restoreBest(model);
    assert.deepEqual(model.weight.toArraySync(), [2, 2]);
    model.weight.fill_(9);
    stopping.restoreBest({ model });
    assert.deepEqual(model.weight.toArraySync(), [2, 2]);
  });

  test("are none after a better epoch without a model", () => {
    const model = new Model();
    const stopping = new EarlyStopping();
    stopping.step(2, model);
    stopping.step(1);
    assert.throws(() => stopping.restoreBest(model), /restoreBest: no weights are kept/);
  });
});

describe("state dicts", () => {
  test("are copies, from which the count goes on", () => {
    const model = new Model();
    const first = new EarlyStopping({ patience: 3, minDelta: 0.25, mode: "max" });
    model.weight.fill_(1);
    first.step(2, model);
    model.weight.fill_(2);
    first.step(1, model);
    const state = first.stateDict();
    first.step(9, model);
    const second = new EarlyStopping();
    second.loadStateDict(state);
    assert.deepEqual({ ...second.stateDict(), weights: null }, { ...state, weights: null });
    assert.equal(second.step(2.25, model), false);
    assert.equal(second.step(2.25, model), true);
    second.restoreBest(model);
    assert.deepEqual(model.weight.toArraySync(), [1, 1]);
  });

  test("before the first step", () => {
    const stopping = new EarlyStopping();
    stopping.loadStateDict(stopping.stateDict());
    assert.deepEqual(stopping.stateDict(), new EarlyStopping().stateDict());
  });

  test("what is none is refused, and nothing changes", () => {
    const stopping = new EarlyStopping();
    const state = stopping.stateDict();
    for (const change of [
      { patience: undefined },
      { best: "1" },
      { best_epoch: -1 },
      { mode: "low" },
      { weights: 3 },
      { last_epoch: 0.5 },
    ])
      assert.throws(
        () => called(stopping.loadStateDict.bind(stopping))({ ...state, patience: 3, ...change }),
        (error) => error instanceof ValueError && error.message.includes(Object.keys(change)[0]),
      );
    assert.throws(() => called(stopping.loadStateDict.bind(stopping))(null), ArgumentError);
    assert.deepEqual(stopping.stateDict(), state);
  });
});

test("what it refuses", () => {
  const stopping = new EarlyStopping();
  const refused: readonly (readonly [() => unknown, typeof ValueError | typeof ArgumentError, RegExp])[] = [
    [() => new EarlyStopping(0), ValueError, /patience is an integer from 1; got 0/],
    [() => new EarlyStopping(1.5), ValueError, /patience/],
    [() => new EarlyStopping({ minDelta: -1 }), ValueError, /minDelta/],
    [() => called(stopping.step.bind(stopping))("1"), ArgumentError, /step: metric is/],
    [() => called(stopping.step.bind(stopping))(1, {}), ArgumentError, /model/],
    [() => called(stopping.step.bind(stopping))(1, 3), ArgumentError, /step: model is/],
    [() => called(stopping.restoreBest.bind(stopping))(3), ArgumentError, /restoreBest: model is/],
    [() => stopping.restoreBest(new Model()), ValueError, /no weights are kept/],
  ];
  for (const [run, kind, message] of refused)
    assert.throws(run, (error) => error instanceof kind && message.test(error.message), String(message));
  assert.equal(stopping.lastEpoch, 0);
});
