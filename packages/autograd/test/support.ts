/** Results of programs in the form of the fixture, and comparison with it. */
import assert from "node:assert/strict";
import { type NestedArray, Tensor, tensor } from "@flambeau/tensor";

/** A tensor is its shape and elements, where what JSON cannot say is a string. */
export type Recorded = readonly [readonly number[], readonly (number | string)[]] | boolean | number;

export const special = (v: number | string): number =>
  typeof v === "number" ? v : v === "-0" ? -0 : v === "nan" ? Number.NaN : v === "inf" ? Infinity : -Infinity;

/** A float64 leaf. */
export function leaf(values: NestedArray): Tensor {
  return tensor(values, { dtype: "float64", requiresGrad: true });
}

/** A float64 tensor. */
export function plain(values: NestedArray): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** The same number, but for rounding; any nan is any other, zeros need not agree in sign. */
export function same(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));
}

export function assertSame(actual: unknown, wanted: Recorded, what: string): void {
  if (!Array.isArray(wanted)) {
    assert.equal(actual, wanted, what);
    return;
  }
  assert.ok(actual instanceof Tensor, `${what}: a tensor is expected, got ${actual}`);
  const [shape, values] = wanted as unknown as readonly [number[], (number | string)[]];
  assert.deepEqual([...actual.shape], shape, what);
  const got = actual.detach().dataSync();
  values.forEach((v, i) => {
    if (!same(Number(got[i]), special(v))) assert.fail(`${what}: got ${[...got]}, PyTorch has ${values}`);
  });
}
