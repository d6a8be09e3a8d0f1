import assert from "node:assert/strict";

/** Numbers as tools/fixtures/datasets.py writes them: all of them, or of many both ends, every `step`-th and sums. */
export interface Numbers {
  shape: number[];
  values?: (number | string)[];
  head?: (number | string)[];
  tail?: (number | string)[];
  middle?: (number | string)[];
  step?: number;
  sum?: number;
  weighted?: number;
}

type Values = ArrayLike<number | bigint>;

/** Checks that numbers are NumPy's to `tolerance`, relative to those above 1. */
export function assertNumbers(actual: Values, expected: Numbers, tolerance: number, label: string): void {
  const size = expected.shape.reduce((product, dim) => product * dim, 1);
  assert.equal(actual.length, size, `${label}: length`);
  const all = Array.from(actual);
  if (expected.values !== undefined) {
    compare(all, expected.values, tolerance, label);
    return;
  }
  const { head, tail, middle, step, sum, weighted } = expected as Required<Numbers>;
  compare(all.slice(0, 40), head, tolerance, `${label}, head`);
  compare(all.slice(-40), tail, tolerance, `${label}, tail`);
  compare(
    all.filter((_, i) => i % step === 0),
    middle,
    tolerance,
    `${label}, middle`,
  );
  const total = (weight: (i: number) => number): number =>
    all.reduce<number>((result, value, i) => result + Number(value) * weight(i), 0);
  const magnitude = all.reduce<number>((result, value) => result + Math.abs(Number(value)), 0);
  assert.ok(Math.abs(total(() => 1) - sum) <= 1e-11 * magnitude, `${label}: sum`);
  assert.ok(Math.abs(total((i) => i % 97) - weighted) <= 1e-9 * magnitude, `${label}: weighted sum`);
}

function compare(actual: Values, expected: (number | string)[], tolerance: number, label: string): void {
  expected.forEach((value, i) => {
    if (typeof value === "string") {
      assert.equal(actual[i], BigInt(value.slice(0, -1)), `${label}: element ${i}`);
      return;
    }
    const difference = Math.abs(Number(actual[i]) - value);
    const limit = tolerance * Math.max(1, Math.abs(value));
    assert.ok(difference <= limit, `${label}: element ${i} is ${actual[i]}, not ${value}`);
  });
}
