import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSeed } from "flambeau";
import { models } from "./models/index.ts";
import { program } from "./models/model.ts";
import { assertExports } from "./runtime.ts";

const OPSETS = [17, 18, 19, 20, 21, 22, 23];

test("there are forty models", () => {
  assert.ok(Object.keys(models).length >= 40);
});

for (const [i, [name, { make, inputs, axes, tolerance }]] of Object.entries(models).entries())
  test(`${name} runs on two sizes of batches and of sequences`, async () => {
    manualSeed(1);
    const model = program(make().eval());
    // One row and one step are traced with two.
    const lists = [inputs(3, 5), inputs(2, 7), inputs(1, 1)];
    for (const opset of [17, OPSETS[i % OPSETS.length]])
      await assertExports(model, lists, { dynamicAxes: axes, opset }, tolerance);
  });
