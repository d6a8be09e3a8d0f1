/** Models through onnxruntime-web, and their results beside Flambeau's. */
import assert from "node:assert/strict";
import { type DType, halfBits, halfValue } from "@flambeau/backend";
import { exportOnnx, type OnnxOptions } from "@flambeau/onnx";
import { noGrad, type Tensor, tensor } from "flambeau";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

export type Program = ((...args: never[]) => unknown) & { readonly training?: boolean };

/** A session of a model's bytes. */
export function sessionOf(bytes: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
}

export async function run(
  session: ort.InferenceSession,
  inputs: readonly Tensor[],
): Promise<Readonly<Record<string, ort.Tensor>>> {
  const feeds = await Promise.all(
    session.inputNames.map(async (name, i) => [name, await feedOf(inputs[i])] as const),
  );
  return session.run(Object.fromEntries(feeds));
}

async function feedOf(x: Tensor): Promise<ort.Tensor> {
  const data = await x.detach().data();
  if (x.dtype === "float16")
    return new ort.Tensor("float16", Uint16Array.from(data as Float32Array, halfBits("float16")), x.shape);
  return new ort.Tensor(x.dtype as "float32", data as Float32Array, x.shape);
}

function numbersOf({ data, type }: ort.Tensor): number[] {
  const bits = type === "float16" && data instanceof Uint16Array;
  return bits
    ? Array.from(data as Uint16Array, halfValue("float16"))
    : Array.from(data as Float32Array, Number);
}

/** The tensors in what a model returned, in the order of the outputs. */
export function tensorsIn(value: unknown): Tensor[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value !== "object" && typeof value !== "function") return [];
  if (value === null) return [];
  return "dtype" in value && "numel" in value ? [value as Tensor] : Object.values(value).flatMap(tensorsIn);
}

/** Holds outputs against Flambeau's: dtype, shape, and elements within `tolerance` of the largest. */
export async function assertSame(
  actual: Readonly<Record<string, ort.Tensor>>,
  names: readonly string[],
  expected: readonly Tensor[],
  tolerance: number,
): Promise<number> {
  assert.equal(names.length, expected.length);
  let worst = 0;
  for (const [i, name] of names.entries()) {
    const [got, want] = [actual[name], expected[i]];
    assert.equal(got.type, want.dtype, `dtype of ${name}`);
    assert.deepEqual([...got.dims], [...want.shape], `shape of ${name}`);
    const numbers = numbersOf(got);
    const wanted = Array.from(await want.detach().data(), Number);
    const finite = wanted.map(Math.abs).filter(Number.isFinite);
    const scale = finite.reduce((a, b) => Math.max(a, b), 1e-30);
    for (const [k, value] of wanted.entries()) {
      if (Object.is(numbers[k], value) || numbers[k] === value) continue;
      const error = Math.abs(numbers[k] - value) / scale;
      assert.ok(error <= tolerance, `${name}[${k}]: ${numbers[k]}, not ${value}`);
      worst = Math.max(worst, error);
    }
  }
  return worst;
}

/**
 * Exports a model with the first inputs and runs the file on each of the lists of inputs, beside the model.
 *
 * @returns the largest difference, relative to the largest element.
 */
export async function assertExports(
  model: Program,
  lists: readonly (readonly Tensor[])[],
  options: OnnxOptions = {},
  tolerance = 1e-5,
): Promise<number> {
  const bytes = await exportOnnx(model as never, lists[0], options);
  const session = await sessionOf(bytes);
  let worst = 0;
  try {
    for (const inputs of lists) {
      const expected = noGrad(() => tensorsIn(model(...(inputs as never[]))));
      const actual = await run(session, inputs);
      worst = Math.max(worst, await assertSame(actual, session.outputNames, expected, tolerance));
    }
  } finally {
    await session.release();
  }
  return worst;
}

/** A tensor of a dtype with elements that repeat, without chance. */
export function wave(shape: readonly number[], dtype: DType = "float32", low = -2, high = 2): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const middle = (low + high) / 2;
  const values = Array.from({ length: count }, (_, i) => middle + (high - middle) * Math.sin(1.7 * i + 0.3));
  return tensor(values, { dtype: "float64" })
    .to(dtype)
    .reshape([...shape]);
}
