/** Attention with a cache of keys and values gives what it gives for all positions at once. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { AutogradError, DTypeError, ShapeError, ValueError } from "@flambeau/backend";
import { F, KeyValueCache } from "@flambeau/nn";
import { manualSeed, randn, type Tensor } from "@flambeau/tensor";

describe("a cache of keys and values", () => {
  test("gives what all positions at once give, whatever comes in one step", () => {
    manualSeed(0);
    const [query, key, value] = [randn([2, 3, 9, 4]), randn([2, 3, 9, 4]), randn([2, 3, 9, 5])];
    const whole = F.scaledDotProductAttention(query, key, value, { isCausal: true });
    for (const steps of [[9], [4, 1, 1, 3], [1, 2, 6], [1, 1, 1, 1, 1, 1, 1, 1, 1]]) {
      const cache = new KeyValueCache();
      let at = 0;
      for (const n of steps) {
        const part = (x: Tensor): Tensor => x.narrow(-2, at, n);
        const [keys, values] = cache.update(part(key), part(value));
        assert.deepEqual(
          [cache.length, keys.shape, values.shape],
          [at + n, [2, 3, at + n, 4], [2, 3, at + n, 5]],
        );
        const y = F.scaledDotProductAttention(part(query), keys, values, { attnMask: cache.causalMask(n) });
        assert.ok(y.allclose(part(whole), { atol: 1e-6 }));
        at += n;
      }
    }
  });

  test("is cropped, and refuses what does not go with what is there, unchanged", () => {
    const cache = new KeyValueCache();
    assert.throws(() => cache.causalMask(1), ValueError);
    cache.update(randn([3, 2]), randn([3, 4]));
    const bad: [error: new (...args: never[]) => Error, key: Tensor, value: Tensor][] = [
      [ShapeError, randn([2, 3]), randn([2, 4])],
      [ShapeError, randn([2, 2]), randn([1, 4])],
      [ShapeError, randn([2, 2]), randn([1, 2, 4])],
      [ShapeError, randn([2]), randn([2])],
      [DTypeError, randn([1, 2], { dtype: "float64" }), randn([1, 4])],
      [AutogradError, randn([1, 2]).requiresGrad_(), randn([1, 4])],
    ];
    for (const [kind, key, value] of bad) {
      assert.throws(() => cache.update(key, value), kind);
      assert.equal(cache.length, 3);
    }
    noGrad(() => cache.update(randn([1, 2]).requiresGrad_(), randn([1, 4])));
    for (const length of [5, -1, 0.5]) assert.throws(() => cache.crop(length), ValueError);
    cache.crop(2);
    assert.deepEqual(cache.causalMask(2)?.tolist(), [
      [true, false],
      [true, true],
    ]);
    cache.crop();
    assert.equal(cache.length, 0);
    cache.update(randn([1, 7]), randn([1, 1]));
    assert.equal(cache.length, 1);
  });

  test("queries whose keys are all masked give zeros, with dropout, too, and no gradient", () => {
    manualSeed(1);
    const [query, key, value] = [randn([3, 4]), randn([5, 4]), randn([5, 2])].map((x) => x.requiresGrad_());
    const mask = randn([3, 5]).gt(-9);
    mask.narrow(0, 1, 1).fill_(false);
    for (const attnMask of [mask, mask.to("float32").log()]) {
      const y = F.scaledDotProductAttention(query, key, value, { attnMask, dropoutP: 0.25 });
      y.sum().backward();
      assert.deepEqual(
        [y.select(0, 1).toArraySync(), query.grad?.select(0, 1).toArraySync()],
        [
          [0, 0],
          [0, 0, 0, 0],
        ],
      );
      for (const x of [query, key, value]) assert.ok(Number.isFinite(x.grad?.sum().itemSync()));
    }
  });
});
