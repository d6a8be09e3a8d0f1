import { test } from "node:test";
import { manualSeed, nn } from "flambeau";
import { assertExports, wave } from "./runtime.ts";

test("an MLP runs on every batch size from one file", async () => {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3), new nn.Softmax(1));
  model.eval();
  await assertExports(model as never, [[wave([5, 4])], [wave([2, 4])]], { dynamicAxes: [{ 0: "batch" }] });
});
