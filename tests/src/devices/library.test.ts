/** Layers, losses, optimizers, data, summaries and figures on a device that cannot be read at once. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { AutogradFunction, type FunctionContext, grad } from "@flambeau/autograd";
import { DeviceError, IndexError, ValueError } from "@flambeau/backend";
import * as data from "@flambeau/data";
import { StandardScaler } from "@flambeau/datasets";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import * as plot from "@flambeau/plot";
import { summary } from "@flambeau/summary";
import * as T from "@flambeau/tensor";
import { devices, testOn } from "./devices.ts";
import { waits } from "./waits.ts";

const F = nn.functional;
const long = (...list: number[]): T.Tensor => T.tensor(BigInt64Array.from(list, BigInt));

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

/** Numbers of two devices that differ by float32's rounding: sums of up to a few hundred terms around 1. */
function near(actual: Numbers, expected: Numbers, what = "value"): void {
  const [got, wanted] = [actual, expected].map((list) => Array.from(list as ArrayLike<number>, Number));
  assert.equal(got.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++) {
    assert.ok(
      Math.abs(got[i] - wanted[i]) <= 2e-5 * Math.max(1, Math.abs(wanted[i])) || Object.is(got[i], wanted[i]),
      `${what} ${i}: ${got[i]}, not ${wanted[i]}`,
    );
  }
}

const classifier = (): nn.Sequential =>
  new nn.Sequential(new nn.Linear(2, 5), new nn.BatchNorm1d(5), new nn.ReLU(), new nn.Linear(5, 3));

