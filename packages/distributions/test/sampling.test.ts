/** The samplers of ATen and what derivatives are made of, over all their regimes (tools/fixtures/distributions.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck } from "@flambeau/autograd";
import * as D from "@flambeau/distributions";
import { cholesky, solveTriangular } from "@flambeau/linalg";
import { binomial, manualSeed, poisson, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/distributions.json" with { type: "json" };
import { dirichletSlope } from "../src/sampling/dirichlet-values.ts";
import { standardGamma } from "../src/sampling/gamma.ts";
import { gammaSlope } from "../src/sampling/gamma-values.ts";
import { assertNumbers, DTYPES } from "./support.ts";

function near(actual: number, given: number | string, part: number, label: string): void {
  const wanted = Number(String(given).replace("inf", "Infinity"));
  const isNear = actual === wanted || Math.abs(actual - wanted) <= part * Math.max(Math.abs(wanted), 1e-3);
  assert.ok(isNear || (Number.isNaN(actual) && Number.isNaN(wanted)), `${label}: ${actual} is not ${wanted}`);
}

describe("samplers draw PyTorch's numbers", () => {
  for (const dtype of DTYPES) {
    const { gamma, poisson: counts, binomial: successes } = fixture.draws[dtype];
    test(`gamma, ${dtype}`, () => {
      manualSeed(7);
      assertNumbers(standardGamma(tensor(gamma.alphas, { dtype })), gamma.values, "gamma", dtype);
    });
    test(`poisson, ${dtype}`, () => {
      manualSeed(7);
      assertNumbers(poisson(tensor(counts.rates, { dtype })), counts.values, "poisson", dtype);
    });
    test(`binomial, ${dtype}`, () => {
      manualSeed(7);
      const drawn = binomial(tensor(successes.counts, { dtype }), tensor(successes.probs, { dtype }));
      assertNumbers(drawn, successes.values, "binomial", dtype);
    });
  }

  test("refuse what is no rate, count or probability, and draw nothing then", () => {
    manualSeed(3);
    assert.throws(() => poisson(tensor([1, -1])), /poisson needs rates >= 0, but got -1/);
    assert.throws(() => poisson(tensor([1n])), /poisson takes floats/);
    assert.throws(() => binomial(tensor([1.5]), tensor([0.5])), /binomial needs counts from 0, but got 1.5/);
    assert.throws(() => binomial(tensor([1]), tensor([1.5])), /probabilities in \[0, 1\], but got 1.5/);
    const after = poisson(tensor([5])).itemSync();
    manualSeed(3);
    assert.equal(poisson(tensor([5])).itemSync(), after);
  });
});

describe("derivatives of samples are PyTorch's", () => {
  const { gammaSlope: gamma, dirichletSlope: dirichlet } = fixture.draws.float64;
  test("gamma", () => {
    gamma.values.forEach((wanted, i) => {
      near(gammaSlope(gamma.alpha[i], gamma.x[i]), wanted, 1e-10, `gamma ${gamma.alpha[i]}, ${gamma.x[i]}`);
    });
  });
  test("dirichlet", () => {
    const { x, alpha, total } = dirichlet;
    dirichlet.values.forEach((wanted, i) => {
      const label = `dirichlet ${x[i]}, ${alpha[i]}, ${total[i]}`;
      near(dirichletSlope(x[i], alpha[i], total[i]), wanted, 1e-9, label);
    });
  });
});

describe("factors of matrices", () => {
  const values = [2, 0.5, 0.25, 0.5, 1.5, -0.3, 0.25, -0.3, 1];
  const matrix = tensor(values, { dtype: "float64" }).reshape([3, 3]).requiresGrad_();
  const right = tensor([1, 2, 3, 4, 5, 6], { dtype: "float64" }).reshape([3, 2]).requiresGrad_();

  test("multiply to the matrix", () => {
    const l = cholesky(matrix);
    assert.ok(l.matmul(l.mT).sub(matrix).abs().amax().itemSync() < 1e-15);
    for (const transposed of [false, true]) {
      const factor = transposed ? l.mT : l;
      const product = factor.matmul(solveTriangular(factor, right, { upper: transposed }));
      assert.ok(product.sub(right).abs().amax().itemSync() < 1e-14);
    }
  });

  test("have the derivatives that they say", () => {
    // Of the symmetric part: the factor reads the lower triangle only.
    assert.ok(gradcheck((a) => cholesky(a.add(a.mT).div(2)), [matrix]));
    const l = matrix.detach().tril().requiresGrad_();
    assert.ok(gradcheck((a, b) => solveTriangular(a.tril(), b, { upper: false }), [l, right]));
    assert.ok(gradcheck((a, b) => solveTriangular(a.tril().mT, b, { upper: true }), [l, right]));
  });

  test("refuse a matrix that has none", () => {
    assert.throws(
      () =>
        cholesky(
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      /leading minor of order 2/,
    );
    const options = {
      covarianceMatrix: tensor([
        [1, 2],
        [2, 1],
      ]),
    };
    assert.throws(() => new D.MultivariateNormal(tensor([0, 0]), options), /PositiveDefinite\(\)/);
  });
});
