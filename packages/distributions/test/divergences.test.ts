/** Divergences of all pairs that PyTorch 1.13 has a formula for (tools/fixtures/distributions.py), and how one is chosen. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setWarningHandler } from "@flambeau/backend";
import * as D from "@flambeau/distributions";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };
import { assertOutcome, build, DTYPES, type Expected, inDType, type Made } from "./support.ts";

interface Pair {
  readonly p: Made;
  readonly q: Made;
  readonly float32: Expected;
  readonly float64: Expected;
}

const pairs = fixture.divergences as unknown as readonly Pair[];

/** In single precision the logarithm of the gamma function is less exact there than here. */
const ROUGH = ["Beta", "Dirichlet", "Gamma", "Chi2", "Gumbel"];

describe("divergences are PyTorch's", () => {
  pairs.forEach((made, i) => {
    test(`${made.p.class} from ${made.q.class}, ${i}`, () => {
      for (const dtype of DTYPES) {
        inDType(dtype, () => {
          const leaves: Tensor[] = [];
          const [p, q] = [build(made.p, dtype, leaves), build(made.q, dtype, leaves)];
          const isRough = dtype === "float32" && [made.p.class, made.q.class].some((x) => ROUGH.includes(x));
          const result = D.klDivergence(p, q);
          assertOutcome(() => result, made[dtype], leaves, `kl ${dtype}`, dtype, isRough ? 10 : 1);
        });
      }
    });
  });

  test("there are all pairs of PyTorch's", () => {
    const classes = new Set(pairs.map(({ p, q }) => `${p.class} ${q.class}`));
    assert.ok(classes.size >= 90, `${classes.size}`);
  });
});

describe("klDivergence", () => {
  const { klDivergence, Laplace, Normal, registerKl } = D;

  test("refuses pairs without a formula, and what is no distribution", () => {
    assert.throws(() => klDivergence(new Laplace(0, 1), new D.Cauchy(0, 1)), {
      name: "NotImplementedError",
      message: "No KL(p || q) is implemented for p type Laplace and q type Cauchy",
    });
    assert.throws(() => klDivergence(new Normal(0, 1), 3 as never), /klDivergence: q is a distribution/);
    assert.throws(() => registerKl(Normal, 3 as never), /two classes of distributions/);
  });

  test("takes the formula of the nearest classes, and of the last one registered", () => {
    class Wide extends Normal {}
    class Wider extends Wide {}
    const number = (p: D.Distribution, q: D.Distribution): number => klDivergence(p, q).itemSync();
    assert.equal(number(new Wide(0, 1), new Wide(0, 1)), 0);
    registerKl(Wide, Normal)(() => tensor(7));
    assert.equal(number(new Wider(0, 1), new Wide(0, 1)), 7);
    assert.equal(number(new Normal(0, 1), new Wide(0, 1)), 0);
    registerKl(Wide, Wide)(() => tensor(8));
    assert.equal(number(new Wider(0, 1), new Wide(0, 1)), 8);
    registerKl(Wide, Wide)(() => tensor(9));
    assert.equal(number(new Wide(0, 1), new Wider(0, 1)), 9);
  });

  test("warns where two formulas are as near as each other", () => {
    class Left extends Normal {}
    class Right extends Normal {}
    registerKl(Left, Normal)(() => tensor(1));
    registerKl(Normal, Right)(() => tensor(2));
    const warnings: string[] = [];
    const before = setWarningHandler((message) => warnings.push(message));
    try {
      assert.equal(klDivergence(new Left(0, 1), new Right(0, 1)).itemSync(), 1);
    } finally {
      setWarningHandler(before);
    }
    assert.match(warnings.join(), /ambiguous: registerKl\(Left, Right\)/);
  });

  test("is that of the bases where transforms are the same, and no other", () => {
    const { AffineTransform, TransformedDistribution } = D;
    const shifted = (loc: number, by: number): D.Distribution =>
      new TransformedDistribution(new Normal(loc, 1), [new AffineTransform(by, 2)]);
    assert.equal(klDivergence(shifted(0, 1), shifted(1, 1)).itemSync(), 0.5);
    assert.throws(() => klDivergence(shifted(0, 1), shifted(1, 2)), /other transforms/);
  });

  test("is by Bregman's formula for exponential families without one of their own", () => {
    class Own extends D.ExponentialFamily {
      readonly rate: Tensor;
      constructor(rate: Tensor) {
        super(rate.shape);
        this.rate = rate;
      }
      override get argConstraints(): D.ArgConstraints {
        return {};
      }
      override get naturalParams(): readonly Tensor[] {
        return [this.rate.neg()];
      }
      override logNormalizer(x: Tensor): Tensor {
        return x.neg().log().neg();
      }
      override get meanCarrierMeasure(): number {
        return 0;
      }
    }
    const rates = [tensor([0.5, 2]), tensor([1, 4])];
    const own = rates.map((rate) => new Own(rate));
    const known = rates.map((rate) => new D.Exponential(rate));
    assert.ok(
      klDivergence(own[0], own[1]).sub(klDivergence(known[0], known[1])).abs().amax().itemSync() < 1e-6,
    );
    assert.ok(own[0].entropy().sub(known[0].entropy()).abs().amax().itemSync() < 1e-6);
    assert.throws(() => klDivergence(own[0], known[0]), /another exponential family/);
  });

  test("refuses vectors of different sizes", () => {
    const normal = (n: number): D.Distribution =>
      new D.MultivariateNormal(zeros([n]), { scaleTril: ones([n, n]).tril() });
    assert.throws(() => klDivergence(normal(2), normal(3)), /of 2 and of 3/);
  });
});
