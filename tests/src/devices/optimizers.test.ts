/** A model that moves between steps takes its optimizer's state along, and goes on as one that never moved. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { F, manualSeed, nn, optim, randn, Tensor } from "flambeau";
import { devices, testOn } from "./devices.ts";

const kinds: Readonly<Record<string, (params: Iterable<Tensor>) => optim.Optimizer>> = {
  SGD: (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true }),
  Adam: (params) => new optim.Adam(params, { lr: 0.1, amsgrad: true }),
  AdamW: (params) => new optim.AdamW(params, { lr: 0.1 }),
  RMSprop: (params) => new optim.RMSprop(params, { lr: 0.1, centered: true, momentum: 0.5 }),
  Adagrad: (params) => new optim.Adagrad(params, { lr: 0.1 }),
  Adadelta: (params) => new optim.Adadelta(params),
  Adamax: (params) => new optim.Adamax(params, { lr: 0.1 }),
  NAdam: (params) => new optim.NAdam(params, { lr: 0.1 }),
  RAdam: (params) => new optim.RAdam(params, { lr: 0.1, betas: [0.8, 0.9] }),
};

interface Training {
  readonly model: nn.Linear;
  readonly optimizer: optim.Optimizer;
  step(): void;
  numbers(): Promise<number[]>;
}

function training(make: (params: Iterable<Tensor>) => optim.Optimizer): Training {
  manualSeed(0);
  const [model, X, y] = [new nn.Linear(3, 2), randn([8, 3]), randn([8, 2])];
  const optimizer = make(model.parameters());
  return {
    model,
    optimizer,
    step() {
      const { device, dtype } = model.weight;
      optimizer.zeroGrad();
      F.mseLoss(model(X.to({ device, dtype })), y.to({ device, dtype })).backward();
      optimizer.step();
    },
    numbers: async () =>
      (await Promise.all([...model.parameters()].map((p) => p.detach().data()))).flatMap((a) => [...a]),
  };
}

function assertClose(a: readonly number[], b: readonly number[], allowed: number): void {
  a.forEach((v, i) => {
    assert.ok(Math.abs(v - b[i]) <= allowed, `element ${i} is ${v} and should be ${b[i]}`);
  });
}

for (const [name, make] of Object.entries(kinds)) {
  for (const device of devices) {
    testOn(device, `${name}'s state follows its parameters to a device and back`, async () => {
      const [moving, still] = [training(make), training(make)];
      for (const t of [moving, still]) for (let i = 0; i < 2; i++) t.step();
      moving.model.to(device.name);
      for (const t of [moving, still]) for (let i = 0; i < 2; i++) t.step();
      for (const state of moving.optimizer.state.values()) {
        for (const value of Object.values(state)) {
          if (value instanceof Tensor) assert.equal(value.device, device.name);
        }
      }
      await moving.model.cpu();
      const before = await moving.numbers();
      const steps = [...moving.optimizer.state.values()].map((state) => state.step);
      assert.throws(() => moving.step(), { name: "DeviceError", message: /await optimizer\.cpu\(\)/ });
      assert.deepEqual(await moving.numbers(), before, "a refused step changes nothing");
      assert.deepEqual(
        [...moving.optimizer.state.values()].map((state) => state.step),
        steps,
      );
      assert.equal(await moving.optimizer.cpu(), moving.optimizer);
      for (const t of [moving, still]) t.step();
      assertClose(await moving.numbers(), await still.numbers(), 2e-5);
    });
  }

  test(`${name}'s state follows its parameters to another dtype`, async () => {
    const [moving, still] = [training(make), training(make)];
    for (const t of [moving, still]) t.step();
    moving.model.to("float64");
    for (const t of [moving, still]) t.step();
    for (const state of moving.optimizer.state.values()) {
      for (const value of Object.values(state)) {
        if (value instanceof Tensor) assert.equal(value.dtype, "float64");
      }
    }
    assertClose(await moving.numbers(), await still.numbers(), 2e-5);
  });
}
