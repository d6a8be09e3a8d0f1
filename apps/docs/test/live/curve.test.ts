import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, roundUp, thinned } from "../../live/curve.ts";

test("a path goes from the left to the right, 0 at the bottom, and leaves out what is no number", () => {
  assert.equal(pathOf([2, 1, 0], 2, 100, 50), "M0.0 0.0L50.0 25.0L100.0 50.0");
  assert.equal(pathOf([1, Number.NaN, 1, 0], 1, 30, 10), "M0.0 0.0M20.0 0.0L30.0 10.0");
  assert.equal(pathOf([5], 1, 30, 10), "M0.0 0.0");
  assert.equal(pathOf([], 1, 30, 10), "");
});

test("a long training is thinned to means of neighbours", () => {
  assert.deepEqual(thinned([3, 1, 2]), [3, 1, 2]);
  const values = Array.from({ length: 1000 }, (_, i) => i);
  const means = thinned(values);
  assert.equal(means.length, 143);
  assert.equal(means[0], 3);
  assert.equal(means.at(-1), 996.5);
  assert.deepEqual(thinned([]), []);
});

test("the axis ends at 1, 2 or 5 times a power of ten", () => {
  for (const [value, top] of [
    [0.69, 1],
    [1, 1],
    [1.2, 2],
    [4.2, 5],
    [7, 10],
    [0.03, 0.05],
    [0, 1],
    [Number.NaN, 1],
  ])
    assert.equal(Number(roundUp(value).toPrecision(6)), top);
});
