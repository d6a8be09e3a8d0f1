import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import { svd } from "../src/linalg/svd.ts";

/** How far the columns of a matrix of so many rows are from orthonormal. */
function defect(x: Float64Array, rows: number): number {
  const k = rows === 0 ? 0 : x.length / rows;
  let worst = 0;
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < k; q++) {
      let sum = p === q ? -1 : 0;
      for (let i = 0; i < rows; i++) sum += x[i * k + p] * x[i * k + q];
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

const elements: Record<string, (i: number, j: number, n: number) => number> = {
  "of full rank": (i, j) => Math.sin(1 + 7 * i + 3 * j * j),
  "of a low rank": (i, j) => (i + 1) * ((i * j) % 5) + j,
  "of rank 1": (i, j) => (i + 1) * (j - 2),
  ones: () => 1,
  zeros: () => 0,
  "the identity": (i, j) => (i === j ? 1 : 0),
  "Hilbert's": (i, j) => 1 / (1 + i + j),
  large: (i, j) => 1e300 * Math.sin(1 + i + 5 * j),
  small: (i, j) => 1e-300 * Math.sin(1 + i + 5 * j),
  "with a tiny column": (i, j) => (j === 0 ? 1e-200 : i + j * j),
};

describe("svd", () => {
  for (const [about, element] of Object.entries(elements)) {
    test(about, () => {
      for (const [m, n] of [
        [1, 1],
        [3, 3],
        [7, 4],
        [4, 7],
        [30, 30],
        [1, 6],
      ]) {
        const a = Float64Array.from({ length: m * n }, (_, i) => element(Math.floor(i / n), i % n, n));
        const before = a.slice();
        const { u, s, v } = svd(a, m, n);
        assert.deepEqual(a, before);
        const k = Math.min(m, n);
        assert.deepEqual([u.length, s.length, v.length], [m * k, k, n * k]);
        assert.ok(defect(u, m) < 1e-12 && defect(v, n) < 1e-12, `${m} x ${n}: orthonormal`);
        s.forEach((value, i) => {
          assert.ok(value >= 0 && (i === 0 || value <= s[i - 1]), `${m} x ${n}: falling order`);
        });
        for (let i = 0; i < m * n; i++) {
          let sum = 0;
          for (let l = 0; l < k; l++) sum += u[Math.floor(i / n) * k + l] * s[l] * v[(i % n) * k + l];
          assert.ok(Math.abs(sum - a[i]) <= 1e-13 * s[0], `${m} x ${n}: element ${i}`);
        }
      }
    });
  }

  test("of nothing, and what is refused", () => {
    for (const [m, n] of [
      [0, 3],
      [3, 0],
      [0, 0],
    ]) {
      const { u, s, v } = svd(new Float64Array(0), m, n);
      assert.deepEqual([u.length, s.length, v.length], [0, 0, 0]);
    }
    assert.throws(() => svd(Float64Array.of(1, Number.NaN), 2, 1), ValueError);
    assert.throws(() => svd(Float64Array.of(1, Infinity), 1, 2), ValueError);
  });
});
