import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, E, type Epilogue, input, MapKernel, param } from "@flambeau/backend";
import fc from "fast-check";
import { gpu } from "./adapter.ts";
import {
  bothDevices,
  broadcastable,
  elements,
  empty,
  forEachKind,
  layouts,
  onGpu,
  operand,
  PLAIN,
  plainNoise,
  readLayouts,
  same,
  valuesOf,
} from "./families.ts";

const affine = new MapKernel("affine", 3, 1, [E.add(E.mul(input(0), input(1)), E.mul(input(2), param(0)))]);

/** Where a part of b is kept at a time: one part or several, whole or not, columns that fill vectors or do not. */
const large = [
  [128, 128, 128],
  [64, 128, 784],
  [128, 784, 64],
  [300, 200, 100],
  [90, 130, 300],
  [200, 96, 50],
  [10, 128, 64],
];

/**
 * How near sums of k products of noise are that were made in two orders: to two units in the last place of the products'
 * sizes, whose sum is about k / 4.
 */
function close(k: number): { tolerance: number; scale: number } {
  return { tolerance: 2 ** -22, scale: 1 + k / 4 };
}

describe("matmul", () =>
  forEachKind((kind) => {
    test("batches, broadcasting, layouts and epilogues of exact numbers", async () => {
      const size = fc.integer({ min: 0, max: 9 });
      const cases = fc
        .record({
          dtype: fc.constantFrom<DType>("float32", "int32", "int64"),
          batch: fc.array(fc.nat(3), { maxLength: 2 }),
          sizes: fc.tuple(size, size, size),
        })
        .chain((c) =>
          fc.record({
            c: fc.constant(c),
            aBatch: broadcastable(c.batch),
            bBatch: broadcastable(c.batch),
            biases: fc.tuple(
              broadcastable([...c.batch, c.sizes[0], c.sizes[1]]),
              broadcastable([...c.batch, c.sizes[0], c.sizes[1]]),
            ),
            values:
              c.dtype === "float32"
                ? fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 })
                : valuesOf(c.dtype),
            layouts: fc.tuple(readLayouts, readLayouts, layouts, readLayouts, readLayouts),
            epilogue: fc.boolean(),
          }),
        );
      await fc.assert(
        fc.asyncProperty(cases, async ({ c, aBatch, bBatch, biases, values, layouts: all, epilogue }) => {
          const { dtype, batch } = c;
          const [m, n, k] = c.sizes;
          const a = operand(dtype, [...aBatch, m, k], values, all[0]);
          const b = operand(dtype, [...bBatch, k, n], [...values].reverse(), all[1]);
          const out = empty(dtype, [...batch, m, n], all[2]);
          const extra = biases.map((shape, i) => operand(dtype, shape, values, all[3 + i]));
          const twins = bothDevices([a, b, out, ...extra], (device, [x, y, o, ...inputs]) => {
            const last: Epilogue | undefined = epilogue ? { kernel: affine, inputs, params: [3] } : undefined;
            device.matmul(x, y, o, last);
          });
          await same(twins[2], out, `${dtype} [${a.shape}] by [${b.shape}]`);
        }),
        { numRuns: kind === "a GPU" ? 25 : 80 },
      );
    });

    test("sizes around the tiles", async () => {
      for (const [m, n, k] of [
        [1, 1, 1],
        [1, 100, 7],
        [100, 1, 8],
        [3, 2, 300],
        [15, 33, 17],
        [16, 32, 16],
        [17, 31, 5],
        [64, 10, 128],
        [65, 129, 66],
        [130, 5, 2],
        ...(kind === "this adapter" ? large : []),
      ]) {
        const [a, b, bias] = [plainNoise([m, k], m), plainNoise([k, n], n), plainNoise([1, n], k)];
        const out = empty("float32", [m, n], PLAIN);
        const twins = bothDevices([a, b, out], (device, [x, y, o]) => device.matmul(x, y, o));
        await same(twins[2], out, `${m} by ${k} by ${n}`, close(k));
        const biased = bothDevices([a, b, bias, out], (device, [x, y, z, o]) =>
          device.matmul(x, y, o, { kernel: affine, inputs: [z, z], params: [2] }),
        );
        await same(biased[3], out, `${m} by ${k} by ${n} with a bias`, close(k));
      }
    });

    test("transposed operands are read where they are", async () => {
      const [m, n, k] = [40, 70, 33];
      const turned = (rows: number, columns: number, seed: number) => {
        const x = plainNoise([columns, rows], seed);
        return { ...x, shape: [rows, columns], strides: [1, rows] };
      };
      for (const a of [plainNoise([m, k], 1), turned(m, k, 2)]) {
        for (const b of [plainNoise([k, n], 3), turned(k, n, 4)]) {
          const out = empty("float32", [m, n], PLAIN);
          const before = gpu.stats().dispatches;
          const twins = bothDevices([a, b, out], (device, [x, y, o]) => device.matmul(x, y, o));
          assert.equal(gpu.stats().dispatches - before, 1);
          await same(twins[2], out, "transposed", close(k));
        }
      }
    });

    test("infinities and nan stay in their rows and columns", async () => {
      for (const special of [Number.NaN, Number.POSITIVE_INFINITY]) {
        for (const [m, n, k] of [[9, 11, 6], ...(kind === "this adapter" ? [[128, 130, 150]] : [])]) {
          const a = plainNoise([m, k], 5);
          const b = plainNoise([k, n], 6);
          const data = (x: typeof a): Float32Array => (x.storage as unknown as { data: Float32Array }).data;
          data(a)[4 * k + k - 1] = special;
          data(b)[(k - 1) * n + 7] = special;
          const out = empty("float32", [m, n], PLAIN);
          const twins = bothDevices([a, b, out], (device, [x, y, o]) => device.matmul(x, y, o));
          await same(twins[2], out, `${special}`, close(k));
        }
      }
    });

    test("an inner size of zero gives zeros, through the epilogue", async () => {
      const a = onGpu(empty("float32", [2, 0], PLAIN));
      const b = onGpu(empty("float32", [0, 3], PLAIN));
      const out = onGpu(operand("float32", [2, 3], [7], PLAIN));
      gpu.matmul(a, b, out);
      assert.deepEqual(await elements(out), [0, 0, 0, 0, 0, 0]);
    });

    // About the grid only, which is the same for all kinds.
    if (kind === "this adapter") {
      test("many batches: more than 65535 workgroups", async () => {
        const count = 70000;
        const [a, b] = [plainNoise([count, 1, 2], 1), plainNoise([count, 2, 1], 2)];
        const out = empty("float32", [count, 1, 1], PLAIN);
        const twins = bothDevices([a, b, out], (device, [x, y, o]) => device.matmul(x, y, o));
        await same(twins[2], out, "many", { tolerance: 1e-6, scale: 1 });
      });
    }
  }));
