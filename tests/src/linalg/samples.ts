import assert from "node:assert/strict";
import type { DType } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import fixture from "../../fixtures/linalg_samples.json" with { type: "json" };
import { camel, special } from "../records/record.ts";

type Recorded = readonly [
  dtype: DType,
  shape: readonly number[],
  values: readonly (number | string | boolean)[],
];

/** A call as PyTorch has made it. */
export interface LinalgCase {
  /** "linalg.qr", or "qr" of torch itself. */
  readonly op: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly tensors: readonly Recorded[];
  /** Which of the tensors require a gradient. */
  readonly leaves: readonly number[];
  readonly outs: readonly Recorded[];
  readonly grads?: readonly (Recorded | null)[];
  /** As PyTorch names the node of the first output. */
  readonly node?: string | null;
  /** How far PyTorch's own float32 is from its float64, relative to a number, or to 1 if that is more. */
  readonly far: number;
}

export const linalgCases = fixture as unknown as readonly LinalgCase[];

/** Outputs without what is not unique: the signs of eigenvectors and singular vectors. */
export function unsigned(op: string, outs: readonly Tensor[]): Tensor[] {
  if (op === "linalg.eigh" || op === "linalg.eig") return [outs[0], outs[1].abs()];
  if (op === "linalg.lstsq") return [outs[0], ...outs.slice(1).map((y) => y.detach())];
  if (op !== "linalg.svd" && op !== "svd") return [...outs];
  const [u, s, v] = outs;
  const k = s.shape[s.ndim - 1];
  return [u.narrow(-1, 0, k).abs(), s, v.narrow(op === "svd" ? -1 : -2, 0, k).abs()];
}

/** Asserts dtype, shape and elements. */
export function nearTo(
  actual: Tensor,
  wanted: Recorded,
  float: DType,
  tolerance: number,
  what: string,
): void {
  const [dtype, shape, values] = wanted;
  assert.equal(
    `${actual.dtype} [${actual.shape}]`,
    `${dtype === "float64" ? float : dtype} [${shape}]`,
    what,
  );
  const got = actual.detach().dataSync();
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [Number(got[i]), Number(special(values[i]))];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))))
      assert.fail(`${what}: element ${i} is ${a}, PyTorch has ${b}`);
  }
}

/** Ops that PyTorch has no derivative of, or whose results are integers. */
const withoutGradient = ["geqrf", "ormqr", "ldlFactor", "ldlFactorEx", "ldlSolve", "matrixRank"];

/** What the samples lack of a list of names. */
export function problemsOfNames(names: readonly string[]): string[] {
  const last = (op: string): string => camel(op.replace(/^linalg\./, ""));
  const called = new Set(linalgCases.map(({ op }) => last(op)));
  const derived = new Set(linalgCases.filter((c) => c.grads !== undefined).map(({ op }) => last(op)));
  return names
    .filter((name) => name !== "LinAlgError")
    .flatMap((name) => {
      if (!called.has(name)) return [`${name} has no sample`];
      return derived.has(name) || withoutGradient.includes(name)
        ? []
        : [`${name} has no sample of a gradient`];
    });
}
