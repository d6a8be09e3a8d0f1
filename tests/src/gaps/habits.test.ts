/**
 * PyTorch's habits, as programs that were ported and newcomers wrote them: each call is right, or is refused by a typed error that says what to
 * write. None is ignored, and none gives an engine's own error.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deviceNames } from "@flambeau/backend";
import * as fl from "flambeau";

const {
  ArgumentError,
  data,
  datasets,
  DTypeError,
  DeviceError,
  F,
  IndexError,
  nn,
  optim,
  tensor,
  ValueError,
  zeros,
} = fl;
const { lrScheduler } = optim;

/** As programs without a type checker call it. */
type Loose = any;
const loose: Loose = fl;

const plane = (): fl.Tensor => zeros([1, 1, 8, 8]);
const kernel = (): fl.Tensor => zeros([1, 1, 3, 3]);
const matrix = (): fl.Tensor =>
  tensor([
    [1, 5, 2],
    [7, 2, 0],
  ]);
const params = (): fl.Tensor[] => [new nn.Parameter(fl.ones([2]))];
const sgd = (): fl.optim.SGD => new optim.SGD(params(), { lr: 0.1 });
const twenty = (): fl.data.TensorDataset => new data.TensorDataset(fl.arange(20));
const shape = (x: Loose): unknown => [...x.shape];
const values = (x: Loose): unknown => x.toArraySync();
/** The standard deviation of what is drawn. */
const spread = (x: fl.Tensor): number => x.std().itemSync() as number;

