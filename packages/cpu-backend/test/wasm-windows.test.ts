import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { numel, type Strided, typedArray, type Windows } from "@flambeau/backend";
import {
  CpuBackend,
  type CpuStorage,
  getNumThreads,
  provideWindows,
  setNumThreads,
} from "@flambeau/cpu-backend";
import fc from "fast-check";
import { hasSimd, pretend } from "../src/wasm/codegen/features.ts";
import { cut } from "../src/wasm/plane-parts.ts";
import type { SimdWindows } from "../src/wasm/simd-windows.ts";
import { attached } from "./workers.ts";

const atFirst = getNumThreads();

/** More elements than a slab takes: the storage lies in WebAssembly memory. */
const LARGE = 1100;

/** How an operand lies: the order of its first dimensions, room between planes, rows and elements, and where. */
interface Layout {
  readonly imagesLast: boolean;
  readonly plane: number;
  readonly row: number;
  readonly element: number;
  readonly offset: number;
  readonly place: "wasm" | "own";
}

const DENSE: Layout = { imagesLast: false, plane: 0, row: 0, element: 1, offset: 0, place: "wasm" };

const layouts: fc.Arbitrary<Layout> = fc.oneof(
  fc.constant(DENSE),
  fc.record({
    imagesLast: fc.boolean(),
    plane: fc.nat(3),
    row: fc.nat(2),
    element: fc.constantFrom(1, 1, 1, 2),
    offset: fc.nat(5),
    place: fc.constantFrom("wasm", "wasm", "own"),
  }),
);

/** What a run laid out; given back after it, or memory runs short in a synchronous test and turns to ordinary arrays. */
const laid: CpuStorage[] = [];

function giveBack(): void {
  for (const storage of laid.splice(0)) storage.backend.release(storage);
}

function lay(device: CpuBackend, dtype: "float32" | "int32", shape: readonly number[], l: Layout): Strided {
  const strides = shape.map(() => 0);
  const dims = shape.map((_, d) => d);
  const order = l.imagesLast ? [...dims.slice(1, -2), 0, ...dims.slice(-2)] : dims;
  let step = l.element;
  for (const [k, d] of order.toReversed().entries()) {
    strides[d] = step;
    step = step * shape[d] + (k === 0 ? l.row : k === 1 ? l.plane : 0);
  }
  const array = typedArray(dtype, Math.max(step + l.offset, LARGE));
  const storage = l.place === "own" ? device.adopt(dtype, array) : device.upload(dtype, array);
  laid.push(storage);
  return { storage, dtype, shape, strides, offset: l.offset };
}

function dataOf({ storage }: Strided): Float32Array {
  return (storage as CpuStorage).data as Float32Array;
}

function fill(x: Strided, value: (t: number) => number): Strided {
  const data = dataOf(x);
  for (let t = 0; t < data.length; t++) data[t] = value(t);
  return x;
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const anyCase = {
  plane: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 21 })),
  kernel: pair(1, 4),
  stride: pair(1, 4),
  padding: pair(0, 4),
  dilation: pair(1, 3),
  more: pair(0, 2),
  same: fc.boolean(),
  seed: fc.nat(1000),
  layouts: fc.tuple(layouts, layouts, layouts),
};

