/**
 * State dicts that PyTorch 1.13 wrote (tools/fixtures/state_dicts.py): they load, training goes on with PyTorch's numbers, and
 * what is written then is what PyTorch writes, key by key.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import { Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/state_dicts.json" with { type: "json" };
import * as optim from "../src/index.ts";
import { assertClose, leaf } from "./support.ts";

type Dict = Readonly<Record<string, unknown>>;
type Make<T> = new (...args: unknown[]) => T;
type Schedule = optim.lrScheduler.LRScheduler & { step(metric?: number): void };
const optimizers = optim as unknown as Record<string, Make<optim.Optimizer>>;
const schedules = optim.lrScheduler as unknown as Record<string, Make<Schedule>>;

/** What chooses among PyTorch's implementations, and what follows from the rest. */
const onlyThere = [
  ...["foreach", "fused", "capturable", "differentiable"],
  ...["verbose", "_get_lr_called_within_step", "mode_worse", "use_beta1"],
];

/** Values of the fixture as PyTorch has them: tensors, and Infinity. */
function read(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(read);
  if (x === "inf") return Infinity;
  if (typeof x !== "object" || x === null) return x;
  if ("tensor" in x) {
    const [shape, values] = x.tensor as [number[], number[]];
    return tensor(values, { dtype: "float64" }).reshape(shape);
  }
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, read(value)]));
}

/** The same keys, the same kinds of values, and numbers to a few roundings. */
function assertSame(own: unknown, wanted: unknown, at: string): void {
  if (wanted instanceof Tensor) {
    assert.ok(own instanceof Tensor, `${at} is a tensor`);
    assert.deepEqual(own.shape, wanted.shape, at);
    assertClose(own, wanted.dataSync() as Float64Array, at);
  } else if (typeof wanted === "object" && wanted !== null) {
    const keys = Object.keys(wanted).filter((key) => !onlyThere.includes(key));
    assert.deepEqual(Object.keys(own as Dict).sort(), keys.sort(), at);
    for (const key of keys) assertSame((own as Dict)[key], (wanted as Dict)[key], `${at}.${key}`);
  } else if (typeof wanted === "number" && Number.isFinite(wanted)) {
    assert.ok(Math.abs((own as number) - wanted) < 1e-12, `${at}: ${own}, PyTorch has ${wanted}`);
  } else {
    assert.equal(own, wanted, at);
  }
}

function train(params: readonly Tensor[], optimizer: optim.Optimizer): void {
  for (let step = 0; step < fixture.steps; step++) {
    optimizer.zeroGrad();
    for (const p of params) p.sub(0.5).square().sum().add(p.pow(4).sum().div(8)).backward();
    optimizer.step();
  }
}

describe("optimizers go on from PyTorch's state dicts", () => {
  for (const { name, options, params: start, saved, after, final } of fixture.optimizers) {
    test(`${name} ${JSON.stringify(saved.param_groups[0])}`, () => {
      const params = (read(start) as Tensor[]).map((p) => p.requiresGrad_());
      const optimizer = new optimizers[name](params, options);
      optimizer.loadStateDict(read(saved) as optim.OptimizerStateDict);
      assertSame(optimizer.stateDict(), read(saved), "loaded");
      train(params, optimizer);
      for (const [i, p] of (read(after) as Tensor[]).entries())
        assertSame(params[i].detach(), p, `parameter ${i}`);
      assertSame(optimizer.stateDict(), read(final), "state dict");
    });
  }

  test("counts are read as tensors and as numbers", () => {
    const [{ options }, saved] = [
      fixture.optimizers[2],
      read(fixture.optimizers[2].saved) as optim.OptimizerStateDict,
    ];
    const asNumber = { ...saved, state: { ...saved.state, 0: { ...saved.state[0], step: fixture.steps } } };
    const optimizer = new optim.Adam(
      (read(fixture.optimizers[2].params) as Tensor[]).map((p) => p.requiresGrad_()),
      options,
    );
    optimizer.loadStateDict(asNumber);
    assertSame(optimizer.stateDict(), saved, "loaded");
  });
});

describe("schedules go on from PyTorch's state dicts", () => {
  for (const { name, args, saved, optimizer: groups, rates, final } of fixture.schedules) {
    test(`${name}(${args.join()})`, () => {
      const params = fixture.optimizers[0].params.map((p) => (read(p) as Tensor).requiresGrad_());
      const optimizer = new optim.SGD(params, 9, 0.5);
      const schedule = new schedules[name](optimizer, ...args);
      optimizer.loadStateDict(read(groups) as optim.OptimizerStateDict);
      schedule.loadStateDict(read(saved) as Dict);
      for (const [i, [lr, momentum]] of rates.entries()) {
        schedule.step(name === "ReduceLROnPlateau" ? fixture.metrics[fixture.steps + i] : undefined);
        assertSame(
          { ...optimizer.paramGroups[0], params: 0 },
          { ...optimizer.paramGroups[0], lr, momentum, params: 0 },
          `step ${i}`,
        );
      }
      const { _anneal_func_type, ...written } = schedule.stateDict();
      assertSame(written, read(final), "state dict");
    });
  }

  test("a key in camelCase is an error that says how it is written", () => {
    const schedule = new optim.lrScheduler.StepLR(new optim.SGD([leaf([1])], 0.1), 2);
    const { step_size, ...rest } = schedule.stateDict();
    assert.throws(() => schedule.loadStateDict({ ...rest, stepSize: step_size }), {
      name: ValueError.name,
      message: 'the state of a StepLR: "stepSize" is written step_size in a state dict',
    });
    assert.throws(() => schedule.loadStateDict(rest), /the state of a StepLR has step_size/);
  });
});
