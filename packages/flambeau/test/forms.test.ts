/** Functions that torch has in a form of its own, against those of the namespaces, and PyTorch's words. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as flambeau from "flambeau";
import {
  DTypeError,
  F,
  linalg,
  promoteTypes,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  vander,
} from "flambeau";

const same = (a: Tensor, b: Tensor): void => {
  assert.equal(a.dtype, b.dtype);
  assert.deepEqual(a.toArraySync(), b.toArraySync());
};
const some = (): Tensor => tensor([-2, 0.25, 2], { dtype: "float64" });

describe("functions of torch's own form", () => {
  test("vander has falling powers of vectors", () => {
    const x = tensor([1, 2, 3]);
    same(vander(x, null, true), linalg.vander(x));
    same(
      vander(x, 2),
      tensor([
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
    );
    same(
      vander(tensor([2n, 3n]), 3),
      tensor([
        [4n, 2n, 1n],
        [9n, 3n, 1n],
      ]),
    );
    same(vander(tensor([true, false]), 1), tensor([[1n], [1n]]));
    assert.deepEqual(vander(x, 0).shape, [3, 0]);
    assert.throws(() => vander(tensor([[1]])), ShapeError);
    assert.throws(() => vander(x, -1), ValueError);
    const leaf = tensor([2, 3], { requiresGrad: true });
    vander(leaf, 3).sum().backward();
    assert.deepEqual(leaf.grad?.toArraySync(), [5, 7]);
  });

  test("constantPadNd is pad", () => {
    same(flambeau.constantPadNd(some(), [1, -1], 7), F.pad(some(), [1, -1], "constant", 7));
    assert.throws(() => flambeau.constantPadNd(some(), [1]), ValueError);
  });

  test("activations are nn.functional's, with what is in place", () => {
    const { celu, hardshrink, prelu, rrelu, selu, threshold } = flambeau;
    const pairs: readonly (readonly [
      f: (x: Tensor) => Tensor,
      wanted: Tensor,
      over?: (x: Tensor) => Tensor,
    ])[] = [
      [(x) => celu(x, 2), F.celu(some(), 2), (x) => flambeau.celu_(x, 2)],
      [(x) => selu(x), F.selu(some()), (x) => flambeau.selu_(x)],
      [(x) => threshold(x, 1, 20), F.threshold(some(), 1, 20), (x) => flambeau.threshold_(x, 1, 20)],
      [(x) => rrelu(x, 0.1, 0.5), F.rrelu(some(), 0.1, 0.5), (x) => flambeau.rrelu_(x, 0.1, 0.5)],
      [(x) => hardshrink(x, 1), F.hardshrink(some(), 1)],
      [(x) => prelu(x, some().narrow(0, 1, 1)), F.prelu(some(), some().narrow(0, 1, 1))],
    ];
    for (const [f, wanted, over] of pairs) {
      const x = some();
      same(f(x), wanted);
      same(x, some());
      if (over === undefined) continue;
      assert.equal(over(x), x);
      same(x, wanted);
    }
  });

  test("special functions and renorm in place are those that make a tensor", () => {
    const { digamma, igamma, igammac, i0, lgamma, mvlgamma, polygamma, renorm, sinc } = flambeau;
    const positive = (): Tensor =>
      tensor(
        [
          [1.5, 2],
          [3, 4.5],
        ],
        { dtype: "float64" },
      );
    const pairs: Readonly<Record<string, readonly [f: (x: Tensor) => Tensor, over: (x: Tensor) => Tensor]>> =
      {
        digamma: [(x) => digamma(x), (x) => flambeau.digamma_(x)],
        lgamma: [(x) => lgamma(x), (x) => flambeau.lgamma_(x)],
        polygamma: [(x) => polygamma(2, x), (x) => flambeau.polygamma_(x, 2)],
        igamma: [(x) => igamma(x, positive()), (x) => flambeau.igamma_(x, positive())],
        igammac: [(x) => igammac(x, positive()), (x) => flambeau.igammac_(x, positive())],
        mvlgamma: [(x) => mvlgamma(x, 2), (x) => flambeau.mvlgamma_(x, 2)],
        i0: [(x) => i0(x), (x) => flambeau.i0_(x)],
        sinc: [(x) => sinc(x), (x) => flambeau.sinc_(x)],
        renorm: [(x) => renorm(x, 2, 0, 1), (x) => flambeau.renorm_(x, 2, 0, 1)],
      };
    for (const [name, [f, over]] of Object.entries(pairs)) {
      const x = positive();
      assert.equal(over(x), x, name);
      same(x, f(positive()));
      if (name.startsWith("igamma")) continue;
      const gradientOf = (g: (x: Tensor) => Tensor): unknown => {
        const leaf = positive().requiresGrad_();
        g(leaf.mul(1)).sum().backward();
        return leaf.grad?.toArraySync();
      };
      assert.deepEqual(gradientOf(over), gradientOf(f), name);
    }
    assert.throws(() => flambeau.lgamma_(tensor([1n])), DTypeError);
  });

  // As torch.promote_types and torch.can_cast of 1.13 have them.
  test("dtypes are promoted and cast as in PyTorch", () => {
    const dtypes = ["bool", "uint8", "int32", "int64", "float16", "float32", "float64"] as const;
    for (const [i, a] of dtypes.entries())
      for (const [j, b] of dtypes.entries()) {
        assert.equal(promoteTypes(a, b), dtypes[Math.max(i, j)]);
        const isLoss = (i > 3 && j <= 3) || (i > 0 && j === 0);
        assert.equal(flambeau.canCast(a, b), !isLoss, `${a} to ${b}`);
      }
    assert.throws(() => promoteTypes("int64", "int" as never), DTypeError);
  });
});
