/** Products over a long inner dimension: exact to float32's last digits however long, in every layout, and nothing is left behind. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { E, type Epilogue, input, MapKernel, type Strided } from "@flambeau/backend";
import { CpuBackend, type CpuStorage, cpu, getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
import { pretend } from "../src/wasm/codegen/features.ts";
import { attached } from "./workers.ts";

type Place = "device" | "own";

/** How a matrix lies: by columns or rows, with gaps between elements and an offset, and where. */
interface Layout {
  readonly turned?: boolean;
  readonly gap?: number;
  readonly offset?: number;
  readonly place?: Place;
}

const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);
const relu = new MapKernel("relu", 2, 0, [E.max(E.sub(input(0), input(1)), 0)]);

const atFirst = getNumThreads();
afterEach(() => {
  pretend({});
  setNumThreads(atFirst);
});

/** Numbers between 0 and 1 from a seed (Park and Miller's generator); between them nan. */
function matrix(
  device: CpuBackend,
  shape: readonly number[],
  { turned = false, gap = 1, offset = 0, place = "device" }: Layout,
  seed: number,
): Strided {
  const order = shape.map((_, d) => d);
  if (turned) order.push(...order.splice(-2).reverse());
  const strides = shape.map(() => 0);
  let step = gap;
  for (const d of order.toReversed()) {
    strides[d] = step;
    step *= shape[d];
  }
  const data = new Float32Array(offset + step).fill(Number.NaN);
  let state = seed;
  for (let i = offset; i < data.length; i += gap) {
    state = (state * 48271) % 2147483647;
    data[i] = state / 2147483647;
  }
  const storage = place === "own" ? device.adopt("float32", data) : device.upload("float32", data);
  return { storage, dtype: "float32", shape, strides, offset };
}

function dataOf({ storage }: Strided): Float32Array {
  return (storage as CpuStorage).data as Float32Array;
}

/** Where an element is; coordinates before the first dimension and along dimensions of one are passed over. */
function placeOf(x: Strided, place: readonly number[]): number {
  let to = x.offset;
  x.shape.forEach((size, d) => {
    if (size !== 1) to += place[place.length - x.shape.length + d] * x.strides[d];
  });
  return to;
}

function at(x: Strided, place: readonly number[]): number {
  return dataOf(x)[placeOf(x, place)];
}

/** All places of a shape, in row-major order. */
function* placesOf(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) yield [];
  else
    for (const place of placesOf(shape.slice(0, -1)))
      for (let i = 0; i < shape[shape.length - 1]; i++) yield [...place, i];
}

