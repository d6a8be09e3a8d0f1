import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DType } from "@flambeau/backend";
import { ValueError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/optim.json" with { type: "json" };
import { clipGradNorm_, clipGradValue_ } from "../src/index.ts";
import { assertClose, leaf, shaped } from "./support.ts";

describe("clipGradNorm_", () => {
  fixture.clips.forEach(({ maxNorm, normType, dtype, grads, total, clipped }) => {
    test(`is PyTorch's: ${normType}-norm to ${maxNorm} in ${dtype}`, () => {
      const params = grads.map((values, i) => {
        const p = leaf(values, fixture.shapes[i], dtype as DType);
        p.grad = shaped(values, fixture.shapes[i], dtype as DType);
        return p;
      });
      const without = leaf([1]);
      const norm = clipGradNorm_([...params, without], maxNorm, {
        normType: normType === "inf" ? Infinity : Number(normType),
      });
      assertClose(norm.reshape([1]), [total], "norm");
      params.forEach((p, i) => {
        assertClose(p.grad as Tensor, clipped[i], `gradient ${i}`);
      });
      assert.equal(without.grad, null);
    });
  });

  test("refuses before it scales", () => {
    const p = leaf([1, 2]);
    p.grad = tensor([3, Infinity]);
    assert.throws(() => clipGradNorm_(p, 1, { errorIfNonfinite: true }), ValueError);
    assert.throws(() => clipGradNorm_(p, -1), ValueError);
    assertClose(p.grad.narrow(0, 0, 1), [3], "gradient");
  });

  test("of no gradients is zero", () => {
    assert.equal(clipGradNorm_([leaf([1])], 1).itemSync(), 0);
  });
});

describe("clipGradValue_", () => {
  test("limits each element", () => {
    const p = leaf([1, 2, 3]);
    p.grad = tensor([-5, 0.5, 5]);
    clipGradValue_([p, leaf([1])], 2);
    assertClose(p.grad, [-2, 0.5, 2], "gradient");
    assert.throws(() => clipGradValue_([p], Number.NaN), ValueError);
  });
});
