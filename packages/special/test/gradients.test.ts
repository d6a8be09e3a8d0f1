/** Derivatives of first and second order against finite differences, of every function that has one. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { type Tensor, tensor } from "@flambeau/tensor";
import * as special from "../src/index.ts";

const leaf = (...values: number[]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });
const plain = (...values: number[]): Tensor => tensor(values, { dtype: "float64" });

type Case = readonly [f: (...xs: Tensor[]) => Tensor, ...inputs: Tensor[]];
const unary = (f: (x: Tensor) => Tensor, ...values: number[]): Case => [f, leaf(...values)];

const cases: Readonly<Record<string, readonly Case[]>> = {
  digamma: [unary(special.digamma, 0.3, 1.5, -1.4)],
  gammaln: [unary(special.gammaln, 0.3, 1.5, -1.4)],
  polygamma: [1, 3].map((n) => unary((x) => special.polygamma(n, x), 0.8, 2.5)),
  multigammaln: [unary((x) => special.multigammaln(x, 3), 1.6, 4)],
  gammainc: [[(x) => special.gammainc(plain(0.7, 3), x), leaf(0.5, 4)]],
  gammaincc: [[(x) => special.gammaincc(plain(0.7, 3), x), leaf(0.5, 4)]],
  zeta: [
    [(q) => special.zeta(plain(1.5, 3), q), leaf(0.5, 4)],
    [(q) => special.zeta(2, q), leaf(0.5, 4)],
  ],
  erfcx: [unary(special.erfcx, -1, 0.3, 3)],
  ndtr: [unary(special.ndtr, -1, 0.3, 2)],
  ndtri: [unary(special.ndtri, 0.2, 0.5, 0.7)],
  logNdtr: [unary(special.logNdtr, -3, 0.3, 2)],
  i0: [unary(special.i0, -1, 0.3, 2)],
  i0e: [unary(special.i0e, -1, 0.3, 2)],
  i1: [unary(special.i1, -1, 0.3, 2)],
  i1e: [unary(special.i1e, -1, 0.3, 2)],
  sinc: [unary(special.sinc, -1.3, 0.3, 2.2)],
  entr: [unary(special.entr, 0.2, 1.5)],
  xlog1py: [
    [(a, b) => special.xlog1py(a, b), leaf(0.5, -2), leaf(0.7, 3)],
    [(x) => special.xlog1py(x, 2), leaf(0.5, -2)],
    [(a, b) => special.xlog1py(a, b), leaf(0.5), leaf(0.7, 3)],
  ],
};

const without: Readonly<Record<string, readonly string[]>> = {
  "of the tensor package": [
    ...["erf", "erfc", "erfinv", "exp2", "expm1", "log1p", "logit", "logSoftmax", "logsumexp"],
    ...["round", "expit", "softmax", "xlogy"],
  ],
  "another name": ["psi"],
  "of one number": ["digammaOf"],
  "PyTorch has none": Object.keys(special).filter((name) => /bessel|airy|Polynomial/i.test(name)),
};

describe("derivatives", () => {
  for (const [name, all] of Object.entries(cases)) {
    test(name, () => {
      for (const [f, ...inputs] of all) {
        assert.ok(gradcheck(f, inputs, { atol: 1e-6, rtol: 1e-4 }));
        assert.ok(gradgradcheck(f, inputs, { atol: 1e-5, rtol: 1e-4 }));
      }
    });
  }

  test("every function has a case", () => {
    const excepted = Object.values(without).flat();
    const missing = Object.keys(special).filter((name) => !(name in cases) && !excepted.includes(name));
    assert.deepEqual(missing, []);
  });

  test("those that PyTorch has none of give constants, or say so", () => {
    assert.equal(special.besselJ0(leaf(1)).requiresGrad, false);
    assert.equal(special.legendrePolynomialP(leaf(0.5), 2).requiresGrad, false);
    const message = /has no derivative with respect to input/;
    assert.throws(() => special.zeta(leaf(2), 1).sum().backward(), message);
    assert.throws(() => special.gammainc(leaf(2), plain(1)).sum().backward(), message);
  });
});