/** The largest error of a product of positive numbers, over the right value. */
function errorOf(
  a: Strided,
  b: Strided,
  output: Strided,
  finish: (sum: number, place: number[]) => number,
): number {
  const k = a.shape[a.shape.length - 1];
  let worst = 0;
  for (const place of placesOf(output.shape)) {
    const [lead, [i, j]] = [place.slice(0, -2), place.slice(-2)];
    const [x, y] = [dataOf(a), dataOf(b)];
    let [from, to] = [placeOf(a, [...lead, i, 0]), placeOf(b, [...lead, 0, j])];
    const [across, down] = [a.strides[a.strides.length - 1], b.strides[b.strides.length - 2]];
    let sum = 0;
    for (let q = 0; q < k; q++, from += across, to += down) sum += x[from] * y[to];
    const right = finish(sum, place);
    const error = Math.abs(at(output, place) - right) / right;
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

/** What float32 blocks of 512 and their sum cost at most here; one sum of 5e4 steps is off by several times as much. */
const SMALL = 1e-6;

const layouts: Readonly<Record<string, Layout>> = {
  rows: {},
  columns: { turned: true },
  gaps: { gap: 2, offset: 3 },
  own: { place: "own" },
  "own columns": { turned: true, place: "own", offset: 1 },
};

describe("a long product", () => {
  for (const [m, k, n] of [
    [1, 50_000, 1],
    [3, 50_000, 1],
    [1, 50_000, 3],
    [2, 50_000, 4],
    [2, 8192, 3],
    [2, 8193, 3],
    [7, 16_384, 3],
    [13, 25_001, 2],
  ]) {
    test(`is right to the last digits: [${m}, ${k}] times [${k}, ${n}]`, () => {
      const list = Object.entries(layouts);
      list.forEach(([ofA, la], i) => {
        for (const shift of [0, 1]) {
          const [ofB, lb] = list[(i + shift) % list.length];
          const a = matrix(cpu, [m, k], la, 1);
          const b = matrix(cpu, [k, n], lb, 2);
          const lo = i === 3 ? { gap: 2, place: "own" as const } : { turned: shift === 1 };
          const out = matrix(cpu, [m, n], lo, 3);
          cpu.matmul(a, b, out);
          const error = errorOf(a, b, out, (sum) => sum);
          assert.ok(error < SMALL, `${ofA} times ${ofB}: ${error}`);
        }
      });
    });
  }

  test("of one million steps, and of a constant", () => {
    const k = 1_000_000;
    for (const [m, n] of [
      [1, 1],
      [2, 2],
      [1, 2],
    ]) {
      for (const la of [{}, { turned: true }]) {
        const [a, b, out] = [
          matrix(cpu, [m, k], la, 1),
          matrix(cpu, [k, n], {}, 2),
          matrix(cpu, [m, n], {}, 3),
        ];
        cpu.matmul(a, b, out);
        const error = errorOf(a, b, out, (sum) => sum);
        assert.ok(error < SMALL, `[${m}, k] times [k, ${n}]: ${error}`);
        dataOf(a).fill(0.1);
        dataOf(b).fill(1);
        cpu.matmul(a, b, out);
        const right = k * Math.fround(0.1);
        for (const place of placesOf([m, n])) {
          // Every sum of 512 equal numbers is rounded the same way. PyTorch 1.13 has 99985 for a dot product.
          const found = at(out, place);
          assert.ok(Math.abs(found - right) < 1, `[${m}, k] times [k, ${n}]: ${found}`);
        }
      }
    }
  });

  test("in blocks of which none is long: sums up to that are as exact", () => {
    for (const k of [512, 513, 1024, 2048, 5000, 8192]) {
      const [a, b, out] = [
        matrix(cpu, [7, k], {}, 1),
        matrix(cpu, [k, 9], {}, 2),
        matrix(cpu, [7, 9], {}, 3),
      ];
      cpu.matmul(a, b, out);
      const error = errorOf(a, b, out, (sum) => sum);
      assert.ok(error < 2e-6, `${k} steps: ${error}`);
    }
  });

  test("of batches, either side broadcast", () => {
    for (const [la, lb] of [
      [[3], [3]],
      [[3], []],
      [[], [3]],
      [
        [2, 1],
        [1, 2],
      ],
    ]) {
      for (const [m, n] of [
        [2, 3],
        [1, 3],
        [2, 1],
        [1, 1],
      ]) {
        for (const lay of [{}, { turned: true }]) {
          const k = 9000;
          const a = matrix(cpu, [...la, m, k], lay, 1);
          const b = matrix(cpu, [...lb, k, n], lay, 2);
          const lead = la.length === 2 ? [2, 2] : [3];
          const out = matrix(cpu, [...lead, m, n], {}, 3);
          cpu.matmul(a, b, out);
          const error = errorOf(a, b, out, (sum) => sum);
          assert.ok(error < SMALL, `[${a.shape}] times [${b.shape}]: ${error}`);
        }
      }
    }
  });

  test("with a bias or another epilogue", () => {
    const k = 20_000;
    for (const [m, n] of [
      [3, 4],
      [1, 4],
      [3, 1],
      [1, 1],
    ]) {
      for (const shape of [[n], [m, 1], [m, n], []]) {
        const [a, b] = [matrix(cpu, [m, k], {}, 1), matrix(cpu, [k, n], { turned: true }, 2)];
        const bias = matrix(cpu, shape, {}, 4);
        for (const kernel of [add, relu]) {
          const out = matrix(cpu, [m, n], {}, 3);
          const epilogue: Epilogue = { kernel, inputs: [bias], params: [] };
          cpu.matmul(a, b, out, epilogue);
          const error = errorOf(a, b, out, (sum, place) =>
            kernel === add ? sum + at(bias, place) : sum - at(bias, place),
          );
          assert.ok(error < SMALL, `[${m}, ${n}] with [${shape}]: ${error}`);
        }
      }
    }
  });

  test("where infinities meet, and of no rows", () => {
    const [a, b, out] = [
      matrix(cpu, [3, 9000], {}, 1),
      matrix(cpu, [9000, 2], {}, 2),
      matrix(cpu, [3, 2], {}, 3),
    ];
    dataOf(a)[2 * 9000 + 8500] = Number.POSITIVE_INFINITY;
    cpu.matmul(a, b, out);
    const found = [...placesOf([3, 2])].map((place) => at(out, place));
    assert.deepEqual(found.map(Number.isFinite), [true, true, true, true, false, false]);
    assert.equal(found[5], Number.POSITIVE_INFINITY);
    cpu.matmul({ ...a, shape: [0, 9000] }, b, { ...out, shape: [0, 2] });
    assert.equal(at(out, [2, 1]), Number.POSITIVE_INFINITY);
  });

  test("gives its memory back, and needs none in WebAssembly", () => {
    const device = new CpuBackend();
    const [a, b, out] = [
      matrix(device, [40, 20_000], {}, 1),
      matrix(device, [20_000, 40], {}, 2),
      matrix(device, [40, 40], {}, 3),
    ];
    const { used } = device.memory();
    device.matmul(a, b, out);
    assert.ok(errorOf(a, b, out, (sum) => sum) < SMALL);
    assert.equal(device.memory().used, used);
    for (const wasmLimit of [0, 2 ** 20]) {
      const small = new CpuBackend({ wasmLimit });
      const [x, y, z] = [
        matrix(small, [4, 50_000], {}, 1),
        matrix(small, [50_000, 4], { turned: true }, 2),
        matrix(small, [4, 4], {}, 3),
      ];
      small.matmul(x, y, z);
      assert.ok(errorOf(x, y, z, (sum) => sum) < SMALL);
    }
  });

  test("with and without SIMD, and without the relaxed multiply-add", () => {
    for (const features of [{ simd: false }, { simd: true, relaxed: false }]) {
      pretend(features);
      const [a, b, out] = [
        matrix(cpu, [3, 30_000], {}, 1),
        matrix(cpu, [30_000, 3], {}, 2),
        matrix(cpu, [3, 3], {}, 3),
      ];
      cpu.matmul(a, b, out);
      assert.ok(errorOf(a, b, out, (sum) => sum) < SMALL);
    }
  });

  test("equals that on several threads to the last bit", async () => {
    const device = await attached(3);
    for (const [m, k, n] of [
      [4, 300_000, 4],
      [16, 60_000, 5],
      [100, 20_000, 3],
    ]) {
      const [a, b] = [matrix(device, [m, k], { turned: true }, 1), matrix(device, [k, n], {}, 2)];
      const results = [3, 1].map((threads) => {
        setNumThreads(threads);
        assert.equal(device.threads.pool !== undefined, threads > 1);
        const out = matrix(device, [m, n], {}, 3);
        device.matmul(a, b, out);
        return dataOf(out).slice();
      });
      assert.deepEqual(results[0], results[1]);
    }
  });

  test("of a row and a column too, where double precision shows its order", async () => {
    const device = await attached(3);
    const [a, b] = [matrix(device, [1, 600_000], {}, 1), matrix(device, [600_000, 1], {}, 2)];
    const data = dataOf(a);
    dataOf(b).fill(1);
    // Numbers of many sizes that cancel: what is left is what was rounded off.
    for (let i = 0; i < data.length / 2; i++) {
      data[i] *= 2 ** ((37 * i) % 101);
      data[data.length - 1 - i] = -data[i];
    }
    const results = [3, 2, 1].map((threads) => {
      setNumThreads(threads);
      assert.equal(device.threads.pool !== undefined, threads > 1);
      const out = matrix(device, [1, 1], {}, 3);
      device.matmul(a, b, out);
      return at(out, [0, 0]);
    });
    assert.ok(Math.abs(results[0]) > 0);
    assert.deepEqual(results, [results[0], results[0], results[0]]);
  });

  test("of so few multiplications as are left to plain loops keeps its bits", () => {
    // Sums in double precision, whatever the engine.
    const [a, b, out] = [
      matrix(cpu, [2, 1000], {}, 1),
      matrix(cpu, [1000, 2], {}, 2),
      matrix(cpu, [2, 2], {}, 3),
    ];
    cpu.matmul(a, b, out);
    assert.equal(errorOf(a, b, out, Math.fround), 0);
  });
});
