/** Files of others, from and to a device that cannot be read at once: the bytes are those that the CPU's tensors give. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { DTypeError } from "@flambeau/backend";
import { Linear, Parameter } from "@flambeau/nn";
import { AdamW } from "@flambeau/optim";
import * as files from "@flambeau/serialization";
import { arange, type Tensor, tensor } from "@flambeau/tensor";
import { devices, testOn } from "./devices.ts";

/** Two views of one storage among others, of every dtype that each device has. */
function tensors(device: string): Record<string, Tensor> {
  const base = arange(6).to(device);
  return {
    base,
    turned: base.reshape([2, 3]).t(),
    part: base.at("2:"),
    numbers: tensor([1n, -2n], { device }),
    bytes: tensor([1, 255], { dtype: "uint8", device }),
    mask: tensor([true, false, true], { device }),
    scalar: tensor(2.5, { device }),
  };
}

for (const { name, ...device } of devices) {
  const on = { device: name };
  const here = (title: string, run: () => Promise<void>): void => testOn({ name, ...device }, title, run);
  const check = async (loaded: Readonly<Record<string, Tensor>>): Promise<void> => {
    for (const [key, wanted] of Object.entries(tensors("cpu"))) {
      assert.equal(loaded[key].device, name, key);
      assert.deepEqual([loaded[key].dtype, loaded[key].shape], [wanted.dtype, wanted.shape], key);
      assert.deepEqual(await loaded[key].toArray(), wanted.toArraySync(), key);
    }
  };

  describe(`files on ${name}`, () => {
    here(".pt", async () => {
      const bytes = await files.savePt(tensors(name));
      assert.deepEqual(bytes, await files.savePt(tensors("cpu")));
      const loaded = files.loadPt(bytes, on);
      await check(loaded);
      loaded.base.fill_(9);
      assert.equal(await loaded.part.at(0).item(), 9);
      const { p } = files.loadPt(await files.savePt({ p: new Parameter(tensor([1], on)) }), on);
      assert.ok(p instanceof Parameter && p.device === name);
    });

    here(".safetensors", async () => {
      const bytes = await files.saveSafetensors(tensors(name));
      assert.deepEqual(bytes, await files.saveSafetensors(tensors("cpu")));
      await check(files.loadSafetensors(bytes, on));
      const file = await files.safeOpen(bytes, on);
      assert.deepEqual(await (await file.getTensor("part")).toArray(), [2, 3, 4, 5]);
    });

    here(".npz", async () => {
      const bytes = await files.saveNpz(tensors(name), { compressed: true });
      assert.deepEqual(bytes, await files.saveNpz(tensors("cpu"), { compressed: true }));
      await check(files.loadNpz(bytes, on));
    });

    here("what the device has not is refused with what to write", async () => {
      const bytes = await files.saveSafetensors({ x: tensor([1, 2], { dtype: "float64" }) });
      assert.throws(
        () => files.loadSafetensors(bytes, on),
        (error) => error instanceof DTypeError && error.message.includes('load it with { dtype: "float32" }'),
      );
      const { x } = files.loadSafetensors(bytes, { ...on, dtype: "float32" });
      assert.deepEqual(await x.toArray(), [1, 2]);
    });

    here("narrow dtypes that the device has not are read in the wider", async () => {
      const narrow = {
        b: tensor([0.1, -2]).bfloat16(),
        c: tensor([1, -2]).char(),
        s: tensor([300, -300]).short(),
      };
      const { b, c, s } = files.loadSafetensors(await files.saveSafetensors(narrow), on);
      assert.deepEqual([b.dtype, c.dtype, s.dtype], ["float32", "int32", "int32"]);
      assert.deepEqual(
        [await b.toArray(), await c.toArray(), await s.toArray()],
        [
          [0.10009765625, -2],
          [1, -2],
          [300, -300],
        ],
      );
    });

    here("a checkpoint, and training goes on", async () => {
      const model = new Linear(3, 2).to(name);
      const optimizer = new AdamW(model.parameters(), { lr: 0.1 });
      model(arange(3).to(name)).sum().backward();
      optimizer.step();
      const bytes = await files.savePt({ model: model.stateDict(), optimizer: optimizer.stateDict() });
      const saved = files.loadPt(bytes);
      const other = new Linear(3, 2).to(name);
      const again = new AdamW(other.parameters(), { lr: 0.5 });
      other.loadStateDict(saved.model);
      again.loadStateDict(saved.optimizer);
      for (const [net, steps] of [
        [model, optimizer],
        [other, again],
      ] as const) {
        steps.zeroGrad();
        net(arange(3).to(name)).sum().backward();
        steps.step();
      }
      assert.deepEqual(await other.weight.toArray(), await model.weight.toArray());
    });
  });
}
