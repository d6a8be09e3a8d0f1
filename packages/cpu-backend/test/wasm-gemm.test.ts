import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { E, input, MapKernel, numel, type Strided, typedArray } from "@flambeau/backend";
import { CpuBackend, type CpuStorage, cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import { Arena } from "../src/memory/arena.ts";
import { hasRelaxedSimd, hasSimd, pretend } from "../src/wasm/codegen/features.ts";
import { Gemm } from "../src/wasm/gemm/gemm.ts";

type Float = "float32" | "float64";
type Place = "device" | "own";

/** How an operand of the test lies: transposed, with gaps and an offset, in WebAssembly memory or in an array. */
interface Layout {
  readonly transposed: boolean;
  readonly gap: number;
  readonly pad: number;
  readonly offset: number;
  readonly place: Place;
}

const PLAIN: Layout = { transposed: false, gap: 1, pad: 0, offset: 0, place: "device" };
const TURNED: Layout = { ...PLAIN, transposed: true };
const UNIT = { float32: 2 ** -24, float64: 2 ** -53 };
const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);
const relu = new MapKernel("relu", 2, 0, [E.max(E.add(input(0), input(1)), 0)]);

const layouts: fc.Arbitrary<Layout> = fc.oneof(
  fc.constantFrom(PLAIN, TURNED),
  fc.record({
    transposed: fc.boolean(),
    gap: fc.constantFrom(1, 1, 2, 3),
    pad: fc.constantFrom(0, 1, 8),
    offset: fc.nat(5),
    place: fc.constantFrom<Place>("device", "own"),
  }),
);

function make(dtype: Float, shape: readonly number[], layout: Layout, device: CpuBackend): Strided {
  const strides = shape.map(() => 0);
  const order = shape.map((_, d) => d);
  if (layout.transposed) order.push(...order.splice(-2).reverse());
  let step = layout.gap;
  for (const d of order.toReversed()) {
    strides[d] = step;
    step = step * shape[d] + (d === order.at(-1) ? layout.pad : 0);
  }
  const array = typedArray(dtype, step + layout.offset);
  const storage = layout.place === "own" ? device.adopt(dtype, array) : device.upload(dtype, array);
  return { storage, dtype, shape, strides, offset: layout.offset };
}

/** The places in the storage of all elements, in row-major order. */
function places({ shape, strides, offset }: Strided): Int32Array {
  let at = Int32Array.of(offset);
  shape.forEach((size, d) => {
    const next = new Int32Array(at.length * size);
    for (let t = 0; t < next.length; t++) next[t] = at[Math.floor(t / size)] + (t % size) * strides[d];
    at = next;
  });
  return at;
}

function dataOf({ storage }: Strided): Float32Array | Float64Array {
  return (storage as CpuStorage).data as Float32Array;
}

function read(x: Strided): Float64Array {
  const data = dataOf(x);
  const at = places(x);
  const out = new Float64Array(at.length);
  for (let t = 0; t < out.length; t++) out[t] = data[at[t]];
  return out;
}

/** Every element of the storage gets a value; those between the operand's own are nan. */
function fill(x: Strided, value: (t: number) => number): Strided {
  const data = dataOf(x);
  data.fill(NaN);
  places(x).forEach((at, t) => {
    data[at] = value(t);
  });
  return x;
}

/** Numbers in -1 to 1 from a seed (a multiplicative congruential generator of Park and Miller). */
function noise(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  };
}

function broadcastTo(x: Strided, shape: readonly number[]): Strided {
  const lead = shape.length - x.shape.length;
  const strides = shape.map((_, d) => (d < lead || x.shape[d - lead] === 1 ? 0 : x.strides[d - lead]));
  return { ...x, shape, strides };
}

/**
 * Compares with sums in double precision. In any order of summation the error is within (k + 1) u times the sum of
 * the products' sizes, u half a unit in the last place (Higham, Accuracy and Stability of Numerical Algorithms, 3.5).
 */
