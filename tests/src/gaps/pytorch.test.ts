/**
 * Calls of PyTorch's that were measured to be missing or to give something else here, each with the text that PyTorch 1.13 prints
 * for it: on the CPU, and on devices that cannot be read at once.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fl from "flambeau";
import { devices, testOn } from "../devices/devices.ts";

const { F } = fl;

/** Makes a tensor on the device that a row is run on. */
type Make = (data: fl.NestedArray, options?: fl.TensorOptions) => fl.Tensor;
type Result = fl.Tensor | string | readonly Result[];

interface Row {
  readonly call: string;
  readonly text: string;
  readonly run: (t: Make) => Result;
  /** Why other devices than the CPU do not run it. */
  readonly cpuOnly?: string;
}

const rows: Row[] = [];

function row(call: string, text: string, run: Row["run"], cpuOnly?: string): void {
  rows.push({ call, text, run, cpuOnly });
}

const float64 = "it has no float64";
const sized = "how many results there are depends on the elements";

/** The gradients of the sum of what `f` makes of the tensors, which become leaves. */
function gradients(f: (...x: fl.Tensor[]) => fl.Tensor, ...leaves: fl.Tensor[]): fl.Tensor[] {
  for (const leaf of leaves) leaf.requiresGrad_();
  f(...leaves)
    .sum()
    .backward();
  return leaves.map((leaf) => leaf.grad as fl.Tensor);
}

row(
  "softmax(x, dim, { dtype })",
  "tensor([0.2689, 0.7311], dtype=float64)",
  (t) => fl.softmax(t([0.5, 1.5]), 0, { dtype: "float64" }),
  float64,
);
row("softmax of integers", "tensor([0.1192, 0.8808])", (t) =>
  fl.softmax(t([1n, 3n]), 0, { dtype: "float32" }),
);
row(
  "logSoftmax of integers",
  "tensor([-2.1269, -0.1269], dtype=float64)",
  (t) => F.logSoftmax(t([1n, 3n]), 0, { dtype: "float64" }),
  float64,
);
row(
  "softmin(x, dim, { dtype })",
  "tensor([0.7311, 0.2689], dtype=float64)",
  (t) => F.softmin(t([0.5, 1.5]), 0, { dtype: "float64" }),
  float64,
);
row(
  "gradient of softmax with a dtype",
  "tensor([ 0.1966, -0.1966])",
  (t) => gradients((x) => fl.softmax(x, 0, { dtype: "float64" }).at(0), t([0.5, 1.5]))[0],
  float64,
);

row("logit(x, { eps })", "tensor([-2.1972,  0.0000,  2.1972])", (t) =>
  fl.logit(t([0.05, 0.5, 0.98]), { eps: 0.1 }),
);
row("logit(x, eps) by position", "tensor([-2.1972,  2.1972])", (t) => t([0n, 1n]).logit(0.1));
row("logit_(eps)", "tensor([-2.1972])", (t) => t([0.05]).logit_(0.1));
row("logit with a negative eps", "tensor([-2.9444])", (t) => t([0.05]).logit(-1));
row(
  "gradient of logit with eps",
  "tensor([ 0.0000, 11.1111,  4.0000, 11.1111,  0.0000,     nan])",
  (t) => gradients((x) => x.logit(0.1), t([0.05, 0.1, 0.5, 0.9, 0.98, Number.NaN]))[0],
);

row("rsub(a, b, { alpha })", "tensor([ 7., 14.])", (t) => fl.rsub(t([1, 2]), t([10, 20]), { alpha: 3 }));
row("rsub of integers with alpha", "tensor([ 1, -1])", (t) => t([1n, 2n]).rsub(3n, { alpha: 2 }));
row("rsub_ with alpha", "tensor([7., 4.])", (t) => t([1, 2]).rsub_(10, { alpha: 3 }));
row("gradients of rsub with alpha", "tensor([-3., -3.]), tensor([1., 1.])", (t) =>
  gradients((a, b) => fl.rsub(a, b, { alpha: 3 }), t([1, 2]), t([3, 4])),
);

