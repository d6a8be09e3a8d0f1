/** functionalCall with a forward that goes on, updateBn with a loader that fails, and what the cache of keys refuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ones, randn, type Tensor, tensor } from "@flambeau/tensor";
import { ArgumentError, nn, ValueError } from "flambeau";

class Slow extends nn.Module {
  scale: nn.Parameter = new nn.Parameter(tensor([2]));
  readonly #wait: Promise<void>;
  constructor(wait: Promise<void>) {
    super();
    this.#wait = wait;
  }
  override async forward(x: Tensor): Promise<Tensor> {
    const before = x.mul(this.scale);
    await this.#wait;
    return before.add(x.mul(this.scale));
  }
}

describe("functionalCall", () => {
  test("keeps the given tensors until an asynchronous forward has settled, and refuses another call", async () => {
    let go = (): void => undefined;
    const model = new Slow(
      new Promise((resolve) => {
        go = resolve;
      }),
    );
    const own = model.scale;
    const scale = tensor([10], { requiresGrad: true });
    const running = nn.utils.functionalCall(model, { scale }, ones([1]));
    assert.equal(model.scale, scale);
    assert.throws(
      () => nn.utils.functionalCall(model, { scale: tensor([3]) }, ones([1])),
      (error: Error) => error instanceof ValueError && /Slow .* not settled; await it/.test(error.message),
    );
    assert.equal(model.scale, scale);
    go();
    assert.equal((await running).itemSync(), 20);
    assert.equal(model.scale, own);
    const second = nn.utils.functionalCall(model, { scale: tensor([3]) }, ones([1]));
    assert.equal((await second).itemSync(), 6);
    assert.equal(model.scale, own);
  });

  test("gives the module its own tensors back when the promise is rejected", async () => {
    const model = new Slow(Promise.reject(new RangeError("later")));
    const own = model.scale;
    const running = nn.utils.functionalCall(model, { scale: tensor([3]) }, ones([1]));
    assert.notEqual(model.scale, own);
    await assert.rejects(running, /later/);
    assert.equal(model.scale, own);
  });
});

test("updateBn restores modes and momenta when the loader or the model throws", () => {
  const frozen = new nn.BatchNorm1d(2).eval();
  const model = new nn.Sequential(new nn.BatchNorm1d(2, { momentum: 0.3 }), frozen, new nn.Dropout(0.5));
  const state = (): unknown =>
    model.modules().map((part) => [part.training, (part as { momentum?: unknown }).momentum]);
  const before = state();
  function* broken(): Generator<Tensor> {
    yield ones([4, 2]);
    throw new RangeError("of the loader");
  }
  assert.throws(() => nn.swaUtils.updateBn(broken(), model), /of the loader/);
  assert.deepEqual(state(), before);
  assert.throws(() => nn.swaUtils.updateBn([ones([4, 3])], model));
  assert.deepEqual(state(), before);
  nn.swaUtils.updateBn([randn([4, 2])], model);
  assert.deepEqual(state(), before);
});

test("a KeyValueCache refuses what are no numbers of positions", () => {
  const cache = new nn.KeyValueCache();
  cache.update(ones([1, 3, 2]), ones([1, 3, 2]));
  for (const wrong of ["2", null, true, {}, [1], ones([1])]) {
    assert.throws(() => cache.causalMask(wrong as never), ArgumentError, String(wrong));
    if (wrong !== null && String(wrong) !== "[object Object]")
      assert.throws(() => cache.crop(wrong as never), ArgumentError);
  }
  assert.throws(() => (cache.causalMask as () => unknown)(), /queries is missing/);
  assert.throws(() => cache.crop({ size: 2 } as never), /unknown option "size"/);
  for (const wrong of [0, 4, -1]) assert.throws(() => cache.causalMask(wrong), ValueError);
  for (const wrong of [4, -1]) assert.throws(() => cache.crop(wrong), ValueError);
  assert.throws(
    () => cache.crop(1.5),
    (error: Error) => error instanceof ArgumentError || error instanceof ValueError,
  );
  assert.equal(cache.length, 3);
  assert.deepEqual(cache.causalMask({ queries: 2 })?.shape, [2, 3]);
  cache.crop({ length: 2 });
  assert.equal(cache.length, 2);
  cache.crop();
  assert.equal(cache.length, 0);
});
