/** What distributions refuse, in PyTorch's words, and how their arguments are given. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, ShapeError, ValueError } from "@flambeau/backend";
import * as D from "@flambeau/distributions";
import { ones, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };

const { Bernoulli, Categorical, Dirichlet, Exponential, Gamma, Independent, Normal } = D;
const refusals = fixture.refusals;

/** Checks an error and its message to the character. */
function refused(run: () => unknown, message: string, kind: new (text: string) => Error = ValueError): void {
  assert.throws(run, (error: Error) => {
    assert.ok(error instanceof kind, error.name);
    assert.equal(error.message, message);
    return true;
  });
}

describe("values that do not satisfy a constraint are refused in PyTorch's words", () => {
  test("parameters", () => {
    refused(() => new Normal(tensor([0, 1]), tensor([-1, 2])), refusals.parameter);
    refused(() => new Exponential(0), refusals.scalar);
    refused(() => new Dirichlet(tensor([1, 0])), refusals.simplex);
    assert.throws(() => new D.Uniform(1, tensor([2, 0.5])), /Uniform is not defined when low >= high/);
    assert.throws(() => new D.Geometric(tensor([0, 0.5])), /to be positive but found invalid values/);
    assert.throws(() => new D.Chi2(-1), /Expected parameter df .* of distribution Chi2\(\)/);
    assert.throws(() => new D.HalfNormal(-1), /Expected parameter scale .* of distribution HalfNormal\(\)/);
    assert.throws(() => new D.Beta(1, -1), /Expected parameter concentration/);
    assert.throws(() => new D.Multinomial(1.5, tensor([0.5, 0.5])), /IntegerGreaterThan\(lower_bound=0\)/);
  });

  test("values", () => {
    refused(() => new Gamma(1, 1).logProb(tensor([-1, 2])), refusals.value);
    refused(() => new Categorical(tensor([0.5, 0.5])).logProb(tensor(2)), refusals.interval);
    refused(() => new Dirichlet(tensor([1, 1])).logProb(tensor([0.2, 0.3, 0.5])), refusals.event, ShapeError);
    refused(() => new Normal(zeros([2]), 1).logProb(zeros([3])), refusals.batch, ShapeError);
    assert.throws(() => new D.Uniform(0, 1).cdf(2), /within the support \(Interval/);
    assert.throws(() => new Independent(new Gamma(ones([2]), 1), 1).logProb(tensor([1, -1])), ValueError);
  });

  test("not where validation is off", () => {
    assert.equal(new Normal(0, -1, false).logProb(0).isnan().itemSync(), true);
    assert.equal(String(new Bernoulli({ probs: 2, validateArgs: false })), "Bernoulli(probs: 2.0)");
    assert.equal(new Gamma(1, 1, { validateArgs: false }).logProb(2).itemSync(), -2);
    const { Distribution } = D;
    Distribution.setDefaultValidateArgs(false);
    try {
      assert.equal(String(new Normal(0, -1)), "Normal(loc: 0.0, scale: -1.0)");
      assert.throws(() => new Normal(0, -1, { validateArgs: true }), ValueError);
    } finally {
      Distribution.setDefaultValidateArgs(true);
    }
    assert.throws(() => new Normal(0, -1), ValueError);
  });
});

describe("arguments follow the one rule", () => {
  test("by position, by name, and wrong ones by name", () => {
    const by = [new Normal(0, 1), new Normal(0, { scale: 1 }), new Normal({ loc: 0, scale: 1 })];
    for (const one of by) assert.equal(String(one), "Normal(loc: 0.0, scale: 1.0)");
    assert.throws(() => new Normal(0, { sigma: 1 } as never), ArgumentError);
    assert.throws(() => new Normal(0 as never, "1" as never), /Normal: scale is a tensor or a number/);
    assert.throws(() => new (Normal as any)(0), ArgumentError);
    assert.throws(() => new Categorical([0.5, 0.5] as never), /Categorical: probs is a tensor/);
    assert.throws(() => new Normal(0, 1).sample(3 as never), /sampleShape is an array of integers/);
    assert.throws(() => new Normal(0, 1).logProb("a" as never), /logProb: value is/);
    assert.throws(() => new Independent(3 as never, 1), /baseDistribution is a distribution/);
    assert.throws(() => new Independent(new Normal(0, 1), 1), /reinterpretedBatchNdims <= 0/);
    const { MixtureSameFamily, TransformedDistribution } = D;
    assert.throws(
      () => new MixtureSameFamily(new Normal(0, 1) as never, new Normal(zeros([2]), 1)),
      /Categorical/,
    );
    const two = new Categorical(ones([2]));
    assert.throws(() => new MixtureSameFamily(two, new Normal(zeros([3]), 1)), /2 classes for 3 components/);
    assert.throws(() => new TransformedDistribution(new Normal(0, 1), [3 as never]), /array of transforms/);
    const simplex = new D.StickBreakingTransform();
    assert.throws(() => new TransformedDistribution(new Normal(0, 1), simplex), /events of 1 dimensions/);
  });

  test("one of two parameters", () => {
    assert.throws(() => new Bernoulli(), /either probs or logits/);
    assert.throws(() => new Bernoulli(0.5, 0.5), /either probs or logits/);
    assert.throws(() => new Categorical({ probs: tensor(1) }), /at least one-dimensional/);
    assert.throws(() => new D.MultivariateNormal(zeros([2])), /exactly one of covarianceMatrix/);
  });

  test("numbers as values, and samples of several shapes", () => {
    const normal = new Normal(zeros([2]), 1);
    assert.deepEqual(normal.logProb(0).shape, [2]);
    assert.deepEqual(normal.sample().shape, [2]);
    assert.deepEqual(normal.sample([3, 4]).shape, [3, 4, 2]);
    assert.deepEqual(normal.sampleN(5).shape, [5, 2]);
    assert.deepEqual(normal.rsample({ sampleShape: [1] }).shape, [1, 2]);
    assert.equal(new Normal(zeros([2], { requiresGrad: true }), 1).sample().requiresGrad, false);
    assert.equal(new Normal(zeros([2], { requiresGrad: true }), 1).rsample().requiresGrad, true);
  });

  test("a distribution of one's own", () => {
    class Point extends D.Distribution {
      override get argConstraints(): D.ArgConstraints {
        return { place: D.constraints.positive };
      }
    }
    const point = new Point([], [], { place: tensor(2) });
    assert.equal(String(point), "Point(place: 2.0)");
    assert.deepEqual(point.expand([3]).params.place.shape, [3]);
    assert.throws(() => new Point([], [], { place: tensor(-2) }), /Expected parameter place/);
    assert.throws(() => point.mean, { name: "NotImplementedError", message: "Point has no mean" });
    assert.throws(() => point.entropy(), /Point has no entropy/);
    assert.throws(() => point.logProb(1), /Point has no support/);
  });
});