row('scatter(x, dim, index, source, { reduce: "add" })', "tensor([6., 1., 5.])", (t) =>
  fl.scatter(t([1, 1, 1]), 0, t([0n, 0n, 2n]), t([2, 3, 4]), { reduce: "add" }),
);
row("scatter with reduce multiply and a number", "tensor([10.,  2., 10.])", (t) =>
  fl.scatter(t([2, 2, 2]), 0, t([0n, 2n]), 5, { reduce: "multiply" }),
);
row("scatter with reduce multiply and repeats", "tensor([6., 1., 4.])", (t) =>
  fl.scatter(t([1, 1, 1]), 0, t([0n, 0n, 2n]), t([2, 3, 4]), { reduce: "multiply" }),
);
row("scatter of integers with reduce multiply", "tensor([50,  2, 10])", (t) =>
  fl.scatter(t([2n, 2n, 2n]), 0, t([0n, 0n, 2n]), 5, { reduce: "multiply" }),
);
row("scatter of bools with reduce", "tensor([False,  True, False]), tensor([True, True, True])", (t) =>
  (["multiply", "add"] as const).map((reduce) =>
    t([true, true, true]).scatter(0, t([0n, 0n, 2n]), t([false, true, false]), { reduce }),
  ),
);
row("scatter_ with reduce", "tensor([6., 2., 3.]), tensor([5., 2., 3.])", (t) => [
  t([1, 2, 3]).scatter_(0, t([0n, 0n]), t([2, 3]), { reduce: "multiply" }),
  t([1, 2, 3]).scatter_(0, t([0n, 0n]), 2, { reduce: "add" }),
]);
// PyTorch has a derivative for scatter_reduce's product only, which is the same.
row("gradients of products scattered", "tensor([20.,  1.,  6.]), tensor([5., 4., 3.])", (t) =>
  gradients((x, s) => x.scatter(0, t([0n, 0n, 2n]), s, { reduce: "multiply" }), t([1, 2, 3]), t([4, 5, 6])),
);

row(
  "unique({ dim })",
  "tensor([[0., 3.],\n        [1., 2.]])",
  (t) =>
    t([
      [1, 2],
      [1, 2],
      [0, 3],
    ]).unique({ dim: 0 }),
  sized,
);
row(
  "unique({ dim, returnInverse, returnCounts })",
  "tensor([[0., 3.],\n        [1., 2.]]), tensor([1, 1, 0]), tensor([1, 2])",
  (t) =>
    t([
      [1, 2],
      [1, 2],
      [0, 3],
    ]).unique({ dim: 0, returnInverse: true, returnCounts: true }),
  sized,
);
row(
  "unique of columns",
  "tensor([[1, 3],\n        [1, 2]]), tensor([1, 0, 1])",
  (t) =>
    t([
      [3n, 1n, 3n],
      [2n, 1n, 2n],
    ]).unique({ dim: 1, returnInverse: true }),
  sized,
);
row(
  "unique without a dimension",
  "tensor([1, 2, 3]), tensor([2, 2, 2])",
  (t) =>
    t([
      [3n, 1n, 3n],
      [2n, 1n, 2n],
    ]).unique({ returnCounts: true }),
  sized,
);

row("searchsorted with outInt32", "tensor([1, 2], dtype=int32)", (t) =>
  fl.searchsorted(t([1, 3, 5]), t([2, 5]), { outInt32: true }),
);
row("bucketize with outInt32", "tensor([1, 2], dtype=int32)", (t) =>
  fl.bucketize(t([2, 5]), t([1, 3, 5]), { outInt32: true }),
);

row("diff with prepend and append", "tensor([1., 3., 5., 7.])", (t) =>
  fl.diff(t([1, 4, 9]), 1, 0, { prepend: t([0]), append: t([16]) }),
);
row("diff with prepend of another dtype", "tensor([1., 3., 5.])", (t) =>
  fl.diff(t([1, 4, 9]), 1, -1, { prepend: t([0n]) }),
);

