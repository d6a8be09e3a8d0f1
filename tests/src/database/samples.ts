/** PyTorch's own samples of its ops (tools/fixtures/op_samples.py): how they are run, and compared. */
import assert from "node:assert/strict";
import { type DType, isFloat } from "@flambeau/backend";
import * as flambeau from "flambeau";
import { linspace, Tensor } from "flambeau";
import { camel, special } from "../records/record.ts";

type Recorded = readonly [
  dtype: DType,
  shape: readonly number[],
  values: readonly (number | string | boolean)[],
];

/** A call as PyTorch has made it. */
export interface OpCase {
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
  /** Of numbers that PyTorch has in float64; in a dtype of integers they are cut. */
  readonly dtype: DType;
  readonly device: string;
}

/** What is particular to ops. */
export interface Particulars {
  /** What an op is called, where its name is not a path from `flambeau`. */
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Outputs without what is not unique. */
  readonly unique?: (op: string, outs: readonly Tensor[]) => readonly Tensor[];
  /** How far float64 may be from PyTorch's, where that has fewer digits: 1e-9 by default. */
  readonly digits?: (op: string) => number;
  /** Whether the node of the first output has PyTorch's name. */
  readonly isNamed?: (op: string) => boolean;
}

/** The cases of a fixture by the names of ops. */
export function casesByOpOf(fixture: unknown): ReadonlyMap<string, readonly OpCase[]> {
  const byOp = new Map<string, OpCase[]>();
  for (const c of fixture as readonly OpCase[]) byOp.set(c.op, [...(byOp.get(c.op) ?? []), c]);
  return byOp;
}

type AnyFunction = (...args: unknown[]) => unknown;

function functionOf(op: string, { functions = {} }: Particulars): AnyFunction {
  if (op in functions) return functions[op] as AnyFunction;
  return op
    .split(".")
    .map(camel)
    .reduce<any>((table, key) => table[key], flambeau) as AnyFunction;
}

/** The outputs of a case, and the gradients that its leaves have after the weighted sum of the outputs. */
export function runCase(
  c: OpCase,
  { dtype, device }: Place,
  particulars: Particulars = {},
): { outs: Tensor[]; grads: (Tensor | null)[] } {
  const tensors = c.tensors.map(([own, shape, values], i) => {
    const as = own === "float64" ? dtype : own;
    const read = (x: unknown): unknown => (typeof x === "string" ? Number(special(x)) : x);
    const data = values.map((x) =>
      isFloat(as) || own === as ? read(x) : Math.trunc(Number(read(x))),
    ) as number[];
    const x = flambeau
      .tensor(data, { dtype: as, device })
      .reshape(shape as number[])
      .detach();
    return c.leaves.includes(i) && isFloat(as) ? x.requiresGrad_() : x;
  });
  const read = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(read);
    return typeof x === "object" && x !== null && "t" in x ? tensors[x.t as number] : special(x);
  };
  const args = (c.args as unknown[]).map(read);
  const options = Object.entries(c.kwargs).map(([key, value]) => [camel(key), read(value)]);
  if (options.length > 0) args.push(Object.fromEntries(options));
  const given = functionOf(c.op, particulars)(...args);
  const all = given instanceof Tensor ? [given] : [...(given as Iterable<Tensor>)];
  const outs = [...(particulars.unique?.(c.op, all) ?? all)];
  // Integers have none.
  if (c.grads !== undefined && outs.some((y) => y.requiresGrad)) {
    const terms = outs
      .filter((y) => y.requiresGrad)
      .map((y) => y.mul(linspace(0.5, 2, y.numel(), { dtype: y.dtype, device }).reshape(y.shape)).sum());
    terms.reduce((sum, term) => sum.add(term)).backward();
  }
  return { outs, grads: tensors.map((x) => x.grad) };
}

/** Runs a case and compares it with what PyTorch has. */
export async function check(c: OpCase, place: Place, particulars: Particulars = {}): Promise<void> {
  const { outs, grads } = runCase(c, place, particulars);
  assert.equal(outs.length, c.outs.length, "outputs");
  const { digits = () => 1e-9 } = particulars;
  const tolerance = place.dtype === "float64" ? digits(c.op) : Math.max(2e-5, 10 * c.far);
  for (const [i, y] of outs.entries()) await nearTo(y, c.outs[i], place, tolerance, `output ${i}`);
  if (c.node != null && particulars.isNamed?.(c.op))
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
  // Of integers PyTorch computes in float32 whatever the place has.
  const allowed = own === "float32" ? Math.max(tolerance, 2e-5) : tolerance;
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [Number(got[i]), Number(special(values[i]))];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= allowed * Math.max(1, Math.abs(b))))
      assert.fail(`${what}: element ${i} is ${a}, PyTorch has ${b}`);
  }
}

/** Asserts that cases are as in PyTorch; says of all that are not. */
export async function checkAll(
  list: readonly OpCase[],
  place: Place,
  particulars: Particulars = {},
): Promise<void> {
  const failures: string[] = [];
  for (const c of list) {
    try {
      await check(c, place, particulars);
    } catch (error) {
      const shapes = c.tensors.map(([, shape]) => `[${shape}]`).join(" ");
      failures.push(`${shapes} ${JSON.stringify([c.args, c.kwargs])}: ${(error as Error).message}`);
    }
  }
  if (failures.length > 0) assert.fail(`${failures.length} of ${list.length}\n${failures.join("\n")}`);
}
