import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DeviceError, DTypeError, E, input, MapKernel, type Strided, ValueError } from "@flambeau/backend";
import fc from "fast-check";
import { indices, operand, read, readLayouts, shapes } from "../../cpu-backend/test/support.ts";
import { gpu, skip } from "./adapter.ts";
import { elements, onGpu, PLAIN, shared, valuesOf } from "./families.ts";

const double = new MapKernel("double", 1, 0, [E.add(input(0), input(0))]);

describe("moving data to and from the GPU", { skip }, () => {
  if (skip) return;

  function floats(values: readonly number[]): Strided {
    const storage = gpu.upload("float32", Float32Array.from(values));
    return { storage, dtype: "float32", shape: [values.length], strides: [1], offset: 0 };
  }

  test("brings back what was sent, from any layout, of any dtype", async () => {
    const cases = fc.constantFrom(...shared).chain((dtype) =>
      fc.record({
        dtype: fc.constant(dtype),
        shape: shapes(),
        values: valuesOf(dtype),
        layout: readLayouts,
      }),
    );
    const runs = fc.sample(cases, { numRuns: 100 }).map(({ dtype, shape, values, layout }) => {
      const x = operand(dtype, shape, values, layout);
      return { x, sent: onGpu(x) };
    });
    const before = gpu.stats().submits;
    const got = await Promise.all(runs.map(({ sent }) => elements(sent)));
    assert.equal(gpu.stats().submits, before + 1, "reads of one turn are one submission");
    runs.forEach(({ x }, k) => {
      assert.deepEqual(got[k], read(x));
    });
  });

  test("gives fresh arrays of the dtype's kind", async () => {
    const kinds = ["Uint8Array", "Uint8Array", "Int32Array", "BigInt64Array", "Float32Array"];
    for (const [k, dtype] of shared.entries()) {
      const x = onGpu(operand(dtype, [3], dtype === "int64" ? [1n, 0n, 5n] : [1, 0, 5], PLAIN));
      const [a, b] = [await gpu.download(x), await gpu.download(x)];
      assert.equal(a.constructor.name, kinds[k]);
      assert.notEqual(a.buffer, b.buffer);
    }
  });

  test("dtypes that are not there are refused", () => {
    assert.throws(() => gpu.allocate("float64", 3), DTypeError);
    assert.equal(gpu.supports("float64"), false);
    if (!gpu.supports("float16")) assert.throws(() => gpu.allocate("float16", 3), DTypeError);
  });

  test("more than the GPU's limit is refused", () => {
    assert.throws(() => gpu.allocate("float32", 2 ** 40), DeviceError);
  });

  test("keeps to the order of commands", async () => {
    const x = floats([1, 2, 3]);
    const first = gpu.download(x);
    gpu.map(double, "float32", [x], [], [x]);
    const second = gpu.download(x);
    gpu.release(x.storage);
    // Of the same size class: it takes the block just given back, which commands not yet submitted still use.
    const y = floats([7, 8, 9]);
    gpu.map(double, "float32", [y], [], [y]);
    assert.deepEqual([...((await first) as Float32Array)], [1, 2, 3]);
    assert.deepEqual([...((await second) as Float32Array)], [2, 4, 6]);
    assert.deepEqual(await elements(y), [14, 16, 18]);
  });

  test("a released storage is refused", async () => {
    const x = floats([1]);
    gpu.release(x.storage);
    gpu.release(x.storage);
    assert.throws(() => gpu.map(double, "float32", [x], [], [x]), DeviceError);
    await assert.rejects(gpu.download(x), DeviceError);
  });

  describe("computing on the host", () => {
    test("happens in order, and what comes after waits for it", async () => {
      const x = floats([1, 2, 3, 4]);
      const out = floats([0, 0, 0, 0]);
      gpu.map(double, "float32", [x], [], [x]);
      let calls = 0;
      gpu.onHost([x], [out], ([data]) => {
        calls++;
        return [(data as Float32Array).map((value) => value + 1)];
      });
      assert.equal(calls, 0);
      gpu.map(double, "float32", [x], [], [x]);
      gpu.map(double, "float32", [out], [], [out]);
      // Another one, on the results of the first and of what came between.
      gpu.onHost([out, x], [x], ([a, b]) => [
        Float32Array.from(a as Float32Array, (value, i) => value * 100 + (b as Float32Array)[i]),
      ]);
      gpu.release(out.storage);
      const later = floats([5, 5, 5, 5]);
      gpu.map(double, "float32", [later], [], [later]);
      const [got, other] = await Promise.all([elements(x), elements(later)]);
      assert.deepEqual(got, [604, 1008, 1412, 1816]);
      assert.deepEqual(other, [10, 10, 10, 10]);
    });

    test("reads and writes any layout and dtype", async () => {
      const source = operand("int64", [2, 3], [1n, 2n, 3n, 4n, 5n, 6n], {
        order: 5,
        gap: 2,
        offset: 1,
        repeat: 0,
      });
      const x = onGpu(source);
      const target = onGpu(operand("bool", [3, 2], [0], { order: 2, gap: 1, offset: 2, repeat: 0 }));
      gpu.onHost([x], [target], ([data]) => [
        Uint8Array.from(data as unknown as bigint[], (v) => Number(v % 2n)),
      ]);
      assert.deepEqual(await elements(target), [1, 0, 1, 0, 1, 0]);
      assert.equal([...indices(target.shape)].length, 6);
    });

    test("what it throws comes out of the next read, and only there", async () => {
      const x = floats([1, 2]);
      gpu.onHost([x], [x], () => {
        throw new ValueError("not positive definite");
      });
      gpu.map(double, "float32", [x], [], [x]);
      await assert.rejects(gpu.download(x), /not positive definite/);
      assert.deepEqual(await elements(x), [2, 4]);
      gpu.onHost([x], [x], () => {
        throw new ValueError("again");
      });
      await assert.rejects(gpu.synchronize(), /again/);
      await gpu.synchronize();
    });
  });
});
