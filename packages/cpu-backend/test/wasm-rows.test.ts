/** Row kernels against plain loops: sizes, layouts, places, results, and threads. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, param, RowKernel, type Strided } from "@flambeau/backend";
import { CpuBackend, getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { pretend } from "../src/wasm/codegen/features.ts";
import { attached } from "./workers.ts";

const device = new CpuBackend();

type Place = "own" | "wasm";

/** Rows of numbers between -3 and 3 that begin `offset` elements into a storage, with a gap after each. */
function matrix(rows: number, n: number, place: Place, offset = 0, gap = 0): Strided {
  const length = offset + rows * (n + gap) + 1;
  const data = Float32Array.from({ length }, (_, i) => 3 * Math.sin(1.7 * i + rows));
  const storage = place === "own" ? device.adopt("float32", data) : device.upload("float32", data);
  return { storage, dtype: "float32", shape: [rows, n], strides: [n + gap, 1], offset };
}

function at(x: Strided, row: number, column: number): number {
  const data = (x.storage as unknown as { data: Float32Array }).data;
  return data[
    x.offset + (x.shape[0] === 1 ? 0 : row * x.strides[0]) + (x.shape[1] === 1 ? 0 : column * x.strides[1])
  ];
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 2e-6 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

const softmax = new RowKernel(
  "softmax",
  1,
  0,
  [
    { combine: "max", prepare: input(0) },
    { combine: "sum", prepare: E.exp(E.sub(input(0), input(1))), finish: E.div(1, input(2)), keeps: true },
  ],
  E.mul(input(3), input(2)),
);
/** `(x - mean) * weight + number of the row`: inputs of all three kinds, a param, a result that is stored. */
const centered = new RowKernel(
  "centered",
  3,
  1,
  [{ combine: "sum", prepare: input(0), finish: E.mul(input(3), param(0)) }],
  E.add(E.mul(E.sub(input(0), input(3)), input(1)), input(2)),
);

/** Places: of the input, of the weight, of the numbers, of the output, of the means that are kept. */
function checkCentered(rows: number, n: number, places: readonly Place[]): void {
  const x = matrix(rows, n, places[0]);
  const weight = { ...matrix(1, n, places[1]), strides: [0, 1] };
  const number = { ...matrix(rows, 1, places[2]), strides: [1, 0] };
  const out = matrix(rows, n, places[3]);
  const means = { ...matrix(rows, 1, places[4]), shape: [rows, 1], strides: [1, 1] };
  assert.ok(device.rows(centered, [x, weight, number], [1 / n], out, [means]));
  for (let i = 0; i < rows; i++) {
    let mean = 0;
    for (let j = 0; j < n; j++) mean += at(x, i, j) / n;
    near(at(means, i, 0), mean, `mean ${i}`);
    for (let j = 0; j < n; j++)
      near(at(out, i, j), (at(x, i, j) - mean) * at(weight, 0, j) + at(number, i, 0), `${i}, ${j}`);
  }
}

function checkSoftmax(x: Strided, out: Strided): void {
  assert.ok(device.rows(softmax, [x], [], out, [null, null]));
  const [rows, n] = x.shape;
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: n }, (_, j) => at(x, i, j));
    const top = Math.max(...row);
    const sum = row.reduce((total, v) => total + Math.exp(v - top), 0);
    row.forEach((v, j) => {
      near(at(out, i, j), Math.exp(v - top) / sum, `row ${i}, column ${j}`);
    });
  }
}

const places = fc.constantFrom("own" as const, "wasm" as const);
const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  n: fc.oneof(fc.integer({ min: 4, max: 70 }), fc.constantFrom(1000, 1025, 20_000)),
});

describe("row kernels", () => {
  for (const relaxed of [true, false]) {
    test(`softmax, ${relaxed ? "" : "no "}relaxed multiply-add`, () => {
      pretend(relaxed ? {} : { simd: true, relaxed: false });
      try {
        const cases = fc.record({ size: sizes, from: places, to: places, offset: fc.nat(5), gap: fc.nat(3) });
        fc.assert(
          fc.property(cases, ({ size: { rows, n }, from, to, offset, gap }) => {
            fc.pre(rows * n >= 256 && rows * n < 100_000);
            checkSoftmax(matrix(rows, n, from, offset, gap), matrix(rows, n, to, gap, offset));
          }),
          { numRuns: 60 },
        );
      } finally {
        pretend({});
      }
    });
  }

  test("inputs for every row and for each, params, and results that are kept", () => {
    const cases = fc.record({ size: sizes, p: fc.array(places, { minLength: 5, maxLength: 5 }) });
    fc.assert(
      fc.property(cases, ({ size: { rows, n }, p }) => {
        fc.pre(rows * n >= 256 && rows * n < 100_000);
        checkCentered(rows, n, p);
      }),
      { numRuns: 60 },
    );
  });

  test("nothing is written beside the rows", () => {
    const [rows, n] = [30, 37];
    const out = matrix(rows, n, "wasm", 3, 2);
    const before = (out.storage as unknown as { data: Float32Array }).data.slice();
    assert.ok(device.rows(softmax, [matrix(rows, n, "wasm")], [], out, [null, null]));
    const { data } = out.storage as unknown as { data: Float32Array };
    data.forEach((v, i) => {
      const column = (i - 3) % (n + 2);
      if (i < 3 || column >= n || i >= 3 + rows * (n + 2)) assert.equal(v, before[i]);
    });
  });

  test("nan and infinity stay in their rows", () => {
    const x = matrix(4, 100, "wasm");
    const { data } = x.storage as unknown as { data: Float32Array };
    data[5] = Number.NaN;
    data[110] = Number.POSITIVE_INFINITY;
    data[210] = Number.NEGATIVE_INFINITY;
    const out = matrix(4, 100, "wasm");
    assert.ok(device.rows(softmax, [x], [], out, [null, null]));
    assert.ok(Number.isNaN(at(out, 0, 50)) && Number.isNaN(at(out, 1, 10)));
    assert.ok(Number.isNaN(at(out, 1, 50)));
    assert.equal(at(out, 2, 10), 0);
    assert.ok(at(out, 3, 10) > 0);
  });

  test("on several threads", async () => {
    const before = getNumThreads();
    try {
      await attached(2, device);
      for (let i = 0; i < 5; i++) {
        checkSoftmax(matrix(110, 1000, "wasm"), matrix(110, 1000, "wasm"));
        // What is small need not lie where the kernels reach it; what is large is copied a block at a time.
        checkCentered(110, 1000, ["wasm", "own", "own", "wasm", "own"]);
        checkCentered(110, 1000, ["own", "own", "wasm", "own", "own"]);
      }
    } finally {
      setNumThreads(before);
    }
  });

  test("what they do not take is left alone", () => {
    const x = matrix(10, 100, "wasm");
    const out = matrix(10, 100, "wasm");
    const turned = { ...out, strides: [1, 10] };
    assert.equal(device.rows(softmax, [x], [], turned, [null, null]), false);
    assert.equal(device.rows(softmax, [{ ...x, strides: [100, 2] }], [], out, [null, null]), false);
    assert.equal(
      device.rows(softmax, [matrix(2, 100, "wasm")], [], matrix(2, 100, "wasm"), [null, null]),
      false,
    );
  });
});
