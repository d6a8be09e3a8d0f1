import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import type { DType } from "@flambeau/backend";
import { functional as F } from "@flambeau/nn";
import { allclose, arange, rand, type Tensor, tensor } from "@flambeau/tensor";
import * as fc from "fast-check";

describe("crossEntropy with labels to ignore", () => {
  test("is that of the other rows, and so is its gradient", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((classes) =>
          fc.record({
            classes: fc.constant(classes),
            labels: fc.array(fc.integer({ min: -1, max: classes - 1 }), { minLength: 1, maxLength: 8 }),
            // -1 stands for it; a class can be the one to ignore.
            ignoreIndex: fc.constantFrom(-100, -1, 0, 7),
          }),
        ),
        fc.constantFrom<DType>("int64", "int32"),
        fc.constantFrom("mean" as const, "sum" as const),
        ({ classes, labels, ignoreIndex }, dtype, reduction) => {
          const given = labels.map((label) => (label < 0 ? ignoreIndex : label));
          const kept = given.flatMap((label, row) => (label === ignoreIndex ? [] : [row]));
          if (reduction === "mean" && kept.length === 0) return;
          const x = rand([labels.length, classes], { dtype: "float64", requiresGrad: true });
          const target = tensor(given, { dtype });
          const loss = F.crossEntropy(x, target, { ignoreIndex, reduction });
          loss.backward();
          const { grad } = x;
          x.grad = null;
          const rows = tensor(kept, { dtype: "int64" });
          const others = F.crossEntropy(x.indexSelect(0, rows), target.indexSelect(0, rows), { reduction });
          others.backward();
          assert.ok(Math.abs(loss.itemSync() - others.itemSync()) < 1e-12);
          assert.ok(allclose(grad as never, x.grad as never, { rtol: 1e-10, atol: 1e-14 }));
        },
      ),
    );
  });

  test("can be differentiated twice, along any dimension", () => {
    const logits = rand([2, 3, 4], { dtype: "float64", requiresGrad: true });
    const target = arange(8n).remainder(4n).sub(1).reshape([2, 4]);
    for (const reduction of ["mean", "sum"] as const) {
      const loss = (x: Tensor): Tensor => F.crossEntropy(x, target, { ignoreIndex: -1, reduction });
      assert.ok(gradcheck(loss, logits));
      assert.ok(gradgradcheck(loss, logits));
    }
  });

  test("has gradients of zero for them, without a sign", () => {
    const x = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { requiresGrad: true },
    );
    F.crossEntropy(x, tensor([0n, 1n]), { ignoreIndex: 1 }).backward();
    assert.equal(
      String(x.grad),
      "tensor([[-0.9100,  0.2447,  0.6652],\n        [ 0.0000,  0.0000,  0.0000]])",
    );
  });

  test("is nan as a mean when all are ignored, and zero as a sum", () => {
    const x = rand([2, 3]);
    const target = tensor([-100n, -100n]);
    assert.ok(Number.isNaN(F.crossEntropy(x, target).itemSync()));
    assert.equal(F.crossEntropy(x, target, { reduction: "sum" }).itemSync(), 0);
    assert.ok(Number.isNaN(F.crossEntropy(rand([0, 3]), arange(0n)).itemSync()));
  });
});
