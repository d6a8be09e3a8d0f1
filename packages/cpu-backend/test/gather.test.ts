import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type DType,
  IndexError,
  isFloat,
  numel,
  type ScatterMode,
  type Strided,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import {
  anyDType,
  convert,
  empty,
  indices,
  layouts,
  operand,
  PLAIN,
  read,
  readLayouts,
  type Scalar,
  valuesOf,
} from "./support.ts";

const indexDTypes = fc.constantFrom<DType>("int64", "int32", "uint8");

/** A shape, one of its dimensions, another size for it, and indices that fit. */
const cases = fc
  .record({
    dtype: anyDType,
    shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    size: fc.nat(6),
  })
  .chain((c) => fc.record({ ...mapValues(c), dim: fc.nat(c.shape.length - 1) }))
  .chain((c) =>
    fc.record({
      ...mapValues(c),
      values: valuesOf(c.dtype),
      more: valuesOf(c.dtype),
      at: fc.array(fc.nat(c.shape[c.dim] - 1), { minLength: 1, maxLength: 30 }),
      indexDType: indexDTypes,
      layouts: fc.tuple(readLayouts, readLayouts, layouts),
    }),
  );

function mapValues<T extends object>(c: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(c).map(([k, v]) => [k, fc.constant(v)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}

function byIndex(source: Strided): Map<string, Scalar> {
  const values = read(source);
  return new Map([...indices(source.shape)].map((index, k) => [index.join(), values[k]]));
}

describe("gather and scatter", () => {
  test("gather picks along a dimension", () => {
    fc.assert(
      fc.property(cases, ({ dtype, shape, size, dim, values, at, indexDType, layouts: [li, lx, lo] }) => {
        const outShape = shape.map((s, d) => (d === dim ? size : Math.max(1, s - 1)));
        const x = operand(dtype, shape, values, li);
        const index = operand(indexDType, outShape, at, lx);
        const out = empty(dtype, outShape, lo);
        cpu.gather(x, dim, index, out);
        const elements = byIndex(x);
        const where = byIndex(index);
        const expected = [...indices(outShape)].map((i) =>
          elements.get(i.map((p, d) => (d === dim ? Number(where.get(i.join())) : p)).join()),
        );
        assert.deepEqual(read(out), expected);
      }),
      { numRuns: 500 },
    );
  });

  test("scatter writes, adds or multiplies along a dimension, the last one winning", () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom<ScatterMode>("set", "add", "mul"),
        ({ dtype, shape, size, dim, values, more, at, indexDType, layouts: [ls, lx, lo] }, mode) => {
          const sourceShape = shape.map((s, d) => (d === dim ? size : Math.max(1, s - 1)));
          const out = operand(dtype, shape, values, lo);
          const source = operand(dtype, sourceShape, more, ls);
          const index = operand(indexDType, sourceShape, at, lx);
          const expected = byIndex(out);
          const where = byIndex(index);
          const elements = byIndex(source);
          for (const i of indices(sourceShape)) {
            const target = i.map((p, d) => (d === dim ? Number(where.get(i.join())) : p)).join();
            const x = elements.get(i.join()) as Scalar;
            const y = expected.get(target) as Scalar;
            const sum = isFloat(dtype) ? Number(x) + Number(y) : BigInt(x) + BigInt(y);
            const product = isFloat(dtype) ? Number(x) * Number(y) : BigInt(x) * BigInt(y);
            expected.set(target, mode === "set" ? x : convert(mode === "add" ? sum : product, dtype));
          }
          cpu.scatter(mode, out, dim, index, source);
          assert.deepEqual(read(out), [...expected.values()]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("rows by an index that repeats along them", () => {
    const x = operand("float32", [4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], PLAIN);
    const index = { ...operand("int64", [2, 1], [3, 1], PLAIN), shape: [2, 3], strides: [1, 0] };
    const out = empty("float32", [2, 3], PLAIN);
    cpu.gather(x, 0, index, out);
    assert.deepEqual(read(out), [10, 11, 12, 4, 5, 6]);
    cpu.scatter("add", x, 0, index, out);
    assert.deepEqual(read(x), [1, 2, 3, 8, 10, 12, 7, 8, 9, 20, 22, 24]);
  });

  test("long rows, whole or with gaps, nothing beside them", () => {
    const rows = [2, 0, 2, 3];
    fc.assert(
      fc.property(
        anyDType,
        fc.integer({ min: 13, max: 40 }),
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2),
        fc.nat(3),
        (dtype, n, xGap, oGap, offset) => {
          const gapped = (count: number, gap: number, first: number): Strided => {
            const whole = operand(dtype, [offset + count * n * gap], [first, 1, 0, 3, 5, 1, 0], PLAIN);
            return { ...whole, shape: [count, n], strides: [n * gap, gap], offset };
          };
          const index = { ...operand("int32", [4, 1], rows, PLAIN), shape: [4, n], strides: [1, 0] };
          const all = (x: Strided): Scalar[] =>
            read({ ...x, shape: [x.storage.length], strides: [1], offset: 0 });
          const at = (x: Strided, row: number, j: number): number =>
            x.offset + row * x.strides[0] + j * x.strides[1];
          for (const how of ["gather", "set", "add"] as const) {
            const [x, o] = [gapped(4, xGap, 2), gapped(4, oGap, 7)];
            const elements = all(x);
            const expected = all(o);
            rows.forEach((row, i) => {
              for (let j = 0; j < n; j++) {
                const [from, to] = how === "gather" ? [row, i] : [i, row];
                const k = at(o, to, j);
                const added = elements[at(x, from, j)];
                if (how !== "add") expected[k] = added;
                else if (typeof added === "bigint") expected[k] = (expected[k] as bigint) + added;
                else expected[k] = convert((expected[k] as number) + added, dtype);
              }
            });
            if (how === "gather") cpu.gather(x, 0, index, o);
            else cpu.scatter(how, o, 0, index, x);
            assert.deepEqual(all(o), expected, how);
          }
        },
      ),
    );
  });

  test("an index out of range is an IndexError, with nothing written", () => {
    for (const dtype of ["int64", "int32"] as const) {
      for (const bad of [-1, 4, 2 ** 31 - 1, -(2 ** 31)]) {
        const index = operand(dtype, [3], [0, 1, bad], PLAIN);
        const x = operand("float32", [4], [1, 2, 3, 4], PLAIN);
        const out = operand("float32", [3], [7, 8, 9], PLAIN);
        assert.throws(
          () => cpu.gather(x, 0, index, out),
          (error: Error) =>
            error instanceof IndexError &&
            error.message.includes(`index ${bad} is out of range`) &&
            error.message.includes("0 to 3"),
        );
        assert.deepEqual(read(out), [7, 8, 9]);
        for (const mode of ["set", "add"] as const)
          assert.throws(() => cpu.scatter(mode, x, 0, index, out), IndexError);
        assert.deepEqual(read(x), [1, 2, 3, 4]);
      }
    }
    const far = operand("int64", [1], [2n ** 32n], PLAIN);
    assert.throws(
      () => cpu.gather(operand("float32", [4], [1], PLAIN), 0, far, empty("float32", [1], PLAIN)),
      IndexError,
    );
    const none = empty("float32", [0], PLAIN);
    assert.throws(
      () => cpu.gather(none, 0, operand("int64", [1], [0], PLAIN), empty("float32", [1], PLAIN)),
      /size 0/,
    );
  });
});

describe("rows of a table", () => {
  const COUNT = 1100;
  const strided = (
    dtype: DType,
    data: TypedArray,
    shape: readonly number[],
    strides: readonly number[],
  ): Strided => ({
    storage: cpu.upload(dtype, data),
    dtype,
    shape,
    strides,
    offset: 0,
  });
  /** Of `picked`, `step` elements apart, one for each row of `shape`. */
  const indexOf = (picked: readonly bigint[], step: number, shape: readonly number[]): Strided => {
    const data = new BigInt64Array(picked.length * step);
    picked.forEach((value, i) => {
      data[i * step] = value;
    });
    const strides = shape.map((_, d) => (d === 0 ? step : 0));
    return strided("int64", data, shape, strides);
  };
  const rowMajor = (shape: readonly number[]): number[] => shape.map((_, d) => numel(shape.slice(d + 1)));

  for (const dtype of ["float32", "float64", "int32", "int64"] as const)
    for (const rest of [[64], [3], [], [2, 5, 7], [1]])
      for (const rows of [3, 50, 2000])
        for (const step of [1, 3]) {
          test(`${dtype} [${[rows, ...rest]}], every ${step}`, () => {
            const width = numel(rest);
            const data = typedArray(dtype, rows * width * step) as Int32Array | BigInt64Array;
            for (let i = 0; i < data.length; i++) data[i] = convert((i * 7919) % 1009, dtype) as never;
            const strides = rowMajor([rows, ...rest]);
            const x = strided(dtype, data, [rows, ...rest], [strides[0] * step, ...strides.slice(1)]);
            const picked = Array.from({ length: COUNT }, (_, i) => BigInt((i * 31) % rows));
            const shape = [COUNT, ...rest];
            const output = strided(dtype, typedArray(dtype, numel(shape)), shape, rowMajor(shape));
            cpu.gather(x, 0, indexOf(picked, step, shape), output);
            const wanted = picked.flatMap((row) => {
              const from = Number(row) * width * step;
              return Array.from(data.subarray(from, from + width) as Int32Array);
            });
            assert.deepEqual(Array.from(cpu.downloadSync(output) as Int32Array), wanted);
          });
        }

  test("an index that the table does not have is refused, and nothing written", () => {
    const x = strided("float32", new Float32Array(3200).fill(1), [50, 64], [64, 1]);
    for (const bad of [50n, -1n, 2n ** 32n]) {
      const picked = Array.from({ length: 100 }, (_, i) => (i === 77 ? bad : 1n));
      const output = strided("float32", new Float32Array(6400), [100, 64], [64, 1]);
      assert.throws(
        () => cpu.gather(x, 0, indexOf(picked, 1, [100, 64]), output),
        (error: Error) =>
          error instanceof IndexError && error.message.startsWith(`index ${bad} is out of range`),
      );
      assert.ok((cpu.downloadSync(output) as Float32Array).every((value) => value === 0));
    }
  });
});
