import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ndarray, transposed } from "../src/arrays.ts";
import { distance } from "../src/compare.ts";
import { labels, noise, twins } from "../src/noise.ts";
import { median, spread } from "../src/statistics.ts";

test("the median is the middle, whatever the order", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 9, 2, 1]), 5.5);
  assert.throws(() => median([]), RangeError);
});

test("the spread is that of the middle half", () => {
  assert.equal(spread([10, 10, 10]), 0);
  assert.equal(spread([1, 9, 10, 11, 1000]), 0.2);
});

describe("the distance of results", () => {
  const a = { x: ndarray([2], [3, 4]), y: ndarray([1], [1]) };

  test("is the largest norm of a difference over the norm", () => {
    assert.equal(distance(a, a), 0);
    assert.equal(distance(a, { x: ndarray([2], [3, 4.5]), y: ndarray([1], [1]) }), 0.1);
    assert.equal(distance(a, { x: a.x, y: ndarray([1], [3]) }), 2);
  });

  test("is never small where something is missing, of another size or no number", () => {
    assert.ok(Number.isNaN(distance(a, { x: a.x })));
    assert.ok(Number.isNaN(distance(a, { x: a.x, y: ndarray([2], [1, 1]) })));
    assert.ok(Number.isNaN(distance(a, { x: ndarray([2], [Number.NaN, 4]), y: a.y })));
    assert.equal(distance({ x: ndarray([1], [0]) }, { x: ndarray([1], [1]) }), Number.POSITIVE_INFINITY);
  });
});

describe("inputs", () => {
  test("noise is the same every time, other for another seed, and spread over its range", () => {
    const { data } = noise(1, [1000], -2, 6);
    assert.deepEqual(noise(1, [1000], -2, 6).data, data);
    assert.notDeepEqual(noise(2, [1000], -2, 6).data, data);
    assert.ok(data.every((value) => value >= -2 && value < 6));
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    assert.ok(Math.abs(mean - 2) < 0.3, `mean ${mean}`);
  });

  test("labels are all the whole numbers", () => {
    assert.deepEqual([...new Set(labels(1, 100, 4).data)].sort(), [0, 1, 2, 3]);
  });

  test("twins are equal halves", () => {
    const { shape, data } = twins(1, [4, 3]);
    assert.deepEqual(shape, [4, 3]);
    assert.deepEqual(data.slice(0, 6), data.slice(6));
  });

  test("a matrix is transposed, a vector stays", () => {
    assert.deepEqual(transposed(ndarray([2, 3], [1, 2, 3, 4, 5, 6])), ndarray([3, 2], [1, 4, 2, 5, 3, 6]));
    assert.deepEqual(transposed(ndarray([2], [1, 2])), ndarray([2], [1, 2]));
  });
});
