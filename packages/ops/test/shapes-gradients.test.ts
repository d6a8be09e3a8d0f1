/** Derivatives of first and second order against finite differences, of shapes, products, norms and real halves. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { Generator, ones, randn, type Tensor, tensor, zeros } from "@flambeau/tensor";
import * as native from "../src/native/index.ts";
import * as products from "../src/products/index.ts";
import * as reals from "../src/reals/index.ts";
import * as shapes from "../src/shapes/index.ts";

const generator = new Generator();
generator.manualSeed(11);
const leaf = (...shape: number[]): Tensor =>
  randn(shape, { dtype: "float64", generator, requiresGrad: true });

type Case = readonly [f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...inputs: Tensor[]];

const matrix = (): Tensor => leaf(2, 3);
const factors = { beta: 0.5, alpha: 2 };

const cases: Readonly<Record<string, readonly Case[]>> = {
  atleast1d: [[(x) => shapes.atleast1d(x), leaf()]],
  atleast2d: [[(x) => shapes.atleast2d(x), leaf(3)]],
  atleast3d: [[(x) => shapes.atleast3d(x), matrix()]],
  broadcastTensors: [[(x, y) => shapes.broadcastTensors(x, y), leaf(2, 1), leaf(3)]],
  sumToSize: [[(x) => shapes.sumToSize(x, [1, 3]), matrix()]],
  reshapeAs: [[(x) => shapes.reshapeAs(x, zeros([3, 2])), matrix()]],
  cartesianProd: [[(x, y) => shapes.cartesianProd(x, y), leaf(2), leaf(3)]],
  combinations: [[(x) => shapes.combinations(x, 2, true), leaf(3)]],
  fill: [[(x, y) => shapes.fill(x, y), matrix(), leaf()]],
  diagEmbed: [[(x) => shapes.diagEmbed(x, -1, 0, 2), matrix()]],
  diagflat: [[(x) => shapes.diagflat(x, 1), matrix()]],
  blockDiag: [[(x, y, z) => shapes.blockDiag(x, y, z), matrix(), leaf(2), leaf()]],
  tensorSplit: [[(x) => shapes.tensorSplit(x, [1, 2], 1), matrix()]],
  hsplit: [[(x) => shapes.hsplit(x, 3), matrix()]],
  vsplit: [[(x) => shapes.vsplit(x, 2), matrix()]],
  dsplit: [[(x) => shapes.dsplit(x, [1]), leaf(2, 1, 3)]],
  splitWithSizes: [[(x) => shapes.splitWithSizes(x, [2, 1], 1), matrix()]],
  unfold: [
    [(x) => shapes.unfold(x, 1, 2, 1), matrix()],
    [(x) => shapes.unfold(x.t(), 0, 2, 1), matrix()],
    // Windows of elements that share memory already.
    [(x) => shapes.unfold(x.expand([4, 2, 3]), 0, 2, 1), matrix()],
    [(x) => shapes.unfold(shapes.unfold(x, 0, 3, 1), 0, 2, 1), leaf(5)],
    [(x) => shapes.unfold(x.at("::2"), 0, 2, 1), leaf(7)],
  ],
  narrowCopy: [[(x) => shapes.narrowCopy(x, 1, 1, 2), matrix()]],
  selectCopy: [[(x) => shapes.selectCopy(x, 1, 1), matrix()]],
  sliceCopy: [[(x) => shapes.sliceCopy(x, 1, 0, 3, 2), matrix()]],
  splitCopy: [[(x) => shapes.splitCopy(x, 2, 1), matrix()]],
  splitWithSizesCopy: [[(x) => shapes.splitWithSizesCopy(x, [2, 1], 1), matrix()]],
  unbindCopy: [[(x) => shapes.unbindCopy(x), matrix()]],
  unfoldCopy: [[(x) => shapes.unfoldCopy(x, 1, 2, 1), matrix()]],
  diagonalCopy: [[(x) => shapes.diagonalCopy(x, 1), matrix()]],
  aliasCopy: [[(x) => shapes.aliasCopy(x), matrix()]],
  asStridedCopy: [[(x) => shapes.asStridedCopy(x, [2, 2], [1, 2]), matrix()]],
  expandCopy: [[(x) => shapes.expandCopy(x, [2, 2, 3]), matrix()]],
  permuteCopy: [[(x) => shapes.permuteCopy(x, [1, 0]), matrix()]],
  squeezeCopy: [[(x) => shapes.squeezeCopy(x), leaf(2, 1)]],
  tCopy: [[(x) => shapes.tCopy(x), matrix()]],
  transposeCopy: [[(x) => shapes.transposeCopy(x, 0, 1), matrix()]],
  unsqueezeCopy: [[(x) => shapes.unsqueezeCopy(x, 1), matrix()]],
  viewCopy: [[(x) => shapes.viewCopy(x, [6]), matrix()]],
  addbmm: [
    [(x, a, b) => products.addbmm(x, a, b, factors), leaf(3), leaf(2, 2, 2), leaf(2, 2, 3)],
    [(x, a, b) => products.addbmm(x, a, b, { beta: 0 }), leaf(3), leaf(2, 2, 2), leaf(2, 2, 3)],
  ],
  baddbmm: [[(x, a, b) => products.baddbmm(x, a, b, factors), leaf(1, 3), leaf(2, 2, 2), leaf(2, 2, 3)]],
  addmv: [[(x, a, b) => products.addmv(x, a, b, factors), leaf(1), matrix(), leaf(3)]],
  addr: [[(x, a, b) => products.addr(x, a, b, factors), leaf(2, 1), leaf(2), leaf(3)]],
  vdot: [[(a, b) => products.vdot(a, b), leaf(3), leaf(3)]],
  conj: [[(x) => reals.conj(x).mul(x), leaf(3)]],
  conjPhysical: [[(x) => reals.conjPhysical(x).mul(x), leaf(3)]],
  resolveConj: [[(x) => reals.resolveConj(x).mul(x), leaf(3)]],
  resolveNeg: [[(x) => reals.resolveNeg(x).mul(x), leaf(3)]],
  real: [[(x) => reals.real(x).mul(x), leaf(3)]],
  positive: [[(x) => reals.positive(x).mul(x), leaf(3)]],
  angle: [[(x) => reals.angle(x).mul(x), leaf(3)]],
  sgn: [[(x) => reals.sgn(x).mul(x), leaf(3)]],
  H: [[(x) => reals.H(x), matrix()]],
  mH: [[(x) => reals.mH(x), leaf(2, 2, 3)]],
  adjoint: [[(x) => reals.adjoint(x), leaf(2, 2, 3)]],
  nativeLayerNorm: [
    [(x, w, b) => native.nativeLayerNorm(x, [3], w, b)[0], matrix(), leaf(3), leaf(3)],
    [(x, b) => native.nativeLayerNorm(x, [3], null, b)[0], matrix(), leaf(3)],
  ],
  nativeBatchNorm: [
    [
      (x, w, b) => native.nativeBatchNorm(x, w, b, null, null, true, 0.1, 1e-5)[0],
      leaf(4, 2),
      leaf(2),
      leaf(2),
    ],
    [
      (x, w) => native.nativeBatchNorm(x, w, null, zeros64(2), ones64(2), false, 0.1, 1e-5)[0],
      leaf(4, 2),
      leaf(2),
    ],
  ],
  nativeGroupNorm: [
    [(x, w, b) => native.nativeGroupNorm(x, w, b, 2, 4, 2, 2, 1e-3), leaf(2, 4, 2), leaf(4), leaf(4)],
  ],
  nativeDropout: [[(x) => native.nativeDropout(x, 0.5, false)[0], leaf(3)]],
};

function zeros64(n: number): Tensor {
  return zeros([n], { dtype: "float64" });
}
function ones64(n: number): Tensor {
  return ones([n], { dtype: "float64" });
}

/** Functions of which nothing depends on the elements of a tensor. */
const constant = [
  ...["broadcastShapes", "emptyStrided", "detachCopy", "isreal", "isComplex"],
  ...["hannWindow", "hammingWindow", "blackmanWindow", "bartlettWindow", "kaiserWindow"],
  ...["imag", "viewAsReal", "viewAsComplex"],
];