function check(a: Strided, b: Strided, output: Strided, bias?: Strided): void {
  const [m, n] = output.shape.slice(-2);
  const k = a.shape.at(-1) as number;
  const lead = output.shape.slice(0, -2);
  const x = read(broadcastTo(a, [...lead, m, k]));
  const y = read(broadcastTo(b, [...lead, k, n]));
  const z = bias && read(broadcastTo(bias, output.shape));
  const got = read(output);
  const unit = UNIT[output.dtype as Float];
  for (let t = 0; t < got.length; t++) {
    const j = t % n;
    const i = ((t - j) / n) % m;
    const batch = Math.floor(t / (m * n));
    let sum = z?.[t] ?? 0;
    let size = Math.abs(sum);
    for (let q = 0; q < k; q++) {
      const product = x[(batch * m + i) * k + q] * y[(batch * k + q) * n + j];
      sum += product;
      size += Math.abs(product);
    }
    // The reference itself is a sum in double precision.
    const bound = (k + 2) * (unit + 2 ** -53) * size;
    assert.ok(
      Object.is(got[t], sum) ||
        Math.abs(got[t] - sum) <= bound ||
        (Number.isNaN(got[t]) && Number.isNaN(sum)),
      `[${a.shape}] x [${b.shape}]: element ${t} is ${got[t]}, not ${sum}`,
    );
  }
}

/** What lies between the output's elements is as it was. */
function checkGaps(output: Strided): void {
  const own = new Set(places(output));
  const data = dataOf(output);
  for (let at = 0; at < data.length; at++) if (!own.has(at)) assert.ok(Number.isNaN(data[at]), `wrote ${at}`);
}

interface Case {
  readonly dtype: Float;
  readonly sizes: readonly [number, number, number];
  readonly layouts: readonly [Layout, Layout, Layout];
  readonly seed: number;
}

function run({ dtype, sizes: [m, k, n], layouts: [la, lb, lo], seed }: Case, device: CpuBackend = cpu): void {
  const next = noise(seed);
  const a = fill(make(dtype, [m, k], la, device), next);
  const b = fill(make(dtype, [k, n], lb, device), next);
  const out = fill(make(dtype, [m, n], lo, device), () => 777);
  device.matmul(a, b, out);
  check(a, b, out);
  checkGaps(out);
}

const size = fc.integer({ min: 1, max: 130 });
const cases: fc.Arbitrary<Case> = fc.record({
  dtype: fc.constantFrom<Float>("float32", "float32", "float64"),
  sizes: fc.tuple(size, size, size),
  layouts: fc.tuple(layouts, layouts, layouts),
  seed: fc.nat(),
});

