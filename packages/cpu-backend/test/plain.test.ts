/** The device without WebAssembly. This file imports no other, or the other's kernels would be found. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contiguousStrides, E, input, MapKernel, ReduceKernel, type Strided } from "@flambeau/backend";
import * as plain from "../src/plain.ts";

const { cpu } = plain;

function lay(shape: readonly number[], value: (i: number) => number): Strided {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i));
  const storage = cpu.upload("float32", data);
  return { storage, dtype: "float32", shape, strides: contiguousStrides(shape), offset: 0 };
}

const SIZE = 70;

describe("the plain device", () => {
  test("has no kernels in WebAssembly and computes what is large all the same", () => {
    assert.equal(cpu.simd, undefined);
    const x = lay([SIZE, SIZE], (i) => (i % 17) - 8);
    const out = lay([SIZE, SIZE], () => 0);
    cpu.map(new MapKernel("exp", 1, 0, [E.exp(input(0))]), "float32", [x], [], [out]);
    const exps = cpu.downloadSync(out);
    for (const i of [0, 16, SIZE * SIZE - 1]) assert.equal(exps[i], Math.fround(Math.exp((i % 17) - 8)));

    const total = lay([1, 1], () => 0);
    const sum = new ReduceKernel("sum", "sum");
    cpu.reduce(sum, "float32", [SIZE, SIZE], [x], [], total);
    const elements = Array.from({ length: SIZE * SIZE }, (_, i) => (i % 17) - 8);
    const expectedTotal = elements.reduce((a, b) => a + b);
    assert.equal(cpu.downloadSync(total)[0], expectedTotal);

    cpu.matmul(x, x, out);
    const value = (r: number, c: number): number => ((r * SIZE + c) % 17) - 8;
    let expected = 0;
    for (let k = 0; k < SIZE; k++) expected += value(3, k) * value(k, 5);
    assert.equal(cpu.downloadSync(out)[3 * SIZE + 5], expected);
  });

  test("takes no step of a row kernel, so that callers take several kernels", () => {
    assert.equal(
      cpu.rows(
        {} as never,
        [],
        [],
        lay([1, 1], () => 0),
        [],
      ),
      false,
    );
  });

  test("exports what the other does", async () => {
    const whole = await import("@flambeau/cpu-backend");
    assert.deepEqual(Object.keys(plain), Object.keys(whole));
    assert.notEqual(whole.cpu.simd, undefined);
  });
});