describe("derivatives of shapes, products, norms and real halves", () => {
  for (const [name, list] of Object.entries(cases)) {
    test(name, () => {
      for (const [f, ...inputs] of list) {
        assert.ok(gradcheck(f, inputs));
        assert.ok(gradgradcheck(f, inputs));
      }
    });
  }

  test("every function has a case, in this file", () => {
    const names = [shapes, products, reals, native].flatMap((folder) => Object.keys(folder));
    assert.deepEqual(
      names.filter((name) => !(name in cases) && !constant.includes(name)),
      [],
    );
    assert.deepEqual(
      [...Object.keys(cases), ...constant].filter((name) => !names.includes(name)),
      [],
    );
  });

  test("a write to a window is one to the tensor, and goes back to what was written", () => {
    const x = tensor([1, 2, 3, 4], { requiresGrad: true });
    const value = tensor([10, 20], { requiresGrad: true });
    const y = x.mul(1);
    shapes.unfold(y, 0, 2, 1).select(0, 1).copy_(value);
    assert.deepEqual(y.toArraySync(), [1, 10, 20, 4]);
    y.mul(tensor([1, 2, 3, 4]))
      .sum()
      .backward();
    assert.deepEqual(x.grad?.toArraySync(), [1, 0, 0, 4]);
    assert.deepEqual(value.grad?.toArraySync(), [2, 3]);
  });
});
