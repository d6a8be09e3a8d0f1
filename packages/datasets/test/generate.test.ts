import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/datasets.json" with { type: "json" };
import { makeBlobs, makeCircles, makeMoons, makeRegression, numpyRandom, RandomState } from "../src/index.ts";
import { assertNumbers, type Numbers } from "./fixture.ts";

interface DataSet {
  maker: string;
  options: object;
  X: Numbers;
  y: Numbers;
  rest: Numbers[];
}

interface Made extends Iterable<Tensor> {
  X: Tensor;
  y: Tensor;
  coef?: Tensor;
  centers?: Tensor;
}

const makers: Record<string, (options: object) => Made> = {
  makeRegression,
  makeCircles,
  makeMoons,
  makeBlobs,
};

function check(actual: Tensor, expected: Numbers, label: string): void {
  assert.deepEqual(actual.shape, expected.shape, `${label}: shape`);
  assertNumbers(actual.dataSync() as Float64Array | BigInt64Array, expected, 1e-12, label);
}

describe("scikit-learn's data sets", () => {
  for (const { maker, options, X, y, rest } of fixture.datasets as unknown as DataSet[]) {
    test(`${maker} ${JSON.stringify(options)}`, () => {
      const made = makers[maker](options);
      check(made.X, X, "X");
      check(made.y, y, "y");
      assert.equal(made.X.dtype, "float64");
      assert.equal(made.y.dtype, maker === "makeRegression" ? "float64" : "int64");
      const third = made.coef ?? made.centers;
      assert.equal(third !== undefined, rest.length === 1);
      if (third !== undefined) check(third, rest[0], maker);
      const unpacked = third === undefined ? [made.X, made.y] : [made.X, made.y, third];
      assert.ok(Array.from(made).every((x, i) => x === unpacked[i]));
      assert.equal([...made].length, unpacked.length);
    });
  }

  test("unpack as scikit-learn's, by their types too", () => {
    const [X, y] = makeMoons(6);
    const [blobs, classes, centers] = makeBlobs(6, { returnCenters: true });
    const [samples, targets, coef] = makeRegression(6, 3, { coef: true });
    const shapes: readonly number[][] = [X, y, blobs, classes, centers, samples, targets, coef].map((x) => [
      ...x.shape,
    ]);
    assert.deepEqual(shapes, [[6, 2], [6], [6, 2], [6], [3, 2], [6, 3], [6], [3]]);
    assert.deepEqual(Object.keys(makeMoons(2)), ["X", "y"]);
  });

  test("a stream goes on from set to set, and none means NumPy's own", () => {
    const stream = new RandomState(5);
    const first = makeMoons({ noise: 0.1, randomState: stream }).X.dataSync();
    const second = makeMoons({ noise: 0.1, randomState: stream }).X.dataSync();
    assert.notDeepEqual(first, second);
    assert.deepEqual(makeMoons({ noise: 0.1, randomState: 5 }).X.dataSync(), first);
    numpyRandom.seed(5);
    assert.deepEqual(makeMoons({ noise: 0.1 }).X.dataSync(), first);
    assert.deepEqual(makeMoons({ noise: 0.1, randomState: null }).X.dataSync(), second);
  });
});

describe("bad options draw nothing", () => {
  const cases: Record<string, (randomState: RandomState) => unknown> = {
    "no samples": (randomState) => makeRegression({ nSamples: 0, randomState }),
    "a fraction of a feature": (randomState) => makeRegression({ nFeatures: 1.5, randomState }),
    "informative features below 0": (randomState) => makeRegression({ nInformative: -1, randomState }),
    "noise below 0": (randomState) => makeRegression({ noise: -1, randomState }),
    "an effective rank of 0": (randomState) => makeRegression({ effectiveRank: 0, randomState }),
    "a tail beyond 1": (randomState) => makeRegression({ effectiveRank: 2, tailStrength: 1.5, randomState }),
    "a factor of 1": (randomState) => makeCircles({ factor: 1, randomState }),
    "negative noise on circles": (randomState) => makeCircles({ noise: -0.1, randomState }),
    "moons of three classes": (randomState) =>
      makeMoons({ nSamples: [1, 2, 3] as unknown as [number, number], randomState }),
    "blobs without features": (randomState) => makeBlobs({ nFeatures: 0, randomState }),
    "ragged centers": (randomState) => makeBlobs({ centers: [[1, 2], [3]], randomState }),
    "deviations for other clusters": (randomState) => makeBlobs({ centers: 2, clusterStd: [1], randomState }),
    "a deviation below 0": (randomState) => makeBlobs({ centers: 2, clusterStd: [1, -1], randomState }),
    "samples for other clusters": (randomState) =>
      makeBlobs({ nSamples: [3], centers: [[1], [2]], randomState }),
    "samples of each cluster, centers as a number": (randomState) =>
      makeBlobs({ nSamples: [3, 4], centers: 2, randomState }),
    "a box without bounds": (randomState) => makeBlobs({ centerBox: [0, Infinity], randomState }),
  };
  for (const [name, make] of Object.entries(cases)) {
    test(name, () => {
      const random = new RandomState(1);
      assert.throws(() => make(random), ValueError);
      assert.equal(random.randn(), new RandomState(1).randn());
    });
  }
});
