/** What metrics read, and what they say of what they cannot. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, DeviceError, ShapeError, setWarningHandler, ValueError } from "@flambeau/backend";
import { ones, tensor, zeros } from "@flambeau/tensor";
import "@flambeau/autograd";
import "../../../tests/src/devices/waits.ts";
import {
  accuracyScore,
  averagePrecisionScore,
  classificationReport,
  confusionMatrix,
  f1Score,
  logLoss,
  meanSquaredError,
  precisionScore,
  rocAucScore,
  rocCurve,
  topKAccuracyScore,
} from "../src/index.ts";

const yTrue = [0, 1, 1, 0];
const yPred = [0, 1, 0, 0];

describe("inputs", () => {
  test("classes are read of tensors of every dtype, typed arrays, columns, booleans and bigints", () => {
    const same = [
      tensor(yTrue),
      tensor(yTrue, { dtype: "int64" }),
      tensor(yTrue, { dtype: "bool" }),
      tensor(yTrue, { dtype: "float64" }).reshape([4, 1]),
      tensor(yTrue, { requiresGrad: true }),
      Float32Array.from(yTrue),
      BigInt64Array.from(yTrue, BigInt),
      yTrue.map(BigInt),
      yTrue.map(Boolean),
    ];
    for (const given of same) assert.equal(accuracyScore(given, yPred), 0.75);
    assert.equal(accuracyScore(["a", "b"], ["a", "a"]), 0.5);
  });

  test("numbers are read of rows, typed arrays and tensors that share elements", () => {
    const rows = [[1, 2], Float64Array.of(3, 4)] as number[][];
    assert.equal(
      meanSquaredError(
        rows,
        tensor([
          [1, 3],
          [2, 4],
        ]).T,
      ),
      0,
    );
    assert.equal(meanSquaredError(Float32Array.of(1, 2), [1n, 4n] as unknown as number[]), 2);
  });

  test("a result is a plain number, and of many numbers a tensor", () => {
    assert.equal(f1Score(yTrue, yPred), 2 / 3);
    assert.equal(confusionMatrix(yTrue, yPred).dtype, "int64");
    const weighted = confusionMatrix(yTrue, yPred, { sampleWeight: [1, 0.5, 1, 1] });
    assert.deepEqual(
      [weighted.dtype, weighted.toArraySync()],
      [
        "float64",
        [
          [2, 0],
          [1, 0.5],
        ],
      ],
    );
    const each: number = precisionScore(yTrue, yPred, { average: null }).numel();
    assert.equal(each, 2);
  });

  test("two columns of scores are as good as one", () => {
    const two = [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.6, 0.4],
      [0.7, 0.3],
    ];
    const one = two.map(([, score]) => score);
    assert.equal(topKAccuracyScore(yTrue, two, { k: 1 }), topKAccuracyScore(yTrue, one, { k: 1 }));
    assert.ok(Math.abs(logLoss(yTrue, two) - logLoss(yTrue, one)) < 1e-15);
  });

  test("probabilities of float32 are kept from 0 and 1 by its precision", () => {
    const loss = (dtype: "float32" | "float64"): number => logLoss([0, 1], tensor([1, 1], { dtype }));
    assert.ok(Math.abs(loss("float32") + Math.log(2 ** -23) / 2) < 1e-6);
    assert.ok(Math.abs(loss("float64") + Math.log(2 ** -52) / 2) < 1e-6);
  });
});

describe("refusals", () => {
  const waiting = zeros([4], { device: "waits" });
  const rows: [string, () => unknown, new (...args: never[]) => Error, RegExp][] = [
    [
      "a tensor that cannot be read",
      () => accuracyScore(yTrue, waiting),
      DeviceError,
      /^accuracyScore: yPred is a waits tensor, which cannot be read at once; write await yPred\.cpu\(\)$/,
    ],
    [
      "samples",
      () => accuracyScore(yTrue, [1]),
      ShapeError,
      /yTrue and yPred are of the same samples; got 4 and 1/,
    ],
    ["no samples", () => accuracyScore([], []), ShapeError, /yTrue has no samples/],
    [
      "two dimensions",
      () => accuracyScore(ones([2, 2]), ones([2, 2])),
      ShapeError,
      /shape \[samples\]; got shape \[2, 2\]/,
    ],
    [
      "ragged rows",
      () => meanSquaredError([[1, 2], [3]], [[1, 2], [3]]),
      ShapeError,
      /rows of yTrue .* row 1/,
    ],
    [
      "scores for classes",
      () => f1Score(yTrue, [0.1, 0.9, 0.2, 0.1]),
      ValueError,
      /element 0 is 0\.1: make classes of scores/,
    ],
    [
      "kinds",
      () => f1Score(yTrue, ["a", "b", "a", "b"]),
      ArgumentError,
      /classes of one kind; got 0 and "a"/,
    ],
    ["both kinds", () => f1Score([0, "a"], [0, "a"]), ArgumentError, /strings or numbers, and not both/],
    [
      "an object",
      () => f1Score([{}] as never, [0]),
      ArgumentError,
      /elements of yTrue are numbers or strings/,
    ],
    [
      "nan",
      () => meanSquaredError([1, Number.NaN], [1, 2]),
      ValueError,
      /yTrue are finite; element 1 is NaN/,
    ],
    [
      "text for numbers",
      () => meanSquaredError(["1"] as never, [2]),
      ArgumentError,
      /yTrue are numbers; element 0 is "1"/,
    ],
    [
      "weights",
      () => f1Score(yTrue, yPred, { sampleWeight: [1] }),
      ShapeError,
      /yTrue and sampleWeight .* 4 and 1/,
    ],
    [
      "averages of classes",
      () => f1Score([0, 1, 2], [0, 1, 2]),
      ValueError,
      /"binary" is of two classes, and these are 3/,
    ],
    [
      "the positive class",
      () => f1Score([3, 4], [3, 4]),
      ValueError,
      /posLabel is one of the classes 3 and 4; got 1/,
    ],
    [
      "zeroDivision",
      () => f1Score(yTrue, yPred, { zeroDivision: 2 as 1 }),
      ValueError,
      /zeroDivision is "warn", 0 or 1; got 2/,
    ],
    [
      "a hidden positive class",
      () => rocCurve([1, 2], [0.1, 0.2]),
      ValueError,
      /say which one is positive, as in \{ posLabel: 2 \}/,
    ],
    ["one class", () => rocAucScore([1, 1], [0.1, 0.2]), ValueError, /one class only/],
    [
      "logits",
      () =>
        rocAucScore(
          [0, 1, 2],
          [
            [1, 2, 3],
            [1, 2, 3],
            [1, 2, 3],
          ],
          { multiClass: "ovr" },
        ),
      ValueError,
      /row 0 sums to 6: apply softmax/,
    ],
    [
      "weights of pairs",
      () =>
        rocAucScore(
          [0, 1, 2],
          [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
          { multiClass: "ovo", sampleWeight: [1, 1, 1] },
        ),
      ArgumentError,
      /takes no sampleWeight/,
    ],
    [
      "labels",
      () =>
        topKAccuracyScore(
          [0, 1],
          [
            [1, 0, 0],
            [0, 1, 0],
          ],
          { labels: [2, 1, 0] },
        ),
      ValueError,
      /ascending order/,
    ],
    [
      "columns",
      () =>
        logLoss(
          [0, 1, 2],
          [
            [1, 0],
            [0, 1],
            [0, 1],
          ],
        ),
      ShapeError,
      /got 2 columns and 3 classes/,
    ],
    [
      "three classes",
      () => averagePrecisionScore([0, 1, 2], [1, 2, 3]),
      ValueError,
      /two classes at most; got 3/,
    ],
    [
      "digits",
      () => classificationReport(yTrue, yPred, { digits: -1 }),
      ValueError,
      /digits is an integer from 0/,
    ],
    ["large integers", () => f1Score([2n ** 60n], [1n]), ValueError, /element 0 is 1152921504606846976/],
  ];
  for (const [name, run, type, message] of rows)
    test(name, () => assert.throws(run, (error) => error instanceof type && message.test(error.message)));

  test("a quotient of nothing warns, unless its value is given", () => {
    const texts: string[] = [];
    const before = setWarningHandler((text) => texts.push(text));
    try {
      assert.equal(precisionScore([0, 1], [0, 0]), 0);
      assert.equal(precisionScore([0, 1], [0, 0], { zeroDivision: 1 }), 1);
    } finally {
      setWarningHandler(before);
    }
    assert.deepEqual(texts, [
      "Precision is ill-defined and being set to 0.0 due to no predicted samples. Use `zeroDivision` parameter to control this behavior.",
    ]);
  });
});
