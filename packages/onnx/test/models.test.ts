import { test } from "node:test";
import { manualSeed } from "flambeau";
import { imageModels } from "./models/images.ts";
import { program } from "./models/model.ts";
import { sequenceModels } from "./models/sequences.ts";
import { tableModels } from "./models/tables.ts";
import { assertExports } from "./runtime.ts";

const models = { ...tableModels, ...imageModels, ...sequenceModels };

for (const [name, { make, inputs, axes, tolerance }] of Object.entries(models))
  test(`${name} runs on two sizes of batches and of sequences`, async () => {
    manualSeed(1);
    const model = make().eval();
    const lists = [inputs(3, 5), inputs(2, 7)];
    await assertExports(program(model), lists, { dynamicAxes: axes }, tolerance);
  });
