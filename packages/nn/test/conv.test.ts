/** Layers of images: what they refuse, what they keep, and sizes that are worked off in parts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { ArgumentError, DTypeError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { cat, manualSeed, ones, randn, type Tensor, tensor, zeros } from "@flambeau/tensor";
import { assertClose, type Values } from "./close.ts";
import { fill } from "./fill.ts";

const { F } = nn;
type Refusal = readonly [call: () => unknown, error: new (message?: string) => Error, message: RegExp];

const refusals: Readonly<Record<string, Refusal>> = {
  "other channels": [
    () => F.conv2d(zeros([2, 3, 5, 5]), zeros([4, 1, 3, 3])),
    ShapeError,
    /conv2d: a weight of shape \[4, 1, 3, 3\] takes 1 channels; the input of shape \[2, 3, 5, 5\] has 3/,
  ],
  "other channels in groups": [
    () => F.conv2d(zeros([2, 3, 5, 5]), zeros([4, 1, 3, 3]), null, { groups: 2 }),
    ShapeError,
    /takes 2 channels \(1 for each of 2 groups\)/,
  ],
  "groups that do not divide the output": [
    () => F.conv2d(zeros([2, 3, 5, 5]), zeros([4, 1, 3, 3]), null, { groups: 3 }),
    ShapeError,
    /the 4 output channels .* do not divide into 3 groups/,
  ],
  "a kernel larger than the input": [
    () => F.conv2d(zeros([1, 1, 2, 5]), zeros([1, 1, 3, 3])),
    ShapeError,
    /a kernel of size \[3, 3\] is larger than the input of size \[2, 5\], padded to \[2, 5\]/,
  ],
  "a dilated kernel larger than the padded input": [
    () => F.conv1d(zeros([1, 1, 4]), zeros([1, 1, 3]), null, { dilation: 3, padding: 1 }),
    ShapeError,
    /size \[3\], dilated to \[7\], is larger than the input of size \[4\], padded to \[6\]/,
  ],
  "too few dimensions": [
    () => F.conv2d(zeros([5, 5]), zeros([1, 1, 3, 3])),
    ShapeError,
    /conv2d takes an input \[batch, channels, height, width\] or, without a batch, \[channels, height, width\]; got shape \[5, 5\]/,
  ],
  "an image for a line": [
    () => F.conv1d(zeros([1, 1, 5, 5]), zeros([1, 1, 3])),
    ShapeError,
    /\[batch, channels, length\]/,
  ],
  "a weight of other dimensions": [
    () => F.conv2d(zeros([1, 1, 5, 5]), zeros([1, 1, 3])),
    ShapeError,
    /takes a weight/,
  ],
  "a bias of another size": [
    () => F.conv2d(zeros([1, 1, 5, 5]), zeros([2, 1, 3, 3]), zeros([3])),
    ShapeError,
    /a bias has shape \[2\]/,
  ],
  bools: [
    () => F.conv2d(zeros([1, 1, 5, 5], { dtype: "bool" }), zeros([2, 1, 3, 3])),
    DTypeError,
    /conv2d takes floats and integers; got bool/,
  ],
  "means of int32": [
    () => F.avgPool2d(zeros([1, 1, 4, 4], { dtype: "int32" }), 2),
    DTypeError,
    /avgPool2d takes floats and int64; got int32/,
  ],
  "maxima of integers": [
    () => F.maxPool1d(zeros([1, 1, 4], { dtype: "int64" }), 2),
    DTypeError,
    /maxPool1d takes floats; got int64/,
  ],
  "another dtype": [
    () => F.conv2d(zeros([1, 1, 5, 5], { dtype: "float64" }), zeros([2, 1, 3, 3])),
    DTypeError,
    /float64 and a parameter float32/,
  ],
  "a stride of zero": [
    () => new nn.Conv2d(1, 1, 3, { stride: 0 }),
    ValueError,
    /stride is an integer .* from 1; got 0/,
  ],
  "a stride for one dimension too many": [
    () => new nn.Conv1d(1, 1, 3, { stride: [1, 1] as never }),
    ValueError,
    /Conv1d: stride is an integer from 1; got \[1, 1\]/,
  ],
  "an unknown padding": [
    () => new nn.Conv2d(1, 1, 3, { padding: "full" as never }),
    ArgumentError,
    /padding is an integer or .*"valid" or "same"; got "full"/,
  ],
  "an unknown surrounding": [
    () => new nn.Conv2d(1, 1, 3, { padding: 1, paddingMode: "constant" as never }),
    ArgumentError,
    /paddingMode is "zeros", "reflect", "replicate" or "circular"; got "constant"/,
  ],
  "same with a stride": [
    () => new nn.Conv2d(1, 1, 3, { padding: "same", stride: 2 }),
    ValueError,
    /stride of 1; got \[2, 2\]/,
  ],
  "channels that do not divide": [
    () => new nn.Conv2d(3, 4, 3, { groups: 2 }),
    ValueError,
    /the 3 input channels do not divide into 2 groups/,
  ],
  "no channels": [() => new nn.Conv2d(0, 4, 3), ValueError, /numbers of channels; got 0/],
  "a padding above half the kernel": [
    () => F.maxPool2d(zeros([1, 4, 4]), 2, { padding: 2 }),
    ValueError,
    /at most half/,
  ],
  "a window larger than the input": [
    () => F.maxPool2d(zeros([1, 1, 4]), 2),
    ShapeError,
    /maxPool2d: a kernel of size \[2, 2\]/,
  ],
  "a divisor of zero": [() => F.avgPool2d(zeros([1, 4, 4]), 2, { divisorOverride: 0 }), ValueError, /not 0/],
  "an adaptive size": [() => F.adaptiveAvgPool2d(zeros([1, 4, 4]), [1.5, 1]), ValueError, /integers from 0/],
  "a norm of another shape": [
    () => F.layerNorm(zeros([2, 3]), [2]),
    ShapeError,
    /\[2, 3\] does not end in \[2\]/,
  ],
  "a norm's weight": [
    () => F.layerNorm(zeros([2, 3]), [3], { weight: ones([2]) }),
    ShapeError,
    /weight has shape \[3\]; got \[2\]/,
  ],
  "a batch norm of other channels": [
    () => new nn.BatchNorm1d(3)(zeros([2, 4])),
    ShapeError,
    /BatchNorm1d takes an input \[batch, 3\] or \[batch, 3, length\]; got shape \[2, 4\]/,
  ],
  "a batch norm of lines": [
    () => new nn.BatchNorm2d(3)(zeros([2, 3])),
    ShapeError,
    /\[batch, 3, height, width\]/,
  ],
  "a batch of one": [
    () => new nn.BatchNorm1d(3)(zeros([1, 3])),
    ValueError,
    /more than one value per channel; .* has one/,
  ],
  "groups of channels": [() => new nn.GroupNorm(2, 3), ValueError, /3 channels do not divide into 2 groups/],
  "an index out of range": [
    () => new nn.Embedding(10, 3)(tensor([10n])),
    IndexError,
    /embedding of 10 rows: index 10 is out of range/,
  ],
  "a negative index": [() => new nn.Embedding(10, 3)(tensor([-1n])), IndexError, /index -1 is out of range/],
  "an index that is no integer": [
    () => new nn.Embedding(10, 3)(tensor([1.5])),
    DTypeError,
    /as integers; the input is float32/,
  ],
  "a padding row": [
    () => new nn.Embedding(10, 3, { paddingIdx: 10 }),
    ValueError,
    /paddingIdx 10 is none of 10 rows/,
  ],
};

describe("what does not fit is refused", () => {
  for (const [name, [call, error, message]] of Object.entries(refusals)) {
    test(name, () =>
      assert.throws(call, (e: unknown) => {
        assert.ok(e instanceof error, String(e));
        assert.match(e.message, message);
        return true;
      }),
    );
  }
  test("a batch norm that refuses its input keeps its statistics", () => {
    const layer = new nn.BatchNorm1d(2);
    assert.throws(() => layer(zeros([1, 2])), ValueError);
    assert.deepEqual(layer.runningVar?.toArraySync(), [1, 1]);
    assert.equal(layer.numBatchesTracked?.itemSync(), 0);
  });
});

describe("images are worked off a few at a time", () => {
  // Sizes whose columns fill the memory for them more than once, with a rest; and weights larger than it.
  const sizes = {
    "many images": [40, 4, 32, 6],
    "a large weight": [3, 64, 4, 512],
    "one element": [50, 64, 16, 8],
  };
  for (const [name, [n, c, size, o]] of Object.entries(sizes)) {
    test(name, () => {
      const kernel = name === "one element" ? 1 : 3;
      const w = fill([o, c, kernel, kernel], 2, "float32").requiresGrad_();
      const x = fill([n, c, size, size], 1, "float32").requiresGrad_();
      const options = { padding: kernel === 1 ? 0 : 1 };
      const y = F.conv2d(x, w, null, options);
      y.square().mean().backward();
      const singles = Array.from({ length: n }, (_, i) => x.detach().narrow(0, i, 1).requiresGrad_());
      const again = w.detach().requiresGrad_();
      const one = cat(
        singles.map((s) => F.conv2d(s, again, null, options)),
        0,
      );
      one.square().mean().backward();
      const near = (a: Tensor | null, b: Tensor | null, what: string): void => {
        const scale = b?.detach().abs().max().itemSync() as number;
        assertClose(
          a?.detach().div(scale) ?? null,
          b?.detach().div(scale).ravel().toArraySync() as Values,
          2e-5,
          what,
        );
      };
      near(y, one, "y");
      near(w.grad, again.grad, "the weight's gradient");
      near(x.grad, cat(singles.map((s) => s.grad as Tensor)), "the input's gradient");
    });
  }
});

describe("state", () => {
  test("keys are the fields' names, and a state loads", () => {
    const make = (): nn.Sequential => new nn.Sequential(new nn.Conv1d(2, 3, 2), new nn.BatchNorm1d(3));
    const model = make();
    model(randn([4, 2, 6]));
    const state = model.stateDict();
    const norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
    assert.deepEqual(Object.keys(state), ["0.weight", "0.bias", ...norm.map((key) => `1.${key}`)]);
    const other = make();
    other.loadStateDict(state);
    const x = randn([2, 2, 6]);
    model.eval();
    other.eval();
    assert.deepEqual((other(x) as Tensor).toArraySync(), (model(x) as Tensor).toArraySync());
    assert.equal(other.stateDict()["1.num_batches_tracked"].itemSync(), 1);
  });
  test("converted to float64, counts stay integers", () => {
    const layer = new nn.BatchNorm2d(2).to("float64");
    assert.deepEqual([layer.runningMean?.dtype, layer.numBatchesTracked?.dtype], ["float64", "int64"]);
    assert.equal(layer(fill([2, 2, 3, 3], 1)).dtype, "float64");
  });
  test("a pretrained embedding is frozen unless told", () => {
    const rows = fill([4, 2], 1);
    const layer = nn.Embedding.fromPretrained(rows, { paddingIdx: -1 });
    assert.equal(String(layer), "Embedding(4, 2, padding_idx=3)");
    assert.equal(layer.weight.requiresGrad, false);
    assert.ok(nn.Embedding.fromPretrained(rows, { freeze: false }).weight.requiresGrad);
    assertClose(layer(tensor([[2n]])), [rows.select(0, 2).toArraySync() as Values], 0, "row");
  });
  test("a pooling that gives indices is typed so", () => {
    const [values, indices]: [Tensor, Tensor] = new nn.MaxPool2d(2, { returnIndices: true })(
      fill([1, 1, 4, 4], 1),
    );
    const alone: Tensor = new nn.MaxPool2d(2, 2)(fill([1, 1, 4, 4], 1));
    assert.deepEqual(alone.toArraySync(), values.toArraySync());
    assert.equal(indices.dtype, "int64");
  });
});

test("a float32 convolution of a transposed image equals that of a copy", () => {
  manualSeed(1);
  const x = randn([6, 5, 3, 2]).permute([3, 2, 1, 0]);
  const w = randn([3, 3, 4, 3]).permute([1, 2, 3, 0]);
  assert.ok(!x.isContiguous());
  noGrad(() => {
    const y = F.conv2d(x, w.contiguous().permute([0, 3, 1, 2]).contiguous());
    assert.deepEqual(
      F.conv2d(x.contiguous(), w.contiguous().permute([0, 3, 1, 2])).toArraySync(),
      y.toArraySync(),
    );
  });
});