/** Rows of every length around whole vectors, windows that lie partly or wholly beside the plane, whole ones too. */
const casesOf = (counts: fc.Arbitrary<[images: number, channels: number]>) =>
  fc
    .record({ counts, ...anyCase })
    .map(({ counts: [images, channels], plane, kernel, stride, padding, dilation, more, same, ...rest }) => {
      const windows: Windows = same
        ? { kernel, stride: [1, 1], padding: [kernel[0] >> 1, kernel[1] >> 1], dilation: [1, 1] }
        : { kernel, stride, padding, dilation };
      const positions = [0, 1].map((d) => {
        if (same) return plane[d];
        const room = plane[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1;
        return Math.max(1, Math.floor(room / stride[d]) + 1 + more[d] - 1);
      });
      return {
        ...rest,
        windows,
        planes: [images, channels, ...plane],
        columns: [images, channels, ...kernel, ...positions],
        pooled: [images, channels, ...positions],
      };
    });

/** Few planes, for the calling thread; or so many that they are shared out among several, one image's or many images'. */
const settings = [
  { threads: 1, cases: casesOf(pair(1, 3)), most: 9, runs: 500 },
  {
    threads: 3,
    cases: casesOf(fc.constantFrom([1, 700], [4, 150], [90, 7], [700, 1])).filter(
      ({ columns }) => numel(columns) > 2 ** 16 && numel(columns) < 2 ** 18,
    ),
    most: 20_000,
    runs: 40,
  },
];

type Method = "unfold" | "fold" | "maxPool" | "scatterAdd";

/** Whether the device's kernel did the work. */
function watched(device: CpuBackend, name: Method, run: () => void): boolean {
  const { simd: windows } = device.families.needWindows();
  const method = windows[name] as (...operands: unknown[]) => boolean;
  let answer = false;
  (windows as { -readonly [K in Method]: SimdWindows[K] })[name] = (...operands: unknown[]) => {
    answer = method.apply(windows, operands);
    return answer;
  };
  try {
    run();
  } finally {
    delete (windows as Partial<Record<Method, unknown>>)[name];
  }
  return answer;
}

/** Runs the kernel and the plain loops on outputs full of rubbish, and compares all of the outputs' memory. */
function compare(
  device: CpuBackend,
  name: Method,
  run: (...outputs: Strided[]) => void,
  outputs: Strided[],
): boolean {
  const rubbish = (t: number): number => 1000 + (t % 7);
  for (const output of outputs) fill(output, rubbish);
  const ran = watched(device, name, () => run(...outputs));
  const found = outputs.map((output) => dataOf(output).slice());
  for (const output of outputs) fill(output, rubbish);
  pretend({ simd: false });
  try {
    assert.equal(
      watched(device, name, () => run(...outputs)),
      false,
    );
  } finally {
    pretend({});
  }
  for (const [k, output] of outputs.entries()) assert.deepEqual(found[k], dataOf(output).slice());
  return ran;
}

function isDense(...operands: Strided[]): boolean {
  return operands.every((x) => (x.storage as CpuStorage).ptr >= 0 && x.strides.at(-1) === 1);
}

afterEach(() => {
  pretend({});
  giveBack();
});

provideWindows();

for (const { threads, cases, most, runs } of settings)
  describe(`windows in WebAssembly on ${threads === 1 ? "one thread" : "several threads"}`, {
    skip: !hasSimd(),
  }, () => {
    const device = new CpuBackend();
    before(async () => {
      setNumThreads(threads);
      if (threads > 1) await attached(threads, device);
    });
    after(() => setNumThreads(atFirst));

    test("unfold writes what the plain loops write, and nothing beside it", () => {
      fc.assert(
        fc
          .property(cases, ({ windows, planes, columns, seed, layouts: [lx, lo] }) => {
            const x = fill(lay(device, "float32", planes, lx), (t) => 1 + ((t * 7 + seed) % 101));
            const out = lay(device, "float32", columns, lo);
            const ran = compare(device, "unfold", (o) => device.unfold(x, windows, o), [out]);
            assert.equal(ran, isDense(out) && (x.storage as CpuStorage).ptr >= 0);
          })
          .afterEach(giveBack),
        { numRuns: runs },
      );
    });

    test("fold adds up what the plain loops add up, and nothing beside it", () => {
      fc.assert(
        fc
          .property(cases, ({ windows, planes, columns, seed, layouts: [lx, lo] }) => {
            // Integers: sums are exact in every order.
            const x = fill(lay(device, "float32", columns, lx), (t) => ((t * 7 + seed) % 101) - 50);
            const out = lay(device, "float32", planes, lo);
            const ran = compare(device, "fold", (o) => device.fold(x, windows, o), [out]);
            assert.equal(ran, isDense(x, out));
          })
          .afterEach(giveBack),
        { numRuns: runs },
      );
    });

    test("maxPool finds what the plain loops find: the first of the largest, or the last nan", () => {
      const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0, 0, 1, 2, 3, -1, -2];
      fc.assert(
        fc
          .property(cases, fc.integer({ min: 2, max: 97 }), (c, by) => {
            const [lx, lo, li] = c.layouts;
            // Few nans, or they would be all there is.
            const x = fill(lay(device, "float32", c.planes, lx), (t) => {
              const k = (t * by + c.seed) % 89;
              return k < values.length ? values[k] : k % 5;
            });
            const out = lay(device, "float32", c.pooled, lo);
            const found = lay(device, "int32", c.pooled, li);
            const run = (o: Strided, i: Strided): void => device.maxPool(x, c.windows, o, i);
            assert.equal(compare(device, "maxPool", run, [out, found]), isDense(x, out, found));
          })
          .afterEach(giveBack),
        { numRuns: runs },
      );
    });

    test("scatter adds along the last dimension, several elements to one target too", () => {
      const sizes = fc.tuple(
        fc.nat(3),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(most),
        fc.integer({ min: 1, max: 4 * most }),
      );
      fc.assert(
        fc
          .property(sizes, fc.nat(1000), ([n, c, count, size], seed) => {
            const index = fill(lay(device, "int32", [n, c, count], DENSE), (t) => (t * t + seed) % size);
            const x = fill(lay(device, "float32", [n, c, count], DENSE), (t) => (t % 31) - 15);
            const out = lay(device, "float32", [n, c, size], DENSE);
            const run = (o: Strided): void => device.scatter("add", o, 2, index, x);
            assert.equal(compare(device, "scatterAdd", run, [out]), true);
          })
          .afterEach(giveBack),
        { numRuns: runs },
      );
    });

    test("an index out of range is an error, and nothing is added", () => {
      // In every place of a vector of indices, and in those that are left over.
      for (const wrong of [-1, 5, 2 ** 30]) {
        for (let place = 0; place < 10; place++) {
          const index = fill(lay(device, "int32", [2, 5], DENSE), (t) => (t === place ? wrong : 0));
          const x = fill(lay(device, "float32", [2, 5], DENSE), () => 1);
          const out = fill(lay(device, "float32", [2, 5], DENSE), (t) => t);
          assert.throws(() => device.scatter("add", out, 1, index, x), { name: "IndexError" });
          assert.ok(dataOf(out).every((value, t) => value === t));
        }
      }
    });

    test("work that is large enough is shared out", () => {
      const pool = device.threads.pool;
      assert.equal(pool !== undefined, threads > 1);
      if (pool === undefined) return;
      const tasks: number[] = [];
      const run = pool.run;
      pool.run = (job) => {
        tasks.push(job.tasks);
        run.call(pool, job);
      };
      const windows: Windows = { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] };
      const x = lay(device, "float32", [4, 64, 32, 32], DENSE);
      const pooled = lay(device, "float32", [4, 64, 16, 16], DENSE);
      const found = lay(device, "int32", [4, 64, 16, 16], DENSE);
      const columns = lay(device, "float32", [4, 64, 2, 2, 16, 16], DENSE);
      device.maxPool(x, windows, pooled, found);
      device.unfold(x, windows, columns);
      device.fold(columns, windows, x);
      const flat = (y: Strided, n: number): Strided => ({ ...y, shape: [256, n], strides: [n, 1] });
      device.scatter("add", flat(x, 1024), 1, flat(found, 256), flat(pooled, 256));
      assert.deepEqual(tasks, [8, 8, 8, 6]);
    });

    test("planes of another device are computed all the same", () => {
      const other = new CpuBackend();
      const x = fill(lay(other, "float32", [1, 2, 5, 9], DENSE), (t) => t);
      const out = lay(device, "float32", [1, 2, 1, 1, 5, 9], DENSE);
      const one: Windows = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };
      assert.equal(
        watched(device, "unfold", () => device.unfold(x, one, out)),
        false,
      );
      assert.deepEqual(dataOf(out).slice(0, 90), dataOf(x).slice(0, 90));
      assert.equal(numel(out.shape), 90);
    });
  });

test("planes are cut into parts that cover them once", () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, size, (images, channels, count) => {
      const parts = cut(images, channels, count);
      assert.ok(parts.length >= Math.min(count, images * channels));
      assert.ok(parts.length < count + images);
      const seen = new Uint8Array(images * channels);
      for (const planes of parts) {
        assert.ok(planes.images > 0 && planes.channels > 0);
        for (let n = planes.image; n < planes.image + planes.images; n++)
          for (let c = planes.channel; c < planes.channel + planes.channels; c++) seen[n * channels + c]++;
      }
      assert.ok(seen.every((times) => times === 1));
    }),
  );
});
