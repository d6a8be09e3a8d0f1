/**
 * Infinities, nan, zeros of both signs, and the largest and smallest numbers: every elementwise op and its gradient at every
 * one of them, or pair of them, gives on a device what it gives on the CPU in float32.
 */
import assert from "node:assert/strict";
import { after, describe } from "node:test";
import "@flambeau/autograd";
import type { ElementwiseName } from "@flambeau/tensor";
import * as T from "@flambeau/tensor";
import { functionOf, operands } from "../samples/index.ts";
import { devices, testOn } from "./devices.ts";

const values = [
  ...[Infinity, -Infinity, Number.NaN, 0, -0, 1, -1, 0.5, -2.5, 3],
  // Near the bounds of float32's exponents, and of exp's results.
  ...[3e38, -3e38, 2e-38, -2e-38, 87, -87, 1000, 16777216],
];

/** Half of the results are ordinary numbers: those have a few dozen ulps more or less, at any size. */
const TOLERANCE = 1e-5;
/**
 * GPUs are free to take numbers below 2^-126 for zero, also on the way: pow(3e38, -1) is such a one, and its derivative by
 * the exponent is that times a logarithm of up to 88.
 */
const FLUSHED = 128 * 2 ** -126;
/** Ops that subtract numbers of the values' size from one another: those lose what float32 does not hold of these. */
const cancelling: Readonly<Record<string, number>> = {
  // (1 - t) x + (1 + (w - 1) t) (...): with t = -2.5 and w = 87 two terms of about 10 leave 0.02.
  binaryCrossEntropyWithLogits: 2e-5,
};

function isSame(name: string, got: number, wanted: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(got);
  if (!Number.isFinite(wanted) || !Number.isFinite(got)) {
    // One rounding decides whether the largest numbers overflow.
    const largest = Math.abs(Number.isFinite(wanted) ? wanted : got) > 3.4e38 * (1 - TOLERANCE);
    return got === wanted || (largest && Math.sign(got) === Math.sign(wanted));
  }
  return Math.abs(got - wanted) <= TOLERANCE * Math.abs(wanted) + FLUSHED + (cancelling[name] ?? 0);
}

/** Tensors of all combinations of the values, one for each operand. */
function grid(count: number, device: string): T.Tensor[] {
  const line = T.tensor(values, { device });
  return Array.from({ length: count }, (_, k) => {
    const shape = Array.from({ length: count }, (__, d) => (d === k ? values.length : 1));
    return line.reshape(shape).expand(new Array<number>(count).fill(values.length)).clone();
  });
}

/** An op's results and gradients at the grid, with what is neither domain nor tensor as its samples have it. */
function run(name: ElementwiseName, device: string): T.Tensor[] {
  const list = operands[name][0];
  const isTensor = list.map((x) => typeof x === "object" && "min" in x);
  const leaves = grid(isTensor.filter(Boolean).length, device).map((x) => x.requiresGrad_());
  let next = 0;
  const args = list.map((x) => {
    if (x === "mask") return T.tensor(values, { device }).gt(0).reshape([-1, 1]);
    return typeof x === "object" && "min" in x ? leaves[next++] : x.setting;
  });
  const y = functionOf(name)(...args);
  y.sum().backward();
  return [y.detach(), ...leaves.map((leaf) => leaf.grad as T.Tensor)];
}

for (const device of devices) {
  describe(`special values on ${device.name}`, () => {
    let compared = 0;
    for (const name of Object.keys(operands) as ElementwiseName[]) {
      testOn(device, name, async () => {
        const wanted = run(name, "cpu").map((x) => x.dataSync());
        const got = await Promise.all(run(name, device.name).map((x) => x.data()));
        const count = got.length === 1 ? 1 : got.length - 1;
        for (const [k, all] of wanted.entries()) {
          all.forEach((value, i) => {
            compared++;
            if (isSame(name, got[k][i], value)) return;
            const at = Array.from(
              { length: count },
              (_, d) => values[Math.floor(i / values.length ** (count - 1 - d)) % values.length],
            );
            const what = k === 0 ? "" : `the gradient by operand ${k} of `;
            assert.fail(
              `${what}${name}(${at.map((v) => (Object.is(v, -0) ? "-0" : v)).join(", ")}) is ${got[k][i]}, should be ${value}`,
            );
          });
        }
      });
    }
    after(() => console.log(`counted: ${device.name}: ${compared} special results compared`));
  });
}
