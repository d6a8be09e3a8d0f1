/** Every distribution against PyTorch 1.13 (tools/fixtures/distributions.py): texts, shapes, moments, densities, samples, gradients. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as D from "@flambeau/distributions";
import { manualSeed, type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };
import { assertOutcome, build, DTYPES, type Expected, type Float, inDType, type Made } from "./support.ts";

interface Got {
  readonly text: string;
  readonly batchShape: readonly number[];
  readonly eventShape: readonly number[];
  readonly hasRsample: boolean;
  readonly hasEnumerateSupport: boolean;
  readonly support: string;
  readonly expanded: { readonly text: string; readonly logProb: Expected; readonly sample: Expected };
  readonly [result: string]: unknown;
}

interface Case {
  readonly spec: Made;
  readonly values: unknown;
  readonly float32: Got;
  readonly float64: Got;
}

const cases = fixture.cases as unknown as readonly Case[];
const SEED = 10;
const MOMENTS = ["mean", "mode", "variance", "stddev"] as const;

/**
 * In single precision these are differences of terms up to a hundred times as large as the result, whose roundings differ: PyTorch's
 * logarithm of the gamma function is computed in single precision, and ours rounded to it.
 */
const ROUGH: Readonly<Record<string, number>> = { Beta: 20, Dirichlet: 20, Gamma: 20, Multinomial: 20 };

/** The Bessel functions in PyTorch's distribution are polynomials that are good to 1e-7; ours have all digits. */
const FEWER_DIGITS: Readonly<Record<string, number>> = { VonMises: 1e3 };

function check(made: Case, index: number, dtype: Float): void {
  const got = made[dtype];
  const factor = (dtype === "float32" ? ROUGH : FEWER_DIGITS)[made.spec.class] ?? 1;
  const leaves: Tensor[] = [];
  const fresh = (): D.Distribution => {
    leaves.length = 0;
    return build(made.spec, dtype, leaves);
  };
  const x = tensor(made.values as number[], { dtype, requiresGrad: true });
  const same = (what: string, compute: () => Tensor, more: readonly Tensor[] = []): void => {
    const expected = got[what] as Expected | null;
    const result =
      expected === null
        ? compute
        : (
            (y: Tensor) => () =>
              y
          )(compute());
    assertOutcome(result, expected, [...leaves, ...more], what, dtype, factor);
  };
  const d = fresh();
  assert.equal(String(d), got.text);
  assert.deepEqual([d.batchShape, d.eventShape], [got.batchShape, got.eventShape]);
  assert.deepEqual(
    [d.hasRsample, d.hasEnumerateSupport, String(d.support)],
    [got.hasRsample, got.hasEnumerateSupport, got.support],
  );
  for (const name of MOMENTS) same(name, () => fresh()[name]);
  same("entropy", () => fresh().entropy());
  same("perplexity", () => fresh().perplexity());
  same("logProb", () => fresh().logProb(x), [x]);
  same("cdf", () => fresh().cdf(x), [x]);
  const unit = tensor([0.1, 0.5, 0.8], { dtype, requiresGrad: true });
  const apart = unit.reshape([3, ...d.batchShape.map(() => 1), ...d.eventShape.map(() => 1)]);
  same("icdf", () => fresh().icdf(apart), [unit]);
  manualSeed(SEED + index);
  same("sample", () => fresh().sample([2, 3]));
  manualSeed(SEED + index + 1);
  if (d.hasRsample) same("rsample", () => fresh().rsample([2]));
  else assert.throws(() => d.rsample(), D.NotImplementedError);
  if (d.hasEnumerateSupport) {
    same("enumerated", () => d.enumerateSupport());
    same("enumeratedApart", () => d.enumerateSupport(false));
  } else assert.throws(() => d.enumerateSupport(), D.NotImplementedError);
  const wide = d.expand([4, 1, ...d.batchShape]);
  assert.equal(String(wide), got.expanded.text);
  assertOutcome(() => wide.logProb(x), got.expanded.logProb, [], "expanded logProb", dtype, factor);
  manualSeed(SEED + index);
  assertOutcome(() => wide.sample(), got.expanded.sample, [], "expanded sample", dtype, factor);
}

describe("distributions are PyTorch's", () => {
  cases.forEach((made, index) => {
    test(`${made.spec.class}, ${index}: ${JSON.stringify(made.spec.args)}`, () => {
      for (const dtype of DTYPES) inDType(dtype, () => check(made, index, dtype));
    });
  });
});

test("every distribution has a case", () => {
  const tested = new Set(cases.map(({ spec }) => spec.class));
  // The logits and logarithms of relaxed samples, which PyTorch does not export: relaxed ones are made of them.
  const inner = ["LogitRelaxedBernoulli", "ExpRelaxedCategorical"];
  const abstract = ["Distribution", "ExponentialFamily"];
  const all = Object.entries(D).flatMap(([name, value]) =>
    typeof value === "function" && value.prototype instanceof D.Distribution ? [name] : [],
  );
  assert.ok(all.length > 35);
  assert.deepEqual(
    all.filter((name) => !tested.has(name) && !inner.includes(name) && !abstract.includes(name)),
    [],
  );
});
