/** PyTorch's samples of linear algebra (tools/fixtures/linalg_samples.py): how they are run, and compared. */
import assert from "node:assert/strict";
import type { DType } from "@flambeau/backend";
import * as flambeau from "flambeau";
import { linalg, linspace, Tensor } from "flambeau";
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

/** Where and in which dtype a case is run. */
export interface Place {
  readonly dtype: "float32" | "float64";
  readonly device: string;
}

export const casesByOp: ReadonlyMap<string, readonly LinalgCase[]> = (() => {
  const byOp = new Map<string, LinalgCase[]>();
  for (const c of fixture as unknown as readonly LinalgCase[]) byOp.set(c.op, [...(byOp.get(c.op) ?? []), c]);
  return byOp;
})();

type AnyFunction = (...args: unknown[]) => unknown;

/** Of a product, which has a lower rank. */
const singular = { "linalg.pinv.singular": (a: Tensor, b: Tensor) => linalg.pinv(a.matmul(b.mT)) };

function functionOf(op: string): AnyFunction {
  if (op in singular) return singular[op as keyof typeof singular] as AnyFunction;
  return op
    .split(".")
    .map(camel)
    .reduce<any>((table, key) => table[key], flambeau) as AnyFunction;
}

/** The outputs of a case, and the gradients that its leaves have after the weighted sum of the outputs. */
export function runCase(
  c: LinalgCase,
  { dtype, device }: Place,
): { outs: Tensor[]; grads: (Tensor | null)[] } {
  const tensors = c.tensors.map(([own, shape, values], i) => {
    const data = values.map((x) => (typeof x === "string" ? Number(special(x)) : x)) as number[];
    const as = own === "float64" ? dtype : own;
    const x = flambeau
      .tensor(data, { dtype: as, device })
      .reshape(shape as number[])
      .detach();
    return c.leaves.includes(i) ? x.requiresGrad_() : x;
  });
  const read = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(read);
    return typeof x === "object" && x !== null && "t" in x ? tensors[x.t as number] : special(x);
  };
  const args = (c.args as unknown[]).map(read);
  const options = Object.entries(c.kwargs).map(([key, value]) => [camel(key), read(value)]);
  if (options.length > 0) args.push(Object.fromEntries(options));
  const given = functionOf(c.op)(...args);
  const outs = unsigned(c.op, given instanceof Tensor ? [given] : [...(given as Iterable<Tensor>)]);
  if (c.grads !== undefined) {
    const terms = outs
      .filter((y) => y.requiresGrad)
      .map((y) => y.mul(linspace(0.5, 2, y.numel(), { dtype: y.dtype, device }).reshape(y.shape)).sum());
    terms.reduce((sum, term) => sum.add(term)).backward();
  }
  return { outs, grads: tensors.map((x) => x.grad) };
}

/** Outputs without what is not unique: the signs of eigenvectors and singular vectors. */
function unsigned(op: string, outs: readonly Tensor[]): Tensor[] {
  if (op === "linalg.eigh" || op === "linalg.eig") return [outs[0], outs[1].abs()];
  if (op === "linalg.lstsq") return [outs[0], ...outs.slice(1).map((y) => y.detach())];
  if (op !== "linalg.svd" && op !== "svd") return [...outs];
  const [u, s, v] = outs;
  const k = s.shape[s.ndim - 1];
  return [u.narrow(-1, 0, k).abs(), s, v.narrow(op === "svd" ? -1 : -2, 0, k).abs()];
}

/** Runs a case and compares it with what PyTorch has. */
export async function check(c: LinalgCase, place: Place): Promise<void> {
  const { outs, grads } = runCase(c, place);
  assert.equal(outs.length, c.outs.length, "outputs");
  const tolerance = place.dtype === "float64" ? 1e-9 : Math.max(2e-5, 10 * c.far);
  for (const [i, y] of outs.entries()) await nearTo(y, c.outs[i], place, tolerance, `output ${i}`);
  if (c.node != null && isNamed(c.op))
    assert.equal(
      outs.find((y) => y.requiresGrad)?.gradFn?.name,
      c.node,
      "the name of the first output's node",
    );
  for (const [i, wanted] of (c.grads ?? []).entries()) {
    const g = grads[i];
    if (wanted !== null) await nearTo(g as Tensor, wanted, place, tolerance, `gradient ${i}`);
  }
}

/** Whether PyTorch has the op as one: of others the last of several names the result. */
const isNamed = (op: string): boolean =>
  !/\.(cond|matmul|multi_dot|tensor\w+|matrix_norm|matrix_power|vander|vecdot|svd|eigh|eig|eigvals|norm|diagonal)$|^(chain_matmul|svd)$/.test(
    op,
  );

/** Asserts dtype, shape and elements. */
async function nearTo(
  actual: Tensor | null,
  wanted: Recorded,
  { dtype, device }: Place,
  tolerance: number,
  what: string,
): Promise<void> {
  assert.ok(actual !== null, `${what} is null`);
  const [own, shape, values] = wanted;
  assert.equal(
    `${actual.dtype} [${actual.shape}] ${actual.device}`,
    `${own === "float64" ? dtype : own} [${shape}] ${device}`,
    what,
  );
  const got = await actual.detach().data();
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [Number(got[i]), Number(special(values[i]))];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))))
      assert.fail(`${what}: element ${i} is ${a}, PyTorch has ${b}`);
  }
}

/** Asserts that cases are as in PyTorch; says of all that are not. */
export async function checkAll(list: readonly LinalgCase[], place: Place): Promise<void> {
  const failures: string[] = [];
  for (const c of list) {
    try {
      await check(c, place);
    } catch (error) {
      const shapes = c.tensors.map(([, shape]) => `[${shape}]`).join(" ");
      failures.push(`${shapes} ${JSON.stringify([c.args, c.kwargs])}: ${(error as Error).message}`);
    }
  }
  if (failures.length > 0) assert.fail(`${failures.length} of ${list.length}\n${failures.join("\n")}`);
}

/** Ops that PyTorch has no derivative of, or whose results are integers. */
const withoutGradient = [
  "geqrf",
  "ormqr",
  "ldlFactor",
  "ldlFactorEx",
  "ldlSolve",
  "matrixRank",
  "LinAlgError",
];

/** What the samples lack of the functions of a namespace. */
export function problemsOfNames(names: readonly string[]): string[] {
  const camelNames = (all: readonly LinalgCase[]): Set<string> =>
    new Set(all.map(({ op }) => camel(op.replace(/^linalg\./, ""))));
  const all = [...casesByOp.values()].flat();
  const called = camelNames(all);
  const derived = camelNames(all.filter((c) => c.grads !== undefined));
  return names.flatMap((name) => {
    if (!called.has(name) && name !== "LinAlgError") return [`${name} has no sample`];
    return derived.has(name) || withoutGradient.includes(name) ? [] : [`${name} has no sample of a gradient`];
  });
}
