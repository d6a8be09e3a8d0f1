/** What hooks of ops see, and how a bad matrix of a batch leaves the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { grad } from "@flambeau/autograd";
import { eye, Generator, matmul, randn, registerOpHook, stack, type Tensor, tensor } from "@flambeau/tensor";
import * as linalg from "../src/index.ts";

const generator = new Generator();
generator.manualSeed(5);
const draw = (n: number): Tensor => randn([n, n], { dtype: "float64", generator });

function namesIn(body: () => unknown): string[] {
  const names: string[] = [];
  const handle = registerOpHook((call, execute) => {
    execute();
    names.push(call.name);
  });
  try {
    body();
  } finally {
    handle.remove();
  }
  return names;
}

test("a decomposition is one op, and its own products are none", () => {
  const A = draw(120);
  assert.deepEqual(
    namesIn(() => linalg.det(A)),
    ["linalgDet"],
  );
  assert.deepEqual(
    namesIn(() => linalg.luFactorEx(A)),
    ["linalgLuFactorEx"],
  );
  assert.deepEqual(
    namesIn(() => linalg.eigvalsh(A)),
    ["linalgEigh"],
  );
  const positive = matmul(A, A.mT).add(eye(120, 120, { dtype: "float64" }));
  for (const run of [
    () => linalg.cholesky(positive),
    () => linalg.inv(A),
    () => linalg.matrixExp(A.mul(0.01)),
  ])
    assert.ok(!namesIn(run).includes("matmul"));
});

test("the gradient of a determinant is nan for the matrix that has one alone", () => {
  const good = draw(3);
  const singular = tensor([
    [1, 2, 3],
    [2, 4, 6],
    [1, 0, 1],
  ]).double();
  const bad = good.clone();
  bad.select(0, 1).fill_(Number.NaN);
  const first = (x: Tensor): Tensor => {
    const a = x.clone().requiresGrad_();
    return grad(linalg.det(a).sum(), a)[0];
  };
  const second = (x: Tensor): Tensor => {
    const a = x.clone().requiresGrad_();
    const [g] = grad(linalg.det(a).sum(), a, { createGraph: true });
    const [h] = grad(g.square().sum(), a);
    return h;
  };
  for (const derivative of [first, second]) {
    const all = derivative(stack([good, bad, singular, good.mul(Infinity)]));
    assert.ok(all.select(0, 0).allclose(derivative(good)));
    assert.ok(all.select(0, 1).isnan().all().itemSync());
    assert.ok(all.select(0, 2).allclose(derivative(singular)));
    assert.ok(all.select(0, 2).isfinite().all().itemSync());
    assert.ok(all.select(0, 3).isnan().any().itemSync());
  }
});
