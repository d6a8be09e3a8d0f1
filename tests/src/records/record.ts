/** How PyTorch's records (tools/fixtures/recording.py) are read, and compared with results. */
import assert from "node:assert/strict";
import type { DType } from "@flambeau/backend";
import { linspace, Tensor } from "@flambeau/tensor";
import { elements, layouts, type Recorded } from "../../../packages/tensor/test/support.ts";

/** A recorded tensor; the dtype "float" stands for float64 and float32 alike, with float64's numbers. */
export type Written = readonly [dtype: DType | "float", shape: Recorded[1], values: Recorded[2]];

/** How a record is run: in which float dtype where it has both, and how its tensors lie in memory. */
export interface Way {
  readonly float: "float32" | "float64";
  readonly layout: keyof typeof layouts;
}

/** A recorded tensor in a dtype. */
export function recordedIn([dtype, shape, values]: Written, float: DType): Recorded {
  return [dtype === "float" ? float : dtype, shape, values];
}

/** A number of a record: what JSON cannot say is a string. */
export function special(x: unknown): unknown {
  return typeof x === "string" && /^-?(inf|nan)$/.test(x) ? Number(x.replace("inf", "Infinity")) : x;
}

/** Arguments as they were recorded, with tensors in place of `{ t: number }` and, as leaves, of `{ x: number }`. */
export class Arguments {
  readonly pool: readonly Written[];
  readonly way: Way;
  readonly leaves: Tensor[] = [];

  constructor(pool: readonly Written[], way: Way) {
    this.pool = pool;
    this.way = way;
  }

  read(x: unknown): unknown {
    if (Array.isArray(x)) return x.map((e) => this.read(e));
    if (typeof x !== "object" || x === null) return special(x);
    if ("t" in x) return this.#tensor(x.t as number);
    if ("x" in x) {
      const leaf = this.#tensor(x.x as number).requiresGrad_();
      this.leaves.push(leaf);
      return leaf;
    }
    return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, this.read(value)]));
  }

  #tensor(number: number): Tensor {
    return layouts[this.way.layout](recordedIn(this.pool[number], this.way.float)).detach();
  }
}

/** Relative to a number, or to 1 if that is more. */
export const tolerances: Readonly<Partial<Record<DType, number>>> = { float32: 2e-6, float64: 2e-12 };

/** Asserts dtype, shape and elements: integers and bool exactly, floats to so many times the tolerance of their dtype. */
export function assertRecorded(actual: unknown, wanted: Recorded, what: string, times = 1): void {
  assert.ok(actual instanceof Tensor, `${what} is a tensor, not ${typeof actual}`);
  const [dtype, shape, values] = wanted;
  const [got, expected] = [actual, { dtype, shape }].map((x) => `${x.dtype} [${x.shape}]`);
  assert.ok(got === expected, `${what} is ${got}, PyTorch has ${expected}`);
  assertElements(actual.detach().dataSync(), elements(dtype, values), (tolerances[dtype] ?? 0) * times, what);
}

/** Asserts elements to a tolerance; nan and infinities are equal to themselves only. */
export function assertElements(
  got: ArrayLike<number | bigint>,
  wanted: ArrayLike<number | bigint>,
  tolerance: number,
  what: string,
): void {
  assert.equal(got.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [Number(got[i]), Number(wanted[i])];
    if (got[i] === wanted[i] || Object.is(a, b)) continue;
    if (!(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))))
      assert.fail(`${what}: element ${i} is ${got[i]}, PyTorch has ${wanted[i]}`);
  }
}

/** Runs backward from the sum of all outputs that have a gradient, each element weighted as in recording.py. */
export function backwardWeighted(outputs: readonly unknown[]): void {
  const terms = outputs.flatMap((y) =>
    y instanceof Tensor && y.requiresGrad
      ? [y.mul(linspace(0.5, 2, y.numel(), { dtype: y.dtype }).reshape(y.shape)).sum()]
      : [],
  );
  if (terms.length > 0) terms.reduce((sum, term) => sum.add(term)).backward();
}

/** A name in camelCase as PyTorch spells it. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The reverse. */
export function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
