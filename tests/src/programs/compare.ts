/** A program on two devices. */
import assert from "node:assert/strict";
import type { Tensor } from "@flambeau/tensor";
import { inputsOf, names, type Program, run } from "./program.ts";

/**
 * float32 kernels differ by a few units in the last place (1.2e-7) per step, which later steps of a program amplify by a
 * small factor; errors of a wrong kernel are of the size of the values themselves.
 */
export const TOLERANCE = 2e-4;

/** The largest difference of two tensors over the largest element; nan where one has a nan. */
export function distance(x: Tensor, y: Tensor): number {
  const [a, b] = [x.detach().double().dataSync(), y.detach().double().dataSync()];
  let [difference, size] = [0, 1e-3];
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) difference = Math.max(difference, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return difference / size;
}

/** Runs a program on two devices; its values and gradients must agree. */
export function compare(program: Program, fast: string, slow: string): void {
  const told = program.steps.map(({ op }) => names[op]).join(", ");
  const [one, other] = [fast, slow].map((device) => {
    const inputs = inputsOf(program, device);
    const values = run(program, inputs);
    const last = values[values.length - 1];
    const tracked = last.requiresGrad;
    if (tracked) last.mul(last).mean().backward();
    return { values, grads: inputs.map((x) => x.grad).filter((g) => g !== null) };
  });
  one.values.forEach((value, k) => {
    assert.equal(value.dtype, other.values[k].dtype);
    assert.deepEqual(value.shape, other.values[k].shape);
    const error = distance(value, other.values[k]);
    assert.ok(error <= TOLERANCE, `value ${k} of ${told} differs by ${error}`);
  });
  assert.equal(one.grads.length, other.grads.length);
  one.grads.forEach((grad, k) => {
    const error = distance(grad, other.grads[k]);
    assert.ok(error <= 10 * TOLERANCE, `gradient ${k} of ${told} differs by ${error}`);
  });
}

/** A program of one op for each op, over matrices of each size. */
export function* alone(sizes: readonly (readonly [rows: number, columns: number])[]): Generator<Program> {
  for (const op of names.keys())
    for (const [rows, columns] of sizes)
      yield {
        rows,
        columns,
        dtypes: ["float32", "float32"],
        seed: 1,
        steps: [{ op, picks: [0, 1, 1] }],
      };
}
