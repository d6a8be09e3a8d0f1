/** Joined tensors, by one loop and by a copy each: what a loop over elements gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contiguousStrides, type DType, numel, type Strided, typedArray } from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";

const dtypes: readonly DType[] = ["float32", "float64", "int64", "int32", "uint8", "bool"];

function laid(dtype: DType, shape: readonly number[], offset: number, first: number): Strided {
  const data = typedArray(dtype, numel(shape) + offset);
  for (let i = 0; i < data.length; i++) {
    if (data instanceof BigInt64Array) data[i] = BigInt(first + i);
    else data[i] = dtype === "bool" ? i % 2 : (first + i) % 256;
  }
  const storage = cpu.upload(dtype, data);
  return { storage, dtype, shape, strides: contiguousStrides(shape), offset };
}

/** The element at a place of the output. */
function expected(inputs: readonly Strided[], dim: number, place: readonly number[]): number | bigint {
  let along = place[dim];
  for (const x of inputs) {
    if (along < x.shape[dim]) {
      const at = place.map((p, d) => (d === dim ? along : p));
      return cpu.peek(x)[at.reduce((sum, p, d) => sum + p * x.strides[d], 0)];
    }
    along -= x.shape[dim];
  }
  throw new RangeError("past the end");
}

const cases = fc.record({
  dtype: fc.constantFrom(...dtypes),
  shape: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  dim: fc.nat(2),
  counts: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
  offset: fc.nat(3),
});

test("inputs follow on each other along any dimension", () => {
  fc.assert(
    fc.property(cases, ({ dtype, shape, dim: some, counts, offset }) => {
      const dim = some % shape.length;
      const sized = (count: number): number[] => shape.map((size, d) => (d === dim ? count : size));
      const inputs = counts.map((count, k) => laid(dtype, sized(count), offset, 50 * k));
      const total = counts.reduce((a, b) => a + b, 0);
      const output = laid(dtype, sized(total), offset, 200);
      const before = cpu.downloadSync({ ...output, shape: [offset], strides: [1], offset: 0 });
      assert.equal(cpu.join(inputs, dim, output), true);
      const found = cpu.downloadSync(output);
      for (let i = 0; i < found.length; i++) {
        const place = output.shape.map((size, d) => Math.floor(i / output.strides[d]) % size);
        assert.equal(found[i], expected(inputs, dim, place));
      }
      assert.deepEqual(cpu.downloadSync({ ...output, shape: [offset], strides: [1], offset: 0 }), before);
    }),
  );
});

test("large inputs, and those with gaps, are left to others", () => {
  const large = laid("float32", [600], 0, 0);
  const output = laid("float32", [1200], 0, 0);
  assert.equal(cpu.join([large, large], 0, output), false);
  const gaps: Strided = { ...laid("float32", [8], 0, 0), shape: [4], strides: [2] };
  assert.equal(cpu.join([gaps], 0, laid("float32", [4], 0, 0)), false);
});
