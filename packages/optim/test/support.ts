import assert from "node:assert/strict";
import type { DType } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";

type Numbers = ArrayLike<number>;

/** Checks numbers to a few roundings of their dtype, relative to those above 1. */
export function assertClose(actual: Tensor, expected: Numbers, label: string): void {
  const tolerance = actual.dtype === "float64" ? 1e-12 : 2e-6;
  const values = actual.dataSync() as Float32Array;
  assert.equal(values.length, expected.length, `${label}: length`);
  for (let i = 0; i < expected.length; i++) {
    const limit = tolerance * Math.max(1, Math.abs(expected[i]));
    const difference = Math.abs(values[i] - expected[i]);
    assert.ok(difference <= limit, `${label}, element ${i}: ${values[i]} is not ${expected[i]}`);
  }
}

/** A tensor of the fixture's flat numbers. */
export function shaped(
  values: readonly number[],
  shape: readonly number[],
  dtype: DType = "float32",
): Tensor {
  return tensor(values, { dtype }).reshape(shape);
}

/** A leaf that collects gradients. */
export function leaf(
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype?: DType,
): Tensor {
  return shaped(values, shape, dtype).detach().requiresGrad_();
}
