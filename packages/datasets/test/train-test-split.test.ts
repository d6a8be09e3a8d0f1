import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ShapeError, ValueError } from "@flambeau/backend";
import { arange, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/datasets.json" with { type: "json" };
import { RandomState, type TrainTestSplitOptions, trainTestSplit } from "../src/index.ts";

interface Split {
  n: number;
  stratify: number[] | null;
  options: TrainTestSplitOptions;
  train?: number[];
  test?: number[];
}

function numbers(x: Tensor): number[] {
  return Array.from(x.dataSync(), Number);
}

describe("trainTestSplit is scikit-learn's", () => {
  for (const { n, stratify, options, train, test: held } of fixture.splits as Split[]) {
    test(`${n} rows ${JSON.stringify(options)}${stratify === null ? "" : ", stratified"}`, () => {
      const split = (): Tensor[] =>
        trainTestSplit(arange(BigInt(n)), { ...options, stratify: stratify && tensor(stratify.map(BigInt)) });
      if (train === undefined) assert.throws(split, ValueError);
      else assert.deepEqual(split().map(numbers), [train, held]);
    });
  }

  test("several tensors alike, of any dtype and shape, in fresh memory", () => {
    const X = arange(12).reshape([6, 2]).t().contiguous().t();
    const y = arange(6n);
    const random = new RandomState(3);
    const [XTrain, XTest, yTrain, yTest] = trainTestSplit(X, y, { testSize: 2, randomState: random });
    assert.deepEqual([XTrain.shape, XTest.shape, yTrain.dtype], [[4, 2], [2, 2], "int64"]);
    assert.deepEqual(numbers(XTrain.at(":", 0)), numbers(yTrain.mul(2)));
    assert.deepEqual(numbers(XTest.at(":", 1)), numbers(yTest.mul(2).add(1)));
    const parts = trainTestSplit(X, y, X, { shuffle: false, trainSize: 1 });
    assert.equal(parts.length, 6);
    parts[0].fill_(100);
    assert.deepEqual(numbers(X.at(0)), [0, 1]);
    assert.deepEqual(
      trainTestSplit(X).map(({ shape }) => shape),
      [
        [4, 2],
        [2, 2],
      ],
    );
  });

  test("refuses what does not go together", () => {
    assert.throws(() => trainTestSplit(zeros([3]), zeros([4])), ShapeError);
    assert.throws(() => trainTestSplit(tensor(1)), ShapeError);
    assert.throws(() => trainTestSplit({} as never), ArgumentError);
    assert.throws(() => trainTestSplit(zeros([4]), { stratify: zeros([3]) }), ShapeError);
  });
});
