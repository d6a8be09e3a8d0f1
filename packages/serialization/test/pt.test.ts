import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { FlambeauError } from "@flambeau/backend";
import { Linear, Parameter } from "@flambeau/nn";
import { AdamW, lrScheduler } from "@flambeau/optim";
import { arange, defaultGenerator, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/pt.json" with { type: "json" };
import { loadPt, savePt, UnpicklingError } from "../src/index.ts";
import { Comparison, type Expected } from "./expected.ts";
import { bytesOf } from "./files.ts";

const files = fixture.files as unknown as readonly { name: string; file: string; value: Expected }[];
const refused = fixture.refused as readonly {
  name: string;
  file: string;
  message: string;
  global: string | null;
}[];

describe("loadPt", () => {
  for (const { name, file, value } of files)
    test(`reads what torch.save wrote: ${name}`, () => new Comparison().check(loadPt(bytesOf(file)), value));

  for (const { name, file, message, global } of refused) {
    test(`refuses by name: ${name}`, () => {
      assert.throws(
        () => loadPt(bytesOf(file)),
        (error) => {
          assert.ok(error instanceof FlambeauError);
          assert.ok(error.message.includes(message), error.message);
          if (global !== null) {
            assert.ok(error instanceof UnpicklingError);
            assert.equal(error.global, global);
          }
          return true;
        },
      );
    });
  }
});

describe("checkpoints of PyTorch's", () => {
  const checkpoint = (suffix: string) =>
    loadPt(bytesOf(files.find(({ name }) => name === `a checkpoint${suffix}`)?.file ?? ""));

  for (const suffix of ["", ", legacy"]) {
    test(`are what loadStateDict takes${suffix}`, () => {
      const saved = checkpoint(suffix);
      const model = new Linear(2, 1);
      const optimizer = new AdamW(model.parameters(), { lr: 0.5 });
      const schedule = new lrScheduler.MultiStepLR(optimizer, [9]);
      model.loadStateDict(saved.model);
      optimizer.loadStateDict(saved.optimizer);
      schedule.loadStateDict(saved.schedule);
      defaultGenerator.setState(saved.rng.dataSync());
      assert.deepEqual(model.weight.toArraySync(), saved.model.weight.toArraySync());
      assert.deepEqual(schedule.milestones, [2, 2, 5]);
      assert.equal(schedule.lastEpoch, 3);
      assert.ok(Math.abs(optimizer.paramGroups[0].lr - 0.0001) < 1e-12);
      assert.deepEqual(saved.history, [{ loss: 0.5, step: [1, 2] }]);
    });
  }

  test("go on here and are saved again as they would be there", async () => {
    const parameters = () => [new Parameter(tensor([1, 2])), new Parameter(tensor([[3]]))];
    const trained = (optimizer: AdamW, params: readonly Parameter[], steps: number) => {
      for (let i = 0; i < steps; i++) {
        optimizer.zeroGrad();
        params[0].square().sum().add(params[1].sin().sum()).backward();
        optimizer.step();
      }
    };
    const [there, here] = [parameters(), parameters()];
    const first = new AdamW(there, { lr: 0.1, amsgrad: true });
    trained(first, there, 3);
    const bytes = await savePt({ params: there, optimizer: first.stateDict() });
    const saved = loadPt(bytes);
    assert.deepEqual(saved.optimizer, first.stateDict());
    here.forEach((param, i) => {
      noGrad(() => param.copy_(saved.params[i]));
    });
    const second = new AdamW(here, { lr: 0.5 });
    second.loadStateDict(saved.optimizer);
    trained(first, there, 4);
    trained(second, here, 4);
    assert.deepEqual(
      here.map((x) => x.toArraySync()),
      there.map((x) => x.toArraySync()),
    );
  });
});

describe("savePt", () => {
  for (const { name, file, value } of files.filter(
    ({ name }) => !name.startsWith("an integer of 313 bytes"),
  )) {
    test(`writes what loadPt reads: ${name}`, async () => {
      const again = loadPt(await savePt(loadPt(bytesOf(file))));
      new Comparison().check(again, value);
    });
  }

  test("writes a storage once, however many tensors are views of it", async () => {
    const base = arange(1000);
    const views = Array.from({ length: 50 }, (_, i) => base.at(`${i}:`));
    const bytes = await savePt({ base, views, detached: base.detach() });
    assert.ok(bytes.length < 4 * base.numel() + 12_000, `${bytes.length} bytes`);
    const again = loadPt(bytes);
    again.base.set([":"], 7);
    for (const view of [...again.views, again.detached]) assert.equal(view.at(0).itemSync(), 7);
  });

  test("places tensors as dtype and device say", async () => {
    const bytes = await savePt({ x: tensor([1, 2]), p: new Parameter(tensor([1])), n: tensor([3n]) });
    const { x, p, n } = loadPt(bytes, { dtype: "float64", device: "cpu" });
    assert.deepEqual([x.dtype, p.dtype, n.dtype], ["float64", "float64", "int64"]);
    assert.ok(p instanceof Parameter);
    assert.throws(() => loadPt(bytes, { device: "tpu" }), /no device "tpu"/);
  });

  test("leaves the bytes it was given alone", async () => {
    const bytes = await savePt({ x: tensor([1, 2]), b: Uint8Array.of(1, 2) });
    const { x, b } = loadPt(bytes);
    bytes.fill(0);
    assert.deepEqual(
      [x.toArraySync(), [...b]],
      [
        [1, 2],
        [1, 2],
      ],
    );
  });

  test("integers that are numbers, bigints and floats become what they are in Python", async () => {
    const value = { one: 1, half: 0.5, minusZero: -0, large: 2 ** 60, exact: 2n ** 60n, small: 5n };
    assert.deepEqual(loadPt(await savePt(value)), { ...value, small: 5 });
  });
});
