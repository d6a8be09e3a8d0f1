import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import fc from "fast-check";
import fixture from "../../../tests/fixtures/linalg.json" with { type: "json" };
import { lstsq } from "../src/linalg/index.ts";

/** A (m x n) times B (n x k), row-major. */
function multiply(a: Float64Array, m: number, n: number, b: Float64Array, k: number): Float64Array {
  const product = new Float64Array(m * k);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < n; l++) {
      for (let j = 0; j < k; j++) product[i * k + j] += a[i * n + l] * b[l * k + j];
    }
  }
  return product;
}

function transpose(a: Float64Array, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, i) => a[(i % m) * n + Math.floor(i / m)]);
}

const largest = (values: Iterable<number>): number => Math.max(0, ...Array.from(values, Math.abs));

function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  about: string,
) {
  assert.equal(actual.length, expected.length, about);
  const scale = largest(Array.from(expected));
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]);
    assert.ok(off <= relative * scale, `${about}: element ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

describe("lstsq", () => {
  test(`agrees with NumPy on ${fixture.lstsq.length} problems`, () => {
    assert.ok(fixture.lstsq.length > 80);
    for (const { about, m, n, k, a, b, solution, residuals, rank } of fixture.lstsq) {
      const result = lstsq(Float64Array.from(a), m, n, Float64Array.from(b), k);
      const name = `${about}, ${m} x ${n}`;
      assert.equal(result.rank, rank, name);
      // Columns of very different size and Hilbert's matrix are ill conditioned: both solvers lose digits there.
      const relative = /different|Hilbert/.test(about) ? 1e-8 : 1e-10;
      assertClose(result.solution, solution, relative, name);
      if (about === "consistent") assert.ok(result.residuals[0] < 1e-25);
      else assertClose(result.residuals, residuals, 1e-10, `${name}: residuals`);
    }
  });

  test("the residual is orthogonal to A's columns, and the solution lies in A's row space", () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 3 }),
    );
    const numbers = fc.infiniteStream(fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 7 }), numbers, ([m, n, k], inner, stream) => {
        const draw = (length: number): Float64Array =>
          Float64Array.from({ length }, () => stream.next().value as number);
        // A product of integers has an exact rank of at most `inner`.
        const a = multiply(draw(m * inner), m, inner, draw(inner * n), n);
        const b = draw(m * k);
        const { solution, rank, residuals } = lstsq(a, m, n, b, k);
        const at = transpose(a, m, n);
        const off = multiply(a, m, n, solution, k).map((value, i) => value - b[i]);
        const scale = 1 + largest(a) * (largest(b) + largest(a) * largest(solution));
        assert.ok(largest(multiply(at, n, m, off, k)) <= 1e-11 * scale);
        assert.ok(rank <= Math.min(m, n, inner));
        assert.equal(residuals.length, m > n && rank === n ? k : 0);
        // x = A' w for some w exactly when the least-squares solution of A' w = x leaves nothing.
        const { solution: w } = lstsq(at, n, m, solution, k);
        const rebuilt = multiply(at, n, m, w, k);
        assertClose(rebuilt, solution, 1e-9, "row space");
      }),
      { numRuns: 300 },
    );
  });

  test("rcond decides what counts as zero", () => {
    const a = Float64Array.of(1, 0, 0, 1e-3);
    const b = Float64Array.of(1, 1);
    assert.deepEqual([...lstsq(a, 2, 2, b, 1).solution], [1, 1000]);
    const cut = lstsq(a, 2, 2, b, 1, 1e-2);
    assert.equal(cut.rank, 1);
    assert.deepEqual([...cut.solution], [1, 0]);
  });

  test("numbers at the ends of float64's range", () => {
    for (const size of [Number.MAX_VALUE, 5e-324]) {
      const { solution, rank } = lstsq(
        Float64Array.of(size, 0, 0, size),
        2,
        2,
        Float64Array.of(size, -size),
        1,
      );
      assert.deepEqual({ solution: [...solution], rank }, { solution: [1, -1], rank: 2 });
    }
  });

  test("shapes without elements", () => {
    const none = new Float64Array(0);
    assert.deepEqual(lstsq(none, 0, 3, none, 2), { solution: new Float64Array(6), residuals: none, rank: 0 });
    assert.deepEqual(lstsq(Float64Array.of(1, 2), 2, 1, none, 0), {
      solution: none,
      residuals: none,
      rank: 1,
    });
    assert.deepEqual(lstsq(none, 2, 0, Float64Array.of(3, 4), 1), {
      solution: none,
      residuals: Float64Array.of(25),
      rank: 0,
    });
  });

  test("leaves its arguments as they are and refuses what it cannot solve", () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 7);
    const b = Float64Array.of(1, 2, 3);
    lstsq(a, 3, 2, b, 1);
    assert.deepEqual([...a, ...b], [1, 2, 3, 4, 5, 7, 1, 2, 3]);
    assert.throws(() => lstsq(a, 2, 2, b, 1), ShapeError);
    assert.throws(() => lstsq(a, 3, 2, b, 2), ShapeError);
    assert.throws(() => lstsq(Float64Array.of(1, Number.NaN), 2, 1, Float64Array.of(1, 2), 1), ValueError);
    assert.throws(() => lstsq(Float64Array.of(1, 2), 2, 1, Float64Array.of(1, Infinity), 1), ValueError);
  });
});
