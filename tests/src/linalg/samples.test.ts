/** Every function of linear algebra against PyTorch's own samples (tools/fixtures/linalg_samples.py): values and gradients. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as flambeau from "flambeau";
import { linalg, Tensor } from "flambeau";
import { backwardWeighted, camel, special } from "../records/record.ts";
import { type LinalgCase, linalgCases, nearTo, problemsOfNames, unsigned } from "./samples.ts";

type AnyFunction = (...args: unknown[]) => unknown;

const byName = new Map<string, LinalgCase[]>();
for (const c of linalgCases) byName.set(c.op, [...(byName.get(c.op) ?? []), c]);

/** Of a product, which has a lower rank. */
const singular = { "linalg.pinv.singular": (a: Tensor, b: Tensor) => linalg.pinv(a.matmul(b.mT)) };

function functionOf(op: string): AnyFunction {
  if (op in singular) return singular[op as keyof typeof singular] as AnyFunction;
  const path = op.split(".").map(camel);
  return path.reduce<any>((table, key) => table[key], flambeau) as AnyFunction;
}

/** Whether PyTorch has the op as one: of others the last of several names the result. */
const isNamed = (op: string): boolean =>
  !/\.(cond|matmul|multi_dot|tensor\w+|matrix_norm|matrix_power|vander|vecdot|svd|eigh|eig|eigvals|norm|diagonal)$|^(chain_matmul|svd)$/.test(
    op,
  );

describe("linear algebra is PyTorch's", () => {
  for (const [op, list] of byName) {
    for (const float of ["float64", "float32"] as const) {
      test(`${op}, ${float}`, () => {
        const failures: string[] = [];
        for (const c of list) {
          try {
            check(c, float);
          } catch (error) {
            const shapes = c.tensors.map(([, shape]) => `[${shape}]`).join(" ");
            failures.push(`${shapes} ${JSON.stringify([c.args, c.kwargs])}: ${(error as Error).message}`);
          }
        }
        if (failures.length > 0) assert.fail(`${failures.length} of ${list.length}\n${failures.join("\n")}`);
      });
    }
  }
});

function check(c: LinalgCase, float: "float32" | "float64"): void {
  const tensors = c.tensors.map(([dtype, shape, values], i) => {
    const own = dtype === "float64" ? float : dtype;
    const data = values.map((x) => (typeof x === "string" ? Number(special(x)) : x));
    const x = flambeau
      .tensor(data as number[], { dtype: own })
      .reshape(shape as number[])
      .detach();
    return c.leaves.includes(i) ? x.requiresGrad_() : x;
  });
  const read = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(read);
    return typeof x === "object" && x !== null && "t" in x ? tensors[x.t as number] : special(x);
  };
  const options = Object.entries(c.kwargs).map(([key, value]) => [camel(key), read(value)]);
  const args = (c.args as unknown[]).map(read);
  if (options.length > 0) args.push(Object.fromEntries(options));
  const given = functionOf(c.op)(...args);
  const outs = unsigned(c.op, given instanceof Tensor ? [given] : [...(given as Iterable<Tensor>)]);
  assert.equal(outs.length, c.outs.length, "outputs");
  const tolerance = float === "float64" ? 1e-9 : Math.max(2e-5, 10 * c.far);
  for (const [i, y] of outs.entries()) nearTo(y, c.outs[i], float, tolerance, `output ${i}`);
  if (c.grads === undefined) return;
  if (c.node != null && isNamed(c.op)) {
    const first = outs.find((y) => y.requiresGrad) as Tensor;
    assert.equal(first.gradFn?.name, c.node, "the name of the first output's node");
  }
  backwardWeighted(outs);
  c.grads.forEach((g, i) => {
    if (g === null) return;
    const found = tensors[i].grad;
    assert.ok(found !== null, `gradient ${i} is null`);
    nearTo(found, g, float, tolerance, `gradient ${i}`);
  });
}

test("every function has samples of values and of gradients", () => {
  assert.deepEqual(problemsOfNames(Object.keys(linalg)), []);
});
