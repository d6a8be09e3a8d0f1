/**
 * Random programs on two CPU devices: one compiles its kernels to WebAssembly SIMD, the other has no WebAssembly memory
 * and so runs the plain JavaScript lowering. Values and gradients agree.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { CpuBackend } from "@flambeau/cpu-backend";
import { registerBackend, tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { alone, compare, distance, TOLERANCE } from "./compare.ts";
import { inputsOf, names, type Program, programs } from "./program.ts";

class PlainCpu extends CpuBackend {
  override readonly name: string = "plain-cpu";
}
const plain = new PlainCpu({ wasmLimit: 0 });
registerBackend(plain);

describe("the compiled kernels and the plain JavaScript lowering", () => {
  test("agree on random programs, values and gradients", () => {
    // One seed: a value that lies on a kink by accident would differ by more than roundings, once in thousands of runs.
    const property = fc.property(programs, (program) => compare(program, "cpu", plain.name));
    fc.assert(property, { numRuns: 250, seed: 1 });
  });

  test("agree on every op alone, small and large", () => {
    const sizes = [
      [2, 3],
      [70, 70],
      [3, 1100],
    ] as const;
    for (const program of alone(sizes)) compare(program, "cpu", plain.name);
  });

  test("are told apart when one is wrong", () => {
    const program: Program = {
      rows: 40,
      columns: 40,
      dtypes: ["float32"],
      seed: 2,
      steps: [{ op: names.indexOf("tanh"), picks: [0, 0, 0] }],
    };
    const [x] = inputsOf(program, "cpu");
    const [y] = inputsOf(program, plain.name);
    assert.ok(distance(x.tanh(), y.tanh().mul(1.001)) > TOLERANCE);
    assert.ok(Number.isNaN(distance(tensor([1, NaN]), tensor([1, 2]))));
  });
});
