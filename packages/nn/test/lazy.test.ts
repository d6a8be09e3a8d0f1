/** Lazy layers: after the first call they are what they stand for, with its values for the seed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ShapeError } from "@flambeau/backend";
import { manualSeed, randn, type Tensor } from "@flambeau/tensor";
import * as nn from "../src/index.ts";

type Make = new (...args: unknown[]) => nn.Module;
const kinds = nn as unknown as Readonly<Record<string, Make>>;

/** What the lazy layer and the other are given, and the shape of an input. */
const cases: readonly (readonly [
  name: string,
  lazy: unknown[],
  whole: unknown[],
  shape: readonly number[],
])[] = [
  ["Linear", [3], [4, 3], [2, 4]],
  ["Linear", [3, false], [4, 3, false], [4]],
  ["Conv1d", [4, 2, { groups: 2 }], [2, 4, 2, { groups: 2 }], [2, 2, 5]],
  ["Conv2d", [3, [1, 2], 2], [2, 3, [1, 2], 2], [2, 4, 4]],
  ["Conv3d", [3, 2, { bias: false }], [2, 3, 2, { bias: false }], [1, 2, 3, 3, 3]],
  ["ConvTranspose1d", [4, 2, { groups: 2 }], [2, 4, 2, { groups: 2 }], [2, 5]],
  ["ConvTranspose2d", [3, 2, 2], [2, 3, 2, 2], [1, 2, 3, 3]],
  ["ConvTranspose3d", [3, 2], [2, 3, 2], [1, 2, 2, 2, 2]],
  ["BatchNorm1d", [0.1], [3, 0.1], [4, 3]],
  ["BatchNorm2d", [{ affine: false }], [3, { affine: false }], [2, 3, 2, 2]],
  ["BatchNorm3d", [], [3], [2, 3, 2, 1, 2]],
  ["InstanceNorm1d", [{ affine: true }], [3, { affine: true }], [3, 4]],
  ["InstanceNorm2d", [{ trackRunningStats: true }], [3, { trackRunningStats: true }], [2, 3, 2, 2]],
  ["InstanceNorm3d", [], [3], [1, 3, 2, 2, 2]],
];

const values = (x: Tensor): unknown => x.detach().toArraySync();
const state = (module: nn.Module): unknown =>
  Object.entries(module.stateDict()).map(([key, x]) => [key, values(x)]);

describe("lazy layers become what they stand for", () => {
  for (const [name, lazyArgs, args, shape] of cases) {
    test(`Lazy${name}(${JSON.stringify(lazyArgs).slice(1, -1)}) of ${shape}`, () => {
      const x = randn([...shape]);
      manualSeed(3);
      const lazy = new kinds[`Lazy${name}`](...lazyArgs);
      const parameters = lazy.parameters();
      let calls = 0;
      lazy.registerForwardHook(() => {
        calls++;
      });
      assert.match(String(lazy), new RegExp(`^Lazy${name}\\(`));
      const y: Tensor = lazy(x);
      manualSeed(3);
      const whole = new kinds[name](...args);
      assert.deepEqual(values(y), values(whole(x) as Tensor));
      assert.ok(lazy instanceof kinds[name]);
      assert.equal(lazy.constructor, kinds[name]);
      assert.equal(String(lazy), String(whole));
      assert.deepEqual(state(lazy), state(whole));
      assert.deepEqual(values(lazy(x) as Tensor), values(whole(x) as Tensor));
      assert.equal(calls, 2);
      // Optimizers have them already.
      for (const [i, p] of lazy.parameters().entries()) assert.equal(p, parameters[i]);
      if (parameters.length === 0) return;
      (lazy(x) as Tensor).square().sum().backward();
      for (const p of lazy.parameters()) assert.deepEqual(p.grad?.shape, p.shape);
    });
  }

  test("an input without channels is refused, and the layer stays lazy", () => {
    const lazy = new nn.LazyConv2d(3, 2);
    assert.throws(() => lazy(randn([4])), ShapeError);
    assert.match(String(lazy), /^LazyConv2d/);
    lazy(randn([2, 4, 4]));
    assert.match(String(lazy), /^Conv2d\(2, 3/);
  });
});