/** What is called, as it is written; what is computed; what comes of it. */
const right: Readonly<Record<string, readonly [run: () => unknown, wanted: unknown]>> = {
  "init.normal_(w, { mean: 0, std: 0.02 })": [
    () => Math.abs(spread(nn.init.normal_(zeros([100, 100]), { mean: 0, std: 0.02 })) - 0.02) < 1e-3,
    true,
  ],
  "x.normal_({ mean, std })": [
    () => Math.abs(spread(zeros([100, 100]).normal_({ mean: 1, std: 2 })) - 2) < 0.1,
    true,
  ],
  "ExponentialLR(opt, { gamma: 0.9 })": [
    () => {
      const optimizer = sgd();
      const schedule = new lrScheduler.ExponentialLR(optimizer, { gamma: 0.5 });
      optimizer.step();
      schedule.step();
      return optimizer.paramGroups[0].lr;
    },
    0.05,
  ],
  "Adam(ps, 1e-2)": [() => new optim.Adam(params(), 1e-2).paramGroups[0].lr, 1e-2],
  "StepLR(opt, 2, 0.5)": [() => new lrScheduler.StepLR(sgd(), 2, 0.5).gamma, 0.5],
  'ReduceLROnPlateau(opt, "min", 0.5)': [
    () => new lrScheduler.ReduceLROnPlateau(sgd(), "min", 0.5).factor,
    0.5,
  ],
  "MultiStepLR(opt, { milestones })": [
    () => new lrScheduler.MultiStepLR(sgd(), { milestones: [1, 2] }).milestones,
    [1, 2],
  ],
  "LambdaLR(opt, { lrLambda })": [
    () => new lrScheduler.LambdaLR(sgd(), { lrLambda: () => 0.5 }).optimizer.paramGroups[0].lr,
    0.05,
  ],
  "DataLoader(ds, 10, true)": [() => new data.DataLoader(twenty(), 10, true).length, 2],
  "loader.dataset.length": [() => new data.DataLoader(twenty()).dataset.length, 20],
  "Linear(2, 3, false)": [() => new nn.Linear(2, 3, false).bias, null],
  "Conv2d(1, 8, 3, 1, 1)": [() => shape(new nn.Conv2d(1, 8, 3, 1, 1)(plane())), [1, 8, 8, 8]],
  "F.conv2d(x, w, null, 2)": [() => shape(F.conv2d(plane(), kernel(), null, 2)), [1, 1, 3, 3]],
  "F.conv2d(x, w, { stride: 2 })": [() => shape(F.conv2d(plane(), kernel(), { stride: 2 })), [1, 1, 3, 3]],
  "MaxPool2d(3, 2, 1)": [() => shape(new nn.MaxPool2d(3, 2, 1)(plane())), [1, 1, 4, 4]],
  "F.maxPool2d(x, 3, 2)": [() => shape(F.maxPool2d(plane(), 3, 2)), [1, 1, 3, 3]],
  "F.avgPool2d(x, 3, 2)": [() => shape(F.avgPool2d(plane(), 3, 2)), [1, 1, 3, 3]],
  "BatchNorm2d(64, 0.8)": [() => new nn.BatchNorm2d(64, 0.8).eps, 0.8],
  "BatchNorm2d(4, 1e-3, 0.2)": [
    () => String(new nn.BatchNorm2d(4, 1e-3, 0.2)),
    "BatchNorm2d(4, eps=0.001, momentum=0.2, affine=True, track_running_stats=True)",
  ],
  "Embedding(5, 3, 0)": [() => String(new nn.Embedding(5, 3, 0)), "Embedding(5, 3, padding_idx=0)"],
  "ReLU(true)": [
    () => {
      const x = tensor([-1, 2]);
      new nn.ReLU(true)(x);
      return values(x);
    },
    [0, 2],
  ],
  "LeakyReLU(0.5, true)": [
    () => {
      const x = tensor([-1, 2]);
      new nn.LeakyReLU(0.5, true)(x);
      return values(x);
    },
    [-0.5, 2],
  ],
  "F.leakyRelu(x, { negativeSlope })": [
    () => values(F.leakyRelu(tensor([-1]), { negativeSlope: 0.5 })),
    [-0.5],
  ],
  "x.sum(1, true)": [() => shape(matrix().sum(1, true)), [2, 1]],
  "x.argmax(1, true)": [() => shape(matrix().argmax(1, true)), [2, 1]],
  "x.var(0, false)": [() => tensor([1, 4]).var(0, false).itemSync(), 2.25],
  'F.mseLoss(a, b, { reduction: "sum" })': [
    () => F.mseLoss(tensor([1, 2]), tensor([3, 5]), { reduction: "sum" }).itemSync(),
    13,
  ],
  "CrossEntropyLoss(weight)": [() => values(new nn.CrossEntropyLoss(tensor([1, 2])).weight), [1, 2]],
  "F.normalize(x, 2, 0)": [
    () => values(F.normalize(tensor([[3], [4]]), 1, 0)),
    [[0.4285714328289032], [0.5714285969734192]],
  ],
  "multinomial(p, 1, true, { generator })": [
    () => {
      const draw = (): unknown => {
        const generator = new fl.Generator().manualSeed(3);
        return values(fl.multinomial(fl.ones([100]), 5, true, { generator }));
      };
      fl.manualSeed(0);
      const first = draw();
      fl.rand([7]);
      return JSON.stringify(first) === JSON.stringify(draw());
    },
    true,
  ],
  "bincount(undefined, 4)": [() => values(tensor([1n, 2n]).bincount(undefined, 4)), [0, 1, 1, 0]],
  "bincount({ minlength: 4 })": [() => values(tensor([1n, 2n]).bincount({ minlength: 4 })), [0, 1, 1, 0]],
  "tril(x, { diagonal: 1 })": [
    () => values(fl.tril(fl.ones([2, 3]), { diagonal: 1 })),
    [
      [1, 1, 0],
      [1, 1, 1],
    ],
  ],
  "triu(x, { diagonal: 1 })": [
    () => values(fl.triu(fl.ones([2, 3]), { diagonal: 1 })),
    [
      [0, 1, 1],
      [0, 0, 1],
    ],
  ],
  "arange(0, 10, { step: 2 })": [() => values(fl.arange(0, 10, { step: 2 })), [0, 2, 4, 6, 8]],
  "p.data = x": [
    () => {
      const p = new nn.Parameter(fl.ones([1]));
      (p as Loose).data = tensor([3]);
      return [p.requiresGrad, ...(values(p) as number[])];
    },
    [true, 3],
  ],
  "a child's own toString": [
    () => {
      class G extends nn.Module {
        override toString(): string {
          return "G (3 -> 4)";
        }
      }
      return String(new nn.Sequential(new G()));
    },
    "Sequential(\n  (0): G (3 -> 4)\n)",
  ],
  "toArraySync() of int64": [() => values(tensor([0n, 1n])), [0, 1]],
  "JSON.stringify of int64": [() => JSON.stringify(tensor([0n, 1n])), "[0,1]"],
  "const [values, indices] = x.max(1)": [
    () => {
      const [most, at] = matrix().max(1);
      return [values(most), values(at)];
    },
    [
      [5, 7],
      [1, 0],
    ],
  ],
  "const [values, indices] = x.topk(1)": [
    () => {
      const [most, at] = matrix().topk(1);
      return [values(most), values(at)];
    },
    [
      [[5], [7]],
      [[1], [0]],
    ],
  ],
  "const [values, indices] = x.sort()": [() => [...matrix().sort()].length, 2],
  "cat(list, { dim: 1 })": [() => shape(fl.cat([matrix(), matrix()], { dim: 1 })), [2, 6]],
  "stack(list, { dim: 1 })": [() => shape(fl.stack([matrix(), matrix()], { dim: 1 })), [2, 2, 3]],
  "softmax(x, { dim: 1 })": [() => shape(fl.softmax(matrix(), { dim: 1 })), [2, 3]],
  "x.split(1, { dim: 1 })": [() => matrix().split(1, { dim: 1 }).length, 3],
  "x.unsqueeze({ dim: 1 })": [() => shape(matrix().unsqueeze({ dim: 1 })), [2, 1, 3]],
  "x.cumsum({ dim: 1 })": [
    () => values(matrix().cumsum({ dim: 1 })),
    [
      [1, 6, 8],
      [7, 9, 9],
    ],
  ],
  "x.max({ dim: 1 })": [() => values(matrix().max({ dim: 1 }).values), [5, 7]],
  "x.norm({ dim: 1 })": [() => values(tensor([[3, 4]]).norm({ dim: 1 })), [5]],
  "constant_(w, { val: 2 })": [() => values(nn.init.constant_(zeros([2]), { val: 2 })), [2, 2]],
  "x.roll(1, { dims: 0 })": [() => values(fl.arange(3).roll(1, { dims: 0 })), [2, 0, 1]],
  "grad(y, x, onesLike(y))": [
    () => {
      const x = fl.ones([2], { requiresGrad: true });
      const y = x.mul(x);
      return values(fl.grad(y, x, fl.onesLike(y))[0]);
    },
    [2, 2],
  ],
  'dict["a"]': [() => String(new nn.ModuleDict({ a: new nn.ReLU() }).a), "ReLU()"],
  "Sequential([...])": [
    () => String(new nn.Sequential([new nn.ReLU()] as Loose)),
    "Sequential(\n  (0): ReLU()\n)",
  ],
  "makeMoons(100)": [() => shape(datasets.makeMoons(100).X), [100, 2]],
  "x.item() of int64": [() => tensor([3n]).itemSync(), 3],
};