row("cov with fweights and aweights", "tensor([[ 1.2840, -0.9383],\n        [-0.9383,  0.8395]])", (t) =>
  fl.cov(
    t([
      [1, 2, 4],
      [3, 1, 0],
    ]),
    { correction: 0, fweights: t([1n, 2n, 1n]), aweights: t([0.5, 1, 2]) },
  ),
);
row("cov with a correction", "tensor([[ 3.3548, -2.4516],\n        [-2.4516,  2.1935]])", (t) =>
  fl.cov(
    t([
      [1, 2, 4],
      [3, 1, 0],
    ]),
    { correction: 2, fweights: t([1n, 2n, 1n]), aweights: t([0.5, 1, 2]) },
  ),
);

row("movedim of arrays", "[3,4,2]", (t) =>
  JSON.stringify(fl.movedim(t(0).expand([2, 3, 4]), [0, 1], [2, 0]).shape),
);

row(
  "narrow from a 0-d tensor",
  "tensor([1., 2., 3.])",
  (t) => fl.narrow(t([0, 1, 2, 3, 4]), 0, t(1n), 3),
  "where the part begins is an element",
);
row("indexSelect of a 0-d tensor", "tensor(7.)", (t) => fl.indexSelect(t(7), 0, t([0n])));

row(
  "cdist with p 0 keeps the graph",
  "tensor([[0., 0.]])",
  (t) => gradients((x) => fl.cdist(x, t([[0, 2]]), 0), t([[1, 2]]))[0],
);

row("quantile of a vector q", "tensor([1.7500, 2.5000])", (t) =>
  fl.quantile(t([1, 2, 3, 4]), t([0.25, 0.5])),
);
row(
  "gradient of quantile by q",
  "tensor([3., 6.])",
  (t) => gradients((q) => fl.quantile(t([1, 2, 4, 8]), q), t([0.3, 0.6]))[0],
);
row("gradients of quantile where there is a nan", "tensor([0., 0.]), tensor([0., 0., 2., 0.])", (t) =>
  gradients((q, x) => fl.quantile(x, q), t([0.3, 0.6]), t([1, 2, Number.NaN, 8])),
);

row("pad circular with negative amounts", "tensor([[[2., 3., 4., 2., 3.]]])", (t) =>
  F.pad(t([[[1, 2, 3, 4]]]), [-1, 2], { mode: "circular" }),
);
row(
  "pad circular of planes, cropped and grown",
  "tensor([[[[4., 5., 4.],\n          [1., 2., 1.],\n          [4., 5., 4.]]]])",
  (t) =>
    F.pad(
      t([
        [
          [
            [0, 1, 2],
            [3, 4, 5],
            [6, 7, 8],
          ],
        ],
      ]),
      [-1, 1, 1, -1],
      { mode: "circular" },
    ),
);

row(
  "gradient of hardsigmoid at nan",
  "tensor([0.0000, 0.1667])",
  (t) => gradients((x) => F.hardsigmoid(x), t([Number.NaN, 0]))[0],
);

