import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { type ColumnName, type SummaryInput, type SummaryOptions, summary } from "@flambeau/summary";
import { manualSeed, ones, rand } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/summary.json" with { type: "json" };
import { conv, frozen, long, Nested, pair, Shared, TwoInputs, Wrapped } from "./models.ts";

const every: ColumnName[] = ["input_size", "output_size", "num_params", "kernel_size", "mult_adds"];
type Case = [make: () => nn.Module, input: SummaryInput | undefined, options?: SummaryOptions];
const wide = (i: number, o: number): nn.Module => new nn.Linear(i, o, { bias: false });

const cases: Record<keyof typeof fixture.tables, Case> = {
  linear: [() => new nn.Linear(3, 1), [3]],
  wrapped: [() => new Wrapped(), [1]],
  wrappedDepth1: [() => new Wrapped(), [1], { depth: 1 }],
  wrappedNoInput: [() => new Wrapped(), undefined],
  wrappedKernels: [() => new Wrapped(), undefined, { colNames: ["kernel_size", "num_params"] }],
  nested: [() => new Nested(), [4]],
  nestedDepth1: [() => new Nested(), [4], { depth: 1 }],
  nestedDepth2: [() => new Nested(), [4], { depth: 2 }],
  nestedDepth5: [() => new Nested(), [4], { depth: 5, colNames: every, colWidth: 16 }],
  nestedFlat: [() => new Nested(), [4], { branching: false }],
  nestedNoInput: [() => new Nested(), undefined],
  shared: [() => new Shared(), [5, 3], { colNames: every }],
  twoInputs: [() => new TwoInputs(), [[2], [4]], { dtypes: ["float32", "int64"] }],
  conv: [conv, [3, 8, 8], { colNames: every }],
  cell: [pair, [2], { verbose: 2, colNames: ["kernel_size", "output_size", "mult_adds"] }],
  long: [long, [2]],
  frozen: [frozen, [4]],
  ties: [() => new nn.Sequential(wide(256, 128), wide(128, 256)), [256]],
  tensor: [() => new Wrapped(), ones([7, 1])],
  batchLast: [() => new Shared(), [3], { batchDim: null }],
  batchInside: [() => new Shared(), [5, 3], { batchDim: 1 }],
  big: [() => new nn.Sequential(...[0, 1, 2].map(() => new nn.Linear(2000, 2000))), [2000]],
};

describe("tables are torch-summary's", () => {
  for (const [name, expected] of Object.entries(fixture.tables)) {
    test(name, () => {
      const [make, input, options] = cases[name as keyof typeof cases];
      const result = summary(make(), input, options);
      assert.equal(String(result), expected.text);
      assert.equal(result.totalParams, expected.totalParams);
      assert.equal(result.trainableParams, expected.trainableParams);
      assert.equal(result.totalMultAdds, expected.totalMultAdds);
    });
  }
});

describe("the run leaves the model and the random stream as PyTorch would", () => {
  for (const { size, next } of fixture.random) {
    test(`the stream after an input of ${size}`, () => {
      manualSeed(0);
      summary(new nn.Identity(), size);
      assert.deepEqual(Array.from(rand([3]).dataSync() as Float32Array), next);
    });
  }

  test("modes, gradients and hooks are as before", () => {
    const model = new nn.Sequential(new nn.Dropout(), new nn.Linear(2, 1));
    model[1].eval();
    let calls = 0;
    model.registerForwardHook(() => {
      calls++;
    });
    const modes: boolean[] = [];
    model[0].registerForwardPreHook((module) => {
      modes.push(module.training);
    });
    summary(model, [2]);
    assert.deepEqual(modes, [false]);
    assert.deepEqual(
      model.modules().map((m) => m.training),
      [true, true, false],
    );
    assert.ok(model.parameters().every((p) => p.grad === null && p.requiresGrad));
    const before = summary(model, [2]).layers.length;
    assert.equal(summary(model, [2]).layers.length, before);
    assert.equal(calls, 3);
  });

  test("also when the model does not run", () => {
    const model = new Wrapped();
    assert.throws(
      () => summary(model, [2]),
      (e: Error) => e instanceof FlambeauError && e.cause instanceof ShapeError && e.message.includes("none"),
    );
    assert.ok(model.modules().every((m) => m.training));
    assert.equal(String(summary(model, [1])), fixture.tables.wrapped.text);
  });
});

test("arguments that make no sense are refused", () => {
  const model = new Wrapped();
  assert.throws(() => summary(model, []), ValueError);
  assert.throws(() => summary(model, [0]), ShapeError);
  assert.throws(() => summary(model, [-1]), ShapeError);
  assert.throws(() => summary(model, [1], { depth: -1 }), ValueError);
  assert.throws(() => summary(model, [1], { colNames: ["nothing" as ColumnName] }), ValueError);
  assert.throws(() => summary(model, undefined, { colNames: ["output_size"] }), ValueError);
  assert.throws(() => summary(model, [[1], [1]], { dtypes: ["float32"] }), ValueError);
});
