/** What data sets, the scaler and the split take: by position, by name, and what they refuse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import { arange, Tensor, tensor } from "@flambeau/tensor";
import { called, describeArguments, made, testRow } from "../../../tests/src/arguments.ts";
import * as datasets from "../src/index.ts";

const numbers = (made: object): unknown =>
  Object.entries(made).map(([name, x]) => [
    name,
    (x as Tensor).shape,
    Array.from((x as Tensor).dataSync(), Number),
  ]);
/** The draws of a default are those of one seed. */
const seeded =
  (make: object) =>
  (...args: unknown[]): unknown => {
    datasets.numpyRandom.seed(3);
    return numbers(called<object>(make)(...args));
  };

const { loadBreastCancer, loadDiabetes, loadDigits, loadIris, loadWine } = datasets;
const loaders = { loadBreastCancer, loadDiabetes, loadDigits, loadIris, loadWine };
/** What is in the tensors of a data set. */
const loaded =
  (name: keyof typeof loaders) =>
  async (...args: unknown[]): Promise<unknown> => {
    const set = await called<Promise<object>>(loaders[name])(...args);
    return Object.entries(set).map(([key, x]) => [key, x instanceof Tensor ? String(x) : x]);
  };

describe("datasets", () =>
  describeArguments(
    datasets,
    {
      makeBlobs: {
        run: seeded(datasets.makeBlobs),
        positional: () => ({ nSamples: 9, nFeatures: 3 }),
        named: () => ({
          ...{
            centers: 2,
            clusterStd: 0.5,
            centerBox: [0, 1],
            shuffle: false,
            randomState: 5,
            returnCenters: true,
          },
        }),
      },
      makeMoons: {
        run: seeded(datasets.makeMoons),
        positional: () => ({ nSamples: 9 }),
        named: () => ({ shuffle: false, noise: 0.1, randomState: 5 }),
      },
      makeCircles: {
        run: seeded(datasets.makeCircles),
        positional: () => ({ nSamples: [4, 5] }),
        named: () => ({ shuffle: false, noise: 0.1, randomState: 5, factor: 0.5 }),
      },
      makeRegression: {
        run: seeded(datasets.makeRegression),
        positional: () => ({ nSamples: 9, nFeatures: 3 }),
        named: () => ({
          ...{ nInformative: 2, nTargets: 2, bias: 1, effectiveRank: 2, tailStrength: 0.4, noise: 0.1 },
          ...{ shuffle: false, coef: true, randomState: 5 },
        }),
      },
      ...Object.fromEntries(
        (["loadIris", "loadWine", "loadBreastCancer"] as const).map((name) => [
          name,
          { run: loaded(name), named: () => ({ returnXY: true }) },
        ]),
      ),
      loadDigits: { run: loaded("loadDigits"), named: () => ({ nClass: 2, returnXY: true }) },
      loadDiabetes: { run: loaded("loadDiabetes"), named: () => ({ returnXY: true, scaled: false }) },
      StandardScaler: {
        run: (...args) => {
          const { withMean, withStd } = made<datasets.StandardScaler>(datasets.StandardScaler)(...args);
          return { withMean, withStd };
        },
        named: () => ({ withMean: false, withStd: false }),
      },
    },
    // NumPy's generator, and a function of any number of tensors.
    ["RandomState", "trainTestSplit"],
  ));

describe("methods of StandardScaler", () => {
  const X = () =>
    tensor([
      [1, 10],
      [3, 30],
    ]);
  const fitted = (): datasets.StandardScaler => new datasets.StandardScaler().fit(X());
  const rows: Record<string, (...args: unknown[]) => unknown> = {
    fit: (...args) => {
      const scaler = new datasets.StandardScaler();
      called(scaler.fit.bind(scaler))(...args);
      return String(scaler.mean);
    },
  };
  for (const name of ["transform", "fitTransform", "inverseTransform"] as const)
    rows[name] = (...args) => {
      const scaler = fitted();
      return String(called(scaler[name].bind(scaler))(...args));
    };
  for (const [name, run] of Object.entries(rows))
    describe(name, () =>
      testRow(`StandardScaler.${name}`, { run, positional: () => ({ X: X() }), required: ["X"] }),
    );
});

describe("methods of RandomState", () => {
  const rows = {
    randomSample: [{ size: [2, 3] }],
    standardNormal: [{ size: 4 }],
    uniform: [{ low: -1, high: 2, size: 4 }],
    normal: [{ loc: -1, scale: 2, size: 4 }],
    randint: [{ low: 2, high: 9n, size: 4, dtype: "uint8" }, "low"],
    choice: [{ a: [5, 6, 7], size: 2, replace: false, p: [0.2, 0.3, 0.5] }, "a"],
  } as const;
  for (const [name, [positional, ...required]] of Object.entries(rows))
    describe(name, () =>
      testRow(`RandomState.${name}`, {
        run: (...args) => {
          const random = new datasets.RandomState(5);
          return called(random[name as keyof typeof rows].bind(random))(...args);
        },
        positional: () => positional,
        required,
      }),
    );

  test("give an array for a size, by position or by name, and one number without", () => {
    const random = new datasets.RandomState(5);
    const many: Float64Array[] = [
      random.uniform(0, 1, 3),
      random.uniform({ size: 3 }),
      random.normal({ size: [3] }),
    ];
    assert.ok(many.every(({ length }) => length === 3));
    const one: number[] = [random.uniform(), random.normal(5), random.randint(10), random.choice(3)];
    assert.ok(one.every((x) => typeof x === "number"));
    const integers: BigInt64Array = random.randint(0, { high: 5, size: 2 });
    const bytes: Uint8Array = random.randint(0, 5, 2, "uint8");
    const letters: string[] = random.choice(["a", "b"], 3);
    assert.deepEqual([integers.length, bytes.length, letters.length], [2, 2, 3]);
  });
});

test("trainTestSplit takes tensors, and everything else by name", () => {
  const split =
    (...args: unknown[]) =>
    () =>
      (datasets.trainTestSplit as (...all: unknown[]) => Tensor[])(...args);
  const x = arange(8);
  assert.deepEqual(
    numbers(split(x, { testSize: 2, shuffle: false })()),
    numbers([x.narrow(0, 0, 6), x.narrow(0, 6, 2)]),
  );
  const refusals: [() => unknown, RegExp][] = [
    [split(x, { test_size: 2 }), /^trainTestSplit: "test_size" is written testSize here/],
    [split(x, { size: 2 }), /^trainTestSplit: unknown option "size"; did you mean "testSize"/],
    [split(x, 0.2), /^trainTestSplit: at most 0 arguments by position; got 1/],
    [split(x, { testSize: "2" }), /^trainTestSplit: testSize is a number; got "2"/],
    [split({ testSize: 2 }), /^trainTestSplit takes one tensor at least/],
  ];
  for (const [run, message] of refusals) assert.throws(run, { name: ArgumentError.name, message });
});