row("conv1d of integers", "tensor([[[3, 5]]])", (t) => F.conv1d(t([[[1n, 2n, 3n]]]), t([[[1n, 1n]]])));
row("conv1d of uint8, which wraps", "tensor([[[201,  44]]], dtype=uint8)", (t) =>
  F.conv1d(t([[[1, 200, 100]]], { dtype: "uint8" }), t([[[1, 1]]], { dtype: "uint8" })),
);
row("conv1d of integers with stride, padding and bias", "tensor([[[ 8, 12]]], dtype=int32)", (t) =>
  F.conv1d(
    t([[[1, 2, 3]]], { dtype: "int32" }),
    t([[[1, 1]]], { dtype: "int32" }),
    t([7], { dtype: "int32" }),
    { padding: 1, stride: 2 },
  ),
);
row("conv2d of integers", "tensor([[[[4]]]])", (t) =>
  F.conv2d(
    t([
      [
        [
          [1n, 1n],
          [1n, 1n],
        ],
      ],
    ]),
    t([
      [
        [
          [1n, 1n],
          [1n, 1n],
        ],
      ],
    ]),
  ),
);
row("avgPool1d of integers", "tensor([[[1, 6]]])", (t) => F.avgPool1d(t([[[1n, 2n, 5n, 7n]]]), 2));
row("avgPool2d of integers", "tensor([[[[3]]]])", (t) =>
  F.avgPool2d(
    t([
      [
        [
          [1n, 2n],
          [5n, 7n],
        ],
      ],
    ]),
    2,
  ),
);
row("convTranspose1d of integers", "tensor([[[11, 13, 12, 16]]])", (t) =>
  F.convTranspose1d(t([[[1n, 2n]]]), t([[[1n, 3n]]]), t([10n]), { stride: 2 }),
);
row("convTranspose2d of integers", "tensor([[[[11]]]])", (t) =>
  F.convTranspose2d(t([1n, 2n, 3n, 4n]).reshape([1, 1, 2, 2]), t([1n, 1n, 1n, 2n]).reshape([1, 1, 2, 2]), {
    padding: 1,
  }),
);
row("convTranspose3d of integers", "tensor([1, 1, 0, 4])", (t) =>
  F.convTranspose3d(t([1n, 2n]).reshape([1, 1, 1, 1, 2]), t([1n, -1n, 2n]).reshape([1, 1, 1, 1, 3])).reshape([
    -1,
  ]),
);
row("avgPool3d of integers", "tensor([[[[-3]]]]), tensor([[[[3]]]])", (t) => [
  F.avgPool3d(t([-1n, -2n, -5n, -7n]).reshape([1, 1, 2, 2]), [1, 2, 2]),
  F.avgPool3d(t([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]).reshape([1, 2, 2, 2]), 2),
]);
row(
  "avgPool3d of no volumes",
  "[0, 1, 2, 2, 2]",
  (t) => `[${F.avgPool3d(t([]).reshape([0, 1, 4, 4, 4]), 2).shape.join(", ")}]`,
);
row("avgPool2d with one number in a list", "tensor([[[[1.5000]]]])", (t) =>
  F.avgPool2d(t([0, 1, 2, 3]).reshape([1, 1, 2, 2]), [2] as never, [2] as never, [0] as never),
);
row("margin losses of one class without dimensions", "tensor(0.), tensor(0.)", (t) => [
  F.multiMarginLoss(t(0.5), t(0n)),
  F.multilabelMarginLoss(t(0.5), t(0n)),
]);
row("logsigmoid", "tensor([-0.6931])", (t) => F.logsigmoid(t([0])));
row("avgPool2d of negative integers", "tensor([[[[-3]]]])", (t) =>
  F.avgPool2d(
    t([
      [
        [
          [-1n, -2n],
          [-5n, -7n],
        ],
      ],
    ]),
    2,
  ),
);
row("avgPool1d of integers, padded", "tensor([[[1, 6]]]), tensor([[[1, 4]]])", (t) =>
  [false, true].map((countIncludePad) =>
    F.avgPool1d(t([[[1n, 2n, 5n, 7n]]]), 3, { padding: 1, countIncludePad }),
  ),
);

