import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DType } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/optim.json" with { type: "json" };
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  SGD,
} from "../src/index.ts";
import { assertClose, leaf, shaped } from "./support.ts";

interface Run {
  name: keyof typeof kinds;
  options: Record<string, unknown>;
  dtype: DType;
  initial: number[][];
  grads: number[][][];
  trajectory: number[][][];
  state: Record<string, Record<string, number[] | number | null>>;
  text: string;
}

const { shapes } = fixture;
const runs = fixture.optimizers as unknown as Run[];

const kinds = { SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, NAdam, RAdam };

function make({ name, options }: Run, params: Tensor[]): Optimizer {
  return new (kinds[name] as new (params: Tensor[], options: object) => Optimizer)(params, options);
}

function setGrads(params: Tensor[], row: number[][], step: number): void {
  params.forEach((p, i) => {
    p.grad = step === 1 && i === params.length - 1 ? null : shaped(row[i], shapes[i], p.dtype);
  });
}

function assertState(optimizer: Optimizer, expected: Run["state"]): void {
  const { state } = optimizer.stateDict();
  for (const [number, entry] of Object.entries(expected)) {
    const actual = state[Number(number)];
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(entry).sort(), `state ${number}`);
    for (const [key, value] of Object.entries(entry)) {
      const own = actual[key];
      if (own instanceof Tensor) assertClose(own, [value].flat() as number[], `state ${number}, ${key}`);
      else assert.equal(own, value, `state ${number}, ${key}`);
    }
  }
}

describe("updates are PyTorch's", () => {
  for (const run of runs) {
    test(`${run.name} ${JSON.stringify(run.options)} ${run.dtype}`, () => {
      const params = run.initial.map((values, i) => leaf(values, shapes[i], run.dtype));
      const optimizer = make(run, params);
      run.grads.forEach((row, step) => {
        setGrads(params, row, step);
        optimizer.step();
        params.forEach((p, i) => {
          assertClose(p.detach(), run.trajectory[step][i], `parameter ${i} after step ${step}`);
        });
      });
      assertState(optimizer, run.state);
      assert.equal(String(optimizer), run.text);
    });

    test(`${run.name} ${JSON.stringify(run.options)} ${run.dtype}: goes on from a saved state`, () => {
      const half = 3;
      const first = run.initial.map((values, i) => leaf(values, shapes[i], run.dtype));
      const before = make(run, first);
      for (let step = 0; step < half; step++) {
        setGrads(first, run.grads[step], step);
        before.step();
      }
      const second = first.map((p) => p.detach().clone().requiresGrad_());
      const after = make(run, second);
      after.loadStateDict(before.stateDict());
      // What was loaded is a copy: the first optimizer going on must not touch it.
      setGrads(first, run.grads[0], 0);
      before.step();
      for (let step = half; step < run.grads.length; step++) {
        setGrads(second, run.grads[step], step);
        after.step();
      }
      second.forEach((p, i) => {
        assertClose(p.detach(), run.trajectory.at(-1)?.[i] as number[], `parameter ${i}`);
      });
      assertState(after, run.state);
    });
  }

  test("other layouts: a transposed parameter and gradient, a view, a float32 gradient of a stride", () => {
    const run = runs.find(({ name, dtype }) => name === "Adam" && dtype === "float64") as Run;
    const [rows, columns] = shapes[3];
    const base = shaped(run.initial[3], [rows, columns], run.dtype).t().clone();
    const transposed = base.t().detach().requiresGrad_();
    assert.equal(transposed.isContiguous(), false);
    const wide = shaped([...run.initial[3], ...run.initial[3]], [2, rows, columns], run.dtype);
    const view = wide.select(0, 1).detach().requiresGrad_();
    const optimizer = make(run, [transposed, view]);
    run.grads.forEach((row, step) => {
      const grad = shaped(row[3], [rows, columns], run.dtype);
      transposed.grad = step === 1 ? null : grad;
      view.grad = step === 1 ? null : grad.t().clone().t();
      optimizer.step();
      assertClose(transposed.detach(), run.trajectory[step][3], `transposed, step ${step}`);
      assertClose(view.detach(), run.trajectory[step][3], `view, step ${step}`);
    });
    assertClose(wide.select(0, 0), run.initial[3], "the other half");
  });
});

describe("groups", () => {
  test("have options of their own, may be added and changed", () => {
    const { initial, grads, trajectory, param_groups, text } = fixture.groups;
    const params = initial.map((values, i) => leaf(values, shapes[i]));
    const optimizer = new SGD([{ params: params.slice(0, 2) }, { params: params[2], lr: 0.5, momentum: 0 }], {
      lr: 0.1,
      momentum: 0.9,
    });
    grads.forEach((row, step) => {
      if (step === 2) optimizer.addParamGroup({ params: params[3], weightDecay: 0.5 });
      if (step === 4) optimizer.paramGroups[0].lr = 0.01;
      params.forEach((p, i) => {
        p.grad = shaped(row[i], shapes[i]);
      });
      optimizer.step();
      params.forEach((p, i) => {
        assertClose(p.detach(), trajectory[step][i], `parameter ${i} after step ${step}`);
      });
    });
    assert.deepEqual(optimizer.stateDict().param_groups, param_groups);
    assert.equal(String(optimizer), text);
  });
});
