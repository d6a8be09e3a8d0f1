/** Transforms against PyTorch 1.13 (tools/fixtures/distributions.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as D from "@flambeau/distributions";
import { type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };
import { assertOutcome, build, DTYPES, type Expected, inDType, type Spec } from "./support.ts";

interface Got {
  readonly text: string;
  readonly bijective: boolean;
  readonly sign: number | null;
  readonly domain: string | null;
  readonly codomain: string | null;
  readonly forward: Expected;
  readonly inverse: Expected;
  readonly jacobian: Expected | null;
  readonly forwardShape: readonly number[];
  readonly inverseShape: readonly number[];
}

interface Case {
  readonly spec: Spec & { readonly class?: string };
  readonly values: unknown;
  readonly float32: Got;
  readonly float64: Got;
}

const cases = fixture.transforms as unknown as readonly Case[];
/** Their texts there are addresses of objects. */
const WITHOUT_TEXT = ["CatTransform", "StackTransform"];

describe("transforms are PyTorch's", () => {
  for (const made of cases) {
    test(JSON.stringify(made.spec), () => {
      for (const dtype of DTYPES) inDType(dtype, () => check(made, dtype));
    });
  }

  function check(made: Case, dtype: "float32" | "float64"): void {
    const got = made[dtype];
    const leaves: Tensor[] = [];
    const f: D.Transform = build(made.spec, dtype, leaves);
    const x = tensor(made.values as number[], { dtype, requiresGrad: true });
    const y = f.call(x).detach().requiresGrad_();
    assert.equal(String(f), got.text);
    assert.equal(f.bijective, got.bijective);
    if (got.sign !== null) assert.equal(f.sign, got.sign);
    if (!WITHOUT_TEXT.includes(made.spec.class ?? "")) {
      if (got.domain !== null) assert.equal(String(f.domain), got.domain);
      if (got.codomain !== null) assert.equal(String(f.codomain), got.codomain);
    }
    assertOutcome(() => f.call(x), got.forward, [...leaves, x], "forward", dtype);
    assertOutcome(() => f.inv.call(y), got.inverse, [...leaves, y], "inverse", dtype, 4);
    assertOutcome(
      () => f.logAbsDetJacobian(x, f.call(x)),
      got.jacobian,
      [...leaves, x],
      "jacobian",
      dtype,
      4,
    );
    assert.deepEqual(f.forwardShape(x.shape), got.forwardShape);
    assert.deepEqual(f.inverseShape(y.shape), got.inverseShape);
    // The constraints say of the values what they say.
    if (got.codomain !== null && got.bijective) assert.ok(f.codomain.check(y).all().itemSync());
  }

  test("every transform has a case", () => {
    const tested = new Set(cases.map(({ spec }) => spec.class));
    const all = Object.entries(D).flatMap(([name, value]) =>
      typeof value === "function" && value.prototype instanceof D.Transform ? [name] : [],
    );
    assert.deepEqual(
      all.filter((name) => !tested.has(name)),
      [],
    );
  });
});

describe("transforms", () => {
  test("undo what they did exactly where they keep it", () => {
    const kept = new D.TanhTransform(1);
    const x = tensor([20]);
    const y = kept.call(x);
    assert.equal(kept.inv.call(y), x);
    assert.equal(kept.call(x), y);
    assert.equal(new D.TanhTransform().inv.call(y).itemSync(), Infinity);
    assert.equal(kept.withCache(1), kept);
    assert.equal(kept.withCache(0).cacheSize, 0);
    assert.equal(new D.AffineTransform(1, 2).withCache().call(tensor(1)).itemSync(), 3);
    assert.throws(() => new D.ExpTransform(2), /cacheSize must be 0 or 1/);
  });

  test("of a composition the cache is that of its parts", () => {
    const both = new D.ComposeTransform([new D.TanhTransform(), new D.AffineTransform(1, 2)], 1);
    const x = tensor([20]);
    assert.equal(both.inv.call(both.call(x)), x);
    assert.equal(both.inv.inv, both);
    assert.equal(D.identityTransform.call(x), x);
  });

  test("are equal where they compute the same", () => {
    const { AffineTransform, ComposeTransform, ExpTransform, PowerTransform, SigmoidTransform } = D;
    assert.ok(new ExpTransform().equals(new ExpTransform()));
    assert.ok(!new ExpTransform().equals(new SigmoidTransform()));
    assert.ok(new ExpTransform().inv.equals(new ExpTransform().inv));
    assert.ok(new AffineTransform(1, tensor(2)).equals(new AffineTransform(1, 2)));
    assert.ok(!new AffineTransform(1, 2).equals(new AffineTransform(1, 3)));
    assert.ok(new PowerTransform(2).equals(new PowerTransform(2)));
    assert.ok(new ComposeTransform([new ExpTransform()]).equals(new ComposeTransform([new ExpTransform()])));
  });

  test("refuse shapes and parts that do not fit", () => {
    const { CatTransform, ComposeTransform, ExpTransform, IndependentTransform, ReshapeTransform } = D;
    assert.throws(() => new ReshapeTransform([4], [3]), /different numbers of elements/);
    assert.throws(() => new ReshapeTransform([4], [2, 2]).forwardShape([3]), /shape mismatch/);
    assert.throws(
      () => new IndependentTransform(new ExpTransform(), 1).call(zeros([])),
      /too few dimensions/,
    );
    assert.throws(() => new CatTransform([new ExpTransform()], 0, [1, 2]), /1 transforms have 2 lengths/);
    assert.throws(() => new CatTransform([new ExpTransform()], 0, [2]).call(zeros([3])), /has 3 of 2/);
    assert.throws(() => new D.StackTransform([new ExpTransform()]).call(zeros([3])), /3 slices for 1/);
    assert.throws(() => new ComposeTransform([3 as never]), /array of transforms/);
    assert.throws(() => new D.CorrCholeskyTransform().call(zeros([4])), /no square matrix has 4/);
    assert.throws(
      () => new D.StickBreakingTransform().eventDim === 1 && new D.CorrCholeskyTransform().eventDim,
      /has no eventDim/,
    );
  });

  test("sum the logarithm of their stretching along each part", () => {
    const parts = new D.CatTransform([new D.ExpTransform(), new D.AffineTransform(0, 2)], -1, [1, 2]);
    const x = tensor([[1, 2, 3]]);
    assert.deepEqual(parts.logAbsDetJacobian(x, parts.call(x)).mul(1).shape, [1, 3]);
  });
});