row("marginRankingLoss of integers", "tensor([2.])", (t) =>
  F.marginRankingLoss(t([1n]), t([3n]), t([1n]), { reduction: "none" }),
);
row("mean of marginRankingLoss of integers", "tensor(4.)", (t) =>
  F.marginRankingLoss(t([1n]), t([3n]), t([1n]), { margin: 2 }),
);
row("hardtanh of integers with fractional bounds", "tensor([-1,  0,  1])", (t) =>
  F.hardtanh(t([-3n, 0n, 3n]), { minVal: -1.5, maxVal: 1.5 }),
);
row("logspace into integers", "tensor([4, 2, 1]), tensor([0, 0, 0, 1]), tensor([7])", () => [
  fl.logspace(2.9, 0, 3, { base: 2, dtype: "int64" }),
  fl.logspace(-2.9, 0.5, 4, { base: 2, dtype: "int64" }),
  fl.logspace(2.9, 0, 1, { base: 2, dtype: "int64" }),
]);
row("addmm with a beta of 0 leaves nan out", "tensor([[6.]])", (t) =>
  fl.addmm(t([[Number.NaN]]), t([[2]]), t([[3]]), { beta: 0 }),
);

async function textOf(result: Result): Promise<string> {
  if (typeof result === "string") return result;
  if (result instanceof fl.Tensor) return String(await result.detach().cpu());
  return (await Promise.all(result.map(textOf))).join(", ");
}

describe("PyTorch's results", () => {
  for (const { call, text, run } of rows) {
    test(call, async () =>
      assert.equal(await textOf(run((data, options) => fl.tensor(data, options))), text),
    );
  }
});

for (const device of devices) {
  describe(`PyTorch's results on ${device.name}`, () => {
    for (const { call, text, run, cpuOnly } of rows) {
      if (cpuOnly !== undefined) continue;
      testOn(device, call, async () => {
        const made = run((data, options) => fl.tensor(data, { ...options, device: device.name }));
        assert.equal(await textOf(made), text);
      });
    }
  });
}

describe("calls that PyTorch 1.13 takes and Flambeau refuses", () => {
  const { DTypeError, ShapeError, ValueError } = fl;
  const refused: Readonly<Record<string, [new (message: string) => Error, RegExp, () => unknown]>> = {
    "addcmul of integers with a fractional value": [
      DTypeError,
      /addcmul: value 2\.7 is no integer/,
      () => fl.addcmul(fl.tensor([1n]), fl.tensor([2n]), fl.tensor([3n]), { value: 2.7 }),
    ],
    "addmm of integers with fractional factors": [
      DTypeError,
      /addmm: alpha 1\.5 is no integer/,
      () => fl.addmm(fl.tensor([[10n]]), fl.tensor([[2n]]), fl.tensor([[3n]]), { alpha: 1.5 }),
    ],
    "hardtanh with minVal above maxVal": [
      ValueError,
      /minVal 1 is above maxVal -1/,
      () => F.hardtanh(fl.tensor([0, 2]), { minVal: 1, maxVal: -1 }),
    ],
    "mT of a 0-d tensor": [ShapeError, /mT takes matrices/, () => fl.tensor(3).mT],
    "batchNorm of an empty 1-d input": [
      ShapeError,
      /batchNorm takes an input \[batch, channels, \.\.\.\]/,
      () => F.batchNorm(fl.zeros([0]), fl.zeros([0]), fl.ones([0])),
    ],
    "add of two plain numbers": [DTypeError, /add takes at least one tensor/, () => fl.add(1.5, 2.5)],
    "sub of two plain numbers": [DTypeError, /sub takes at least one tensor/, () => fl.sub(1.5, 2.5)],
    "pad circular with more than is left": [
      ShapeError,
      /"circular" has at most 1 elements/,
      () => F.pad(fl.tensor([[[1, 2, 3, 4]]]), [-3, 2], { mode: "circular" }),
    ],
  };
  for (const [call, [kind, message, run]] of Object.entries(refused)) {
    test(call, () => assert.throws(run, (error) => error instanceof kind && message.test(error.message)));
  }
  test("aminmax of a 0-d tensor keeps the dimension that is named", () => {
    assert.deepEqual(fl.aminmax(fl.tensor(3), { dim: 0, keepdim: true }).min.shape, [1]);
    assert.deepEqual(fl.aminmax(fl.tensor(3), { keepdim: true }).min.shape, []);
  });
});
