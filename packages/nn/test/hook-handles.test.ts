import assert from "node:assert/strict";
import { test } from "node:test";
import { type HookHandle, ones } from "@flambeau/tensor";
import * as nn from "../src/index.ts";

test("a hook goes by a call or by remove()", () => {
  const layer = new nn.Flatten();
  const x = ones([1, 2], { requiresGrad: true });
  for (const take of [(h: HookHandle) => h(), (h: HookHandle) => h.remove()]) {
    let calls = 0;
    const count = (): void => {
      calls++;
    };
    const handles = [
      layer.registerForwardHook(count),
      layer.registerForwardPreHook(count),
      x.registerHook(count),
    ];
    layer(x).sum().backward();
    assert.equal(calls, 3);
    for (const handle of handles) take(handle);
    layer(x).sum().backward();
    assert.equal(calls, 3);
  }
});

test("dropout takes training by name too", () => {
  assert.equal(String(nn.F.dropout(ones([3]), 0.5, { training: false })), "tensor([1., 1., 1.])");
});
