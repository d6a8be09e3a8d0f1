/** What tools/fixtures/distributions.py writes down, built and compared. */
import assert from "node:assert/strict";
import { grad } from "@flambeau/autograd";
import type { DType } from "@flambeau/backend";
import * as D from "@flambeau/distributions";
import { setDefaultDType, type Tensor, tensor } from "@flambeau/tensor";

/** A distribution or a transform: its class and its arguments by name. */
export interface Made {
  readonly class: string;
  readonly args: Readonly<Record<string, Spec>>;
}

/** A number, a tensor, a distribution or a transform, or several. */
export type Spec =
  | number
  | readonly Spec[]
  | { readonly tensor: unknown }
  | { readonly inverse: Spec }
  | Made;

type Numbers = readonly (number | string)[];

/** A result and the gradient of each leaf, where there is one. */
export interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: Numbers;
  readonly grads?: readonly (Numbers | null)[];
}

export const DTYPES = ["float32", "float64"] as const;
export type Float = (typeof DTYPES)[number];

/** Runs with another default dtype. */
export function inDType(dtype: Float, run: () => void): void {
  setDefaultDType(dtype);
  try {
    run();
  } finally {
    setDefaultDType("float32");
  }
}

/** What a spec says; its tensors are added to the leaves. */
export function build(spec: Spec, dtype: DType, leaves: Tensor[]): any {
  if (Array.isArray(spec)) return spec.map((one) => build(one, dtype, leaves));
  if (typeof spec !== "object") return spec;
  if ("tensor" in spec) {
    const leaf = tensor(spec.tensor as number[], { dtype, requiresGrad: true });
    leaves.push(leaf);
    return leaf;
  }
  if ("inverse" in spec) return build(spec.inverse, dtype, leaves).inv;
  const { class: name, args } = spec as Made;
  const given = Object.fromEntries(Object.entries(args).map(([key, x]) => [key, build(x, dtype, leaves)]));
  const made = (D as unknown as Record<string, new (...args: unknown[]) => unknown>)[name];
  return Object.keys(given).length === 0 ? new made() : new made(given);
}

/** 1/4, 2/4, ...: what elements of a result are multiplied by before they are summed. */
function weights(x: Tensor): Tensor {
  const values = Array.from({ length: x.numel() }, (_, i) => (i + 1) / 4);
  return tensor(values, { dtype: x.dtype }).reshape(x.shape);
}

/** How far a number may be off, as a part of what it is computed from. */
const TOLERANCE: Record<Float, number> = { float32: 1e-6, float64: 1e-10 };

export function assertNumbers(
  actual: Tensor,
  expected: Numbers,
  label: string,
  dtype: Float,
  factor = 1,
): void {
  const values = Array.from(actual.detach().dataSync() as ArrayLike<number | bigint>, Number);
  assert.equal(values.length, expected.length, `${label}: length`);
  expected.forEach((given, i) => {
    const wanted = Number(String(given).replace("inf", "Infinity"));
    const limit = factor * TOLERANCE[dtype] * Math.max(1, Math.abs(wanted));
    const isClose =
      Object.is(wanted, values[i]) || wanted === values[i] || Math.abs(wanted - values[i]) <= limit;
    assert.ok(isClose, `${label}, element ${i}: ${values[i]} is not ${wanted}`);
  });
}

/** Checks a result, and the gradients of its weighted sum; where none is expected, that there is no such thing. */
export function assertOutcome(
  compute: () => Tensor,
  expected: Expected | null,
  leaves: readonly Tensor[],
  label: string,
  dtype: Float,
  factor = 1,
): void {
  if (expected === null) {
    assert.throws(compute, D.NotImplementedError, label);
    return;
  }
  const result = compute();
  assert.deepEqual(result.shape, expected.shape, `${label}: shape`);
  assert.equal(result.dtype, expected.dtype, `${label}: dtype`);
  assertNumbers(result, expected.values, label, dtype, factor);
  if (expected.grads === undefined) return;
  const grads = grad(result.mul(weights(result)).sum(), [...leaves], { allowUnused: true });
  grads.forEach((gradient, i) => {
    const wanted = expected.grads?.[i] ?? null;
    if (wanted === null) {
      const isNone = gradient === null || gradient.abs().amax().itemSync() === 0;
      assert.ok(isNone, `${label}: leaf ${i} has a gradient`);
    } else {
      assert.notEqual(gradient, null, `${label}: leaf ${i} has no gradient`);
      // Trigamma, which is in derivatives of digamma, has 8 digits there.
      const digits = dtype === "float64" && label.match(/entropy|perplexity|kl/) ? 100 : 4;
      assertNumbers(gradient as Tensor, wanted, `${label}: gradient ${i}`, dtype, digits * factor);
    }
  });
}
