/** Distributions on a device that cannot be read at once: densities, gradients and samples as on the CPU, checks at the next read. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import * as D from "@flambeau/distributions";
import * as T from "@flambeau/tensor";
import { devices, testOn } from "./devices.ts";

type Place = (x: T.Tensor) => T.Tensor;

const positive = (): T.Tensor => T.tensor([0.5, 2, 9]);
const real = (): T.Tensor => T.tensor([0.5, -1, 0]);
const unit = (): T.Tensor => T.tensor([0.5, 0.3, 0.2]);
const matrix = (): T.Tensor =>
  T.tensor([
    [2, 0.5, 0.25],
    [0.5, 1.5, -0.3],
    [0.25, -0.3, 1],
  ]);

/** Distributions of tensors at a place, with values for them. */
const made: readonly (readonly [string, (place: Place) => D.Distribution, () => T.Tensor])[] = [
  ["Normal", (place) => new D.Normal(place(real()), place(positive())), real],
  ["LogNormal", (place) => new D.LogNormal(place(real()), 1), positive],
  ["Uniform", (place) => new D.Uniform(place(real()), 3), unit],
  ["Exponential", (place) => new D.Exponential(place(positive())), positive],
  ["Laplace", (place) => new D.Laplace(place(real()), 2), real],
  ["Gamma", (place) => new D.Gamma(place(positive()), place(positive())), positive],
  ["Beta", (place) => new D.Beta(place(positive()), 2), unit],
  ["Dirichlet", (place) => new D.Dirichlet(place(positive())), unit],
  ["StudentT", (place) => new D.StudentT(place(positive())), real],
  ["VonMises", (place) => new D.VonMises(place(real()), place(positive())), real],
  ["Bernoulli", (place) => new D.Bernoulli(place(unit())), () => T.tensor([1, 0, 1])],
  ["Categorical", (place) => new D.Categorical({ logits: place(real()) }), () => T.tensor([2, 0, 1])],
  ["OneHotCategorical", (place) => new D.OneHotCategorical(place(unit())), () => T.tensor([0, 1, 0])],
  ["Poisson", (place) => new D.Poisson(place(positive())), () => T.tensor([1, 0, 7])],
  ["Binomial", (place) => new D.Binomial(9, place(unit())), () => T.tensor([1, 0, 7])],
  ["NegativeBinomial", (place) => new D.NegativeBinomial(3, place(unit())), () => T.tensor([1, 0, 7])],
  ["Multinomial", (place) => new D.Multinomial(8, place(unit())), () => T.tensor([1, 0, 7])],
  [
    "MultivariateNormal",
    (place) => new D.MultivariateNormal(place(real()), { covarianceMatrix: place(matrix()) }),
    real,
  ],
  ["RelaxedBernoulli", (place) => new D.RelaxedBernoulli(0.5, place(unit())), unit],
  ["LogisticNormal", (place) => new D.LogisticNormal(place(T.tensor([0.5, -1])), 1), unit],
];

/** Their samples take a number of draws that depends on their parameters. */
const OWN_STREAM = [
  "Gamma",
  "Beta",
  "Dirichlet",
  "StudentT",
  "VonMises",
  "Poisson",
  "Binomial",
  "NegativeBinomial",
];

async function assertNear(actual: T.Tensor, expected: T.Tensor, what: string): Promise<void> {
  assert.deepEqual(actual.shape, expected.shape, what);
  const [got, wanted] = await Promise.all([actual, expected].map((x) => x.detach().float().data()));
  for (let i = 0; i < wanted.length; i++) {
    const limit = 2e-5 * Math.max(1, Math.abs(wanted[i]));
    assert.ok(Math.abs(got[i] - wanted[i]) <= limit, `${what} ${i}: ${got[i]}, not ${wanted[i]}`);
  }
}

for (const device of devices) {
  const here = (name: string, run: () => void | Promise<void>): void => testOn(device, name, run);
  const gpu: Place = (x) => x.to(device.name);

  describe(`distributions on ${device.name}`, () => {
    for (const [name, make, value] of made) {
      here(`${name}: densities and gradients`, async () => {
        const results = ["cpu", device.name].map((where) => {
          const leaves: T.Tensor[] = [];
          const d = make((x) => {
            const leaf = x.to(where).requiresGrad_();
            leaves.push(leaf);
            return leaf;
          });
          const x = value().to(where);
          const logProb = d.logProb(x);
          assert.equal(logProb.device, where);
          logProb.sum().backward();
          return [logProb, ...leaves.map((leaf) => leaf.grad as T.Tensor)];
        });
        for (const [i, wanted] of results[0].entries()) await assertNear(results[1][i], wanted, name);
      });

      here(`${name}: samples`, async () => {
        const draw = (place: Place): T.Tensor => {
          T.manualSeed(5);
          return make(place).sample([40]);
        };
        const there = draw(gpu);
        assert.equal(there.device, device.name);
        if (!OWN_STREAM.includes(name))
          return assertNear(
            there,
            draw((x) => x),
            name,
          );
        // Others than on the CPU, the same for the seed, with values that the distribution has.
        await assertNear(draw(gpu), there, name);
        const d = make((x) => x);
        assert.equal(
          d.support
            .check(await there.cpu())
            .all()
            .itemSync(),
          true,
        );
      });
    }

    here("gradients reach parameters through samples", async () => {
      const alpha = gpu(positive()).requiresGrad_();
      new D.Gamma(alpha, 1).rsample([4]).sum().backward();
      const gradient = await (alpha.grad as T.Tensor).data();
      assert.ok(gradient.every((x) => x > 0));
    });

    here("divergences", async () => {
      const kl = (place: Place): T.Tensor =>
        D.klDivergence(new D.Gamma(place(positive()), 1), new D.Gamma(2, place(positive())));
      await assertNear(
        kl(gpu),
        kl((x) => x),
        "Gamma",
      );
      const vectors = (place: Place): T.Tensor => {
        const p = new D.MultivariateNormal(place(real()), { covarianceMatrix: place(matrix()) });
        return D.klDivergence(
          p,
          new D.MultivariateNormal(place(real()).mul(2), { precisionMatrix: place(matrix()) }),
        );
      };
      await assertNear(
        vectors(gpu),
        vectors((x) => x),
        "MultivariateNormal",
      );
    });

    here("values are checked where that is wanted, and at the next read", async () => {
      const bad = gpu(T.tensor([1, -1]));
      assert.throws(() => new D.Normal(gpu(T.zeros([2])), 1).logProb(gpu(T.zeros([3]))), ShapeError);
      // Not read by itself.
      await new D.Normal(0, bad).scale.data();
      new D.Normal(0, bad, { validateArgs: true });
      await assert.rejects(
        bad.data(),
        (error) => error instanceof ValueError && /parameter scale/.test(error.message),
      );
      const gamma = new D.Gamma(gpu(positive()), 1, { validateArgs: true });
      const logProb = gamma.logProb(gpu(T.tensor([1, -1, 1])));
      await assert.rejects(logProb.data(), /within the support \(GreaterThanEq/);
      await assert.rejects(T.poisson(bad).data(), /poisson needs rates >= 0/);
    });
  });
}
