/** Row kernels write their rows and nothing beside them, wherever the output lies. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, RowKernel, type Strided } from "@flambeau/backend";
import { CpuBackend, type CpuStorage } from "@flambeau/cpu-backend";

type Place = "own" | "wasm";

const device = new CpuBackend();
const double = new RowKernel(
  "double",
  1,
  0,
  [{ combine: "sum", prepare: input(0) }],
  // The sum is read and adds nothing.
  E.add(E.mul(input(0), 2), E.mul(input(1), 0)),
);
/** Left by other kernels in scratch memory, where rows are computed. */
const STALE = 777;

/** Rows of the numbers that `value` gives, with `gap` elements after each and `offset` before the first. */
function matrix(rows: number, n: number, place: Place, offset: number, gap: number): Strided {
  const data = Float32Array.from({ length: offset + rows * (n + gap) + 1 }, (_, i) => i % 1000);
  const storage = place === "own" ? device.adopt("float32", data) : device.upload("float32", data);
  return { storage, dtype: "float32", shape: [rows, n], strides: [n + gap, 1], offset };
}

function dataOf({ storage }: Strided): Float32Array {
  return (storage as CpuStorage).data as Float32Array;
}

describe("row kernels", () => {
  for (const to of ["own", "wasm"] as const) {
    for (const from of ["own", "wasm"] as const) {
      test(`keep what lies beside the rows of an output: from ${from} to ${to}`, () => {
        for (const [rows, n] of [
          [30, 37],
          [64, 4],
          [1, 300],
          // Copied in several blocks.
          [70, 1000],
          [3, 20_000],
        ]) {
          for (const [offset, gap] of [
            [0, 0],
            [3, 2],
            [0, 1],
            [5, 64],
          ]) {
            const stale = matrix(rows, n, "own", 0, 0);
            dataOf(stale).fill(STALE);
            assert.ok(device.rows(double, [stale], [], matrix(rows, n, "own", 0, 70), [null]));
            const x = matrix(rows, n, from, gap, offset);
            const out = matrix(rows, n, to, offset, gap);
            const before = dataOf(out).slice();
            assert.ok(device.rows(double, [x], [], out, [null]));
            const expected = before.slice();
            for (let i = 0; i < rows; i++)
              for (let j = 0; j < n; j++)
                expected[offset + i * (n + gap) + j] = 2 * dataOf(x)[gap + i * (n + offset) + j];
            assert.deepEqual(dataOf(out), expected, `[${rows}, ${n}], offset ${offset}, gap ${gap}`);
          }
        }
      });
    }
  }

  test("in place, with a gap after each row", () => {
    for (const place of ["own", "wasm"] as const) {
      const x = matrix(40, 500, place, 2, 3);
      const before = dataOf(x).slice();
      assert.ok(device.rows(double, [x], [], x, [null]));
      dataOf(x).forEach((value, i) => {
        const isOwn = i >= 2 && i < 2 + 40 * 503 && (i - 2) % 503 < 500;
        assert.equal(value, isOwn ? 2 * before[i] : before[i]);
      });
    }
  });
});
