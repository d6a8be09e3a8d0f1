import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { SGD } from "@flambeau/optim";
import { profile } from "@flambeau/summary";
import { registerBackend, tensor, unregisterBackend, zeros } from "@flambeau/tensor";
import { waits } from "../../../tests/src/devices/waits.ts";

/** A clock that goes on by a millisecond each time it is read. */
function ticking(): () => number {
  let time = 0;
  return () => time++;
}

test("ops are counted by name, with the bytes of their results", async () => {
  const [a, b] = [zeros([2, 3]), zeros([3, 4], { dtype: "float64" })];
  const prof = await profile(() => {
    a.add(1);
    a.add(a).add_(1);
    b.t().contiguous();
    b.gt(0);
  });
  assert.deepEqual(
    prof.keyAverages().map(({ key, count, selfMemoryUsage }) => [key, count, selfMemoryUsage]),
    [
      ["add", 2, 48],
      ["add_", 1, 0],
      ["permute", 1, 0],
      ["clone", 1, 96],
      ["gt", 1, 12],
    ],
  );
});

test("times are those between readings of the clock, less those of what runs within", async () => {
  const x = tensor([3, 1, 2]);
  const prof = await profile(() => x.add(1).median(), { clock: ticking() });
  const by = new Map(prof.keyAverages().map((average) => [average.key, average]));
  assert.equal(by.get("add")?.cpuTimeTotal, 1000);
  assert.equal(by.get("add")?.selfCpuTimeTotal, 1000);
  const inner = prof.events.filter(({ depth }) => depth === 1);
  assert.ok(inner.length > 1);
  // Two readings for each event within, and one each at its beginning and end.
  assert.equal(by.get("median")?.cpuTimeTotal, 1000 * (2 * inner.length + 1));
  assert.equal(by.get("median")?.selfCpuTimeTotal, 1000 * (inner.length + 1));
  const total = prof.events.reduce((sum, event) => sum + event.selfDuration, 0);
  assert.equal(
    total,
    prof.events.filter(({ depth }) => depth === 0).reduce((sum, e) => sum + e.duration, 0),
  );
  // Memory counts once.
  const bytes = prof.events.reduce((sum, event) => sum + event.selfBytes, 0);
  assert.ok(bytes >= 12 + 4 + 12 + 24);
});

test("the table has PyTorch's columns, sorted and cut", async () => {
  const x = zeros([256, 2]);
  const prof = await profile(
    async () => {
      x.matmul(zeros([2, 256])).sum();
      await Promise.resolve();
      x.add(1);
    },
    { recordShapes: true, clock: ticking() },
  );
  assert.equal(
    prof.table({ sortBy: "selfMemoryUsage", rowLimit: 2, groupByInputShape: true }),
    [
      "------  ----------  --------  -----------  ---------  ------------  ---------  ----------  -----------------",
      "Name    Self CPU %  Self CPU  CPU total %  CPU total  CPU time avg   Self Mem  # of Calls       Input Shapes",
      "------  ----------  --------  -----------  ---------  ------------  ---------  ----------  -----------------",
      "matmul      25.00%   1.000ms       25.00%    1.000ms       1.000ms  256.00 Kb           1  [256, 2] [2, 256]",
      "full        25.00%   1.000ms       25.00%    1.000ms       1.000ms    2.00 Kb           1",
      "------  ----------  --------  -----------  ---------  ------------  ---------  ----------  -----------------",
      "Self CPU time total: 4.000ms",
    ].join("\n"),
  );
  assert.equal(String(prof), prof.table());
  assert.ok(prof.table().includes("256.00 Kb"));
});

test("a training step shows the kernels of its backward pass and of the optimizer", async () => {
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1));
  const optimizer = new SGD(model.parameters(), { lr: 0.1 });
  const x = zeros([5, 3]);
  const step = (): void => {
    optimizer.zeroGrad();
    nn.functional.mseLoss(model(x), zeros([5, 1])).backward();
    optimizer.step();
  };
  step();
  const names = (await profile(step)).keyAverages().map(({ key }) => key);
  for (const name of ["linear", "tanh", "linearBackward", "tanhBackward", "squaredErrorBackward", "sgd_"])
    assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
  const withModules = await profile(() => model(x), { withModules: true });
  assert.deepEqual(
    withModules.events.map(({ name, depth }) => `${"  ".repeat(depth)}${name}`),
    ["    linear", "  Linear", "    tanh", "  Tanh", "    linear", "  Linear", "Sequential"],
  );
});

test("on a device that computes on its own time the table says what times are", async () => {
  registerBackend(waits);
  try {
    const x = tensor([1, 2]).to(waits.name);
    const prof = await profile(() => x.add(1));
    assert.equal(prof.isAsync, true);
    assert.equal(prof.events[0].device, waits.name);
    assert.match(prof.table(), /Times are those of the host/);
    assert.doesNotMatch((await profile(() => tensor([1]).add(1))).table(), /Times are/);
  } finally {
    unregisterBackend(waits.name);
  }
});

test("errors of the body pass, and nothing is seen after them", async () => {
  await assert.rejects(
    profile(() => tensor([[1]]).matmul(tensor([[1], [2]]))),
    /cannot be multiplied/,
  );
  await assert.rejects(
    profile(async () => {
      await Promise.resolve();
      throw new RangeError("late");
    }),
    RangeError,
  );
  const prof = await profile(() => undefined);
  tensor([1]).add(1);
  assert.deepEqual(prof.events, []);
  assert.equal(prof.table().split("\n").at(-1), "Self CPU time total: 0.000us");
});

test("what there is not is refused", async () => {
  const prof = await profile(() => tensor([1]).neg());
  assert.throws(() => prof.table({ sortBy: "time" as never }), ValueError);
  assert.throws(() => prof.table({ rowLimit: -1 }), ValueError);
  assert.throws(() => prof.keyAverages(true), /recordShapes/);
});
