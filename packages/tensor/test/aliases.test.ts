/** PyTorch's other names: torch/overrides.py of 1.13 lists them as functions, methods and methods in place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as T from "@flambeau/tensor";

type Table = Readonly<Record<string, unknown>>;
const functions = T as unknown as Table;
const methods = T.Tensor.prototype as unknown as Table;

const aliases: Readonly<Record<string, string>> = {
  ...{ absolute: "abs", negative: "neg", fix: "trunc", clip: "clamp" },
  ...{ multiply: "mul", subtract: "sub", divide: "div", trueDivide: "div" },
  ...{ greater: "gt", greaterEqual: "ge", less: "lt", lessEqual: "le", notEqual: "ne" },
  ...{ arccos: "acos", arcsin: "asin", arctan: "atan", arctan2: "atan2" },
  ...{ arccosh: "acosh", arcsinh: "asinh", arctanh: "atanh" },
  ...{ moveaxis: "movedim", swapaxes: "transpose", swapdims: "transpose", ger: "outer" },
};

test("functions, methods and methods in place under another name are the same", () => {
  for (const [alias, name] of Object.entries(aliases)) {
    for (const table of [functions, methods]) {
      assert.equal(typeof table[alias], "function", alias);
      assert.equal(table[alias], table[name], alias);
    }
    assert.equal(methods[`${alias}_`], methods[`${name}_`], `${alias}_`);
  }
  assert.deepEqual([T.concat, T.concatenate, T.rowStack], [T.cat, T.cat, T.vstack]);
});

test("and have its types, and say its name", () => {
  const x = T.tensor([[1, -2]]);
  assert.equal(
    x.absolute().swapaxes(0, 1).clip(null, 1.5).multiply_(2).toString(),
    "tensor([[2.],\n        [3.]])",
  );
  assert.equal(String(x.clone().greater_(0)), "tensor([[1., 0.]])");
  // @ts-expect-error no operand
  assert.throws(() => x.multiply(), /^ArgumentError: mul: other is missing/);
});

test("a tensor takes the layout of a view in place, and other views keep theirs", () => {
  const x = T.arange(6).reshape([2, 3]);
  const row = x.at(0);
  assert.equal(x.t_(), x);
  assert.deepEqual([x.shape, x.stride(), row.shape], [[3, 2], [1, 3], [3]]);
  assert.deepEqual(x.unsqueeze_(0).squeeze_().transpose_(0, 1).shape, [2, 3]);
  x.mul_(2);
  assert.deepEqual(row.tolist(), [0, 2, 4]);
});