/** What is called; the class of the error; what its message says. */
const refused: Readonly<
  Record<string, readonly [run: () => unknown, kind: new (message: string) => Error, says: RegExp]>
> = {
  "Adam(ps, { weight_decay: 0.5 })": [
    () => new optim.Adam(params(), { weight_decay: 0.5 } as Loose),
    ArgumentError,
    /^Adam: "weight_decay" is written weightDecay here$/,
  ],
  "Adam(ps, { learningRate: 0.5 })": [
    () => new optim.Adam(params(), { learningRate: 0.5 } as Loose),
    ArgumentError,
    /^Adam: unknown option "learningRate"; did you mean "lr"\?$/,
  ],
  "DataLoader(ds, { batch_size: 10 })": [
    () => new data.DataLoader(twenty(), { batch_size: 10 } as Loose),
    ArgumentError,
    /^DataLoader: "batch_size" is written batchSize here$/,
  ],
  "CrossEntropyLoss({ ignore_index: 0 })": [
    () => new nn.CrossEntropyLoss({ ignore_index: 0 } as Loose),
    ArgumentError,
    /"ignore_index" is written ignoreIndex here/,
  ],
  "tensor([1], { requires_grad: true })": [
    () => tensor([1], { requires_grad: true } as Loose),
    ArgumentError,
    /"requires_grad" is written requiresGrad here/,
  ],
  "x.sum(1, { keepDim: true })": [
    () => matrix().sum(1, { keepDim: true } as Loose),
    ArgumentError,
    /did you mean "keepdim"\?/,
  ],
  "F.layerNorm(x, 3)": [
    () => F.layerNorm(matrix(), 3 as Loose),
    ArgumentError,
    /normalizedShape .* got 3 \(as an array: \[3\]\)/,
  ],
  "new Tensor([1, 2])": [() => new loose.Tensor([1, 2]), ArgumentError, /tensor\(\[1, 2\]\)/],
  "x[0]": [() => (matrix() as Loose)[0], IndexError, /x\.at\(0\)/],
  "x + 1": [() => (matrix() as Loose) + 1, DTypeError, /x\.add\(1\)/],
  "x.shape = [1]": [
    () => {
      (matrix() as Loose).shape = [1];
    },
    ArgumentError,
    /reshape/,
  ],
  "zeros(2, 3)": [() => loose.zeros(2, 3), ArgumentError, /as in \[2, 3\]/],
  "x.view(-1, 4)": [() => (matrix() as Loose).view(-1, 4), ArgumentError, /as in \[-1, 4\]/],
  'x.to("cuda")': [() => matrix().to("cuda" as Loose), DeviceError, /did you mean "webgpu"\?$/],
  'x.to("gpu")': [() => matrix().to("gpu" as Loose), DeviceError, /did you mean "webgpu"\?$/],
  'x.to("float")': [() => matrix().to("float" as Loose), DeviceError, /did you mean "float32"\?$/],
  "an index that an embedding has not": [
    () => new nn.Embedding(3, 2)(tensor([5n])),
    IndexError,
    /^embedding of 3 rows: index 5 is out of range in an input of shape \[1\]/,
  ],
  "float labels": [() => F.crossEntropy(zeros([2, 3]), tensor([0, 1])), DTypeError, /\.to\("int64"\)/],
  "a shape that a layer does not take": [
    () => new nn.Sequential(new nn.Linear(3, 4), new nn.Linear(5, 1))(matrix()),
    fl.ShapeError,
    /\[2, 4\].*\[1, 5\].*\(in 1: Linear\)/,
  ],
  "a float64 input": [
    () => new nn.Linear(2, 3)(fl.ones([1, 2], { dtype: "float64" })),
    DTypeError,
    /float64.*\.to\(\)/,
  ],
  'SGD(ps, { lr: "0.1" })': [
    () => new optim.SGD(params(), { lr: "0.1" as Loose }),
    ArgumentError,
    /lr is a number; got "0\.1"/,
  ],
  "SGD(ps)": [() => new (optim.SGD as Loose)(params()), ArgumentError, /lr is missing/],
  'Linear("2", 1)': [
    () => new nn.Linear("2" as Loose, 1),
    ArgumentError,
    /inFeatures is an integer; got "2"/,
  ],
  "Sequential(F.relu)": [() => new nn.Sequential(F.relu as Loose), ArgumentError, /new nn\.ReLU\(\)/],
  "modules in an array": [
    () => {
      class M extends nn.Module {
        layers: fl.nn.Module[] = [new nn.Linear(1, 1)];
      }
      return new optim.Adam(new M().parameters());
    },
    ValueError,
    /empty list of parameters .*ModuleList/,
  ],
  "a module without forward": [
    () => new (class extends nn.Module {})()(matrix() as never),
    fl.FlambeauError,
    /does not define forward\(\)/,
  ],
  "summary(undefined)": [() => loose.summary(undefined), ArgumentError, /model is missing/],
  "DataLoader(x)": [() => new data.DataLoader(matrix() as Loose), ArgumentError, /got a Tensor/],
  "TensorDataset([1, 2])": [
    () => new data.TensorDataset([1, 2] as Loose),
    ValueError,
    /takes tensors; got \[1, 2\]/,
  ],
  'tensor("a")': [() => tensor("a" as Loose), DTypeError, /data is "a"/],
  "ragged arrays": [() => tensor([[1], [1, 2]] as Loose), fl.ShapeError, /data\[1\] has 2 elements/],
  "undefined among numbers": [() => tensor([1, undefined] as Loose), DTypeError, /data\[1\] is undefined/],
  "backward twice": [
    () => {
      const x = fl.ones([1], { requiresGrad: true });
      const y = x.mul(x).sum();
      y.backward();
      y.backward();
    },
    fl.AutogradError,
    /retainGraph: true/,
  ],
  "a vector's backward": [
    () => fl.ones([2], { requiresGrad: true }).mul(2).backward(),
    fl.AutogradError,
    /gradient/,
  ],
  "a write to a leaf": [() => fl.ones([2], { requiresGrad: true }).add_(1), fl.AutogradError, /noGrad\(\)/],
  "a state dict as JSON": [
    () => {
      const model = new nn.Linear(1, 1);
      model.loadStateDict(JSON.parse(JSON.stringify(model.stateDict())));
    },
    fl.FlambeauError,
    /"weight" is no tensor/,
  ],
};

describe("calls as PyTorch's users write them", () => {
  for (const [name, [run, wanted]] of Object.entries(right))
    test(name, () => assert.deepEqual(run(), wanted));
  for (const [name, [run, kind, says]] of Object.entries(refused)) {
    test(`${name} is refused`, () => {
      assert.throws(run, (error: Error) => {
        assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
        assert.match(error.message, says);
        return true;
      });
    });
  }

  test('F.mseLoss(a, b, "sum"): reduction comes fourth, after two that are deprecated', () => {
    assert.deepEqual(F.mseLoss(tensor([1, 2]), tensor([3, 5]), "sum" as Loose).itemSync(), 13);
  });

  test("a device that is not open yet is opened first", () => {
    const move = (): fl.Tensor => matrix().to("webgpu");
    if (deviceNames().includes("webgpu")) assert.equal(move().device, "webgpu");
    else assert.throws(move, /; open it first: await webgpu\.init\(\)$/);
  });
});
