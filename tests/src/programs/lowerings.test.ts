/**
 * Random programs on two CPU devices: one compiles its kernels to WebAssembly SIMD, the other has no WebAssembly memory
 * and so runs the plain JavaScript lowering. Values and gradients agree.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { CpuBackend } from "@flambeau/cpu-backend";
import { registerBackend, type Tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { inputsOf, names, ops, type Program, programs, run } from "./program.ts";

class PlainCpu extends CpuBackend {
  override readonly name: string = "plain-cpu";
}
const plain = new PlainCpu({ wasmLimit: 0 });
registerBackend(plain);

/**
 * float32 kernels differ by a few units in the last place (1.2e-7) per step, which later steps of a program amplify by a
 * small factor; errors of a wrong kernel are of the size of the values themselves.
 */
const TOLERANCE = 2e-4;

function distance(x: Tensor, y: Tensor): number {
  const [a, b] = [x.detach().double().dataSync(), y.detach().double().dataSync()];
  let [difference, size] = [0, 1e-3];
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) difference = Math.max(difference, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return difference / size;
}

function compare(program: Program): void {
  const told = program.steps.map(({ op }) => names[op]).join(", ");
  const [fast, slow] = ["cpu", plain.name].map((device) => {
    const inputs = inputsOf(program, device);
    const values = run(program, inputs);
    const last = values[values.length - 1];
    const tracked = last.requiresGrad;
    if (tracked) last.mul(last).mean().backward();
    return { values, grads: inputs.map((x) => x.grad).filter((g) => g !== null) };
  });
  fast.values.forEach((value, k) => {
    assert.equal(value.dtype, slow.values[k].dtype);
    assert.deepEqual(value.shape, slow.values[k].shape);
    const error = distance(value, slow.values[k]);
    assert.ok(error <= TOLERANCE, `value ${k} of ${told} differs by ${error}`);
  });
  assert.equal(fast.grads.length, slow.grads.length);
  fast.grads.forEach((grad, k) => {
    const error = distance(grad, slow.grads[k]);
    assert.ok(error <= 10 * TOLERANCE, `gradient ${k} of ${told} differs by ${error}`);
  });
}

describe("the compiled kernels and the plain JavaScript lowering", () => {
  test("agree on random programs, values and gradients", () => {
    // One seed: a value that lies on a kink by accident would differ by more than roundings, once in thousands of runs.
    fc.assert(fc.property(programs, compare), { numRuns: 250, seed: 1 });
  });

  test("agree on every op alone, small and large", () => {
    for (const op of Object.keys(ops)) {
      for (const [rows, columns] of [
        [2, 3],
        [70, 70],
        [3, 1100],
      ]) {
        const step = { op: names.indexOf(op), picks: [0, 1, 1] as const };
        compare({ rows, columns, dtypes: ["float32", "float32"], seed: 1, steps: [step] });
      }
    }
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
  });
});