describe("matmul in WebAssembly", () => {
  afterEach(() => pretend({}));

  test("any sizes and layouts", () => {
    fc.assert(
      fc.property(cases, (drawn) => run(drawn)),
      { numRuns: 120 },
    );
  });

  test("several blocks, ragged at every end", () => {
    const tails = [PLAIN, TURNED, { ...PLAIN, gap: 2, offset: 3, place: "own" as Place }];
    let seed = 1;
    for (const dtype of ["float32", "float64"] as const) {
      for (const sizes of [
        [31, 1030, 9],
        [3, 517, 300],
        [130, 515, 35],
        [400, 20, 3],
        [1, 1200, 35],
        [300, 70, 1],
        [2, 9, 2003],
        [1, 500, 100],
        [2, 800, 41],
        [12, 513, 1100],
        [9, 300, 1000],
        [26, 520, 1100],
        [30, 512, 600],
      ] as const) {
        for (const la of tails) {
          const lb = tails[seed % 3];
          run({ dtype, sizes, layouts: [la, lb, tails[Math.floor(seed / 3) % 3]], seed: seed++ });
        }
      }
    }
  });

  test("without relaxed SIMD, and without SIMD", () => {
    for (const features of [{ relaxed: false }, { simd: false }]) {
      pretend(features);
      assert.equal(hasRelaxedSimd(), false);
      fc.assert(
        fc.property(cases, (drawn) => run(drawn)),
        { numRuns: 40 },
      );
    }
  });

  test("in a memory that is not shared, and grows as scratch is taken", () => {
    const { SharedArrayBuffer: original } = globalThis;
    const replace = (value: unknown): unknown =>
      Object.defineProperty(globalThis, "SharedArrayBuffer", { value, configurable: true, writable: true });
    try {
      replace(undefined);
      const device = new CpuBackend();
      fc.assert(
        fc.property(cases, (drawn) => run(drawn, device)),
        { numRuns: 40 },
      );
      run({ dtype: "float32", sizes: [300, 700, 400], layouts: [PLAIN, TURNED, PLAIN], seed: 1 }, device);
    } finally {
      replace(original);
    }
  });

  test("operands of another device, and devices without WebAssembly memory", () => {
    const other = new CpuBackend();
    for (const device of [other, new CpuBackend({ wasmLimit: 0 }), new CpuBackend({ wasmLimit: 2 ** 20 })]) {
      const next = noise(5);
      const a = fill(make("float32", [70, 80], PLAIN, cpu), next);
      const b = fill(make("float32", [80, 90], PLAIN, device), next);
      const out = fill(make("float32", [70, 90], PLAIN, cpu), next);
      device.matmul(a, b, out);
      check(a, b, out);
      run({ dtype: "float32", sizes: [130, 120, 110], layouts: [PLAIN, TURNED, PLAIN], seed: 2 }, device);
    }
  });

  test("batches, with either side broadcast", () => {
    const next = noise(9);
    for (const dtype of ["float32", "float64"] as const) {
      for (const [la, lb] of [
        [[4], [4]],
        [[4], []],
        [[], [4]],
        [
          [2, 1, 3],
          [5, 1],
        ],
        [[3, 1], [4]],
        [[0], [1]],
      ] as const) {
        for (const [layoutA, layoutB] of [
          [PLAIN, PLAIN],
          [TURNED, { ...PLAIN, offset: 2 }],
          [PLAIN, TURNED],
        ]) {
          const a = fill(make(dtype, [...la, 33, 21], layoutA, cpu), next);
          const b = fill(make(dtype, [...lb, 21, 29], layoutB, cpu), next);
          const ndim = Math.max(la.length, lb.length);
          const lead = Array.from({ length: ndim }, (_, d) => {
            const x = la[d - ndim + la.length] ?? 1;
            const y = lb[d - ndim + lb.length] ?? 1;
            return x === 1 ? y : x;
          });
          const bias = fill(make(dtype, [29], PLAIN, cpu), next);
          for (const layout of [PLAIN, TURNED]) {
            const out = fill(make(dtype, [...lead, 33, 29], layout, cpu), () => 777);
            cpu.matmul(a, b, out);
            check(a, b, out);
            cpu.matmul(a, b, out, { kernel: add, inputs: [bias], params: [] });
            check(a, b, out, bias);
          }
        }
      }
    }
  });

  test("a bias of any shape, and other epilogues", () => {
    const next = noise(3);
    for (const dtype of ["float32", "float64"] as const) {
      for (const [m, k, n] of [
        [64, 84, 128],
        [64, 128, 10],
        [37, 300, 21],
        [2, 300, 64],
      ]) {
        for (const layout of [PLAIN, TURNED, { ...PLAIN, gap: 2, place: "own" as Place }]) {
          const a = fill(make(dtype, [m, k], PLAIN, cpu), next);
          const b = fill(make(dtype, [k, n], TURNED, cpu), next);
          for (const shape of [[n], [1, n], [m, 1], [m, n], [1], []]) {
            const bias = fill(make(dtype, shape, layout, cpu), next);
            const out = fill(make(dtype, [m, n], layout, cpu), () => 777);
            cpu.matmul(a, b, out, { kernel: add, inputs: [bias], params: [] });
            check(a, b, out, bias);
            checkGaps(out);
            const sum = read(out);
            cpu.matmul(a, b, out, { kernel: relu, inputs: [bias], params: [] });
            const unit = UNIT[dtype];
            read(out).forEach((x, t) => {
              assert.ok(Math.abs(x - Math.max(sum[t], 0)) <= 4 * k * unit * (1 + Math.abs(sum[t])));
            });
          }
        }
      }
    }
  });

  test("nan and infinity reach the elements they meet and no other", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const [m, k, n] of [
        [33, 70, 21],
        [64, 40, 10],
        [7, 600, 9],
      ]) {
        for (const layout of [PLAIN, TURNED]) {
          const ones = (): number => 1;
          for (const special of [NaN, Infinity, -Infinity]) {
            const a = fill(make(dtype, [m, k], layout, cpu), ones);
            const b = fill(make(dtype, [k, n], layout, cpu), ones);
            const last = places(a).at(-1) as number;
            dataOf(a)[last] = special;
            dataOf(b)[places(b)[n - 1]] = special;
            const out = fill(make(dtype, [m, n], PLAIN, cpu), ones);
            cpu.matmul(a, b, out);
            read(out).forEach((x, t) => {
              const meets = t >= (m - 1) * n || t % n === n - 1;
              assert.ok(meets ? Object.is(x, special) : x === k, `element ${t} is ${x}`);
            });
            dataOf(b)[places(b).at(-1) as number] = 0;
            cpu.matmul(a, b, out);
            assert.ok(Number.isNaN(read(out).at(-1)), "infinity times zero");
          }
        }
      }
    }
  });

  test("an output that was nan is overwritten, and sizes of zero", () => {
    for (const [m, k, n] of [
      [64, 64, 64],
      [0, 64, 64],
      [64, 64, 0],
      [64, 0, 64],
    ]) {
      const a = fill(make("float32", [m, k], PLAIN, cpu), () => 1);
      const b = fill(make("float32", [k, n], PLAIN, cpu), () => 1);
      const out = fill(make("float32", [m, n], PLAIN, cpu), () => NaN);
      cpu.matmul(a, b, out);
      assert.ok(read(out).every((x) => x === k));
      assert.equal(read(out).length, numel([m, n]));
    }
  });

  test("is used where there is SIMD and memory, and says so where not", () => {
    const p = { m: 64, n: 64, k: 64, ai: 64, ak: 1, bk: 64, bj: 1, oi: 64, oj: 1 };
    const operand = (): { storage: CpuStorage; offsets: number[] } => ({
      storage: cpu.adopt("float32", new Float32Array(4096).fill(1)),
      offsets: [0],
    });
    const [a, b, o] = [operand(), operand(), operand()];
    const arena = new Arena(2 ** 24, () => {});
    const gemm = new Gemm(cpu, arena);
    assert.equal(gemm.isWorthwhile(p), hasSimd());
    assert.equal(gemm.multiply("float32", p, a, b, o), true);
    assert.ok((o.storage.data as Float32Array).every((x) => x === 64));
    assert.equal(arena.used, 0, "scratch does not count as used");
    const without = new Gemm(cpu, new Arena(0, () => {}));
    o.storage.data.fill(3 as never);
    assert.equal(without.multiply("float32", p, a, b, o), false);
    assert.ok(
      (o.storage.data as Float32Array).every((x) => x === 3),
      "and does nothing",
    );
    pretend({ simd: false });
    assert.equal(gemm.isWorthwhile(p), false);
  });

  test("a product in chunks of memory keeps no more scratch than it says", () => {
    const device = new CpuBackend();
    const a = device.upload("float32", new Float32Array(2 ** 21).fill(1));
    const b = device.upload("float32", new Float32Array(2 ** 12).fill(2));
    const out = device.allocate("float32", 2 ** 19);
    const { used } = device.memory();
    device.matmul(
      { storage: a, dtype: "float32", shape: [2 ** 15, 64], strides: [64, 1], offset: 0 },
      { storage: b, dtype: "float32", shape: [64, 16], strides: [1, 64], offset: 0 },
      { storage: out, dtype: "float32", shape: [2 ** 15, 16], strides: [16, 1], offset: 0 },
    );
    assert.ok((out.data as Float32Array).every((x) => x === 128));
    assert.equal(device.memory().used, used);
  });
});
