import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, DTypeError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { ones, rand, tensor, zeros } from "@flambeau/tensor";
import fc from "fast-check";

const logits = rand([3, 4]);

describe("class labels", () => {
  const losses = [nn.F.crossEntropy, nn.F.nllLoss];
  test("out of range are an IndexError that names the label", () => {
    for (const loss of losses) {
      for (const bad of [4n, -1n, 99n]) {
        assert.throws(
          () => loss(logits, tensor([0n, bad, 1n])),
          (e: Error) =>
            e instanceof IndexError && e.message.includes(String(bad)) && e.message.includes("4 classes"),
        );
      }
      assert.throws(() => loss(logits, tensor([0n, -100n, 1n]), { ignoreIndex: 1 }), IndexError);
      assert.equal(loss(logits, tensor([0n, -100n, 1n])).shape.length, 0);
      assert.equal(loss(logits, tensor([0n, 7n, 1n]), { ignoreIndex: 7 }).shape.length, 0);
    }
  });

  test("that are no integers are a DTypeError", () => {
    for (const loss of losses) {
      assert.throws(() => loss(logits, tensor([0, 1, 2])), DTypeError);
      assert.throws(() => loss(logits, tensor([true, false, true])), DTypeError);
    }
    assert.throws(() => nn.F.crossEntropy(logits, zeros([3, 4], { dtype: "int64" })), DTypeError);
    assert.throws(() => nn.F.oneHot(tensor([0.5])), DTypeError);
  });

  test("of another number are a ShapeError", () => {
    for (const loss of losses) {
      assert.throws(() => loss(logits, tensor([0n, 1n])), ShapeError);
      assert.throws(() => loss(logits, tensor([[0n], [1n], [2n]])), ShapeError);
      assert.throws(() => loss(logits, tensor([0n, 1n, 2n]), { weight: ones([3]) }), ShapeError);
      assert.throws(() => loss(tensor(1), tensor([0n])), ShapeError);
    }
  });

  test("any integer dtype counts, and gives the same loss", () => {
    const expected = nn.F.crossEntropy(logits, tensor([0n, 3n, 1n])).itemSync();
    for (const dtype of ["uint8", "int32", "int64"] as const) {
      assert.equal(nn.F.crossEntropy(logits, tensor([0, 3, 1], { dtype })).itemSync(), expected);
      assert.ok(
        Math.abs(
          nn.F.crossEntropy(logits, tensor([0, 3, 1], { dtype }), { weight: ones([4]) }).itemSync() -
            expected,
        ) < 1e-6,
      );
    }
  });

  test("a leaf is as it was after an error", () => {
    const x = rand([3, 4], { requiresGrad: true });
    const before = x.toArraySync();
    assert.throws(() => nn.F.crossEntropy(x, tensor([0n, 4n, 1n])), IndexError);
    assert.deepEqual(x.toArraySync(), before);
    assert.equal(x.grad, null);
  });

  test("with every one-hot target the two forms of crossEntropy agree", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        (n, c, draws) => {
          const labels = tensor(draws.slice(0, n).map((d) => BigInt(d % c)));
          const x = rand([n, c], { dtype: "float64" });
          for (const labelSmoothing of [0, 0.25]) {
            const byLabel = nn.F.crossEntropy(x, labels, { labelSmoothing }).itemSync();
            const byProbability = nn.F.crossEntropy(x, nn.F.oneHot(labels, c).to("float64"), {
              labelSmoothing,
            }).itemSync();
            assert.ok(Math.abs(byLabel - byProbability) < 1e-12);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("binary losses", () => {
  test("take targets of the input's shape", () => {
    assert.throws(() => nn.F.binaryCrossEntropy(rand([3, 1]), ones([3])), ShapeError);
    assert.throws(() => nn.F.binaryCrossEntropyWithLogits(rand([3, 1]), ones([3])), ShapeError);
  });
  test("take probabilities within [0, 1]", () => {
    for (const bad of [-0.1, 1.5, Number.NaN]) {
      assert.throws(() => new nn.BCELoss()(tensor([0.5, bad]), ones([2])), ValueError);
    }
    assert.equal(new nn.BCELoss()(tensor([1, 0]), tensor([1, 0])).itemSync(), 0);
  });
});

describe("other arguments", () => {
  test("of losses", () => {
    assert.throws(() => new nn.MSELoss()(rand([3]), rand([2])), ShapeError);
    assert.throws(() => new nn.MSELoss({ reduction: "avg" as "mean" }), ArgumentError);
    assert.throws(() => nn.F.mseLoss(rand([1]), rand([1]), { reduction: "avg" as "mean" }), ArgumentError);
    assert.throws(() => nn.F.huberLoss(rand([1]), rand([1]), { delta: 0 }), ValueError);
    assert.throws(() => nn.F.smoothL1Loss(rand([1]), rand([1]), { beta: -1 }), ValueError);
    assert.throws(() => nn.F.crossEntropy(logits, tensor([0n, 1n, 2n]), { labelSmoothing: 2 }), ValueError);
    assert.throws(() => nn.F.gaussianNllLoss(rand([2, 3]), rand([2, 3]), rand([3])), ShapeError);
    assert.throws(() => nn.F.gaussianNllLoss(rand([2]), rand([2]), tensor([1, -1])), /negative/);
    assert.throws(() => new nn.TripletMarginLoss({ reduction: "avg" as "mean" }), ArgumentError);
  });
  test("of layers", () => {
    assert.throws(() => new nn.Linear(2.5, 1), ValueError);
    assert.throws(() => new nn.Linear(2, 1)(ones([3, 3])), ShapeError);
    assert.throws(() => new nn.Linear(2, 1)(ones([3, 2], { dtype: "float64" })), DTypeError);
    assert.throws(() => new nn.Dropout(1.5), ValueError);
    assert.throws(() => new nn.Softmax(2)(logits), IndexError);
    assert.throws(() => nn.F.glu(ones([3])), ShapeError);
    assert.throws(() => nn.F.celu(logits, 0), ValueError);
    assert.throws(() => nn.F.softshrink(logits, -1), ValueError);
    assert.throws(() => new nn.Dropout1d()(ones([4])), ShapeError);
    assert.throws(() => nn.F.pad(ones([2, 3]), [1]), ValueError);
    assert.throws(() => nn.F.pad(ones([2, 3]), [0.5, 1]), ValueError);
    assert.throws(() => nn.F.pad(ones([2, 3]), [1, 1], { mode: "mirror" as "reflect" }), ArgumentError);
    assert.throws(() => nn.F.pad(ones([3]), [1, 1, 1, 1]), ShapeError);
    assert.throws(() => nn.F.pad(ones([3]), [-2, -2]), ShapeError);
    assert.throws(() => nn.F.pad(ones([2, 3]), [3, 0], { mode: "reflect" }), /at most 2/);
    assert.throws(() => nn.F.pad(ones([2, 3]), [0, 4], { mode: "circular" }), /at most 3/);
    assert.throws(() => new nn.ZeroPad2d([1, 2] as never), ValueError);
    assert.throws(() => nn.F.prelu(ones([2, 3]), ones([2])), ShapeError);
    assert.throws(() => nn.F.prelu(ones([3]), ones([3])), ShapeError);
    assert.throws(() => nn.F.gelu(logits, { approximate: "erf" as "tanh" }), ArgumentError);
  });
  test("of initializers", () => {
    assert.throws(() => nn.init.xavierUniform_(zeros([3])), ShapeError);
    assert.throws(() => nn.init.kaimingNormal_(zeros([3])), ShapeError);
    assert.throws(() => nn.init.eye_(zeros([3])), ShapeError);
    assert.throws(() => nn.init.orthogonal_(zeros([3])), ShapeError);
    assert.throws(() => nn.init.calculateGain("cosine" as "tanh"), ValueError);
    assert.equal(nn.init.calculateGain("tanh"), 5 / 3);
  });
  test("an ignored label's loss is zero, not minus zero", () => {
    const labels = tensor([0n, 1n]);
    const losses = nn.F.crossEntropy(zeros([2, 3]), labels, { ignoreIndex: 1, reduction: "none" });
    assert.equal(String(losses), "tensor([1.0986, 0.0000])");
  });
  test("positional and named options are the same", () => {
    assert.equal(String(new nn.LeakyReLU(0.1)), String(new nn.LeakyReLU({ negativeSlope: 0.1 })));
    assert.equal(String(new nn.Softmax(1)), String(new nn.Softmax({ dim: 1 })));
    assert.equal(String(new nn.Dropout(0.3)), String(new nn.Dropout({ p: 0.3 })));
    assert.equal(String(new nn.Flatten(0, 1)), String(new nn.Flatten({ startDim: 0, endDim: 1 })));
  });
});
