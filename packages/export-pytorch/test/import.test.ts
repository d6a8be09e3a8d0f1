import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { StateDictError } from "@flambeau/nn";
import type { Optimizer } from "@flambeau/optim";
import { savePt, saveSafetensors } from "@flambeau/serialization";
import { Generator, ones, randn, type Tensor, tensor } from "@flambeau/tensor";
import { importPyTorch, pyTorchProject, type Schedule } from "../src/index.ts";
import { type Case, goOn, makeCase, names } from "./cases.ts";

/** A checkpoint as train.py writes it, of a training here. */
function checkpointOf({ model, training }: Case, prefix = ""): Record<string, unknown> {
  const weights = Object.entries(model.stateDict()).map(([key, x]) => [`${prefix}${key}`, x]);
  const { optimizer, schedule } = training;
  return {
    model: Object.fromEntries(weights),
    optimizer: optimizer.stateDict(),
    random: [{ cpu: tensor(new Generator().manualSeed(7).getState()) }],
    epoch: 2,
    step: 14,
    ...(schedule && { scheduler: schedule.stateDict() }),
  };
}

interface Parts {
  readonly model: nn.Module;
  readonly optimizer: Optimizer;
  readonly schedule?: Schedule;
}

const partsOf = ({ model, training: { optimizer, schedule } }: Case): Parts => ({
  model,
  optimizer,
  ...(schedule && { schedule }),
});

describe("a checkpoint", () => {
  test("goes on here as it would have there, and is exported again with the same bytes", async () => {
    for (const name of names) {
      const [there, here] = [makeCase(name, 12), makeCase(name, 0)];
      const found = await importPyTorch(await savePt(checkpointOf(there)), partsOf(here));
      assert.deepEqual(found, { step: 14, epoch: 2 });
      const [a, b] = [
        await pyTorchProject(there.model, there.training),
        await pyTorchProject(here.model, here.training),
      ];
      for (const [path, bytes] of a) assert.deepEqual(b.get(path), bytes, `${name}: ${path}`);
      if (!name.includes("dropout")) assert.deepEqual(goOn(here, 4), goOn(there, 4), name);
    }
  });

  test("may have the prefixes of wrapped models, and newer releases' flags", async () => {
    const [there, here] = [makeCase(names[0], 12), makeCase(names[0], 0)];
    const saved = checkpointOf(there, "_orig_mod.module.");
    saved.scheduler = { ...(saved.scheduler as object), _is_initial: false };
    await importPyTorch(await savePt(saved), partsOf(here));
    assert.deepEqual(goOn(here, 4), goOn(there, 4));
  });

  test("gives back the random numbers of the first process", async () => {
    const generator = new Generator();
    const one = makeCase(names[0]);
    await importPyTorch(await savePt(checkpointOf(one)), { ...partsOf(one), generator });
    assert.deepEqual(generator.getState(), new Generator().manualSeed(7).getState());
  });
});

describe("weights alone", () => {
  const state = (): Record<string, Tensor> => ({ weight: ones([1, 2]), bias: ones([1]) });

  test("come from .pt and .safetensors files", async () => {
    for (const bytes of [
      await savePt(state()),
      await saveSafetensors(state()),
      await savePt({ model: state() }),
    ]) {
      const model = new nn.Linear(2, 1);
      assert.deepEqual(await importPyTorch(bytes, { model }), { step: null, epoch: null });
      assert.deepEqual(model.weight.tolist(), [[1, 1]]);
    }
  });

  test("come under the names of here, and without constants, where the export renamed them", async () => {
    class Net extends nn.Module {
      lambda: nn.Linear = new nn.Linear(1, 1);
      override forward(x: Tensor): Tensor {
        return this.lambda(x);
      }
    }
    const model = { "lambda_.weight": ones([1, 1]), "lambda_.bias": ones([1]), mask: ones([3]) };
    const flambeau = JSON.stringify({
      "lambda_.weight": "lambda.weight",
      "lambda_.bias": "lambda.bias",
      mask: null,
    });
    const net = new Net();
    await importPyTorch(await savePt({ model, metadata: { flambeau } }), { model: net });
    assert.equal(net.lambda.bias?.itemSync(), 1);
  });
});

describe("what does not fit", () => {
  test("is refused, and all stay as they were", async () => {
    const [there, here, untouched] = [makeCase(names[0], 12), makeCase(names[0], 3), makeCase(names[0], 3)];
    const saved = checkpointOf(there);
    const { "0.bias": bias, ...missing } = saved.model as Record<string, Tensor>;
    const generator = new Generator().manualSeed(1);
    const attempts: (readonly [object, new (...args: never[]) => Error])[] = [
      [{ ...saved, model: missing }, StateDictError],
      [{ ...saved, model: { ...missing, "0.bias": bias, extra: bias } }, StateDictError],
      [{ ...saved, model: { ...missing, "0.bias": randn([3]) } }, StateDictError],
      [{ ...saved, model: { ...missing, "0.bias": bias, "module.0.bias": bias } }, StateDictError],
      [{ ...saved, optimizer: { state: {}, param_groups: [] } }, ValueError],
      [{ ...saved, scheduler: { last_epoch: 1 } }, ValueError],
      [{ model: saved.model }, ValueError],
      [{ ...saved, random: null }, ValueError],
    ];
    for (const [i, [content, type]] of attempts.entries()) {
      await assert.rejects(importPyTorch(await savePt(content), { ...partsOf(here), generator }), (error) => {
        assert.ok(error instanceof type, `attempt ${i}: ${error}`);
        return true;
      });
      assert.deepEqual(generator.getState(), new Generator().manualSeed(1).getState());
      assert.deepEqual(here.training.optimizer.stateDict(), untouched.training.optimizer.stateDict());
      assert.deepEqual(here.training.schedule?.stateDict(), untouched.training.schedule?.stateDict());
      for (const [key, x] of Object.entries(untouched.model.stateDict()))
        assert.ok(here.model.stateDict()[key].equal(x), key);
    }
    await assert.rejects(importPyTorch(await savePt([1]), partsOf(here)), ValueError);
  });

  test("is refused, where it is no part of a training", async () => {
    const saved = await savePt({ model: { weight: ones([1, 2]), bias: ones([1]) } });
    const wrong = (options: object, message: RegExp): Promise<void> =>
      assert.rejects(async () => importPyTorch(saved, { model: new nn.Linear(2, 1), ...options }), {
        name: "ArgumentError",
        message,
      });
    await wrong({ optimizer: "adam" }, /^importPyTorch: optimizer has a state dict.*got "adam"/);
    await wrong({ schedule: {} }, /^importPyTorch: schedule has a state dict/);
    await wrong(
      { optimiser: null },
      /^importPyTorch: unknown option "optimiser"; did you mean "optimizer"\?/,
    );
    await wrong({ model: 3 }, /^importPyTorch: model is a module/);
  });

  test("passes where keys may be missing", async () => {
    const model = new nn.Linear(2, 1);
    await importPyTorch(await savePt({ weight: ones([1, 2]), extra: ones([1]) }), { model, strict: false });
    assert.deepEqual(model.weight.tolist(), [[1, 1]]);
  });
});