for (const device of devices) {
  const here = (name: string, run: () => void | Promise<void>): void => testOn(device, name, run);
  const gpu = (x: T.Tensor): T.Tensor => x.to(device.name);
  const refused = (run: () => unknown, message: RegExp): void => {
    assert.throws(run, (error) => error instanceof DeviceError && message.test(error.message));
  };
  /** The same on the CPU and on the device: the result and the gradients of what it was made from. */
  const same = async (run: (...x: T.Tensor[]) => T.Tensor, ...inputs: T.Tensor[]): Promise<void> => {
    const results = await Promise.all(
      ["cpu", device.name].map(async (name) => {
        const leaves = inputs.map((x) => {
          const leaf = x.detach().clone().to(name);
          return x.dtype === "float32" ? leaf.requiresGrad_() : leaf;
        });
        const y = run(...leaves);
        assert.equal(y.device, name);
        if (y.requiresGrad) y.sum().backward();
        const all = [y, ...leaves.flatMap((leaf) => leaf.grad ?? [])];
        return Promise.all(all.map((x) => x.detach().data()));
      }),
    );
    results[0].forEach((wanted, k) => {
      near(results[1][k], wanted);
    });
  };

  describe(`the library on ${device.name}`, () => {
    here("losses of labels need no reading", async () => {
      T.manualSeed(0);
      const x = T.randn([4, 3]);
      const labels = long(2, 0, -100, 1);
      const weight = T.tensor([1, 2, 3]).detach();
      const before = waits.reads;
      for (const reduction of ["mean", "sum", "none"] as const) {
        F.crossEntropy(gpu(x), gpu(labels), { reduction });
        await same((a, b) => F.crossEntropy(a, b, { reduction }), x, labels);
        await same((a, b) => F.crossEntropy(a, b, { reduction }), x, long(2, 0, 1, 1));
        await same((a, b, w) => F.crossEntropy(a, b, { reduction, weight: w.detach() }), x, labels, weight);
        await same((a, b) => F.crossEntropy(a, b, { reduction, labelSmoothing: 0.2 }), x, labels);
        await same((a, b) => F.nllLoss(a, b, { reduction }), x, labels);
      }
      await same((a, b) => F.crossEntropy(a, b.softmax(1)), x, T.randn([4, 3]));
      await same((a, b) => F.crossEntropy(a, b), T.randn([2, 3, 2]), long(0, 2, 1, -100).reshape([2, 2]));
      // As many rows as several workgroups take, as many classes as one invocation does not, and large logits.
      const many = T.randint(7, [300]);
      await same((a) => F.crossEntropy(a, many.to(a.device)), T.randn([300, 7]).mul(40));
      await same((a, b) => F.crossEntropy(a, b), T.randn([2, 5000]), long(4999, -100));
      await same((a, b) => F.crossEntropy(a, b, { ignoreIndex: 1 }), x, long(1, 1, 1, 1));
      await same((a, b) => F.crossEntropy(a.t(), b.to("int32"), { reduction: "sum" }), x, long(0, 3, -100));
      // The gradient of a gradient.
      await same(
        (a, b) => {
          const loss = F.crossEntropy(a, b);
          const [g] = grad(loss.mul(loss), a, { createGraph: true });
          return g.square().sum();
        },
        x,
        labels,
      );
      await same((a) => F.oneHot(a, 4), long(0, 3, 1));
      const reads = waits.reads;
      const loss = F.crossEntropy(gpu(x).requiresGrad_(), gpu(labels));
      loss.backward();
      assert.equal(waits.reads, reads);
      assert.ok(reads >= before);
    });

    here("activations, paddings and losses made of ops", async () => {
      T.manualSeed(1);
      const [x, y, z] = [T.randn([4, 6]).mul(3), T.randn([4, 6]), T.randn([4, 6])];
      for (const f of [
        F.hardsigmoid,
        F.hardswish,
        F.hardshrink,
        F.softsign,
        F.softshrink,
        F.tanhshrink,
        F.mish,
      ])
        await same((a) => f(a), x);
      await same((a) => F.celu(a, 2), x);
      await same((a) => F.glu(a), x);
      await same((a) => F.threshold(a, 0.5, 7), x);
      for (const mode of ["constant", "reflect", "replicate", "circular"] as const)
        await same((a) => F.pad(a, [2, 1, 0, 3], { mode }), x);
      await same((a) => F.pad(a, [-1, 2, -2, 1], { value: 3 }), x);
      await same((a, b) => F.pairwiseDistance(a, b), x, y);
      await same((a, b, c) => F.tripletMarginLoss(a, b, c, { swap: true }), x, y, z);
      const signs = long(1, -1, 1, -1);
      await same((a, b, t) => F.cosineEmbeddingLoss(a, b, t), x, y, signs);
      await same((a, t) => F.hingeEmbeddingLoss(a.at(":", 0), t), x, signs);
      await same((a) => F.softMarginLoss(a, a.detach().sign()), x);
      await same((a, b) => F.poissonNllLoss(a, b.detach().abs().round(), { full: true }), y, z);
      await same((a, b, c) => F.gaussianNllLoss(a, b, c.square().add(0.1)), x, y, z);
      class Twice extends AutogradFunction {
        static override forward(ctx: FunctionContext, a: T.Tensor): [T.Tensor, T.Tensor] {
          ctx.saveForBackward(a);
          return [a.mul(2), a.exp()];
        }
        static override backward(ctx: FunctionContext, g: T.Tensor, h: T.Tensor): T.Tensor {
          return g.mul(2).add(ctx.savedTensors[0].exp().mul(h));
        }
      }
      await same((a) => {
        const [twice, power] = Twice.apply(a);
        return twice.mul(power);
      }, y);
    });

    here("labels out of range are found at the next read", async () => {
      const x = gpu(T.ones([2, 3]));
      await assert.rejects(F.crossEntropy(x, gpu(long(0, 3))).item(), IndexError);
      await assert.rejects(F.nllLoss(x, gpu(long(-1, 0))).item(), IndexError);
      await assert.rejects(F.oneHot(gpu(long(0, 4)), 4).data(), IndexError);
      await assert.rejects(F.embedding(gpu(long(5)), gpu(T.ones([3, 2]))).data(), IndexError);
      refused(() => F.oneHot(gpu(long(0, 1))), /write oneHot\(labels, numClasses\)/);
      refused(() => F.crossEntropy(x, long(0, 1)), new RegExp(`\\.to\\("${device.name}"\\)`));
      assert.equal(await x.sum().item(), 6);
    });

    here("an index out of range writes nothing", async () => {
      // The device of the tests computes at once, whatever was found wrong before.
      if (device.name === waits.name) return;
      for (const n of [4, 3000]) {
        const index = long(...Array.from({ length: n }, (_, i) => (i === 2 ? n : i)));
        const x = gpu(T.zeros([n, 2]));
        x.set([gpu(index), ":"], 7);
        await assert.rejects(x.data(), IndexError);
        assert.equal(await x.abs().sum().item(), 0);
      }
    });

    here("layers of another device than their input say so", () => {
      const x = gpu(T.ones([2, 2, 3, 3]));
      const rows = gpu(T.ones([4, 3]));
      for (const run of [
        () => F.conv2d(x, T.ones([2, 2, 2, 2])),
        () => F.conv2d(x, gpu(T.ones([2, 2, 2, 2])), T.ones([2])),
        () => F.conv2d(T.ones([2, 2, 3, 3]), gpu(T.ones([2, 2, 2, 2]))),
        () => F.linear(rows, gpu(T.ones([2, 3])), T.ones([2])),
        () => F.layerNorm(rows, [3], { weight: T.ones([3]) }),
        () => F.layerNorm(rows, [3], { weight: gpu(T.ones([3])), bias: T.ones([3]) }),
        () => F.batchNorm(rows, T.zeros([3]), T.ones([3]), { training: true }),
        () => F.batchNorm(rows, T.zeros([3]), T.ones([3])),
        () => F.batchNorm(rows, null, null, { training: true, weight: T.ones([3]) }),
        () => F.groupNorm(x, 1, { weight: T.ones([2]) }),
        () => F.embedding(long(0), rows),
        () => F.mseLoss(rows, T.ones([4, 3])),
        () => F.binaryCrossEntropy(rows, T.ones([4, 3])),
        () => classifier().to(device.name)(T.ones([4, 2])),
        () => classifier()(gpu(T.ones([4, 2]))),
      ]) {
        refused(run, new RegExp(`different devices.*\\.to\\("${device.name}"\\)`));
      }
    });

    here("other losses", async () => {
      T.manualSeed(1);
      const [x, y] = [T.randn([3, 2]), T.rand([3, 2])];
      await same((a, b) => F.binaryCrossEntropy(a.sigmoid(), b), x, y);
      await same((a, b) => F.binaryCrossEntropyWithLogits(a, b), x, y);
      await same((a, b) => F.mseLoss(a, b), x, y);
      await same((a, b) => F.l1Loss(a, b), x, y);
      await same((a, b) => F.smoothL1Loss(a, b), x, y);
      await same((a, b) => F.huberLoss(a, b), x, y);
      await same((a, b) => F.klDiv(a.logSoftmax(1), b), x, y);
    });

    here("layers", async () => {
      T.manualSeed(2);
      const layers: (() => nn.Module)[] = [
        () => new nn.Linear(4, 3),
        () => new nn.LayerNorm([4]),
        () => new nn.Dropout(0.5),
        () => new nn.BatchNorm1d(4),
        () => new nn.BatchNorm1d(4, { momentum: null }),
        () => new nn.InstanceNorm1d(6, { trackRunningStats: true }),
        () => new nn.GELU(),
        () => new nn.Softmax(1),
      ];
      const x = T.randn([6, 4]);
      for (const make of layers) {
        const [cpu, moved] = ["cpu", device.name].map((name) => {
          T.manualSeed(3);
          const layer = make().to(name);
          const results: T.Tensor[] = [];
          for (let step = 0; step < 3; step++) results.push(layer(x.mul(step + 1).to(name)).detach());
          return { layer, results };
        });
        for (const [i, wanted] of cpu.results.entries())
          near(await moved.results[i].data(), wanted.dataSync(), String(cpu.layer));
        const state = moved.layer.stateDict();
        for (const [key, wanted] of Object.entries(cpu.layer.stateDict()))
          near(await state[key].data(), wanted.dataSync(), key);
      }
      const images = T.randn([2, 2, 5, 5]);
      await same(
        (a, w, b) => F.conv2d(a, w, b, { padding: 1, stride: 2 }),
        images,
        T.randn([3, 2, 3, 3]),
        T.randn([3]),
      );
      await same((a) => F.maxPool2d(a, 2), images);
      await same((a) => F.avgPool2d(a, 2), images);
      await same((w, i) => F.embedding(i, w), T.randn([4, 3]), long(1, 1, 3));
      await same(
        (w, i) => F.embedding(i, w.clone(), { maxNorm: 0.5, scaleGradByFreq: true }),
        T.randn([4, 3]),
        long(1, 1, 3),
      );
    });

    here("initializers draw the same numbers", async () => {
      for (const init of [
        nn.init.uniform_,
        nn.init.normal_,
        nn.init.truncNormal_,
        nn.init.xavierUniform_,
        nn.init.kaimingNormal_,
        nn.init.orthogonal_,
        nn.init.eye_,
      ]) {
        T.manualSeed(4);
        const wanted = (init as (x: T.Tensor) => T.Tensor)(T.zeros([4, 3]));
        T.manualSeed(4);
        const got = (init as (x: T.Tensor) => T.Tensor)(T.zeros([4, 3], { device: device.name }));
        near(await got.data(), wanted.dataSync(), init.name);
      }
    });

    here("modules move there, and back by waiting", async () => {
      T.manualSeed(5);
      const model = classifier();
      const { weight } = model.modules()[1] as nn.Linear;
      const before = weight.toArraySync();
      model.to(device.name);
      assert.deepEqual(new Set(model.parameters().map((p) => p.device)), new Set([device.name]));
      const x = gpu(T.ones([4, 2]));
      model(x).sum().backward();
      refused(() => model.to("cpu"), /await model\.cpu\(\)/);
      assert.equal(weight.device, device.name);
      const grad = await (weight.grad as T.Tensor).toArray();
      assert.equal(await model.cpu(), model);
      assert.deepEqual(
        new Set([...model.parameters(), ...model.buffers()].map((p) => p.device)),
        new Set(["cpu"]),
      );
      assert.deepEqual(weight.toArraySync(), before);
      assert.deepEqual((weight.grad as T.Tensor).toArraySync(), grad);
      assert.equal(await model.cpu(), model);
      assert.match(String(model.to(device.name)), /^Sequential\(/);
    });

    here("state dicts go from device to device", async () => {
      T.manualSeed(6);
      const [a, b] = [classifier(), classifier().to(device.name)];
      b.loadStateDict(a.stateDict());
      assert.deepEqual(
        await (b.stateDict()["0.weight"] as T.Tensor).toArray(),
        a.stateDict()["0.weight"].toArraySync(),
      );
      const saved = b.stateDict();
      refused(() => classifier().loadStateDict(saved), /await x\.cpu\(\)/);
      const local = Object.fromEntries(
        await Promise.all(Object.entries(saved).map(async ([key, x]) => [key, await x.cpu()] as const)),
      );
      const c = classifier();
      c.loadStateDict(local);
      assert.deepEqual(c.stateDict()["3.bias"].toArraySync(), a.stateDict()["3.bias"].toArraySync());
    });

    here("optimizers keep their state there and give the CPU's numbers", async () => {
      const optimizers: ((p: nn.Parameter[]) => optim.Optimizer)[] = [
        (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
        (p) => new optim.Adam(p, { lr: 0.05, amsgrad: true }),
        (p) => new optim.AdamW(p, { lr: 0.05 }),
        (p) => new optim.RMSprop(p, { lr: 0.01, momentum: 0.5, centered: true }),
        (p) => new optim.Adagrad(p, { lr: 0.1 }),
      ];
      for (const make of optimizers) {
        const losses: number[][] = [];
        for (const name of ["cpu", device.name]) {
          T.manualSeed(7);
          const model = classifier().to(name);
          let optimizer = make(model.parameters());
          const x = T.randn([12, 2]).to(name);
          const y = T.randint(3, [12]).to(name);
          const list: number[] = [];
          for (let step = 0; step < 6; step++) {
            optimizer.zeroGrad();
            const loss = F.crossEntropy(model(x), y);
            loss.backward();
            const norm = optim.clipGradNorm_(model.parameters(), 1);
            assert.equal(norm.device, name);
            optimizer.step();
            list.push(await loss.item());
            if (step === 2) {
              const state = optimizer.stateDict();
              for (const kept of Object.values(state.state)) {
                // Counts lie on the CPU, as in PyTorch.
                for (const [key, v] of Object.entries(kept))
                  if (v instanceof T.Tensor) assert.equal(v.device, key === "step" ? "cpu" : name, key);
              }
              optimizer = make(model.parameters());
              optimizer.loadStateDict(state);
            }
          }
          losses.push(list);
        }
        near(losses[1], losses[0], make.toString());
      }
    });

    here("what reads in training says what to wait for", async () => {
      const p = T.tensor([1, 2], { device: device.name, requiresGrad: true });
      p.mul(Number.POSITIVE_INFINITY).sum().backward();
      refused(() => optim.clipGradNorm_([p], 1, { errorIfNonfinite: true }), /await clipGradNorm_/);
      const optimizer = new optim.SGD([p], { lr: 1 });
      const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer);
      refused(() => scheduler.step(p.sum()), /await x\.item\(\)/);
      assert.equal(scheduler.lastEpoch, 0);
      scheduler.step(await p.sum().item());
      assert.equal(scheduler.lastEpoch, 1);
    });

    here("data on the device come in batches", async () => {
      const X = T.arange(20).reshape([10, 2]);
      const y = T.arange(10n);
      const passes = await Promise.all(
        ["cpu", device.name].map(async (name) => {
          const dataset = new data.TensorDataset(X.to(name), y.to(name));
          T.manualSeed(8);
          const batches: unknown[] = [];
          for (const [a, b] of new data.DataLoader(dataset, { batchSize: 4, shuffle: true }))
            batches.push(a.toArray(), b.toArray());
          for (const [a] of new data.DataLoader(dataset, { batchSize: 4 })) batches.push(a.toArray());
          batches.push(dataset.get(3)[0].toArray());
          const one = new data.DataLoader(
            [0, 1, 2].map((i) => dataset.get(i)),
            { batchSize: 2 },
          );
          for (const [a, b] of one) batches.push((a as T.Tensor).toArray(), (b as T.Tensor).toArray());
          return Promise.all(batches);
        }),
      );
      assert.deepEqual(passes[1], passes[0]);
      refused(() => new data.WeightedRandomSampler(gpu(T.ones([3])), 2), /await weights\.cpu\(\)/);
    });

    here("scaling, summaries and figures", async () => {
      const X = T.tensor([
        [1, 10],
        [3, 30],
        [2, 60],
      ]);
      near(
        await new StandardScaler().fitTransform(gpu(X)).data(),
        new StandardScaler().fitTransform(X).dataSync(),
      );
      T.manualSeed(9);
      const model = classifier();
      const wanted = String(summary(model, [2]));
      assert.equal(String(summary(model.to(device.name), [2])), wanted);
      assert.equal(String(summary(model, gpu(T.ones([1, 2])), { batchDim: null })).length > 0, true);
      model.eval();
      const labels = long(0, 1, 2);
      const figure = await plot.plotClassification2d(gpu(X), gpu(labels), model, { transform: "Softmax" });
      const local = await plot.plotClassification2d(X, labels, await model.cpu(), { transform: "Softmax" });
      assert.ok(
        figure.svg.length > 1000 && Math.abs(figure.svg.length - local.svg.length) < local.svg.length / 10,
      );
      const line = new nn.Sequential(new nn.Linear(1, 3), new nn.Sigmoid(), new nn.Linear(3, 1)).to(
        device.name,
      );
      const x = gpu(T.linspace(0, 1, 5).unsqueeze(1));
      assert.match((await plot.plotRegression(x, x.squeeze(1), line(x).detach())).svg, /^<svg/);
      assert.match((await plot.plotNodes(x, line(x).detach(), line)).svg, /^<svg/);
    });

    here("probabilities outside 0 and 1 are not looked for", async () => {
      const loss = F.binaryCrossEntropy(gpu(T.tensor([0.5, 1.5])), gpu(T.ones([2])), { reduction: "none" });
      near(await loss.narrow(0, 0, 1).data(), [Math.log(2)]);
      assert.throws(() => F.binaryCrossEntropy(T.tensor([1.5]), T.ones([1])), ValueError);
    });
  });
}
