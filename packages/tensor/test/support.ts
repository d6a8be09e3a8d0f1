/** Tensors of several memory layouts with the same elements, and comparison with recorded results. */
import assert from "node:assert/strict";
import { type DType, numel, type TypedArray, typedArray } from "@flambeau/backend";
import { fromNumpy, Tensor, tensor } from "@flambeau/tensor";

/** A tensor in a fixture: dtype, shape and elements, where what JSON cannot say is a string ("nan", a large integer). */
export type Recorded = readonly [DType, readonly number[], readonly (number | boolean | string)[]];

export function elements(dtype: DType, values: readonly (number | boolean | string)[]): TypedArray {
  const out = typedArray(dtype, values.length);
  values.forEach((value, i) => {
    if (dtype === "int64") (out as BigInt64Array)[i] = BigInt(value);
    else out[i] = typeof value === "string" ? special(value) : Number(value);
  });
  return out;
}

function special(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  return text.endsWith("inf") ? sign * Number.POSITIVE_INFINITY : Number(text === "nan" ? NaN : text);
}

export function contiguous(x: Recorded): Tensor {
  return tensor(elements(x[0], x[2]), { dtype: x[0] }).reshape(x[1]);
}

/** The same elements stored with their dimensions in reverse order. */
export function transposed(x: Recorded): Tensor {
  const flat = contiguous(x);
  return flat.ndim < 2 ? strided(x) : flat.T.contiguous().T;
}

/** The same elements with other elements between them, and not at the start of their memory. */
export function strided(x: Recorded): Tensor {
  const flat = contiguous(x);
  const wide = tensor(typedArray(x[0], 2 * flat.numel() + 3), { dtype: x[0] });
  wide.fill_(1);
  const out = wide.asStrided(
    flat.shape,
    flat.strides.map((s) => 2 * s),
    flat.numel() > 0 ? 3 : 0,
  );
  // A base of its own, so that in-place tests see a plain tensor.
  const view = new Tensor(out.storage, out.shape, out.strides, out.offset);
  if (flat.numel() > 0) view.copy_(flat);
  return view;
}

export const layouts: Readonly<Record<string, (x: Recorded) => Tensor>> = { contiguous, transposed, strided };

/** How far rounded results may lie from PyTorch's, relative to their size. */
const tolerance: Readonly<Partial<Record<DType, number>>> = { float32: 4e-7, float64: 1e-12 };

/** What may differ: see conformance.test.ts. */
export interface Rule {
  /** 1: relative to the element's size; 2: to its size, or 1 if that is more. */
  readonly loose?: number;
  readonly eitherZero?: boolean;
}

/** Asserts dtype, shape and elements; without a rule to the bit, except that any nan equals any other. */
export function assertTensor(actual: unknown, expected: Recorded, rule: Rule = {}): void {
  assert.ok(actual instanceof Tensor, `a tensor is expected, got ${actual}`);
  const [dtype, shape, values] = expected;
  assert.equal(actual.dtype, dtype, "dtype");
  assert.deepEqual([...actual.shape], [...shape], "shape");
  const wanted = elements(dtype, values);
  const got = actual.dataSync();
  assert.equal(got.length, numel(shape));
  const allowed = rule.loose ? (tolerance[dtype] ?? 0) : 0;
  for (let i = 0; i < got.length; i++) {
    const [a, b] = [got[i], wanted[i]];
    if (Object.is(a, b) || (rule.eitherZero && a === b)) continue;
    const distance = Math.abs(Number(a) - Number(b));
    const scale = Math.max(rule.loose === 2 ? 1 : Number.MIN_VALUE, Math.abs(Number(b)));
    if (!(distance <= allowed * scale)) {
      assert.fail(`element ${i} is ${show(a)}, expected ${show(b)}`);
    }
  }
}

function show(x: number | bigint): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

/** A copy of a tensor's fixture form, for results computed twice. */
export function recorded(x: Tensor): Recorded {
  return [
    x.dtype,
    x.shape,
    [...x.dataSync()].map((v) => (typeof v === "bigint" || !Number.isFinite(v) ? text(v) : v)),
  ];
}

function text(v: number | bigint): string {
  return Number.isNaN(v) ? "nan" : String(v).replace("Infinity", "inf");
}

/** A flat array as a tensor that shares it. */
export function shared(values: readonly number[], shape: readonly number[]): Tensor {
  return fromNumpy(Float64Array.from(values), shape);
}
