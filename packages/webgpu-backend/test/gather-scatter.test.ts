import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, IndexError, isFloat, type ScatterMode, type Shape } from "@flambeau/backend";
import fc from "fast-check";
import { gpu, skip } from "./adapter.ts";
import {
  anyDType,
  bothDevices,
  elements,
  empty,
  layouts,
  noise,
  onGpu,
  operand,
  PLAIN,
  plainNoise,
  readLayouts,
  same,
  valuesOf,
} from "./families.ts";

/** A tensor that is indexed along `dim` and, there as long as one likes, else at most its size, what its elements meet. */
const cases = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
  .chain((big) =>
    fc.record({
      big: fc.constant(big),
      dim: fc.nat(big.length - 1),
      cut: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
      along: fc.nat(7),
      dtype: anyDType,
      indexDType: fc.constantFrom<DType>("int32", "int64", "uint8"),
      seed: fc.nat(1000),
      layouts: fc.tuple(readLayouts, layouts, readLayouts),
    }),
  )
  .chain((c) => fc.record({ c: fc.constant(c), values: valuesOf(c.dtype), more: valuesOf(c.dtype) }));

function small(big: Shape, dim: number, cut: readonly number[], along: number): number[] {
  return big.map((size, d) => (d === dim ? along : Math.max(size - cut[d], 0)));
}

function indicesFor(count: number, size: number, seed: number): number[] {
  return Array.from(noise(Math.max(count, 1), seed), (x) =>
    Math.min(size - 1, Math.floor(((x + 1) / 2) * size)),
  );
}

const numel = (shape: Shape): number => shape.reduce((n, size) => n * size, 1);

describe("gather", { skip }, () => {
  test("any dtype, dimension and layout", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ c, values }) => {
        const { big, dim, cut, along, dtype, indexDType, seed, layouts: all } = c;
        const shape = small(big, dim, cut, along);
        const x = operand(dtype, big, values, all[0]);
        const out = empty(dtype, shape, all[1]);
        const index = operand(indexDType, shape, indicesFor(numel(shape), big[dim], seed), all[2]);
        const twins = bothDevices([x, index, out], (device, [source, at, to]) =>
          device.gather(source, dim, at, to),
        );
        await same(twins[2], out, `${dtype} [${big}] along ${dim} to [${shape}]`);
      }),
      { numRuns: 150 },
    );
  });

  test("an index out of range comes out of the next read, and of no other", async () => {
    const x = onGpu(plainNoise([3, 4]));
    for (const bad of [3, -1, 2 ** 31 - 1, 2 ** 32, -(2 ** 32) + 1, 2 ** 52]) {
      const index = onGpu(operand("int64", [2, 4], [0n, 1n, 2n, BigInt(bad)], PLAIN));
      const out = onGpu(empty("float32", [2, 4], PLAIN));
      gpu.gather(x, 0, index, out);
      await assert.rejects(gpu.download(out), (error: Error) => {
        assert.ok(error instanceof IndexError);
        assert.match(error.message, new RegExp(`index ${bad} .*\\[2, 4\\].*size 3`));
        return true;
      });
      assert.equal((await elements(x)).length, 12);
    }
  });

  test("more than 65535 workgroups", async () => {
    const n = 4_300_000;
    const x = plainNoise([5]);
    const index = operand("int32", [n], indicesFor(1000, 5, 3), PLAIN);
    const out = empty("float32", [n], PLAIN);
    const twins = bothDevices([x, index, out], (device, [source, at, to]) =>
      device.gather(source, 0, at, to),
    );
    await same(twins[2], out, "many");
  });
});

describe("scatter", { skip }, () => {
  const modes = fc.constantFrom<ScatterMode>("set", "add", "mul");

  test("any mode, dtype, dimension and layout", async () => {
    await fc.assert(
      fc.asyncProperty(cases, modes, async ({ c, values, more }, mode) => {
        const { big, dim, cut, along, dtype, indexDType, seed, layouts: all } = c;
        const shape = small(big, dim, cut, along);
        const out = operand(dtype, big, values, all[1]);
        const index = operand(indexDType, shape, indicesFor(numel(shape), big[dim], seed), all[2]);
        const source = operand(dtype, shape, more, all[0]);
        const twins = bothDevices([out, index, source], (device, [to, at, x]) =>
          device.scatter(mode, to, dim, at, x),
        );
        // Sums of a huge number and its opposite hang on the order, which is the CPU's.
        await same(twins[0], out, `${mode} ${dtype} [${shape}] along ${dim} of [${big}]`, {
          tolerance: 1e-6,
        });
      }),
      { numRuns: 200 },
    );
  });

  test("long lines, taken apart", async () => {
    for (const dtype of ["float32", "int32", "int64", "uint8", "bool"] as const) {
      for (const mode of ["set", "add", "mul"] as const) {
        const [n, size] = [20_000, 37];
        // Factors that leave something of a product of a thousand of them: near 1, or odd.
        const factor = (x: number): number => (isFloat(dtype) ? 1 + x / 1000 : 2 * Math.round(x * 50) + 1);
        const term = (x: number): number => (isFloat(dtype) ? x : Math.round(Math.abs(x) * 100));
        const values = Array.from(noise(n, 5), (x): number | bigint => {
          if (dtype === "int64")
            return mode === "mul" ? BigInt(factor(x)) : BigInt(Math.round(x * 100)) * (2n ** 45n + 1n);
          return mode === "mul" ? Math.abs(factor(x)) : term(x);
        });
        const out = operand(dtype, [size, 2], [1], { ...PLAIN, gap: 2, offset: 1 });
        const index = operand("int64", [n, 2], indicesFor(n * 2, size, 8).map(BigInt), PLAIN);
        const source = operand(dtype, [n, 2], values, PLAIN);
        const twins = bothDevices([out, index, source], (device, [to, at, x]) =>
          device.scatter(mode, to, 0, at, x),
        );
        await same(twins[0], out, `${mode} ${dtype}`, { tolerance: 1e-5, scale: 30 });
      }
    }
  });

  test("an index out of range leaves everything as it was", async () => {
    for (const n of [4, 10_000]) {
      for (const mode of ["set", "add", "mul"] as const) {
        const out = onGpu(operand("float32", [4], [1, 2, 3, 4], PLAIN));
        const at = Array.from({ length: n }, (_, i) => (i === n - 1 ? 4 : i % 4));
        const index = onGpu(operand("int32", [n], at, PLAIN));
        const source = onGpu(operand("float32", [n], [9], PLAIN));
        gpu.scatter(mode, out, 0, index, source);
        await assert.rejects(gpu.download(out), IndexError);
        assert.deepEqual(await elements(out), [1, 2, 3, 4]);
      }
    }
  });
});
