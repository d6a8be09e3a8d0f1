import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, ShapeError, ValueError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/datasets.json" with { type: "json" };
import { StandardScaler } from "../src/index.ts";

/** JSON has no nan: it is null there. */
type Values = (number | null)[];

interface Scaled {
  X: Values[];
  dtype: DType;
  options: { withMean?: boolean; withStd?: boolean };
  mean: Values | null;
  variance: Values | null;
  scale: Values | null;
  transformed: Values[];
  inverse: Values[];
}

function assertClose(actual: Tensor | null, expected: Values | Values[] | null, tolerance: number): void {
  if (expected === null || actual === null) {
    assert.equal(actual, expected);
    return;
  }
  const values = expected.flat().map((x) => x ?? Number.NaN);
  const isMatrix = Array.isArray(expected[0]);
  assert.deepEqual(
    actual.shape,
    isMatrix ? [expected.length, values.length / expected.length] : [values.length],
  );
  const data = actual.dataSync() as Float64Array;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) assert.ok(Number.isNaN(data[i]), `${i}: ${data[i]}, not nan`);
    else
      assert.ok(
        Math.abs(data[i] - value) <= tolerance * Math.max(1, Math.abs(value)),
        `${i}: ${data[i]}, not ${value}`,
      );
  });
}

describe("scikit-learn's StandardScaler", () => {
  for (const [i, expected] of (fixture.scalers as Scaled[]).entries()) {
    const { X, dtype, options } = expected;
    test(`case ${i}: ${X.length} x ${X[0].length} ${dtype} ${JSON.stringify(options)}`, () => {
      const tolerance = dtype === "float32" ? 2e-7 : 1e-12;
      const scaler = new StandardScaler(options);
      const samples = tensor(
        X.map((row) => row.map((x) => x ?? Number.NaN)),
        { dtype },
      );
      const transformed = scaler.fitTransform(samples);
      assert.equal(transformed.dtype, dtype);
      assertClose(scaler.mean, expected.mean, 1e-12);
      assertClose(scaler.variance, expected.variance, 1e-12);
      assertClose(scaler.scale, expected.scale, 1e-12);
      // A mean of 1e6 leaves a sample's 16 digits ten for its distance to the mean.
      assertClose(transformed, expected.transformed, Math.max(tolerance, 1e-9));
      assertClose(scaler.inverseTransform(transformed), expected.inverse, tolerance);
      assertClose(samples, X, 0);
    });
  }

  test("integers become float64, and a requested gradient is none of its business", () => {
    const scaler = new StandardScaler();
    const scaled = scaler.fitTransform(tensor([[1n], [3n]]));
    assert.equal(scaled.dtype, "float64");
    assert.deepEqual(scaled.dataSync(), Float64Array.of(-1, 1));
  });

  test("refuses what does not fit, and keeps what it knows", () => {
    const scaler = new StandardScaler();
    const samples = tensor([
      [1, 2],
      [3, 5],
    ]);
    assert.throws(() => scaler.transform(samples), ValueError);
    assert.throws(() => scaler.inverseTransform(samples), ValueError);
    scaler.fit(samples);
    const { mean } = scaler;
    assert.throws(() => scaler.fit(tensor([1, 2])), ShapeError);
    assert.throws(() => scaler.transform(tensor([[1, 2, 3]])), ShapeError);
    assert.equal(scaler.mean, mean);
  });
});
