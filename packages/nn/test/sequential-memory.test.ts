/** What a Sequential makes between its layers goes back to the device by name, and only that. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backendOf } from "@flambeau/tensor";
import { nn, noGrad, optim, randn, type Tensor } from "flambeau";

const used = (): number => backendOf("cpu").memory().used;
const large = [64, 1, 16, 16];

class Keeping extends nn.Module {
  kept: Tensor[] = [];
  override forward(x: Tensor): Tensor {
    this.kept.push(x);
    const y = x.mul(2);
    this.kept.push(y);
    return y;
  }
}

class OwnReLU extends nn.ReLU {
  seen: Tensor | null = null;
  override forward(x: Tensor): Tensor {
    this.seen = x;
    return super.forward(x);
  }
}

const convolutions = (): nn.Module[] => [
  new nn.Conv2d(1, 8, 3, { padding: 1 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(8, 8, 3, { padding: 1 }),
  new nn.BatchNorm2d(8),
  new nn.Tanh(),
  new nn.AvgPool2d(2),
  new nn.Flatten(),
  new nn.Linear(128, 64),
];

describe("memory of a Sequential", () => {
  test("a loop of steps that never waits takes no more than one step", () => {
    const model = new nn.Sequential(...convolutions());
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3 });
    const x = randn(large);
    const step = (): void => {
      optimizer.zeroGrad();
      model(x).square().mean().backward();
      optimizer.step();
    };
    for (let i = 0; i < 3; i++) step();
    const before = used();
    for (let i = 0; i < 20; i++) step();
    // The output and its square stay for the collector, the smallest block each; a step's activations are 3 MB.
    assert.ok(used() - before <= 20 * 4 * 2 ** 16, `${used() - before} bytes more`);
  });

  test("so does a Sequential of Sequentials", () => {
    const [first, second] = [convolutions().slice(0, 3), convolutions().slice(3)];
    const model = new nn.Sequential(new nn.Sequential(...first), new nn.Sequential(...second));
    const x = randn(large);
    const step = (): void => {
      for (const p of model.parameters()) p.grad = null;
      model(x).square().mean().backward();
    };
    for (let i = 0; i < 3; i++) step();
    const before = used();
    for (let i = 0; i < 20; i++) step();
    assert.ok(used() - before <= 20 * 4 * 2 ** 16, `${used() - before} bytes more`);
  });

  test("without gradients layers' results go as soon as the next layer has used them", () => {
    const model = new nn.Sequential(...convolutions()).eval();
    const x = randn(large);
    noGrad(() => model(x));
    const before = used();
    noGrad(() => model(x));
    assert.ok(used() - before <= 2 ** 16, `${used() - before} bytes more`);
  });

  test("gradients are those of the same layers called one by one", () => {
    const model = new nn.Sequential(...convolutions());
    const x = randn(large, { requiresGrad: true });
    const gradients = (forward: (x: Tensor) => Tensor): Float32Array[] => {
      for (const p of [x, ...model.parameters()]) p.grad = null;
      forward(x).square().mean().backward();
      return [x, ...model.parameters()].map((p) => p.grad!.clone().dataSync() as Float32Array);
    };
    const chained = gradients((z) => model(z));
    const single = gradients((z) => [...model].reduce((y, layer) => layer(y) as Tensor, z));
    assert.deepEqual(chained, single);
  });

  test("what somebody may hold stays: a layer of the user's, a subclass, a hook, the input, the output", () => {
    const [keeping, own, hooked] = [new Keeping(), new OwnReLU(), new nn.Tanh()];
    const seen: Tensor[] = [];
    hooked.registerForwardHook((_module, inputs, output) => {
      seen.push(...(inputs as unknown as Tensor[]), output as Tensor);
    });
    const parts = [new nn.Linear(64, 64), keeping, new nn.Linear(64, 64), own, new nn.Linear(64, 64), hooked];
    const model = new nn.Sequential(...parts, new nn.Linear(64, 64), new nn.Flatten());
    const x = randn([64, 64], { requiresGrad: true });
    const y = model(x);
    y.sum().backward();
    for (const tensor of [x, y, ...keeping.kept, own.seen!, ...seen]) {
      assert.equal(tensor.storage.released, false);
      assert.ok(Number.isFinite(tensor.sum().itemSync()));
    }
    assert.equal(seen.length, 2);
  });

  test("a graph can be run again, and its gradients be differentiated", () => {
    const model = new nn.Sequential(
      new nn.Linear(64, 64),
      new nn.Tanh(),
      new nn.Sigmoid(),
      new nn.Linear(64, 64),
    );
    const x = randn([64, 64], { requiresGrad: true });
    const loss = model(x).square().sum();
    loss.backward(undefined, { retainGraph: true });
    const first = x.grad!.clone();
    x.grad = null;
    loss.backward();
    assert.deepEqual(x.grad!.dataSync(), first.dataSync());
    assert.throws(() => loss.backward(), /already run backward/);
    x.grad = null;
    model(x).square().sum().backward(undefined, { createGraph: true });
    x.grad!.square().sum().backward();
    assert.ok(Number.isFinite(x.grad!.sum().itemSync()));
  });
});
