import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import {
  type Backend,
  type DType,
  isFloat,
  type Shape,
  type Strided,
  type TypedArray,
} from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fc from "fast-check";
import type { Scalar } from "../../cpu-backend/test/support.ts";
import { assumeAdapter } from "../src/software.ts";
import { gpu, skip } from "./adapter.ts";

export {
  broadcastable,
  empty,
  layouts,
  operand,
  PLAIN,
  readLayouts,
  type Scalar,
  shapes,
  valuesOf,
} from "../../cpu-backend/test/support.ts";

/** Runs tests with the kernels for the adapter there is, and with those for other kinds. */
export function forEachKind(body: (kind: string) => void): void {
  const kinds = [
    ["this adapter", null],
    ["a GPU", "gpu"],
    ["a CPU without subgroups", { hasFours: false, cores: 2 }],
  ] as const;
  for (const [name, kind] of kinds) {
    describe(`kernels for ${name}`, { skip }, () => {
      before(() => assumeAdapter(kind));
      after(() => assumeAdapter(null));
      body(name);
    });
  }
}

/** The dtypes that both devices have. */
export const shared: readonly DType[] = ["bool", "uint8", "int32", "int64", "float32"];
export const anyDType: fc.Arbitrary<DType> = fc.constantFrom(...shared);

/** The same operand on the GPU: the whole storage, gaps too. */
export function onGpu(x: Strided): Strided {
  const { data } = x.storage as unknown as { data: TypedArray };
  return { ...x, storage: gpu.upload(x.dtype, data.slice()) };
}

/** Elements in row-major order. */
export async function elements(x: Strided): Promise<Scalar[]> {
  const array = x.storage.backend === cpu ? cpu.downloadSync(x) : await x.storage.backend.download(x);
  return Array.from(array as unknown as ArrayLike<Scalar>);
}

/**
 * Compares a result with the CPU's: the same, or for floats within `tolerance` times the larger of the value and
 * `scale`; infinities and nan where the CPU has them. Where there is a tolerance, numbers below the least normal one count
 * as zero, for WGSL leaves it to the GPU whether arithmetic keeps them: so a sum may lose one of them with each addend,
 * of which these tests have fewer than a thousand.
 */
export async function same(
  actual: Strided,
  expected: Strided,
  what: string,
  { tolerance = 0, scale = 0 }: { tolerance?: number; scale?: number } = {},
): Promise<void> {
  const got = await elements(actual);
  const wanted = await elements(expected);
  assert.equal(got.length, wanted.length);
  // Times the tolerance, a thousand of the least normal float32: 1.2e-35.
  const least = tolerance > 0 ? 2 ** -116 / tolerance : 0;
  for (let k = 0; k < wanted.length; k++) {
    const [x, y] = [got[k], wanted[k]];
    if (x === y || Object.is(x, y)) continue;
    const isClose =
      isFloat(expected.dtype) &&
      Number.isFinite(y) &&
      Math.abs(Number(x) - Number(y)) <= tolerance * Math.max(Math.abs(Number(y)), scale, least);
    if (!isClose) assert.fail(`${what}: element ${k} of [${actual.shape}] is ${x}, not ${y}`);
  }
}

/** Runs `work` on both devices with operands in the same layouts. */
export function bothDevices(
  operands: readonly Strided[],
  work: (device: Backend, operands: Strided[]) => void,
): Strided[] {
  const twins = operands.map((x) => onGpu(x));
  work(cpu, [...operands]);
  work(gpu, twins);
  return twins;
}

/** Numbers without a pattern, the same at each run. */
export function noise(length: number, seed: number = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

/** An operand of float32 noise in row-major order. */
export function plainNoise(shape: Shape, seed?: number): Strided {
  const strides: number[] = [];
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d];
  }
  const storage = cpu.upload("float32", noise(step, seed));
  return { storage, dtype: "float32", shape, strides, offset: 0 };
}
