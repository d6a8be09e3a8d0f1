import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSeed, registerOpHook, type Tensor, tensor } from "@flambeau/tensor";
import { nn } from "flambeau";

/** Every tensor that an op's hook is shown while `body` runs, but for what is written to, with a copy of its elements. */
function shownIn(body: () => void): (readonly [name: string, shown: Tensor, before: number[]])[] {
  const kept: (readonly [string, Tensor, number[]])[] = [];
  const handle = registerOpHook((call, execute) => {
    for (const x of execute())
      if (call.kind !== "write" && call.kind !== "group")
        kept.push([call.name, x, Array.from(x.detach().clone().dataSync(), Number)]);
  });
  try {
    body();
  } finally {
    handle.remove();
  }
  return kept;
}

const models: readonly (readonly [name: string, build: () => nn.Module, shape: readonly number[]])[] = [
  ["layers", () => new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2)), [5, 3]],
  [
    "convolutions",
    () => new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.AvgPool2d(2)),
    [1, 1, 6, 6],
  ],
  [
    "nested",
    () => new nn.Sequential(new nn.Sequential(new nn.Linear(3, 3), new nn.Softmax(1)), new nn.ReLU()),
    [2, 3],
  ],
  ["a block", () => new nn.TransformerEncoderLayer(4, 2, 8, { dropout: 0 }), [3, 2, 4]],
];

for (const [name, build, shape] of models) {
  test(`what an op's hook keeps of ${name} stays as it was`, () => {
    manualSeed(0);
    const model = build();
    const size = shape.reduce((all, n) => all * n, 1);
    const x = tensor(Array.from({ length: size }, (_, i) => Math.sin(i))).reshape(shape);
    const shown = shownIn(() => {
      const y = model(x) as Tensor;
      y.square().sum().backward();
    });
    assert.ok(shown.length > 8);
    for (const [op, kept, before] of shown) {
      assert.equal(kept.storage.released, false, op);
      assert.deepEqual(Array.from(kept.detach().dataSync(), Number), before, op);
    }
  });
}

test("what a module's hook keeps stays as it was, wherever it lies in a Sequential", () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.ReLU(), new nn.Linear(3, 1));
  const kept: [Tensor, number[]][] = [];
  const values = (x: Tensor): number[] => Array.from(x.detach().dataSync(), Number);
  for (const part of model)
    part.registerForwardHook((_module, [input], output) => {
      kept.push([input, values(input)], [output, values(output)]);
    });
  model(tensor([[1, -2]]))
    .sum()
    .backward();
  assert.equal(kept.length, 8);
  for (const [x, before] of kept) assert.deepEqual(values(x), before);
});
